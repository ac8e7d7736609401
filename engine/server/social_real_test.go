package server_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/store"
)

// This file signs people in at a provider that is not ours: over a connection,
// with a secret, without RFC 9207, with claims at userinfo only.

const (
	plantedSecret = "planted-client-secret-5d1e"
	plantedCode   = "planted-code-7c20"
	plantedAccess = "planted-access-token-93fa"
)

// strangeOP is such a provider.
type strangeOP struct {
	*httptest.Server
	t     *testing.T
	key   *ecdsa.PrivateKey
	kid   string
	nonce string
	calls map[string]int
	// idToken is the last one; all hooks may be nil.
	idToken   string
	auth      string
	verifier  string
	metadata  func(m map[string]any)
	userinfo  func(m map[string]any)
	redeeming func()
}

func newStrangeOP(t *testing.T) *strangeOP {
	o := &strangeOP{t: t, calls: map[string]int{}}
	o.turnKey("k1")
	o.Server = httptest.NewServer(http.HandlerFunc(o.serve))
	t.Cleanup(o.Close)
	return o
}

func (o *strangeOP) turnKey(kid string) {
	var err error
	if o.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		o.t.Fatal(err)
	}
	o.kid = kid
}

func (o *strangeOP) serve(w http.ResponseWriter, r *http.Request) {
	o.calls[r.URL.Path]++
	w.Header().Set("Content-Type", "application/json")
	out := map[string]any{}
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		out = map[string]any{"issuer": o.URL, "authorization_endpoint": o.URL + "/authorize?tenant=1", "token_endpoint": o.URL + "/token", "jwks_uri": o.URL + "/jwks", "userinfo_endpoint": o.URL + "/userinfo"}
		if o.metadata != nil {
			o.metadata(out)
		}
	case "/jwks":
		raw, err := o.key.PublicKey.Bytes()
		if err != nil {
			o.t.Error(err)
		}
		b64 := base64.RawURLEncoding.EncodeToString
		out["keys"] = []any{map[string]any{"kty": "EC", "crv": "P-256", "kid": o.kid, "x": b64(raw[1:33]), "y": b64(raw[33:])}}
	case "/token":
		out = o.redeem(r)
	case "/userinfo":
		if r.Header.Get("Authorization") != "Bearer "+plantedAccess {
			o.t.Error("userinfo without the token")
		}
		out = map[string]any{"sub": "stranger", "name": "A Stranger", "email": "stranger@example.com", "email_verified": "true", "iss": "https://evil.example"}
		if o.userinfo != nil {
			o.userinfo(out)
		}
	}
	_ = json.NewEncoder(w).Encode(out)
}

func (o *strangeOP) redeem(r *http.Request) map[string]any {
	if o.redeeming != nil {
		o.redeeming()
	}
	o.auth, o.verifier = r.Header.Get("Authorization"), r.FormValue("code_verifier")
	if r.FormValue("code") != plantedCode {
		o.t.Errorf("the code is %q", r.FormValue("code"))
	}
	now := time.Now()
	t := jwt.NewWithClaims(jwt.SigningMethodES256, jwt.MapClaims{"iss": o.URL, "aud": "acme", "sub": "stranger", "nonce": o.nonce, "iat": now.Unix(), "exp": now.Unix() + 60})
	t.Header["kid"] = o.kid
	var err error
	if o.idToken, err = t.SignedString(o.key); err != nil {
		o.t.Error(err)
	}
	return map[string]any{"access_token": plantedAccess, "token_type": "Bearer", "id_token": o.idToken}
}

// strange is a harness that was given the secret, so that the provider is real.
func strange(t *testing.T) (*rig, *strangeOP) {
	o := newStrangeOP(t)
	r := newRig(t, nil, func(files fstest.MapFS) {
		withProviders(files, socialLogin("example", "create"))
		settings := strings.ReplaceAll(string(files[flow.SettingsFile].Data), "https://id.example.com", o.URL)
		settings = strings.Replace(settings, `"fast_hashing": true`, `"fast_hashing": true, "loopback_hosts": ["`+strings.TrimPrefix(o.URL, "http://")+`"]`, 1)
		files[flow.SettingsFile] = &fstest.MapFile{Data: []byte(settings)}
		files[flow.WorldFile] = &fstest.MapFile{Data: append([]byte("secrets: {ID_SECRET: "+plantedSecret+"}\n"), files[flow.WorldFile].Data...)}
	})
	return r, o
}

