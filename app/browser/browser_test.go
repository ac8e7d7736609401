package browser_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/authflow-studio/authflow/app/browser"
	"github.com/authflow-studio/authflow/app/studio"
)

type caller struct{ called []string }

func (c *caller) Call(_ context.Context, name string, arg json.RawMessage) (any, error) {
	c.called = append(c.called, name+string(arg))
	switch name {
	case "known.error":
		return nil, &studio.Error{Code: "conflict", Message: "Changed.", Hint: "Look."}
	case "other.error":
		return nil, errors.New("plain")
	}
	return map[string]int{"n": 1}, nil
}

type rig struct {
	t      *testing.T
	caller *caller
	events *browser.Events
	server *browser.Server
	http   *httptest.Server
	client *http.Client
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, caller: &caller{}, events: browser.NewEvents()}
	r.http = httptest.NewUnstartedServer(nil)
	r.server = browser.New(r.caller, r.events, fstest.MapFS{"index.html": {Data: []byte("<p>studio")}, "assets/a.js": {Data: []byte("1")}}, r.http.Listener.Addr().String())
	r.http.Config.Handler = r.server
	r.http.Start()
	t.Cleanup(r.http.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	r.client = &http.Client{Jar: jar}
	return r
}

func (r *rig) enter() {
	r.t.Helper()
	res, err := r.client.Get(r.server.URL())
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	if text, _ := io.ReadAll(res.Body); string(text) != "<p>studio" || res.Request.URL.RawQuery != "" {
		r.t.Fatalf("%s at %s", text, res.Request.URL)
	}
}

func (r *rig) call(change func(*http.Request)) (int, string) {
	r.t.Helper()
	req, err := http.NewRequest("POST", r.http.URL+"/api/call/some.method", strings.NewReader(`{"a":1}`))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if change != nil {
		change(req)
	}
	res, err := r.client.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

func TestGuards(t *testing.T) {
	r := newRig(t)
	if status, _ := r.call(nil); status != 401 {
		t.Errorf("without the token: %d", status)
	}
	res, err := r.client.Get(r.http.URL + "/?token=wrong")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != 401 {
		t.Errorf("with a wrong token: %d", res.StatusCode)
	}
	r.enter()
	for what, c := range map[string]struct {
		change func(*http.Request)
		status int
	}{
		"another Host":    {func(q *http.Request) { q.Host = "evil.example" }, 421},
		"a rebound name":  {func(q *http.Request) { q.Host = "localhost.evil.example:80" }, 421},
		"another Origin":  {func(q *http.Request) { q.Header.Set("Origin", "https://evil.example") }, 403},
		"the null Origin": {func(q *http.Request) { q.Header.Set("Origin", "null") }, 403},
		"a form":          {func(q *http.Request) { q.Header.Set("Content-Type", "application/x-www-form-urlencoded") }, 415},
		"text":            {func(q *http.Request) { q.Header.Set("Content-Type", "text/plain") }, 415},
		"GET":             {func(q *http.Request) { q.Method = "GET" }, 405},
		"too much": {func(q *http.Request) {
			q.Body = io.NopCloser(strings.NewReader(strings.Repeat("x", 17<<20)))
			q.ContentLength = 17 << 20
		}, 413},
		"its own page":     {func(q *http.Request) { q.Header.Set("Origin", r.http.URL) }, 200},
		"no Origin at all": {nil, 200},
	} {
		if status, text := r.call(c.change); status != c.status {
			t.Errorf("%s: %d %s", what, status, text)
		}
	}
	if len(r.caller.called) != 2 || r.caller.called[0] != `some.method{"a":1}` {
		t.Errorf("called: %v", r.caller.called)
	}
}

func TestErrorsHaveOneShape(t *testing.T) {
	r := newRig(t)
	r.enter()
	for name, want := range map[string]string{
		"known.error": `{"error":{"code":"conflict","message":"Changed.","hint":"Look."}}`,
		"other.error": `{"error":{"code":"failed","message":"plain"}}`,
		"fine":        `{"result":{"n":1}}`,
	} {
		if _, text := r.call(func(q *http.Request) { q.URL.Path = "/api/call/" + name }); text != want {
			t.Errorf("%s: %s", name, text)
		}
	}
}

func TestEventsReachEveryPage(t *testing.T) {
	r := newRig(t)
	r.enter()
	var lines []chan string
	for range 2 {
		res, err := r.client.Get(r.http.URL + "/api/events")
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		in := bufio.NewReader(res.Body)
		if first, err := in.ReadString('\n'); err != nil || !strings.HasPrefix(first, ":") {
			t.Fatal(first, err)
		}
		ch := make(chan string, 1)
		lines = append(lines, ch)
		go func() {
			for {
				line, err := in.ReadString('\n')
				if err != nil {
					return
				}
				if text, ok := strings.CutPrefix(line, "data: "); ok {
					ch <- strings.TrimSpace(text)
					return
				}
			}
		}()
	}
	r.events.Emit("run", map[string]string{"id": "x"})
	for _, ch := range lines {
		select {
		case got := <-ch:
			if got != `{"name":"run","payload":{"id":"x"}}` {
				t.Error(got)
			}
		case <-time.After(10 * time.Second):
			t.Fatal("no event came")
		}
	}
}

func TestPagesCarryThePolicy(t *testing.T) {
	r := newRig(t)
	r.enter()
	res, err := r.client.Get(r.http.URL + "/")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	csp := res.Header.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'self'", "script-src 'self'", "object-src 'none'", "frame-src 'self'"} {
		if !strings.Contains(csp, part) {
			t.Errorf("%q is not in %q", part, csp)
		}
	}
	if strings.Contains(csp, "script-src 'self' 'unsafe") || strings.Contains(csp, "eval") {
		t.Error(csp)
	}
}
