package server_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/server"
	"github.com/authflow-studio/authflow/engine/world"
)

// This file tests what people's own tests order over the control API, and under
// which names a harness answers.

// control asks the control API.
func (r *rig) control(method, path, body string) (int, map[string]any) {
	r.t.Helper()
	req := httptest.NewRequest(method, r.ControlURL()+path, strings.NewReader(body))
	req.RemoteAddr = "127.0.0.1:40001"
	req.Header.Set("Authorization", "Bearer "+r.ControlToken)
	w := httptest.NewRecorder()
	r.ServeHTTP(w, req)
	var out map[string]any
	if err := json.NewDecoder(w.Body).Decode(&out); err != nil {
		r.t.Fatal(err)
	}
	return w.Code, out
}

func TestControlQueuesTheNextUser(t *testing.T) {
	r := newRig(t, nil, nil)
	if status, out := r.control(http.MethodPost, "/next-user", `{"user":"ada@example.com","aal":"aal2","times":1}`); status != http.StatusOK {
		t.Fatal(status, out)
	}
	if _, out := r.control(http.MethodGet, "/next-user", ""); !strings.Contains(fmt.Sprint(out), "ada@example.com") {
		t.Errorf("queued are %v", out)
	}
	r.begin() // prompt=login
	r.at("/demo/callback", http.StatusOK)
	if c := r.tokens.Tokens[0].Claims; c["acr"] != "aal2" || fmt.Sprint(c["amr"]) != "[persona]" || r.tokens.UserInfo["email"] != "ada@example.com" {
		t.Errorf("signed in as %v, %v", c, r.tokens.UserInfo)
	}
	if _, out := r.control(http.MethodGet, "/sessions", ""); !strings.Contains(fmt.Sprint(out), "persona") || !strings.Contains(fmt.Sprint(out), "ip:127.0.0.1") {
		t.Errorf("sessions are %v", out)
	}
	r.begin()
	r.at("/fl/sign_in", http.StatusOK)
	r.control(http.MethodPost, "/next-user", `{"user":"grace@acme.example","times":5}`)
	r.control(http.MethodDelete, "/next-user", "")
	r.begin()
	r.at("/fl/sign_in", http.StatusOK)
}

func TestControlNamesTheNearestPeople(t *testing.T) {
	r := newRig(t, nil, nil)
	status, out := r.control(http.MethodPost, "/next-user", `{"user":"adda@example.com"}`)
	if text := fmt.Sprint(out); status != http.StatusNotFound || !strings.Contains(text, "no_user") || !strings.Contains(text, "nearest: ada@example.com") {
		t.Errorf("answered %d %v", status, out)
	}
	for _, body := range []string{`{"user":"ada@example.com","aal":"aal9"}`, `{"user":"ada@example.com","times":-1}`, `{"usr":"x"}`} {
		if status, out := r.control(http.MethodPost, "/next-user", body); status != http.StatusBadRequest {
			t.Errorf("%s answers %d %v", body, status, out)
		}
	}
}

func TestAPersonaIsPickedOnAPage(t *testing.T) {
	r := newRig(t, nil, nil)
	if status, out := r.control(http.MethodPut, "/personas", `{"on":true}`); status != http.StatusOK || out["on"] != true {
		t.Fatal(status, out)
	}
	r.begin()
	r.at("/oauth2/people", http.StatusOK)
	if i, j := strings.Index(r.page.HTML, "ada@example.com"), strings.Index(r.page.HTML, "grace@acme.example"); i < 0 || j < i {
		t.Errorf("people are not those of world.yaml in its order:\n%s", r.page.HTML)
	}
	r.fill("real", nil)
	r.at("/fl/sign_in", http.StatusOK)
	r.begin()
	r.fill("usr_grace", map[string]string{"aal": "aal2"})
	r.at("/demo/callback", http.StatusOK)
	if r.tokens.UserInfo["email"] != "grace@acme.example" || r.tokens.Tokens[0].Claims["acr"] != "aal2" {
		t.Errorf("signed in as %v", r.tokens)
	}
	_, out := r.control(http.MethodGet, "/audit", "")
	if !strings.Contains(fmt.Sprint(out), "harness.signed_in") {
		t.Error("the record does not tell of it")
	}
}

