package world_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/world"
)

func egress(hosts []string, loopback ...string) *world.Egress {
	return world.NewEgress(func() []string { return hosts }, func() []string { return loopback })
}

// A8: what may not be called is refused before a packet leaves.
func TestA8_ForbiddenAddressesAreRefused(t *testing.T) {
	reached := false
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer srv.Close()
	_, port, _ := strings.Cut(strings.TrimPrefix(srv.URL, "http://"), ":")
	everything := []string{"localhost", "127.0.0.1", "::1", "10.0.0.1", "169.254.169.254", "192.168.1.1", "100.64.0.1", "0.0.0.0", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "::ffff:127.0.0.1", "fd00::1", "fe80::1"}
	g := egress(everything)
	for _, address := range []string{
		"http://example.com/", "ftp://example.com/", "https://not-allowed.example/", "https://user:pw@localhost/", "file:///etc/passwd", "gopher://localhost/", "https:///x", "//localhost", "javascript:1", "",
		"https://localhost:" + port, "https://127.0.0.1:" + port, "https://[::1]:" + port, "https://10.0.0.1/", "https://169.254.169.254/latest/meta-data/", "https://192.168.1.1/", "https://100.64.0.1/", "https://0.0.0.0:" + port,
		"https://2130706433:" + port, "https://[::ffff:127.0.0.1]:" + port, "https://[fd00::1]/", "https://[fe80::1]/",
	} {
		_, err := g.Do(context.Background(), world.Request{URL: address, Timeout: time.Second})
		if err == nil {
			t.Errorf("%s was called", address)
		}
	}
	if reached {
		t.Error("a packet left")
	}
}

func TestA8_RedirectsAreJudgedAgain(t *testing.T) {
	inner := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the inner server was reached") }))
	defer inner.Close()
	outer := httptest.NewServer(http.RedirectHandler(inner.URL, http.StatusFound))
	defer outer.Close()
	u, err := url.Parse(outer.URL)
	if err != nil {
		t.Fatal(err)
	}
	_, err = egress([]string{"127.0.0.1"}, u.Host).Do(context.Background(), world.Request{URL: outer.URL})
	var refused *world.EgressError
	if !errors.As(err, &refused) {
		t.Errorf("answered %v", err)
	}
}

// The harness may name addresses on this machine; answers are bounded.
func TestA8_NamedLoopbackHostsAndLimits(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/ok", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Got", r.Header.Get("X-Sent"))
		fmt.Fprint(w, r.Method)
	})
	mux.HandleFunc("/big", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, strings.Repeat("x", 2<<20)) })
	mux.HandleFunc("/slow", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	srv := httptest.NewServer(mux)
	defer srv.Close()
	u, err := url.Parse(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	g := egress(nil, u.Host)
	res, err := g.Do(context.Background(), world.Request{Method: "POST", URL: srv.URL + "/ok", Header: map[string]string{"X-Sent": "1"}, Body: "b"})
	if err != nil || res.Status != 200 || res.Body != "POST" || res.Header["x-got"] != "1" {
		t.Errorf("%+v, %v", res, err)
	}
	for path, words := range map[string]string{"/big": "larger than 1 MiB", "/slow": "within 50ms"} {
		_, err := g.Do(context.Background(), world.Request{URL: srv.URL + path, Timeout: 50 * time.Millisecond})
		if err == nil || path == "/slow" && !strings.Contains(err.Error(), words) {
			t.Errorf("%s answered %v", path, err)
		}
	}
}

func TestNetworkTable(t *testing.T) {
	table, err := world.NewNetworkTable([]world.NetworkEntry{{Prefix: "203.0.113.0/24", Kind: "vpn", Country: "NL"}, {Prefix: "203.0.113.7", Kind: "tor", Country: "DE"}, {Prefix: "2001:db8::/32", Country: "FR"}})
	if err != nil {
		t.Fatal(err)
	}
	for ip, want := range map[string]string{"203.0.113.7": "tor DE", "203.0.113.8": "vpn NL", "::ffff:203.0.113.8": "vpn NL", "2001:db8::1": " FR", "127.0.0.1": "loopback ", "10.1.1.1": "private ", "8.8.8.8": " ", "nonsense": " "} {
		if n := table.Lookup(ip); n.Kind+" "+n.Country != want {
			t.Errorf("%s is %q, want %q", ip, n.Kind+" "+n.Country, want)
		}
	}
	if _, err := world.NewNetworkTable([]world.NetworkEntry{{Prefix: "300.1.1.1"}}); err == nil {
		t.Error("a prefix that is none was taken")
	}
}

func TestSimulatedClock(t *testing.T) {
	c := &world.SimulatedClock{}
	c.Advance(time.Hour)
	c.Advance(-time.Hour)
	if o := c.Offset(); o != time.Hour {
		t.Errorf("offset %v", o)
	}
	c.Freeze()
	at := c.Now()
	time.Sleep(5 * time.Millisecond)
	if !c.Now().Equal(at) {
		t.Error("a frozen clock ran")
	}
	c.Advance(time.Minute)
	if got := c.Now().Sub(at); got != time.Minute {
		t.Errorf("advanced by %v while frozen", got)
	}
	c.Thaw()
	if got := c.Now().Sub(at.Add(time.Minute)); got < 0 || got > time.Second {
		t.Errorf("went on %v away from where it stood", got)
	}
}

func TestBudgetStandsStillWhilePaused(t *testing.T) {
	b := world.NewBudget(context.Background(), 60*time.Millisecond)
	defer b.Stop()
	b.Pause()
	b.Pause()
	time.Sleep(100 * time.Millisecond)
	if b.Exceeded() > 0 || b.Context().Err() != nil || b.Remaining() == 0 {
		t.Error("time ran while paused")
	}
	b.Resume()
	<-b.Context().Done()
	if b.Exceeded() == 0 || b.Remaining() != 0 {
		t.Errorf("exceeded %v, remaining %v", b.Exceeded(), b.Remaining())
	}
}

func TestBudgetIsExtended(t *testing.T) {
	b := world.NewBudget(context.Background(), time.Minute)
	defer b.Stop()
	world.Spend(b.Context(), 50*time.Second)
	b.Extend(time.Minute)
	if b.Remaining() < time.Minute || b.Used() < 50*time.Second {
		t.Errorf("remaining %v, used %v", b.Remaining(), b.Used())
	}
	world.Spend(b.Context(), 69*time.Second)
	if b.Context().Err() != nil {
		t.Error("it ended before its time")
	}
	world.Spend(b.Context(), 2*time.Second)
	if b.Context().Err() == nil || b.Exceeded() == 0 || b.Remaining() != 0 {
		t.Error("it did not end")
	}
	b = world.NewBudget(context.Background(), time.Hour)
	b.Pause()
	b.Extend(-time.Hour)
	b.Resume()
	<-b.Context().Done()
	b = world.NewBudget(context.Background(), time.Hour)
	b.Extend(-time.Hour)
	<-b.Context().Done()
}
