package idp_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
)

// inspect asks as the confidential client post.
func (o *op) inspect(token string) map[string]any {
	o.t.Helper()
	a := o.post("/oauth2/introspect", url.Values{"token": {token}, "client_id": {"post"}, "client_secret": {secret}})
	var m map[string]any
	if err := json.Unmarshal([]byte(a.body), &m); err != nil || a.StatusCode != http.StatusOK || a.Header.Get("Cache-Control") != "no-store" {
		o.t.Fatalf("answered %d %s", a.StatusCode, a.body)
	}
	return m
}

func (o *op) giveBack(client, token string, more ...string) answer {
	o.t.Helper()
	return o.post("/oauth2/revoke", change(url.Values{"token": {token}, "client_id": {client}}, more...))
}

func TestOAuth_Introspection(t *testing.T) {
	o := newOP(t)
	for _, client := range []string{"app", "opaque"} {
		got := o.offline(client)
		m := o.inspect(got.Access)
		for name, want := range map[string]any{
			"active": true, "sub": "usr_ada", "client_id": client, "iss": o.issuer, "scope": "openid email offline_access", "token_type": "Bearer",
			"exp": seconds(o.clock.Now().Add(time.Hour)), "acr": "aal1", "aud": o.issuer,
		} {
			if m[name] != want {
				t.Errorf("%s: %s is %v, want %v", client, name, m[name], want)
			}
		}
		if opaque := !strings.Contains(got.Access, "."); opaque != (client == "opaque") {
			t.Errorf("%s got %s", client, got.Access)
		}
		for name, token := range map[string]string{"refresh token of another": got.Refresh, "ID token": got.ID, "garbage": "x", "dots": "a.b.c"} {
			if m := o.inspect(token); len(m) != 1 || m["active"] != false {
				t.Errorf("%s: %v", name, m)
			}
		}
		o.clock.Advance(time.Hour)
		if m := o.inspect(got.Access); len(m) != 1 {
			t.Errorf("an expired token is %v", m)
		}
	}
	got := o.tokens(o.token(exchange(o.code("client_id", "post", "scope", "openid offline_access"), "client_id", "post", "client_secret", secret)))
	if m := o.inspect(got.Refresh); m["active"] != true || m["client_id"] != "post" || m["sub"] != "usr_ada" {
		t.Errorf("its own refresh token is %v", m)
	}
	o.tokens(o.refresh("post", got.Refresh, "client_secret", secret))
	if m := o.inspect(got.Refresh); m["active"] != false {
		t.Errorf("a used refresh token is %v", m)
	}
	o.wantError(o.post("/oauth2/introspect", url.Values{"token": {got.Access}, "client_id": {"app"}}), http.StatusUnauthorized, "invalid_client")
	o.wantError(o.post("/oauth2/introspect", url.Values{"token": {got.Access}}), http.StatusUnauthorized, "invalid_client")
	o.wantError(o.post("/oauth2/introspect", url.Values{"client_id": {"post"}, "client_secret": {secret}}), http.StatusBadRequest, "invalid_request")
}

func TestOAuth_Revocation(t *testing.T) {
	o := newOP(t)
	for _, client := range []string{"app", "opaque"} {
		got := o.offline(client)
		other := o.tokens(o.refresh(client, got.Refresh))
		if a := o.giveBack(client, got.Access, "token_type_hint", "refresh_token"); a.StatusCode != http.StatusOK {
			t.Errorf("answered %d %s", a.StatusCode, a.body)
		}
		if o.inspect(got.Access)["active"] != false || o.inspect(other.Access)["active"] != true {
			t.Errorf("%s: of two access tokens the wrong one ended", client)
		}
		last := o.tokens(o.refresh(client, other.Refresh)) // lives on
		if a := o.giveBack(client, last.Refresh); a.StatusCode != http.StatusOK {
			t.Errorf("answered %d %s", a.StatusCode, a.body)
		}
		o.dead(client, got, other, last)
	}
	if !o.live() {
		t.Error("giving tokens back signs nobody out")
	}
}

func TestOAuth_RevocationUnknownAndForeign(t *testing.T) {
	o := newOP(t)
	got := o.offline("app")
	for _, token := range []string{"x", "a.b.c", got.ID} {
		if a := o.giveBack("app", token); a.StatusCode != http.StatusOK || a.body != "" {
			t.Errorf("an unknown token answers %d %s", a.StatusCode, a.body)
		}
	}
	for _, token := range []string{got.Access, got.Refresh} {
		o.wantError(o.giveBack("native", token), http.StatusBadRequest, "invalid_grant")
	}
	o.wantError(o.giveBack("app", ""), http.StatusBadRequest, "invalid_request")
	o.wantError(o.giveBack("basic", got.Refresh), http.StatusUnauthorized, "invalid_client")
	o.tokens(o.refresh("app", got.Refresh))
}

func TestOAuth_OpaqueTokensEndAsSignedOnesDo(t *testing.T) {
	o := newOP(t)
	got := o.offline("opaque")
	if a := o.userinfo(http.MethodGet, "Bearer "+got.Access, nil); a.StatusCode != http.StatusOK || !strings.Contains(a.body, "ada@example.org") {
		t.Errorf("userinfo answers %d %s", a.StatusCode, a.body)
	}
	o.unit(func(tx *store.Tx) error {
		_, err := session.New(tx, o.clock, o.rnd).Revoke(t.Context(), o.sessions()[0].ID)
		return err
	})
	o.dead("opaque", got)
}
