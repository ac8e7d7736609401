package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/run"
)

// This file tests that answers of another provider are taken once and replay.

// X4: the run replays from its journal, which holds no code and no token.
func TestX4_ASocialSignInReplays(t *testing.T) {
	r := social(t, "example", "create")
	r.begin()
	r.fill("simulated-robin", nil)
	r.at("/demo/callback", http.StatusOK)
	p, err := r.Engine().ProjectOf(context.Background(), r.lastState())
	if err != nil {
		t.Fatal(err)
	}
	m := &run.Machine{Catalogue: r.Engine().Catalogue, Project: p, Budgets: p.Settings.WithDefaults().Budgets}
	again, err := run.Replay(context.Background(), m, nil, r.journal())
	if err != nil {
		t.Fatal(err)
	}
	was := r.lastState()
	for name, pair := range map[string][2]any{"subject": {was.Subject, again.Subject}, "event": {was.Event, again.Event}, "frames": {was.Frames, again.Frames}} {
		want, _ := json.Marshal(pair[0])
		got, _ := json.Marshal(pair[1])
		if !bytes.Equal(want, got) {
			t.Errorf("%s replayed as %s, was %s", name, got, want)
		}
	}
	text, _ := json.Marshal(r.journal())
	if again.Subject.Federated == nil || !strings.Contains(string(text), `"secrets":["code"]`) || strings.Contains(string(text), "eyJ") {
		t.Errorf("%s", text)
	}
}

// A code that was redeemed is worth nothing: a second run cannot use it, and an
// attempt ends with its answer.
func TestAnAnswerIsTakenOnce(t *testing.T) {
	r := social(t, "example", "create")
	r.begin()
	asked, _ := url.Parse(r.page.URL)
	q := asked.Query()
	r.fill("simulated-robin", nil)
	r.at("/demo/callback", http.StatusOK)
	r.open(q.Get("redirect_uri") + "?" + url.Values{"code": {"again"}, "state": {q.Get("state")}}.Encode())
	if r.page.Status != http.StatusNotFound || r.sessionCount() != 1 {
		t.Errorf("%d, %d sessions", r.page.Status, r.sessionCount())
	}
	left, err := r.Store().List(context.Background(), "social_attempt", "", "", 0)
	if err != nil || len(left) != 0 {
		t.Errorf("%d attempts are left, %v", len(left), err)
	}
}

// A code of the simulated provider expires, and needs the verifier.
func TestTheSimulatedProviderIsStrict(t *testing.T) {
	r := social(t, "example", "create")
	ask := func(method, address, body string) *httptest.ResponseRecorder {
		req := httptest.NewRequest(method, address, strings.NewReader(body))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		r.ServeHTTP(w, req)
		return w
	}
	for _, q := range []string{"client_id=wrong&redirect_uri=" + issuer + "/fl/callback", "client_id=acme&redirect_uri=https://evil.example"} {
		if w := ask(http.MethodGet, issuer+atExample+"?response_type=code&scope=openid&"+q, ""); w.Code != http.StatusBadRequest || w.Header().Get("Location") != "" {
			t.Errorf("%s answers %d", q, w.Code)
		}
	}
	if w := ask(http.MethodPost, issuer+"/other/example/token", "grant_type=authorization_code&code=x&client_id=acme&client_secret=guess"); w.Code != http.StatusUnauthorized {
		t.Errorf("a guessed secret answers %d", w.Code)
	}
	for _, path := range []string{"/other/nobody/authorize", "/other/", "/other/example/else"} {
		if w := ask(http.MethodGet, issuer+path, ""); w.Code != http.StatusNotFound {
			t.Errorf("%s answers %d", path, w.Code)
		}
	}
	r.begin()
	there := *r.page
	asked, _ := url.Parse(there.URL)
	back := ask(http.MethodPost, issuer+atExample, asked.RawQuery+"&_person=simulated-robin").Header().Get("Location")
	r.Clock.Advance(2 * time.Minute)
	r.open(back)
	r.at("/fl/end", http.StatusForbidden)
	if e := r.last("social.failed"); e.Data["reason"] != "token_refused" {
		t.Errorf("%+v", e)
	}
}
