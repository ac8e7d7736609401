package server_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/store"
)

// enricher is who the template token-enrichment calls: the one that scores, and
// the CRM.
type enricher struct {
	mu     sync.Mutex
	calls  []partnerCall
	answer func(w http.ResponseWriter)
}

type partnerCall struct {
	path, key string
	body      map[string]any
}

func (p *enricher) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	call := partnerCall{path: q.URL.Path, key: q.Header.Get("Authorization")}
	text, _ := io.ReadAll(q.Body)
	_ = json.Unmarshal(text, &call.body)
	p.mu.Lock()
	p.calls = append(p.calls, call)
	p.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	p.answer(w)
}

// to answers the calls of one path.
func (p *enricher) to(path string) []partnerCall {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []partnerCall
	for _, c := range p.calls {
		if c.path == path {
			out = append(out, c)
		}
	}
	return out
}

// enriched is the template with a partner in reach.
func enriched(t *testing.T, answer func(w http.ResponseWriter)) (*enricher, func(fstest.MapFS)) {
	t.Helper()
	p := &enricher{answer: answer}
	srv := httptest.NewServer(p)
	t.Cleanup(func() { srv.CloseClientConnections(); srv.Close() })
	return p, fromTemplate(t, "token-enrichment", func(files fstest.MapFS) {
		for _, f := range files {
			f.Data = []byte(strings.ReplaceAll(string(f.Data), "127.0.0.1:9555", strings.TrimPrefix(srv.URL, "http://")))
		}
	})
}

func says(text string) func(w http.ResponseWriter) {
	return func(w http.ResponseWriter) { _, _ = io.WriteString(w, text) }
}

// Scenario 12: the score decides. Scenario 13: without one it is a second factor
// or nothing, and nothing is half done.
func TestTemplateEnrichmentThePartnersScoreDecides(t *testing.T) {
	for name, c := range map[string]struct {
		answer func(w http.ResponseWriter)
		page   string
	}{
		"0.3":      {says(`{"score": 0.3}`), "/demo/callback?code="},
		"0.5":      {says(`{"score": 0.5}`), "/fl/mfa/email_otp"},
		"0.9":      {says(`{"score": 0.9}`), "/fl/end"},
		"500":      {func(w http.ResponseWriter) { w.WriteHeader(500) }, "/fl/mfa/email_otp"},
		"garbage":  {says(`<html>busy</html>`), "/fl/mfa/email_otp"},
		"no score": {says(`{"verdict": "fine"}`), "/demo/callback?error=server_error"},
		"late":     {func(http.ResponseWriter) { time.Sleep(2500 * time.Millisecond) }, "/fl/mfa/email_otp"},
	} {
		t.Run(name, func(t *testing.T) {
			p, change := enriched(t, c.answer)
			r := newRig(t, nil, change)
			r.begin()
			r.signIn("ada", "analytical-engine")
			if !strings.HasPrefix(r.page.URL, issuer+c.page) {
				t.Fatalf("at %s\n%s", r.page.URL, r.page.HTML)
			}
			if in := strings.Contains(c.page, "code="); in != (r.sessionCount() == 1) || in != (r.tokens != nil) {
				t.Errorf("%d sessions, tokens %v", r.sessionCount(), r.tokens)
			}
			calls := p.to("/score")
			if len(calls) != 1 || calls[0].body["user"] != "usr_ada" || calls[0].key != "Bearer a key for the partner on this machine" {
				t.Errorf("calls %+v", calls)
			}
			r.nowhere("a key for the partner on this machine")
		})
	}
}

// Scenario 11: department and cost centre are in every token, after a refresh
// with what the directory says then.
func TestTemplateEnrichmentClaimsAreInEveryToken(t *testing.T) {
	_, change := enriched(t, says(`{"score": 0.1}`))
	a := newApp(t, change)
	tok := a.signIn()
	want := func(claims map[string]any, department, center string) {
		t.Helper()
		if claims["department"] != department || claims["cost_center"] != center || claims["plan"] != "pro" {
			t.Errorf("claims %v", claims)
		}
	}
	want(a.accessClaims(tok), "Research", "4711")
	tx := store.Begin(a.h.Store())
	_, err := directory.New(tx, a.h.Clock, a.h.World.Random, nil).Update(context.Background(), "usr_ada", func(u *directory.User) error {
		u.AppMetadata["department"], u.AppMetadata["cost_center"] = "Analysis", "4800"
		return nil
	})
	if err == nil {
		err = tx.Commit(context.Background())
	}
	if err != nil {
		t.Fatal(err)
	}
	again, err := a.refresh(tok)
	if err != nil {
		t.Fatal(err)
	}
	want(a.accessClaims(again), "Analysis", "4800")
}

