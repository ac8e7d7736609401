package world

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"github.com/oschwald/maxminddb-golang/v2"
)

// Geo answers from databases in the format of MaxMind: city or country, ASN,
// anonymous addresses. Each adds what it knows.
type Geo struct{ readers []*maxminddb.Reader }

// OpenGeo opens database files.
func OpenGeo(files ...string) (*Geo, error) {
	g := &Geo{}
	for _, name := range files {
		r, err := maxminddb.Open(name)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("the network database %s cannot be read: %w", name, err), g.Close())
		}
		g.readers = append(g.readers, r)
	}
	return g, nil
}

// Close frees the files.
func (g *Geo) Close() error {
	var errs []error
	for _, r := range g.readers {
		errs = append(errs, r.Close())
	}
	return errors.Join(errs...)
}

// geoRecord holds the fields of all the databases that are of use here, by the
// names that MaxMind gives them.
type geoRecord struct {
	Country struct {
		ISO string `maxminddb:"iso_code"`
	} `maxminddb:"country"`
	City struct {
		Names map[string]string `maxminddb:"names"`
	} `maxminddb:"city"`
	Location struct {
		Lat float64 `maxminddb:"latitude"`
		Lon float64 `maxminddb:"longitude"`
	} `maxminddb:"location"`
	Traits struct {
		UserType string `maxminddb:"user_type"`
	} `maxminddb:"traits"`
	ASN         int  `maxminddb:"autonomous_system_number"`
	Tor         bool `maxminddb:"is_tor_exit_node"`
	VPN         bool `maxminddb:"is_anonymous_vpn"`
	PublicProxy bool `maxminddb:"is_public_proxy"`
	ResProxy    bool `maxminddb:"is_residential_proxy"`
	Hosting     bool `maxminddb:"is_hosting_provider"`
	Anonymous   bool `maxminddb:"is_anonymous"`
}

// kind answers the kind of network, the worst that is known.
func (r geoRecord) kind() string {
	switch {
	case r.Tor:
		return "tor"
	case r.VPN:
		return "vpn"
	case r.PublicProxy, r.ResProxy:
		return "proxy"
	case r.Hosting, r.Traits.UserType == "hosting":
		return "hosting"
	case r.Anonymous:
		return "proxy"
	}
	switch r.Traits.UserType {
	case "business", "college", "government", "school", "library", "military":
		return "corporate"
	case "residential", "cellular", "dialup", "traveler":
		return "residential"
	}
	return ""
}

// Lookup answers what the databases know.
func (g *Geo) Lookup(ip string) Network {
	a, err := netip.ParseAddr(ip)
	if err != nil {
		return Network{IP: ip}
	}
	n := local(ip)
	for _, r := range g.readers {
		var rec geoRecord
		// A database that cannot answer for an address knows nothing of it; the
		// next one may.
		if err := r.Lookup(a.Unmap()).Decode(&rec); err != nil {
			continue
		}
		n = n.plus(Network{Country: strings.ToUpper(rec.Country.ISO), City: rec.City.Names["en"], Lat: rec.Location.Lat, Lon: rec.Location.Lon, ASN: rec.ASN, Kind: rec.kind()})
	}
	return n
}

// plus fills what n does not say with what more says.
func (n Network) plus(more Network) Network {
	if n.Country == "" {
		n.Country = more.Country
	}
	if n.City == "" {
		n.City = more.City
	}
	if n.Lat == 0 && n.Lon == 0 {
		n.Lat, n.Lon = more.Lat, more.Lon
	}
	if n.ASN == 0 {
		n.ASN = more.ASN
	}
	if n.Kind == "" {
		n.Kind = more.Kind
	}
	return n
}

// Layers asks several sources, the first that knows a thing has it: a table
// that was filled by hand stands before a database.
type Layers []Networks

// Lookup answers what they know together.
func (l Layers) Lookup(ip string) Network {
	n := local(ip)
	for _, source := range l {
		n = n.plus(source.Lookup(ip))
	}
	return n
}
