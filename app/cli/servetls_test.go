package cli

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// issue writes a certificate for 127.0.0.1 with a name of its own, and its key.
func issue(t *testing.T, certFile, keyFile, name string, at time.Time) *x509.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(at.UnixNano()), Subject: pkix.Name{CommonName: name}, NotBefore: at.Add(-time.Hour), NotAfter: at.Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, about, about, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: der}, keyFile: {Type: "PRIVATE KEY", Bytes: raw}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, at, at); err != nil {
			t.Fatal(err)
		}
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// A server speaks TLS with the certificate in its files, takes a renewed one over
// without a new start, and goes on with the old one while the new is half written.
func TestV1_TLSFollowsItsFiles(t *testing.T) {
	dir := t.TempDir()
	certFile, keyFile := filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key")
	now := time.Now()
	first := issue(t, certFile, keyFile, "first", now.Add(-time.Minute))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if l, err = overTLS(l, certFile, keyFile); err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: http.NotFoundHandler(), ReadHeaderTimeout: time.Second}
	go func() { _ = srv.Serve(l) }()
	t.Cleanup(func() { _ = srv.Close() })
	roots := x509.NewCertPool()
	roots.AddCert(first)
	conn, err := tls.Dial("tcp", l.Addr().String(), &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12})
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
	if _, err := tls.Dial("tcp", l.Addr().String(), &tls.Config{RootCAs: roots, MaxVersion: tls.VersionTLS11}); err == nil {
		t.Error("TLS 1.1 was taken")
	}

	c := &certificate{certFile: certFile, keyFile: keyFile}
	name := func() string {
		t.Helper()
		c.looked = time.Time{}
		got, err := c.get(nil)
		if err != nil {
			t.Fatal(err)
		}
		leaf, err := x509.ParseCertificate(got.Certificate[0])
		if err != nil {
			t.Fatal(err)
		}
		return leaf.Subject.CommonName
	}
	if got := name(); got != "first" {
		t.Errorf("serves %s", got)
	}
	if err := os.WriteFile(certFile, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := name(); got != "first" {
		t.Errorf("with half a file it serves %s", got)
	}
	issue(t, certFile, keyFile, "second", now.Add(time.Minute))
	if got := name(); got != "second" {
		t.Errorf("after the renewal it serves %s", got)
	}
	if _, err := overTLS(nil, certFile, ""); err == nil {
		t.Error("a certificate without a key was taken")
	}
	if _, err := overTLS(nil, filepath.Join(dir, "none"), keyFile); err == nil {
		t.Error("a certificate that is not there was taken")
	}
}

func TestV1_TrustedProxiesAreNamed(t *testing.T) {
	if got, err := proxies([]string{"10.0.0.0/8", "192.0.2.1", "fd00::/8"}); err != nil || len(got) != 3 || got[1].Bits() != 32 {
		t.Errorf("%v, %v", got, err)
	}
	for _, bad := range []string{"0.0.0.0/0", "::/0", "proxy", ""} {
		if _, err := proxies([]string{bad}); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestV1_SecretsComeFromAFolderOrTheEnvironment(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"KEY": "from the folder\n", "file": "from a file\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("AUTHFLOW_SECRET_KEY", "from the environment")
	t.Setenv("AUTHFLOW_SECRET_OTHER", "from the environment")
	t.Setenv("AUTHFLOW_SECRET_THIRD_FILE", filepath.Join(dir, "file"))
	read := secretsFrom(dir)
	for name, want := range map[string]string{"KEY": "from the folder", "OTHER": "from the environment", "third": "from a file"} {
		if got, err := read(context.Background(), name); err != nil || got != want {
			t.Errorf("%s is %q, %v", name, got, err)
		}
	}
	for _, bad := range []string{"gone", "../KEY", ""} {
		if got, err := read(context.Background(), bad); err == nil {
			t.Errorf("%q is %q", bad, got)
		}
	}
}

func TestV1_LogsKeepSecretsOut(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{ReplaceAttr: redacted}))
	log.Info("a request", "path", "/fl/sign_in", "password", "s3cret", "Authorization", "Bearer s3cret", slog.Group("body", "refresh_token", "s3cret"))
	if text := out.String(); strings.Contains(text, "s3cret") || !strings.Contains(text, "/fl/sign_in") {
		t.Errorf("the log says %s", text)
	}
}
