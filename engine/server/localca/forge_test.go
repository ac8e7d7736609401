package localca_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/server/localca"
)

// forge signs a certificate for a name with the stolen key of an authority, and
// answers what a client that trusts it says.
func forge(t *testing.T, a *localca.Authority, name string) error {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(filepath.Dir(a.File), "ca-key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	first, rest := pem.Decode(text)
	second, _ := pem.Decode(rest)
	ca, err := x509.ParseCertificate(first.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	stolen, err := x509.ParsePKCS8PrivateKey(second.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	wish := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	if ip := net.ParseIP(name); ip != nil {
		wish.IPAddresses = []net.IP{ip}
	} else {
		wish.DNSNames = []string{name}
	}
	der, err := x509.CreateCertificate(rand.Reader, wish, ca, key.Public(), stolen)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	_, err = leaf.Verify(x509.VerifyOptions{DNSName: name, Roots: pool(t, a)})
	return err
}
