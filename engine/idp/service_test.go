package idp_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/authflow-studio/authflow/engine/idp"
)

// This file tests clients that act for themselves, prove themselves by a key and
// ask for audiences.

func (o *op) service(changes ...string) answer {
	o.t.Helper()
	return o.token(change(url.Values{"grant_type": {"client_credentials"}, "client_id": {"service"}, "client_secret": {secret}}, changes...))
}

func TestOAuth_ClientCredentials(t *testing.T) {
	o := newOP(t)
	got := o.tokens(o.service("scope", "jobs:run"))
	c := claims(t, got.Access)
	if got.ID != "" || got.Refresh != "" || got.Scope != "jobs:run" || c["sub"] != "service" || c["client_id"] != "service" || c["sid"] != nil || c["auth_time"] != nil {
		t.Errorf("got %+v, saying %v", got, c)
	}
	if all := o.tokens(o.service()); all.Scope != "jobs:run jobs:read" {
		t.Errorf("without a scope it got %q", all.Scope)
	}
	if m := o.inspect(got.Access); m["active"] != true || m["sub"] != "service" {
		t.Errorf("introspection answers %v", m)
	}
	o.wantError(o.userinfo(http.MethodGet, "Bearer "+got.Access, nil), http.StatusForbidden, "insufficient_scope")
	for _, scope := range []string{"openid", "orders:read", "jobs:run openid"} {
		o.wantError(o.service("scope", scope), http.StatusBadRequest, "invalid_scope")
	}
	o.wantError(o.service("client_secret", ""), http.StatusUnauthorized, "invalid_client")
	o.wantError(o.service("client_id", "post"), http.StatusBadRequest, "unauthorized_client")
	o.onPage(o.authorize("client_id", "service"), http.StatusBadRequest)
}

func TestOAuth_ResourceIndicators(t *testing.T) {
	o := newOP(t)
	aud := func(a answer) string { t.Helper(); return fmt.Sprint(claims(t, o.tokens(a).Access)["aud"]) }
	both := func(resources ...string) url.Values {
		q := request("client_id", "orders", "scope", "openid offline_access")
		q["resource"] = resources
		return q
	}
	code := func(q url.Values) string {
		t.Helper()
		return o.sentTo(o.get("/oauth2/authorize", q), callback).Get("code")
	}
	if got := aud(o.token(exchange(code(both(ordersAPI)), "client_id", "orders"))); got != fmt.Sprint([]string{ordersAPI, o.issuer}) {
		t.Errorf("aud is %s", got)
	}
	got := o.tokens(o.token(exchange(code(both(ordersAPI, stockAPI)), "client_id", "orders")))
	if a := aud(o.refresh("orders", got.Refresh, "resource", stockAPI)); a != fmt.Sprint([]string{stockAPI, o.issuer}) {
		t.Errorf("narrowed to %s", a)
	}
	if a := aud(o.token(exchange(code(both()), "client_id", "orders", "resource", stockAPI))); a != fmt.Sprint([]string{stockAPI, o.issuer}) {
		t.Errorf("asked for at the token endpoint: %s", a)
	}
	o.wantError(o.token(exchange(code(both(ordersAPI)), "client_id", "orders", "resource", stockAPI)), http.StatusBadRequest, "invalid_target")
	for _, r := range []string{"https://evil.example.org", "/relative", ordersAPI + "#f"} {
		if e := o.refused(o.get("/oauth2/authorize", both(r))); e != "invalid_target" {
			t.Errorf("%s answers %s", r, e)
		}
	}
	if a := aud(o.service("resource", ordersAPI)); a != ordersAPI {
		t.Errorf("a service's token is for %s", a)
	}
	// A token for others only opens nothing here.
	q := both(ordersAPI)
	q.Set("scope", "email")
	only := o.tokens(o.token(exchange(code(q), "client_id", "orders")))
	o.wantError(o.userinfo(http.MethodGet, "Bearer "+only.Access, nil), http.StatusUnauthorized, "invalid_token")
}

