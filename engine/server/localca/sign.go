package localca

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"runtime"
	"time"
)

// This file makes and reads keys and certificates.

// pair is a certificate with its key.
type pair struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func (p pair) certificate() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.cert.Raw})
}

func (p pair) text() ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(p.key)
	if err != nil {
		return nil, fmt.Errorf("localca: the key cannot be written: %w", err)
	}
	return append(p.certificate(), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})...), nil
}

// readPair reads both; a key that others can read is no key.
func readPair(file string) (pair, error) {
	info, err := os.Stat(file)
	if err != nil {
		return pair{}, fmt.Errorf("localca: %w", err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return pair{}, fmt.Errorf("localca: %s can be read by others (%o): remove it, and no longer trust its certificate; a new one is made then", file, info.Mode().Perm())
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return pair{}, fmt.Errorf("localca: %w", err)
	}
	p, err := parsePair(text)
	if err != nil {
		return pair{}, fmt.Errorf("localca: %s is not readable, remove it and a new one is made: %w", file, err)
	}
	return p, nil
}

func parsePair(text []byte) (p pair, err error) {
	first, rest := pem.Decode(text)
	second, _ := pem.Decode(rest)
	if first == nil || second == nil {
		return p, errors.New("it does not hold a certificate and a key")
	}
	if p.cert, err = x509.ParseCertificate(first.Bytes); err != nil {
		return p, err
	}
	key, err := x509.ParsePKCS8PrivateKey(second.Bytes)
	if err != nil {
		return p, err
	}
	var ok bool
	if p.key, ok = key.(*ecdsa.PrivateKey); !ok || !p.key.PublicKey.Equal(p.cert.PublicKey) {
		return p, errors.New("the key is not that of the certificate")
	}
	return p, nil
}

// reader lends the world's randomness to the standard library.
type reader struct{ a *Authority }

func (r reader) Read(p []byte) (int, error) { r.a.rnd.Read(p); return len(p), nil }

func (a *Authority) random(n int) []byte {
	p := make([]byte, n)
	a.rnd.Read(p)
	return p
}

func (a *Authority) newKey() (*ecdsa.PrivateKey, error) {
	for range 100 { // one in 2^32 draws is no key
		if key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), a.random(32)); err == nil {
			return key, nil
		}
	}
	return nil, errors.New("localca: the source of randomness does not give any")
}

// serial is 127 random bits, so that it is positive.
func (a *Authority) serial() *big.Int {
	p := a.random(16)
	p[0] = p[0]&0x7f | 1
	return new(big.Int).SetBytes(p)
}

// found makes an authority that is constrained to the hosts.
func (a *Authority) found() (pair, error) {
	key, err := a.newKey()
	if err != nil {
		return pair{}, err
	}
	now := a.clock.Now()
	names, addresses := split(a.hosts)
	t := &x509.Certificate{SerialNumber: a.serial(), Subject: pkix.Name{Organization: []string{"Authflow Studio"}, CommonName: "Authflow Studio local CA, " + mark(a.hosts)},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(authorityLife), KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, BasicConstraintsValid: true, IsCA: true, MaxPathLenZero: true,
		PermittedDNSDomainsCritical: true, PermittedDNSDomains: names}
	for _, ip := range addresses {
		t.PermittedIPRanges = append(t.PermittedIPRanges, &net.IPNet{IP: ip, Mask: net.CIDRMask(8*len(ip), 8*len(ip))})
	}
	if len(addresses) == 0 { // without a constraint all addresses would be permitted
		t.ExcludedIPRanges = []*net.IPNet{{IP: net.IPv4zero.To4(), Mask: net.CIDRMask(0, 32)}, {IP: net.IPv6zero, Mask: net.CIDRMask(0, 128)}}
	}
	return a.issue(t, pair{t, key}, key)
}

// sign makes a certificate for all hosts.
func (a *Authority) sign() (*tls.Certificate, error) {
	key, err := a.newKey()
	if err != nil {
		return nil, err
	}
	now := a.clock.Now()
	names, addresses := split(a.hosts)
	t := &x509.Certificate{SerialNumber: a.serial(), Subject: pkix.Name{Organization: []string{"Authflow Studio harness"}},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(leafLife), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, BasicConstraintsValid: true, DNSNames: names, IPAddresses: addresses}
	leaf, err := a.issue(t, a.pair, key)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{leaf.cert.Raw, a.pair.cert.Raw}, PrivateKey: key, Leaf: leaf.cert}, nil
}

func (a *Authority) issue(t *x509.Certificate, by pair, key *ecdsa.PrivateKey) (pair, error) {
	der, err := x509.CreateCertificate(reader{a}, t, by.cert, key.Public(), by.key)
	if err != nil {
		return pair{}, fmt.Errorf("localca: a certificate cannot be made: %w", err)
	}
	cert, err := x509.ParseCertificate(der)
	return pair{cert, key}, err
}
