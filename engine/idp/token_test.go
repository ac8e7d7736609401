package idp_test

import (
	"context"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/idp"
	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
)

func TestOIDC_Server(t *testing.T) {
	o := newOP(t)
	o.clock.Advance(123456789 * time.Nanosecond)
	got := o.signIn()
	if got.Type != "Bearer" || got.Expires != 3600 || got.Scope != "openid" {
		t.Errorf("answered %+v", got)
	}
	now := seconds(o.clock.Now())
	sid := o.sessions()[0].ID
	for name, want := range map[string]any{
		"iss": o.issuer, "sub": "usr_ada", "aud": "app", "exp": now + 3600, "iat": now, "auth_time": now, "nonce": "no", "acr": "aal1", "sid": sid,
	} {
		if c := claims(t, got.ID); c[name] != want {
			t.Errorf("the ID token's %s is %v, want %v", name, c[name], want)
		}
	}
	for name, want := range map[string]any{
		"iss": o.issuer, "sub": "usr_ada", "aud": o.issuer, "client_id": "app", "exp": now + 3600, "iat": now, "scope": "openid",
		"auth_time": now, "acr": "aal1", "sid": sid,
	} {
		if c := claims(t, got.Access); c[name] != want {
			t.Errorf("the access token's %s is %v, want %v", name, c[name], want)
		}
	}
	if h := header(t, got.Access); h["typ"] != "at+jwt" || h["alg"] != "ES256" {
		t.Errorf("header of the access token: %v", h)
	}
	if h := header(t, got.ID); h["typ"] != "JWT" || h["alg"] != "ES256" || h["kid"] == "" {
		t.Errorf("header of the ID token: %v", h)
	}
	if again := o.signIn(); claims(t, again.Access)["jti"] == claims(t, got.Access)["jti"] || claims(t, got.Access)["jti"] == nil {
		t.Error("access tokens have no ids of their own")
	}
}

func TestOIDC_EnsureRequestWithoutNonceSucceedsForCodeFlow(t *testing.T) {
	o := newOP(t)
	if c := claims(t, o.signIn("nonce", "").ID); c["nonce"] != nil {
		t.Errorf("nonce is %v", c["nonce"])
	}
}

func TestA4_ClaimsOfTheRunAreInTheTokensAndRegisteredOnesAreNot(t *testing.T) {
	o := newOP(t)
	evil := map[string]any{
		"iss": "x", "sub": "x", "aud": "x", "exp": 9e9, "iat": 1, "nbf": 9e9, "auth_time": 1, "nonce": "x", "acr": "aal3", "amr": []any{"x"},
		"azp": "x", "at_hash": "x", "c_hash": "x", "sid": "x", "jti": "x", "client_id": "x", "scope": "x", "cnf": map[string]any{}, "events": 1,
	}
	id, access := map[string]any{"department": "physics"}, map[string]any{"cost_center": 42.0, "https://acme.example/roles": []any{"a"}}
	for name, value := range evil {
		id[name], access[name] = value, value
	}
	o.signsIn(session.Spec{AMR: []string{"pwd"}}, idp.Claims{IDToken: id, AccessToken: access})
	first := o.signIn()
	second := o.signIn("prompt", "none") // from the session, without a run
	for _, got := range []tokens{first, second} {
		c, a := claims(t, got.ID), claims(t, got.Access)
		if c["department"] != "physics" || c["cost_center"] != nil || a["cost_center"] != 42.0 || a["department"] != nil || a["https://acme.example/roles"] == nil {
			t.Errorf("claims are %v and %v", c, a)
		}
		for name, value := range evil {
			if reflect.DeepEqual(c[name], value) || reflect.DeepEqual(a[name], value) {
				t.Errorf("the run set %s", name)
			}
		}
		for _, name := range []string{"nbf", "azp", "c_hash", "cnf", "events", "jti"} {
			if c[name] != nil {
				t.Errorf("the run brought %s into the ID token", name)
			}
		}
	}
	if len(o.asked) != 1 {
		t.Errorf("%d runs", len(o.asked))
	}
}