// TestProductionPicksNobody: none of it is in a server that serves a bundle.
func TestProductionPicksNobody(t *testing.T) {
	h := newRig(t, nil, nil)
	s, err := server.New(server.Options{Issuer: issuer, Store: h.Store(), Clock: &world.SimulatedClock{}})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/oauth2/people", "/control/v1/personas", "/control/v1/next-user", "/demo"} {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, issuer+path, nil))
		if w.Code != http.StatusNotFound {
			t.Errorf("%s answers %d", path, w.Code)
		}
	}
}

func TestAHarnessIsAnIssuerUnderEachOfItsNames(t *testing.T) {
	a := newApp(t, func(files fstest.MapFS) {
		files["authflow.json"].Data = []byte(strings.Replace(string(files["authflow.json"].Data), `"harness": {`, `"harness": {"hosts": ["authflow.test"], `, 1))
	})
	own, err := url.Parse(a.h.Issuer)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"127.0.0.1", "localhost", "[::1]", "authflow.test"} {
		issuer := "http://" + name + ":" + own.Port()
		client := &http.Client{Transport: under{a.h}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		ctx := oidc.ClientContext(t.Context(), client)
		provider, err := oidc.NewProvider(ctx, issuer)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := a.h.QueueUser(ctx, "ada@example.com", "aal1", 1); err != nil {
			t.Fatal(err)
		}
		cfg := oauth2.Config{ClientID: server.HarnessClient, Endpoint: provider.Endpoint(), RedirectURL: "http://127.0.0.1:5000/cb", Scopes: []string{"openid"}}
		verifier := oauth2.GenerateVerifier()
		res, err := client.Get(cfg.AuthCodeURL("st", oauth2.S256ChallengeOption(verifier)))
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		back, err := res.Location()
		if err != nil || back.Query().Get("iss") != issuer {
			t.Fatalf("%s: sent to %v", name, back)
		}
		if set := res.Header.Get("Set-Cookie"); strings.Contains(set, "Domain") || !strings.Contains(set, "authflow_session_") {
			t.Errorf("%s: the cookie is %q", name, set)
		}
		tok, err := cfg.Exchange(ctx, back.Query().Get("code"), oauth2.VerifierOption(verifier))
		if err != nil {
			t.Fatal(err)
		}
		raw, _ := tok.Extra("id_token").(string)
		if _, err := provider.Verifier(&oidc.Config{ClientID: server.HarnessClient, SupportedSigningAlgs: []string{"ES256"}}).Verify(ctx, raw); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := a.provider.UserInfo(oidc.ClientContext(t.Context(), client), oauth2.StaticTokenSource(tok)); err != nil {
			t.Errorf("a token of %s is not good under the first name: %v", name, err)
		}
	}
}

// under leads every name to a harness, as a resolver would.
type under struct{ h http.Handler }

