package idp_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/authflow-studio/authflow/engine/idp"
)

type jwk struct{ Kid, Kty, Alg, Use, Crv, X, Y, N, E, D string }

func (o *op) jwks() map[string]jwk {
	o.t.Helper()
	var set struct{ Keys []jwk }
	a := o.get("/oauth2/jwks", nil)
	o.json(a, &set)
	for _, private := range []string{`"d"`, `"p"`, `"q"`, `"dp"`} {
		if strings.Contains(a.body, private) {
			o.t.Errorf("the key set holds %s", private)
		}
	}
	keys := map[string]jwk{}
	for _, k := range set.Keys {
		if k.Use != "sig" || k.Kid == "" {
			o.t.Errorf("published %+v", k)
		}
		keys[k.Kid] = k
	}
	if len(keys) != len(set.Keys) {
		o.t.Error("two keys have one id")
	}
	return keys
}

func kid(t *testing.T, token string) string { t.Helper(); return header(t, token)["kid"].(string) }

func TestOIDC_IDTokenSignatureAndKid(t *testing.T) {
	o := newOP(t)
	first := o.jwks()
	if len(first) != 2 {
		t.Fatalf("%d keys at first, want one that signs and the next", len(first))
	}
	if k := first[kid(t, o.signIn().ID)]; k.Alg != "ES256" || k.Kty != "EC" || k.Crv != "P-256" || len(k.X) != 43 || len(k.Y) != 43 {
		t.Errorf("signed with %+v", k)
	}
	rsa := o.tokens(o.token(exchange(o.code("client_id", "basic"), "client_id", ""), basic("basic", secret)))
	if k := o.jwks()[kid(t, rsa.ID)]; k.Alg != "RS256" || k.Kty != "RSA" || len(k.N) != 342 || k.E != "AQAB" {
		t.Errorf("signed with %+v", k)
	}
	ed := o.tokens(o.token(exchange(o.code("client_id", "post"), "client_id", "post", "client_secret", secret)))
	if k := o.jwks()[kid(t, ed.ID)]; k.Alg != "EdDSA" || k.Kty != "OKP" || k.Crv != "Ed25519" {
		t.Errorf("signed with %+v", k)
	}
}

func TestOIDC_ServerRotateKeys(t *testing.T) {
	o := newOP(t)
	ctx := o.online()
	provider, err := oidc.NewProvider(ctx, o.issuer)
	if err != nil {
		t.Fatal(err)
	}
	verify := provider.Verifier(&oidc.Config{ClientID: "app", Now: o.clock.Now})
	old := o.signIn()
	before := o.jwks()
	if err := o.provider.RotateKeys(t.Context()); err != nil {
		t.Fatal(err)
	}
	fresh := o.signIn("prompt", "none")
	after := o.jwks()
	if kid(t, fresh.ID) == kid(t, old.ID) || before[kid(t, fresh.ID)].Kid == "" {
		t.Error("the key that signs now is not the one that was published as the next")
	}
	if len(after) != 3 {
		t.Errorf("%d keys, want the retired, the current and the next", len(after))
	}
	for _, token := range []tokens{old, fresh} {
		if _, err := verify.Verify(ctx, token.ID); err != nil {
			t.Error(err)
		}
		if a := o.userinfo(http.MethodGet, "Bearer "+token.Access, nil); a.StatusCode != http.StatusOK {
			t.Errorf("answered %d", a.StatusCode)
		}
	}
	if types := strings.Join(o.audited(), " "); !strings.Contains(types, "keys.rotated") {
		t.Errorf("audited %s", types)
	}
	o.clock.Advance(31 * 24 * time.Hour)
	if err := o.provider.RotateKeys(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, still := o.jwks()[kid(t, old.ID)]; still || len(o.jwks()) != 3 {
		t.Error("a key that retired a month ago is still published")
	}
}

// second makes another provider over the same store, as another server would.
func (o *op) second(issuer string) *idp.Provider {
	o.t.Helper()
	registry, err := idp.NewRegistry(clients()...)
	if err != nil {
		o.t.Fatal(err)
	}
	p, err := idp.New(idp.Options{
		Issuer: issuer, Store: o.store, Clock: o.clock, Random: o.rnd, Clients: registry,
		SessionSecret: func(*http.Request) string { return o.cookie() }, ClearSession: func(http.ResponseWriter) {},
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return p
}

func TestKeysSurviveARestart(t *testing.T) {
	o := newOP(t)
	token := o.signIn()
	before := o.jwks()
	second := o.second(o.issuer)
	// One server rotates; the other one, which has the old keys in memory, sees it.
	if len(o.jwks()) != len(before) {
		t.Error("a second server made keys of its own")
	}
	if err := second.RotateKeys(context.Background()); err != nil {
		t.Fatal(err)
	}
	if kid(t, o.signIn().ID) == kid(t, token.ID) {
		t.Error("the first server still signs with the old key")
	}
}

// TestTokensOfAnotherIssuerAreForeign although the keys are the same, as after
// a move to another address.
func TestTokensOfAnotherIssuerAreForeign(t *testing.T) {
	o := newOP(t)
	token := o.signIn()
	moved := o.second("http://moved.example.org").Handler(o)
	r := httptest.NewRequest(http.MethodGet, "/oauth2/userinfo", nil)
	r.Header.Set("Authorization", "Bearer "+token.Access)
	w := httptest.NewRecorder()
	if moved.ServeHTTP(w, r); w.Code != http.StatusUnauthorized {
		t.Errorf("userinfo answers %d", w.Code)
	}
	w = httptest.NewRecorder()
	moved.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/oauth2/end_session?id_token_hint="+token.ID, nil))
	if !o.live() {
		t.Error("the hint of another issuer ended the session")
	}
	w = httptest.NewRecorder()
	q := request("id_token_hint", token.ID, "prompt", "none")
	moved.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/oauth2/authorize?"+q.Encode(), nil))
	if to := w.Header().Get("Location"); !strings.Contains(to, "error=invalid_request") {
		t.Errorf("sent to %q", to)
	}
}

func TestX4_TheSameWorldGivesTheSameTokens(t *testing.T) {
	first, second := newOP(t).signIn(), newOP(t).signIn()
	if first != second {
		t.Errorf("issued\n%+v, then\n%+v", first, second)
	}
}
