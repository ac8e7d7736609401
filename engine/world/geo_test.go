package world_test

import (
	"bytes"
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/maxmind/mmdbwriter"
	"github.com/maxmind/mmdbwriter/mmdbtype"

	"github.com/authflow-studio/authflow/engine/world"
)

// database writes a file in the format of MaxMind.
func database(t *testing.T, kind string, records map[string]mmdbtype.Map) string {
	t.Helper()
	tree, err := mmdbwriter.New(mmdbwriter.Options{DatabaseType: kind, RecordSize: 24, IncludeReservedNetworks: true})
	if err != nil {
		t.Fatal(err)
	}
	for prefix, r := range records {
		_, n, err := net.ParseCIDR(prefix)
		if err != nil {
			t.Fatal(err)
		}
		if err := tree.Insert(n, r); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if _, err := tree.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), kind+".mmdb")
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestGeoAnswersFromSeveralDatabases(t *testing.T) {
	city := database(t, "GeoLite2-City", map[string]mmdbtype.Map{"8.8.0.0/16": {
		"country":  mmdbtype.Map{"iso_code": mmdbtype.String("US")},
		"city":     mmdbtype.Map{"names": mmdbtype.Map{"en": mmdbtype.String("Mountain View"), "de": mmdbtype.String("Bergblick")}},
		"location": mmdbtype.Map{"latitude": mmdbtype.Float64(37.4), "longitude": mmdbtype.Float64(-122.1)},
	}, "2001:db8::/32": {"country": mmdbtype.Map{"iso_code": mmdbtype.String("DE")}}})
	asn := database(t, "GeoLite2-ASN", map[string]mmdbtype.Map{"8.8.8.0/24": {"autonomous_system_number": mmdbtype.Uint32(15169)}})
	anonymous := database(t, "GeoIP2-Anonymous-IP", map[string]mmdbtype.Map{
		"8.8.8.8/32": {"is_anonymous": mmdbtype.Bool(true), "is_tor_exit_node": mmdbtype.Bool(true), "is_hosting_provider": mmdbtype.Bool(true)},
		"9.9.9.0/24": {"is_hosting_provider": mmdbtype.Bool(true)},
	})
	geo, err := world.OpenGeo(city, asn, anonymous)
	if err != nil {
		t.Fatal(err)
	}
	defer geo.Close()
	for ip, want := range map[string]world.Network{
		"8.8.8.8":        {IP: "8.8.8.8", Country: "US", City: "Mountain View", Lat: 37.4, Lon: -122.1, ASN: 15169, Kind: "tor"},
		"8.8.8.9":        {IP: "8.8.8.9", Country: "US", City: "Mountain View", Lat: 37.4, Lon: -122.1, ASN: 15169},
		"::ffff:9.9.9.1": {IP: "::ffff:9.9.9.1", Kind: "hosting"},
		"2001:db8::1":    {IP: "2001:db8::1", Country: "DE"},
		"1.1.1.1":        {IP: "1.1.1.1"},
		"nonsense":       {IP: "nonsense"},
	} {
		if got := geo.Lookup(ip); got != want {
			t.Errorf("%s: %+v, want %+v", ip, got, want)
		}
	}
	// What was filled in by hand stands before it.
	table, err := world.NewNetworkTable([]world.NetworkEntry{{Prefix: "8.8.8.0/24", Kind: "corporate", City: "Our office"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := (world.Layers{table, geo}).Lookup("8.8.8.8"); got.Kind != "corporate" || got.City != "Our office" || got.Country != "US" || got.ASN != 15169 {
		t.Errorf("%+v", got)
	}
}

func TestABrokenDatabaseIsRefused(t *testing.T) {
	name := filepath.Join(t.TempDir(), "x.mmdb")
	if err := os.WriteFile(name, []byte("no database"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := world.OpenGeo(name); err == nil {
		t.Error("taken")
	}
	if _, err := world.OpenGeo(name + "x"); err == nil {
		t.Error("a file that is not there was taken")
	}
}