func (u under) RoundTrip(r *http.Request) (*http.Response, error) {
	in := r.Clone(r.Context())
	in.RequestURI, in.RemoteAddr, in.Host = r.URL.RequestURI(), "127.0.0.1:40000", r.URL.Host
	if in.Body == nil {
		in.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	u.h.ServeHTTP(w, in)
	res := w.Result()
	res.Request = r
	return res, nil
}

func TestAnUnknownHostIsRefusedInWords(t *testing.T) {
	r := newRig(t, nil, nil)
	for _, host := range []string{"evil.example.org:9400", "127.0.0.1:1", "127.0.0.1", "localhost.evil.example.org:9400", ""} {
		res, err := under{r.Harness}.RoundTrip(&http.Request{Method: http.MethodGet, Header: http.Header{}, URL: &url.URL{Scheme: "http", Host: host, Path: "/.well-known/openid-configuration"}})
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(res.Body)
		if res.StatusCode != http.StatusMisdirectedRequest || !strings.Contains(string(text), "--host NAME") || !strings.Contains(string(text), "localhost:9400") {
			t.Errorf("%q answers %d %s", host, res.StatusCode, text)
		}
	}
	if _, err := server.NewHarness(server.HarnessOptions{Issuer: issuer, Hosts: []string{"http://x"}}); err == nil {
		t.Error("an address is taken for a name")
	}
}

// TestTheDemoClientFollowsTheName signs in under another name, to the end.
func TestTheDemoClientFollowsTheName(t *testing.T) {
	r := newRig(t, nil, func(files fstest.MapFS) {
		files["authflow.json"].Data = []byte(strings.Replace(string(files["authflow.json"].Data), `"harness": {`, `"harness": {"hosts": ["authflow.test"], `, 1))
	})
	for _, at := range []string{"http://localhost:9400", "http://authflow.test:9400"} {
		if err := r.QueueUser(t.Context(), "ada@example.com", "", 1); err != nil {
			t.Fatal(err)
		}
		p := newAgent(r, at)
		page, err := p.Get(t.Context(), at+"/demo/login?prompt=login")
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(page.URL, at+"/demo/callback") || page.Status != http.StatusOK || r.tokens.Tokens[0].Claims["iss"] != at || !r.tokens.Tokens[0].Verified {
			t.Errorf("under %s it ends at %s (%d)\n%s", at, page.URL, page.Status, page.HTML)
		}
	}
}

func TestSettingsBoundSessionsAndTheProvider(t *testing.T) {
	set := func(text string) func(fstest.MapFS) {
		return func(files fstest.MapFS) {
			files["authflow.json"].Data = []byte(strings.Replace(string(files["authflow.json"].Data), `"format"`, text+`, "format"`, 1))
		}
	}
	signIn := func(r *rig) {
		r.agent = newAgent(r, issuer)
		r.begin()
		r.signIn("ada@example.com", "analytical-engine")
	}
	count := func(r *rig) int {
		_, out := r.control(http.MethodGet, "/sessions", "")
		list, _ := out["sessions"].([]any)
		return len(list)
	}
	r := newRig(t, nil, set(`"sessions": {"max": 2}`))
	for range 3 {
		signIn(r)
		r.at("/demo/callback", http.StatusOK)
	}
	if n := count(r); n != 2 {
		t.Errorf("%d sessions live", n)
	}
	r = newRig(t, nil, set(`"sessions": {"max": 1, "when_full": "refuse"}`))
	signIn(r)
	signIn(r)
	if n := count(r); n != 1 || !strings.Contains(r.page.URL+r.page.HTML, "access_denied") {
		t.Errorf("%d sessions live, at %s\n%s", n, r.page.URL, r.page.HTML)
	}
	bad := starterFiles(t)
	bad["authflow.json"].Data = []byte(strings.Replace(string(bad["authflow.json"].Data), `"harness": {`, `"harness": {"hosts": ["authflow.test", "http://other"], `, 1))
	if _, problems := flow.Load(bad); len(problems) != 1 || !strings.Contains(problems[0].Error(), "no scheme, no path") {
		t.Errorf("a host: %v", problems)
	}
	for text, words := range map[string]string{
		`"sessions": {"max": -1}`:                  "write a number above 0",
		`"sessions": {"max": 1, "when_full": "x"}`: "end_oldest or refuse",
		`"sessions": {"when_full": "refuse"}`:      `add "max"`,
		`"provider": {"code_lifetime": "2m"}`:      "between 1s and 1m0s",
		`"provider": {"key_overlap": "5m"}`:        "write 1h0m0s or more",
		`"provider": {"key_life": "-1h"}`:          "write 1h0m0s or more",
		`"provider": {"refresh_grace": "1h"}`:      "write 5m0s at most",
	} {
		files := starterFiles(t)
		set(text)(files)
		_, problems := flow.Load(files)
		if len(problems) != 1 || !strings.Contains(problems[0].Error(), words) || !strings.Contains(problems[0].Error(), "authflow.json:") {
			t.Errorf("%s: %v", text, problems)
		}
	}
}