// leave goes to the provider; it answers what was asked there.
func (o *strangeOP) leave(r *rig) url.Values {
	o.t.Helper()
	r.again()
	u, err := url.Parse(r.page.URL)
	if err != nil || !strings.HasPrefix(r.page.URL, o.URL+"/authorize?") {
		o.t.Fatalf("at %s", r.page.URL)
	}
	o.nonce = u.Query().Get("nonce")
	return u.Query()
}

// back comes back with a code, to an address.
func (o *strangeOP) back(r *rig, to string, q url.Values) {
	o.t.Helper()
	r.open(to + "?" + url.Values{"code": {plantedCode}, "state": {q.Get("state")}}.Encode())
}

func TestAProviderWithASecretIsReal(t *testing.T) {
	r, o := strange(t)
	q := o.leave(r)
	want := map[string]string{"tenant": "1", "response_type": "code", "client_id": "acme", "redirect_uri": issuer + "/fl/callback/example", "scope": "openid profile email", "code_challenge_method": "S256"}
	for name, v := range want {
		if q.Get(name) != v {
			t.Errorf("%s is %q", name, q.Get(name))
		}
	}
	o.back(r, q.Get("redirect_uri"), q)
	r.at("/demo/callback", http.StatusOK)
	if r.tokens.UserInfo["email"] != "stranger@example.com" || r.left("back")["claims"].(map[string]any)["iss"] != o.URL {
		t.Errorf("%v %v", r.tokens.UserInfo, r.left("back"))
	}
	if o.auth != "Basic "+base64.StdEncoding.EncodeToString([]byte("acme:"+plantedSecret)) || len(o.verifier) < 43 {
		t.Errorf("authenticated by %q, %q", o.auth, o.verifier)
	}
}

// T3: neither the client's secret, nor code, verifier and tokens are in anything
// that a run leaves behind.
func TestT3_SocialSecretsAreInNoArtefact(t *testing.T) {
	r, o := strange(t)
	q := o.leave(r)
	o.back(r, q.Get("redirect_uri"), q)
	r.at("/demo/callback", http.StatusOK)
	secrets := []string{plantedSecret, plantedCode, plantedAccess, o.idToken, o.verifier, base64.StdEncoding.EncodeToString([]byte("acme:" + plantedSecret))}
	r.nowhere(secrets...)
	kept := r.stored()
	for _, bucket := range []string{"social_attempt", "social_metadata", "social_jwks", "federated", "user_federated", "user"} {
		entries, err := r.Store().List(context.Background(), bucket, "", "", 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			kept += string(e.Value)
		}
	}
	for _, s := range secrets {
		if s == "" || strings.Contains(kept, s) {
			t.Errorf("%.16q is kept", s)
		}
	}
}

// Discovery and keys are asked for once; a key that is not there is looked for.
func TestMetadataAndKeysAreKept(t *testing.T) {
	r, o := strange(t)
	for range 3 {
		q := o.leave(r)
		o.back(r, q.Get("redirect_uri"), q)
		r.at("/demo/callback", http.StatusOK)
	}
	if o.calls["/.well-known/openid-configuration"] != 1 || o.calls["/jwks"] != 1 || o.calls["/token"] != 3 {
		t.Errorf("%v", o.calls)
	}
	o.turnKey("k2")
	q := o.leave(r)
	o.back(r, q.Get("redirect_uri"), q)
	r.at("/demo/callback", http.StatusOK)
	if o.calls["/jwks"] != 2 {
		t.Errorf("%v", o.calls)
	}
}

