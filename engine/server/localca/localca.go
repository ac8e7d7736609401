// Package localca is a certificate authority for one machine, so that tests can
// speak TLS to a harness and verify it as any server.
//
// It owns: an authority for a set of host names, kept in a folder of the
// person's, and the short-lived certificates that it signs.
// It delegates: time and randomness to world; who trusts it, to the person.
// The law: an authority can vouch for its host names and for nothing else, even
// in the hands of a thief; its key is readable by its owner only and never
// leaves the machine.
package localca

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"crypto/tls"

	"github.com/authflow-studio/authflow/engine/world"
)

// Lives of an authority and of a certificate; both are made anew before they
// end.
const (
	authorityLife = 2 * 365 * 24 * time.Hour
	renewBefore   = 30 * 24 * time.Hour
	leafLife      = 7 * 24 * time.Hour
	leafBefore    = 24 * time.Hour
)

// Authority signs for its hosts.
type Authority struct {
	// File is its certificate, for those who shall trust it.
	File  string
	hosts []string
	pair  pair
	clock world.Clock
	rnd   world.Random

	mu   sync.Mutex
	leaf *tls.Certificate
}

// Open takes the authority for a set of host names from a folder, and makes it
// when there is none yet. Ports in the names have no meaning here.
func Open(dir string, hosts []string, clock world.Clock, rnd world.Random) (*Authority, error) {
	a := &Authority{hosts: bare(hosts), clock: clock, rnd: rnd}
	dir = filepath.Join(dir, "ca", mark(a.hosts))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("localca: %w", err)
	}
	a.File = filepath.Join(dir, "ca.pem")
	var err error
	if a.pair, err = a.take(filepath.Join(dir, "ca-key.pem")); err != nil {
		return nil, err
	}
	return a, publish(a.File, a.pair.certificate())
}

// bare answers the names without ports and brackets, each once, in order.
func bare(hosts []string) []string {
	var out []string
	for _, h := range hosts {
		if name, _, err := net.SplitHostPort(h); err == nil {
			h = name
		}
		out = append(out, strings.ToLower(strings.Trim(h, "[]")))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// mark names the folder of a set of hosts: another set is another authority.
func mark(hosts []string) string {
	sum := sha256.Sum256([]byte(strings.Join(hosts, "\n")))
	return hex.EncodeToString(sum[:6])
}

// take reads the key, or makes one when there is none or it ends soon. Of two
// that make one at once, both go on with the one that was there first.
func (a *Authority) take(file string) (pair, error) {
	p, err := readPair(file)
	switch {
	case err == nil && a.clock.Now().Before(p.cert.NotAfter.Add(-renewBefore)):
		return p, nil
	case err == nil:
		if err := os.Remove(file); err != nil {
			return pair{}, fmt.Errorf("localca: the authority ends soon and cannot be replaced: %w", err)
		}
	case !errors.Is(err, os.ErrNotExist):
		return pair{}, err
	}
	if p, err = a.found(); err != nil {
		return pair{}, err
	}
	text, err := p.text()
	if err != nil {
		return pair{}, err
	}
	aside := file + "." + hex.EncodeToString(a.random(8))
	if err := os.WriteFile(aside, text, 0o600); err != nil {
		return pair{}, fmt.Errorf("localca: the key cannot be kept: %w", err)
	}
	defer os.Remove(aside)
	if err := os.Link(aside, file); err != nil && !errors.Is(err, os.ErrExist) {
		return pair{}, fmt.Errorf("localca: the key cannot be kept: %w", err)
	}
	return readPair(file)
}

// publish writes the certificate unless it stands there already.
func publish(file string, text []byte) error {
	if have, err := os.ReadFile(file); err == nil && string(have) == string(text) {
		return nil
	}
	aside := file + ".new"
	if err := os.WriteFile(aside, text, 0o644); err != nil {
		return fmt.Errorf("localca: %w", err)
	}
	if err := os.Rename(aside, file); err != nil {
		return fmt.Errorf("localca: %w", err)
	}
	return nil
}

// Config is how a server speaks TLS with a certificate for all hosts.
func (a *Authority) Config() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return a.certificate() }}
}

// certificate answers the one in use, and a new one when that ends soon.
func (a *Authority) certificate() (*tls.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.leaf != nil && a.clock.Now().Before(a.leaf.Leaf.NotAfter.Add(-leafBefore)) {
		return a.leaf, nil
	}
	leaf, err := a.sign()
	if err != nil {
		return nil, err
	}
	a.leaf = leaf
	return leaf, nil
}

// split tells names from addresses.
func split(hosts []string) (names []string, addresses []net.IP) {
	for _, h := range hosts {
		if ip, err := netip.ParseAddr(h); err == nil {
			addresses = append(addresses, ip.Unmap().AsSlice())
		} else {
			names = append(names, h)
		}
	}
	return names, addresses
}