func (o *op) keyed(code, assertion string, changes ...string) answer {
	o.t.Helper()
	form := exchange(code, "client_id", "", "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "client_assertion", assertion)
	return o.token(change(form, changes...))
}

func TestOAuth_PrivateKeyJWT(t *testing.T) {
	o := newOP(t)
	for name, changes := range map[string]map[string]any{
		"issuer": {}, "token endpoint": {"aud": []string{o.issuer + "/oauth2/token"}}, "an hour": {"exp": o.clock.Now().Unix() + 3600},
	} {
		o.newBrowser()
		a := o.assertion(changes)
		got := o.tokens(o.keyed(o.code("client_id", "keyed"), a))
		if claims(t, got.ID)["aud"] != "keyed" {
			t.Errorf("%s: got %v", name, claims(t, got.ID))
		}
		o.wantError(o.keyed(o.code("client_id", "keyed"), a), http.StatusUnauthorized, "invalid_client") // used before
	}
	o.clock.Advance(time.Minute)
	a := o.assertion(map[string]any{"jti": "of an introspection"})
	if r := o.post("/oauth2/introspect", url.Values{"token": {"x"}, "client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}, "client_assertion": {a}}); r.StatusCode != http.StatusOK {
		t.Errorf("introspection answers %d %s", r.StatusCode, r.body)
	}
}

func TestOAuth_PrivateKeyJWTRefusals(t *testing.T) {
	o := newOP(t)
	code := o.code("client_id", "keyed")
	now := o.clock.Now().Unix()
	good := o.assertion(map[string]any{"jti": "good"})
	unsigned, err := jwt.NewWithClaims(jwt.SigningMethodNone, jwt.MapClaims{"iss": "keyed", "sub": "keyed", "aud": o.issuer, "exp": now + 60, "jti": "u"}).
		SignedString(jwt.UnsafeAllowNoneSignatureType)
	if err != nil {
		t.Fatal(err)
	}
	symmetric, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"iss": "keyed", "sub": "keyed", "aud": o.issuer, "exp": now + 60, "jti": "s"}).
		SignedString([]byte(keyedJWKS()))
	if err != nil {
		t.Fatal(err)
	}
	for name, assertion := range map[string]string{
		"another audience": o.assertion(map[string]any{"aud": "https://other.example.org"}),
		"no audience":      o.assertion(map[string]any{"aud": nil}),
		"expired":          o.assertion(map[string]any{"exp": now - 31}),
		"no expiry":        o.assertion(map[string]any{"exp": nil}),
		"lives long":       o.assertion(map[string]any{"exp": now + 7200}),
		"from the future":  o.assertion(map[string]any{"iat": now + 120}),
		"not yet":          o.assertion(map[string]any{"nbf": now + 120}),
		"no jti":           o.assertion(map[string]any{"jti": nil}),
		"another issuer":   o.assertion(map[string]any{"iss": "app"}),
		"tampered":         good[:len(good)-6] + "AAAAAA",
		"unsigned":         unsigned,
		"symmetric":        symmetric,
		"garbage":          "x",
	} {
		t.Log(name)
		o.wantError(o.keyed(code, assertion), http.StatusUnauthorized, "invalid_client")
	}
	o.wantError(o.keyed(code, o.assertion(map[string]any{"sub": "app", "iss": "app"})), http.StatusUnauthorized, "invalid_client") // who has no key
	o.wantError(o.keyed(code, good, "client_assertion_type", "x"), http.StatusBadRequest, "invalid_request")
	o.wantError(o.keyed(code, good, "client_id", "app"), http.StatusBadRequest, "invalid_request")
	o.wantError(o.keyed(code, good, "client_secret", "x"), http.StatusBadRequest, "invalid_request")
	o.wantError(o.token(exchange(code, "client_id", "keyed")), http.StatusUnauthorized, "invalid_client")
	o.tokens(o.keyed(code, good, "client_id", "keyed")) // none of that used anything up
}

func TestClientKeysThatMakeNoSense(t *testing.T) {
	for name, jwks := range map[string]string{
		"none": ``, "empty": `{"keys":[]}`, "no object": `[]`, "private": strings.Replace(string(keyedJWKS()), `"kid"`, `"d":"AA","kid"`, 1),
		"symmetric": `{"keys":[{"kty":"oct","k":"AA"}]}`, "short RSA": `{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}`,
		"off the curve": `{"keys":[{"kty":"EC","crv":"P-256","x":"` + strings.Repeat("A", 43) + `","y":"` + strings.Repeat("A", 43) + `"}]}`,
		"other curve":   `{"keys":[{"kty":"EC","crv":"P-384"}]}`, "short OKP": `{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA"}]}`,
	} {
		if _, err := idp.NewRegistry(idp.Client{ID: "x", TokenEndpointAuthMethod: idp.AuthPrivateKey, JWKS: json.RawMessage(jwks)}); err == nil {
			t.Errorf("%s is registered", name)
		}
	}
}
