package localca_test

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/server/localca"
	"github.com/authflow-studio/authflow/engine/world"
)

var hosts = []string{"127.0.0.1:9400", "localhost", "[::1]", "authflow.test:9400"}

func open(t *testing.T, dir string, clock world.Clock, hosts ...string) *localca.Authority {
	t.Helper()
	a, err := localca.Open(dir, hosts, clock, world.SystemRandom{})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func leafOf(t *testing.T, a *localca.Authority) *x509.Certificate {
	t.Helper()
	c, err := a.Config().GetCertificate(nil)
	if err != nil {
		t.Fatal(err)
	}
	return c.Leaf
}

func pool(t *testing.T, a *localca.Authority) *x509.CertPool {
	t.Helper()
	text, err := os.ReadFile(a.File)
	if err != nil {
		t.Fatal(err)
	}
	p := x509.NewCertPool()
	if !p.AppendCertsFromPEM(text) || strings.Contains(string(text), "KEY") {
		t.Fatalf("the file is no certificate alone:\n%s", text)
	}
	return p
}

func TestAnAuthorityIsMadeOnceAndVouchesForItsHosts(t *testing.T) {
	dir, clock := t.TempDir(), &world.SimulatedClock{}
	var all [4]*localca.Authority
	var wg sync.WaitGroup
	for i := range all {
		wg.Go(func() { all[i], _ = localca.Open(dir, hosts, clock, world.SystemRandom{}) })
	}
	wg.Wait()
	roots := pool(t, all[0])
	for _, a := range all {
		for _, name := range []string{"127.0.0.1", "localhost", "::1", "authflow.test"} {
			if _, err := leafOf(t, a).Verify(x509.VerifyOptions{DNSName: name, Roots: roots}); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if _, err := leafOf(t, all[0]).Verify(x509.VerifyOptions{DNSName: "example.org", Roots: roots}); err == nil {
		t.Error("another name is vouched for")
	}
	info, err := os.Stat(filepath.Join(filepath.Dir(all[0].File), "ca-key.pem"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key is kept as %v, %v", info.Mode(), err)
	}
	if other := open(t, dir, clock, "localhost"); other.File == all[0].File {
		t.Error("another set of hosts has the same authority")
	}
}

// TestAStolenAuthorityVouchesForNothingElse signs with the key, as a thief would.
func TestAStolenAuthorityVouchesForNothingElse(t *testing.T) {
	for _, set := range [][]string{hosts, {"localhost"}} {
		a := open(t, t.TempDir(), &world.SimulatedClock{}, set...)
		for _, name := range []string{"example.org", "10.0.0.1", "2001:db8::1", "localhost.example.org"} {
			if err := forge(t, a, name); err == nil {
				t.Errorf("an authority for %v vouches for %s", set, name)
			}
		}
		if err := forge(t, a, "localhost"); err != nil {
			t.Errorf("the forger is no good: %v", err)
		}
	}
}

func TestCertificatesAreMadeAnewInTime(t *testing.T) {
	dir, clock := t.TempDir(), &world.SimulatedClock{}
	a := open(t, dir, clock, hosts...)
	first := leafOf(t, a)
	if life := first.NotAfter.Sub(clock.Now()); life > 8*24*time.Hour {
		t.Errorf("a certificate lives for %v", life)
	}
	clock.Advance(6*24*time.Hour + time.Hour)
	if leafOf(t, a).SerialNumber.Cmp(first.SerialNumber) == 0 {
		t.Error("it is not made anew")
	}
	before, err := os.ReadFile(a.File)
	if err != nil {
		t.Fatal(err)
	}
	clock.Advance(700 * 24 * time.Hour)
	if after, err := os.ReadFile(open(t, dir, clock, hosts...).File); err != nil || string(after) == string(before) {
		t.Errorf("an authority that ends soon is kept, %v", err)
	}
}

func TestAKeyThatOthersCanReadIsRefused(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir, &world.SimulatedClock{}, hosts...)
	key := filepath.Join(filepath.Dir(a.File), "ca-key.pem")
	if err := os.Chmod(key, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := localca.Open(dir, hosts, world.SystemClock{}, world.SystemRandom{}); err == nil || !strings.Contains(err.Error(), "can be read by others") {
		t.Errorf("got %v", err)
	}
	if err := os.WriteFile(key, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(key, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := localca.Open(dir, hosts, world.SystemClock{}, world.SystemRandom{}); err == nil || !strings.Contains(err.Error(), "remove it") {
		t.Errorf("got %v", err)
	}
}

func TestAServerSpeaksTLSWithIt(t *testing.T) {
	a := open(t, t.TempDir(), world.SystemClock{}, hosts...)
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.Listener = tls.NewListener(s.Listener, a.Config()) // StartTLS brings a certificate of its own
	s.Start()
	defer s.Close()
	address := strings.Replace(s.URL, "http:", "https:", 1)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool(t, a)}}}
	res, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if _, err := http.Get(address); err == nil {
		t.Error("who does not trust it is answered")
	}
}