func TestOIDC_CodeReuse(t *testing.T) {
	o := newOP(t)
	for _, pause := range []time.Duration{0, 30 * time.Second, 10 * time.Minute} {
		code := o.code()
		o.tokens(o.token(exchange(code)))
		o.clock.Advance(pause)
		before := len(o.audited())
		o.wantError(o.token(exchange(code)), http.StatusBadRequest, "invalid_grant")
		if after := o.audited(); len(after) != before+1 || after[before] != "code.reused" {
			t.Errorf("after %v: audited %q", pause, after[before:])
		}
	}
	// A code that never was tells nothing.
	before := len(o.audited())
	o.wantError(o.token(exchange("never-was")), http.StatusBadRequest, "invalid_grant")
	if len(o.audited()) != before {
		t.Error("anybody can fill the record")
	}
}

func TestT2_ACodeIsRedeemedOnceByMany(t *testing.T) {
	o := newOP(t)
	code := o.code()
	var won, lost atomic.Int32
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			resp, err := (&http.Client{Transport: o.network}).PostForm(o.issuer+"/oauth2/token", exchange(code))
			if err != nil {
				t.Error(err)
				return
			}
			resp.Body.Close()
			switch resp.StatusCode {
			case http.StatusOK:
				won.Add(1)
			case http.StatusBadRequest:
				lost.Add(1)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 || lost.Load() != 15 {
		t.Errorf("%d got tokens, %d were refused", won.Load(), lost.Load())
	}
}

func TestCodesLiveAMinute(t *testing.T) {
	o := newOP(t)
	code := o.code()
	o.clock.Advance(time.Minute - 1)
	o.tokens(o.token(exchange(code)))
	code = o.code()
	o.clock.Advance(time.Minute)
	o.wantError(o.token(exchange(code)), http.StatusBadRequest, "invalid_grant")
}

func TestS3_CodesAreStoredAsHashes(t *testing.T) {
	o := newOP(t)
	code := o.code()
	for _, bucket := range []string{"code", "session", "session_id"} {
		entries, err := o.store.List(t.Context(), bucket, "", "", 0)
		if err != nil || len(entries) == 0 {
			t.Fatal(len(entries), err)
		}
		for _, e := range entries {
			if strings.Contains(e.ID+string(e.Value), code) {
				t.Errorf("%s holds the code", bucket)
			}
		}
	}
}

func TestCodesWorkAsTheyWereIssuedOnly(t *testing.T) {
	o := newOP(t)
	for name, changes := range map[string][]string{
		"another client":              {"client_id", "native"},
		"another redirect_uri":        {"redirect_uri", "https://app.example.org/other?keep=1"},
		"no redirect_uri":             {"redirect_uri", ""},
		"no verifier":                 {"code_verifier", ""},
		"another verifier":            {"code_verifier", strings.Repeat("a", 43)},
		"the challenge as verifier":   {"code_verifier", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"},
		"a verifier with other signs": {"code_verifier", verifier + "!"},
		"a verifier too long":         {"code_verifier", strings.Repeat("a", 129)},
	} {
		code := o.code()
		before := len(o.audited())
		o.wantError(o.token(exchange(code, changes...)), http.StatusBadRequest, "invalid_grant")
		if after := o.audited(); len(after) != before+1 || after[before] != "code.refused" {
			t.Errorf("%s: audited %q", name, after[before:])
		}
		// Whoever presented it wrongly gets no second try with it.
		o.wantError(o.token(exchange(code)), http.StatusBadRequest, "invalid_grant")
	}
}

func TestS2_CodesEndWithTheSession(t *testing.T) {
	o := newOP(t)
	code := o.code()
	o.unit(func(tx *store.Tx) error {
		_, err := session.New(tx, o.clock, o.rnd).RevokeUser(context.Background(), o.user.ID)
		return err
	})
	o.wantError(o.token(exchange(code)), http.StatusBadRequest, "invalid_grant")
	code = o.code()
	o.deactivate()
	o.wantError(o.token(exchange(code)), http.StatusBadRequest, "invalid_grant")
}

func TestTokenRequestsAreWellFormed(t *testing.T) {
	o := newOP(t)
	code := o.code()
	o.wantError(o.token(exchange("")), http.StatusBadRequest, "invalid_request")
	o.wantError(o.token(exchange(code, "grant_type", "")), http.StatusBadRequest, "invalid_request")
	o.wantError(o.token(exchange(code, "grant_type", "refresh_token")), http.StatusBadRequest, "invalid_request")
	o.wantError(o.token(exchange(code, "grant_type", "client_credentials")), http.StatusBadRequest, "unauthorized_client")
	for _, other := range []string{"password", "implicit", "urn:ietf:params:oauth:grant-type:device_code"} {
		o.wantError(o.token(exchange(code, "grant_type", other)), http.StatusBadRequest, "unsupported_grant_type")
	}
	twice := exchange(code)
	twice.Add("code", code)
	o.wantError(o.token(twice), http.StatusBadRequest, "invalid_request")
	o.wantError(o.token(exchange(code), func(r *http.Request) { r.Header.Set("Content-Type", "application/json") }), http.StatusBadRequest, "invalid_request")
	o.wantError(o.token(exchange(code, "padding", strings.Repeat("x", 1<<17))), http.StatusBadRequest, "invalid_request")
	o.wantError(o.post("/oauth2/token?"+exchange(code).Encode(), url.Values{"client_id": {"app"}}), http.StatusBadRequest, "invalid_request")
	o.tokens(o.token(exchange(code))) // none of that used it up
}

func basic(id, secret string) func(*http.Request) {
	return func(r *http.Request) { r.SetBasicAuth(url.QueryEscape(id), url.QueryEscape(secret)) }
}

func TestOIDC_ServerClientSecretPostAndBasic(t *testing.T) {
	for _, c := range []struct {
		client string
		form   []string
		edit   []func(*http.Request)
		alg    string
	}{
		{"basic", []string{"client_id", ""}, []func(*http.Request){basic("basic", secret)}, "RS256"},
		{"basic", []string{"client_id", "basic"}, []func(*http.Request){basic("basic", secret)}, "RS256"},
		{"post", []string{"client_id", "post", "client_secret", secret}, nil, "EdDSA"},
		{"either", []string{"client_id", "either", "client_secret", secret}, nil, "ES256"},
		{"either", []string{"client_id", ""}, []func(*http.Request){basic("either", secret)}, "ES256"},
	} {
		o := newOP(t)
		got := o.tokens(o.token(exchange(o.code("client_id", c.client), c.form...), c.edit...))
		if h := header(t, got.ID); h["alg"] != c.alg {
			t.Errorf("%s: signed with %v", c.client, h["alg"])
		}
		if h := header(t, got.Access); h["alg"] != "ES256" {
			t.Errorf("%s: the access token is signed with %v", c.client, h["alg"])
		}
	}
}

func TestClientsThatDoNotProveThemselves(t *testing.T) {
	o := newOP(t)
	code := o.code("client_id", "basic")
	for name, c := range map[string]struct {
		form      []string
		edit      []func(*http.Request)
		challenge bool
	}{
		"unknown":              {form: []string{"client_id", "nobody"}},
		"no client at all":     {form: []string{"client_id", ""}},
		"no secret":            {form: []string{"client_id", "basic"}},
		"secret by post":       {form: []string{"client_id", "basic", "client_secret", secret}},
		"wrong secret":         {form: []string{"client_id", ""}, edit: []func(*http.Request){basic("basic", "wrong")}, challenge: true},
		"unknown by basic":     {form: []string{"client_id", ""}, edit: []func(*http.Request){basic("nobody", secret)}, challenge: true},
		"secret of another":    {form: []string{"client_id", "post", "client_secret", secret + "x"}},
		"post client, basic":   {form: []string{"client_id", ""}, edit: []func(*http.Request){basic("post", secret)}, challenge: true},
		"public with secret":   {form: []string{"client_id", "app", "client_secret", "x"}},
		"public by basic":      {form: []string{"client_id", ""}, edit: []func(*http.Request){basic("app", "")}, challenge: true},
		"another scheme":       {form: []string{"client_id", ""}, edit: []func(*http.Request){func(r *http.Request) { r.Header.Set("Authorization", "Bearer x") }}, challenge: true},
		"broken basic":         {form: []string{"client_id", ""}, edit: []func(*http.Request){func(r *http.Request) { r.SetBasicAuth("%zz", "%zz") }}, challenge: true},
		"unescaped by basic":   {form: []string{"client_id", ""}, edit: []func(*http.Request){func(r *http.Request) { r.SetBasicAuth("basic", secret) }}, challenge: true},
		"either, no secret":    {form: []string{"client_id", "either"}},
		"the hash as a secret": {form: []string{"client_id", "post", "client_secret", sha(secret)}},
	} {
		a := o.token(exchange(code, c.form...), c.edit...)
		o.wantError(a, http.StatusUnauthorized, "invalid_client")
		if got := strings.HasPrefix(a.Header.Get("WWW-Authenticate"), "Basic "); got != c.challenge {
			t.Errorf("%s: challenged is %t", name, got)
		}
	}
	o.wantError(o.token(exchange(code, "client_id", "basic", "client_secret", secret), basic("basic", secret)), http.StatusBadRequest, "invalid_request")
	o.wantError(o.token(exchange(code, "client_id", "app"), basic("basic", secret)), http.StatusBadRequest, "invalid_request")
	o.tokens(o.token(exchange(code, "client_id", ""), basic("basic", secret))) // none of that used the code up
}

func TestScopesAreGrantedAsRegistered(t *testing.T) {
	o := newOP(t)
	for asked, granted := range map[string]string{
		"openid":                               "openid",
		"phone openid email profile":           "phone openid email profile", // oidcc-ensure-other-scope-order-succeeds
		"openid openid unknown offline_access": "openid offline_access",
		"email":                                "email",
	} {
		got := o.signIn("scope", asked)
		if got.Scope != granted || claims(t, got.Access)["scope"] != granted {
			t.Errorf("%q is granted as %q", asked, got.Scope)
		}
		if (got.ID != "") != strings.Contains(asked, "openid") {
			t.Errorf("%q: an ID token comes with openid, and only then", asked)
		}
	}
	got := o.tokens(o.token(exchange(o.code("client_id", "api", "scope", "openid orders:read email"), "client_id", "api")))
	if got.Scope != "openid orders:read" {
		t.Errorf("granted %q", got.Scope)
	}
}

func TestT3_TheRecordHoldsNoSecrets(t *testing.T) {
	o := newOP(t)
	code := o.code()
	got := o.tokens(o.token(exchange(code)))
	o.token(exchange(code))
	o.token(exchange(o.code(), "code_verifier", ""))
	entries, err := o.store.List(t.Context(), "audit", "", "", 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		for _, planted := range []string{code, got.Access, got.ID, verifier, o.cookie()} {
			if strings.Contains(string(e.Value), planted) {
				t.Errorf("%s holds a secret: %s", e.ID, e.Value)
			}
		}
	}
	want := "session.created authorization.granted code.redeemed code.reused authorization.granted code.refused"
	if types := strings.Join(o.audited(), " "); types != want {
		t.Errorf("audited %s, want %s", types, want)
	}
}