// RFC 9700 section 4.4: where a provider names no issuer in its answers, the
// callback tells whose answer it is.
func TestAnswersOfAnotherProviderAreRefused(t *testing.T) {
	r, o := strange(t)
	for to, more := range map[string]string{"/fl/callback": "", "/fl/callback/partner": "", "/fl/callback/example": "https://evil.example"} {
		q := o.leave(r)
		answer := url.Values{"code": {plantedCode}, "state": {q.Get("state")}}
		if more != "" {
			answer.Set("iss", more)
		}
		r.open(issuer + to + "?" + answer.Encode())
		r.at("/fl/end", http.StatusForbidden)
		if reason := r.left("back")["reason"]; reason != "mix_up" && (more == "" || reason != "issuer") {
			t.Errorf("%s: %v", to, reason)
		}
	}
	if o.calls["/token"] != 0 || r.sessionCount() != 0 {
		t.Errorf("%v, %d sessions", o.calls, r.sessionCount())
	}
	q := o.leave(r)
	r.open(issuer + "/fl/callback?" + url.Values{"code": {plantedCode}, "state": {q.Get("state")}, "iss": {o.URL}}.Encode())
	r.at("/demo/callback", http.StatusOK) // who names the right issuer is known by it
	for _, path := range []string{"/fl/callback/", "/fl/callback/../x", "/fl/callback/A", "/fl/callback/a/b"} {
		if r.open(issuer + path); r.page.Status != http.StatusNotFound {
			t.Errorf("%s answers %d", path, r.page.Status)
		}
	}
}

// What is wrong before anybody is sent away leads to failed, and says so.
func TestAProviderThatCannotBeUsedFails(t *testing.T) {
	for reason, change := range map[string]func(m map[string]any){
		"discovery": func(m map[string]any) { m["issuer"] = "https://other.example" },
		"":          func(m map[string]any) { m["token_endpoint"] = "https://elsewhere.example/token" },
	} {
		r, o := strange(t)
		o.metadata = change
		if reason == "discovery" {
			r.begin()
			r.at("/fl/end", http.StatusForbidden)
			if r.left("leave")["reason"] != reason || r.last("social.failed").Data["reason"] != reason {
				t.Errorf("%v", r.left("leave"))
			}
			continue
		}
		q := o.leave(r)
		o.back(r, q.Get("redirect_uri"), q)
		r.at("/fl/end", http.StatusForbidden)
		if e := r.last("social.failed"); e.Data["reason"] != "egress_refused" || !strings.Contains(e.Data["detail"].(string), "elsewhere.example") {
			t.Errorf("%+v", e)
		}
	}
	r, o := strange(t)
	o.Close()
	r.begin()
	r.at("/fl/end", http.StatusForbidden)
	if r.left("leave")["reason"] != "unreachable" {
		t.Errorf("%v", r.left("leave"))
	}
}

// Userinfo about somebody else is not taken (OpenID Connect Core section 5.3.2).
func TestUserinfoOfSomebodyElseIsRefused(t *testing.T) {
	r, o := strange(t)
	o.userinfo = func(m map[string]any) { m["sub"] = "another" }
	q := o.leave(r)
	o.back(r, q.Get("redirect_uri"), q)
	r.at("/fl/end", http.StatusForbidden)
	if r.left("back")["reason"] != "userinfo" {
		t.Errorf("%v", r.left("back"))
	}
}

// A conflict of the store begins the stretch again, and a code can be redeemed
// once: it is not tried twice.
func TestACodeIsRedeemedOnceWhateverTheStoreSays(t *testing.T) {
	r, o := strange(t)
	o.redeeming = func() {
		o.redeeming = nil
		e, err := r.Store().List(context.Background(), "social_attempt", "", "", 0)
		if err != nil || len(e) != 1 {
			t.Fatal(e, err)
		}
		tx := store.Begin(r.Store())
		tx.Put(e[0].Bucket, e[0].ID, e[0].Value, e[0].Expires)
		if err := tx.Commit(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	q := o.leave(r)
	o.back(r, q.Get("redirect_uri"), q)
	r.at("/demo/callback", http.StatusOK)
	if o.calls["/token"] != 1 || r.sessionCount() != 1 {
		t.Errorf("%v, %d sessions", o.calls, r.sessionCount())
	}
}
