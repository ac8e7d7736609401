package world

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"
)

// This file lets who tests say what a name resolves to: a partner's name that
// leads into the private network is refused as the real one is (rule A8).

// SetNames says what hosts resolve to.
func (s *Stubs) SetNames(names map[string]string) error {
	set := make(map[string]netip.Addr, len(names))
	for host, text := range names {
		ip, err := netip.ParseAddr(text)
		if err != nil {
			return fmt.Errorf("names: %s resolves to %q, which is no IP address", host, text)
		}
		set[strings.ToLower(host)] = ip.Unmap()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.names = set
	return nil
}

// permitsName judges what a name resolves to, as the guard does when it dials.
func (s *Stubs) permitsName(u *url.URL) error {
	s.mu.Lock()
	ip, named := s.names[strings.ToLower(u.Hostname())]
	s.mu.Unlock()
	if !named || !private(ip) {
		return nil
	}
	return &EgressError{u.Redacted(), fmt.Sprintf("the name %s leads to %s, and that address is private, local or reserved", u.Hostname(), ip)}
}