// invited registers with an invitation, up to the proof of the address.
func (r *rig) invited(email, invitation string) {
	r.t.Helper()
	r.begin()
	r.follow("/flows/registration?continue")
	r.fill("", map[string]string{"name": "Mary Shelley", "email": email, "invitation": invitation})
}

// Scenarios 9, 10: the account is tagged, its plan comes from the invitation,
// and the CRM is told once of all of it.
func TestTemplateEnrichmentTagsAndTells(t *testing.T) {
	p, change := enriched(t, says(`{}`))
	r := newRig(t, nil, change)
	good := invitation(t, jwt.SigningMethodHS256, []byte(sharedKey), jwt.MapClaims{"iss": "https://crm.example", "aud": "sign-up", "exp": r.Clock.Now().Add(time.Hour).Unix(), "jti": "1", "plan": "enterprise"})
	for email, c := range map[string]struct{ invitation, plan, kind string }{
		"mary@acme.example": {good, "enterprise", "corporate"},
		"mary@example.com":  {"", "free", "self-serve"},
	} {
		before := len(p.to("/crm"))
		r.agent.Forget()
		r.tokens = nil
		r.invited(email, c.invitation)
		r.at("/fl/auth/verify", 200)
		if len(p.to("/crm")) != before {
			t.Error("the CRM was told of an address that nobody has proven")
		}
		r.fill("", map[string]string{"code": r.code(email)})
		r.fill("", map[string]string{"password": "modern prometheus"})
		r.at("/demo/callback", 200)
		claims := r.tokens.Tokens[0].Claims
		u := r.person(claims["sub"].(string))
		if u.AppMetadata["plan"] != c.plan || u.AppMetadata["account_kind"] != c.kind || claims["plan"] != c.plan {
			t.Errorf("%s: %v, claims %v", email, u.AppMetadata, claims)
		}
		calls := p.to("/crm")
		if len(calls) != before+1 || calls[before].body["email"] != email || calls[before].body["plan"] != c.plan || calls[before].body["account_kind"] != c.kind {
			t.Errorf("%s: the CRM was told %+v", email, calls)
		}
	}
	r.invited("percy@example.com", good)
	r.at("/fl/end", 403) // a second time
}

// Scenario 10: forged, expired and foreign invitations are refused before there
// is an account.
func TestTemplateEnrichmentRefusesBadInvitations(t *testing.T) {
	p, change := enriched(t, says(`{}`))
	r := newRig(t, nil, change)
	for name, c := range map[string]struct {
		key    string
		change map[string]any
	}{
		"forged":  {"another key of at least 32 bytes!", nil},
		"expired": {sharedKey, map[string]any{"exp": r.Clock.Now().Add(-time.Hour).Unix()}},
		"foreign": {sharedKey, map[string]any{"aud": "somebody else"}},
		"issuer":  {sharedKey, map[string]any{"iss": "https://evil.example"}},
	} {
		claims := jwt.MapClaims{"iss": "https://crm.example", "aud": "sign-up", "exp": r.Clock.Now().Add(time.Hour).Unix(), "jti": name, "plan": "enterprise"}
		for k, v := range c.change {
			claims[k] = v
		}
		r.invited("mary@example.com", invitation(t, jwt.SigningMethodHS256, []byte(c.key), claims))
		r.refusedAt("invitation is not valid")
		if r.entered("create") {
			t.Errorf("%s: an account was made", name)
		}
	}
	// A genuine one for a plan that there is not gives no plan.
	odd := invitation(t, jwt.SigningMethodHS256, []byte(sharedKey), jwt.MapClaims{"iss": "https://crm.example", "aud": "sign-up", "exp": r.Clock.Now().Add(time.Hour).Unix(), "jti": "odd", "plan": "owner"})
	r.invited("mary@example.com", odd)
	r.fill("", map[string]string{"code": r.code("mary@example.com")})
	r.fill("", map[string]string{"password": "modern prometheus"})
	r.refusedAt("start again")
	if len(p.to("/crm")) != 0 || r.sessionCount() != 0 {
		t.Errorf("the CRM was told %v, %d sessions", p.to("/crm"), r.sessionCount())
	}
}
