package world

import (
	"fmt"
	"net/netip"
	"strings"
)

// NetworkEntry is one line of a table of networks.
type NetworkEntry struct {
	// Prefix is an address or a CIDR prefix.
	Prefix  string  `yaml:"prefix"`
	Kind    string  `yaml:"kind,omitempty"`
	Country string  `yaml:"country,omitempty"`
	City    string  `yaml:"city,omitempty"`
	Lat     float64 `yaml:"lat,omitempty"`
	Lon     float64 `yaml:"lon,omitempty"`
	ASN     int     `yaml:"asn,omitempty"`
}

// NetworkTable answers from a small table that was filled by hand; the longest
// prefix wins.
type NetworkTable struct{ entries []tableEntry }

type tableEntry struct {
	prefix netip.Prefix
	info   NetworkEntry
}

// NewNetworkTable reads the entries.
func NewNetworkTable(entries []NetworkEntry) (*NetworkTable, error) {
	t := &NetworkTable{}
	for i, e := range entries {
		p, err := netip.ParsePrefix(e.Prefix)
		if err != nil {
			a, aerr := netip.ParseAddr(e.Prefix)
			if aerr != nil {
				return nil, fmt.Errorf("networks[%d]: %q is neither an address nor a prefix such as 203.0.113.0/24", i, e.Prefix)
			}
			p = netip.PrefixFrom(a, a.BitLen())
		}
		t.entries = append(t.entries, tableEntry{p.Masked(), e})
	}
	return t, nil
}

// Lookup answers what the table knows.
func (t *NetworkTable) Lookup(ip string) Network {
	a, err := netip.ParseAddr(ip)
	if err != nil {
		return Network{IP: ip}
	}
	a = a.Unmap()
	best := -1
	for i, e := range t.entries {
		if e.prefix.Contains(a) && (best < 0 || e.prefix.Bits() > t.entries[best].prefix.Bits()) {
			best = i
		}
	}
	if best < 0 {
		return local(ip)
	}
	e := t.entries[best].info
	return Network{IP: ip, Kind: e.Kind, Country: e.Country, City: e.City, Lat: e.Lat, Lon: e.Lon, ASN: e.ASN}
}

// local knows the addresses that need no table.
func local(ip string) Network {
	n := Network{IP: ip}
	if a, err := netip.ParseAddr(ip); err == nil {
		switch a = a.Unmap(); {
		case a.IsLoopback():
			n.Kind = "loopback"
		case a.IsPrivate():
			n.Kind = "private"
		}
	}
	return n
}

// Find answers an address of a kind of network or of a country; an empty one
// may be any.
func (t *NetworkTable) Find(kind, country string) (string, bool) {
	for _, e := range t.entries {
		if (kind == "" || e.info.Kind == kind) && (country == "" || strings.EqualFold(e.info.Country, country)) {
			a := e.prefix.Addr()
			if !e.prefix.IsSingleIP() {
				a = a.Next()
			}
			return a.String(), true
		}
	}
	return "", false
}
