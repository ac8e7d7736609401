package cli

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/netip"
	"os"
	"sync"
	"time"
)

// This file is how a server meets its clients: TLS by files that are renewed while
// it runs, or proxies that are named.

// certificate answers what stands in two files, read again when they change: who
// renews certificates need not start the server anew.
type certificate struct {
	certFile, keyFile string

	mu      sync.Mutex
	looked  time.Time
	changed time.Time
	current *tls.Certificate
}

// lookEvery is how often the files are looked at.
const lookEvery = 10 * time.Second

func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current != nil && time.Since(c.looked) < lookEvery {
		return c.current, nil
	}
	c.looked = time.Now()
	changed, err := newest(c.certFile, c.keyFile)
	if err == nil && c.current != nil && !changed.After(c.changed) {
		return c.current, nil
	}
	var read tls.Certificate
	if err == nil {
		read, err = tls.LoadX509KeyPair(c.certFile, c.keyFile)
	}
	if err != nil {
		if c.current != nil {
			return c.current, nil // half of a renewal: the old one goes on
		}
		return nil, fmt.Errorf("the certificate cannot be read: %w", err)
	}
	c.current, c.changed = &read, changed
	return c.current, nil
}

func newest(files ...string) (time.Time, error) {
	var last time.Time
	for _, name := range files {
		info, err := os.Stat(name)
		if err != nil {
			return last, err
		}
		if info.ModTime().After(last) {
			last = info.ModTime()
		}
	}
	return last, nil
}

// overTLS wraps a listener, where files are named.
func overTLS(l net.Listener, certFile, keyFile string) (net.Listener, error) {
	if certFile == "" && keyFile == "" {
		return l, nil
	}
	if certFile == "" || keyFile == "" {
		return nil, fmt.Errorf("--tls-cert and --tls-key belong together")
	}
	c := &certificate{certFile: certFile, keyFile: keyFile}
	if _, err := c.get(nil); err != nil {
		return nil, err
	}
	return tls.NewListener(l, &tls.Config{GetCertificate: c.get, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}}), nil
}

// proxies reads the addresses of trusted proxies: 10.0.0.0/8, or one address.
func proxies(list []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, text := range list {
		p, err := netip.ParsePrefix(text)
		if a, single := netip.ParseAddr(text); single == nil {
			p, err = netip.PrefixFrom(a, a.BitLen()), nil
		}
		if err != nil {
			return nil, fmt.Errorf("--trusted-proxy %q is no address and no network such as 10.0.0.0/8", text)
		}
		if p.Bits() == 0 {
			return nil, fmt.Errorf("--trusted-proxy %s would believe everybody; name the proxies", text)
		}
		out = append(out, p)
	}
	return out, nil
}
