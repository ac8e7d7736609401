package idp_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
)

func (o *op) json(a answer, into any) {
	o.t.Helper()
	if err := json.Unmarshal([]byte(a.body), into); err != nil || a.StatusCode != http.StatusOK || a.Header.Get("Content-Type") != "application/json" {
		o.t.Fatalf("answered %d %s %s, %v", a.StatusCode, a.Header.Get("Content-Type"), a.body, err)
	}
}

func (o *op) userinfo(method string, authorization string, form url.Values) answer {
	o.t.Helper()
	r, err := http.NewRequest(method, o.issuer+"/oauth2/userinfo", strings.NewReader(form.Encode()))
	if err != nil {
		o.t.Fatal(err)
	}
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return o.do(r)
}

func TestOIDC_UserinfoGetPostHeaderAndPostBody(t *testing.T) {
	o := newOP(t)
	token := o.signIn().Access
	for name, a := range map[string]answer{
		"get":         o.userinfo(http.MethodGet, "Bearer "+token, nil),
		"lower case":  o.userinfo(http.MethodGet, "bearer "+token, nil),
		"post header": o.userinfo(http.MethodPost, "Bearer "+token, nil),
		"empty body":  o.userinfo(http.MethodPost, "Bearer "+token, url.Values{}),
		"post body":   o.userinfo(http.MethodPost, "", url.Values{"access_token": {token}}),
	} {
		var got map[string]any
		o.json(a, &got)
		if !reflect.DeepEqual(got, map[string]any{"sub": "usr_ada"}) || a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestOIDC_Scopes(t *testing.T) {
	o := newOP(t)
	profile := map[string]any{"name": "Ada Lovelace", "given_name": "Ada", "preferred_username": "ada", "updated_at": seconds(o.user.Updated)}
	email := map[string]any{"email": "ada@example.org", "email_verified": true}
	phone := map[string]any{"phone_number": "+4930123456", "phone_number_verified": false}
	for scope, groups := range map[string][]map[string]any{
		"openid": {}, "openid profile": {profile}, "openid email": {email}, "openid phone": {phone},
		"openid profile email phone": {profile, email, phone}, "openid address": {},
	} {
		want := map[string]any{"sub": "usr_ada"}
		for _, g := range groups {
			for name, value := range g {
				want[name] = value
			}
		}
		var got map[string]any
		o.json(o.userinfo(http.MethodGet, "Bearer "+o.signIn("scope", scope).Access, nil), &got)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s answers %v, want %v", scope, got, want)
		}
	}
}

func TestUserinfoRefusals(t *testing.T) {
	o := newOP(t)
	good := o.signIn()
	foreign := newForeignOP(t).signIn().Access
	unsigned := "eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0." + strings.Split(good.Access, ".")[1] + "."
	for name, token := range map[string]string{
		"garbage": "x", "empty": "", "an ID token": good.ID, "of another provider": foreign, "unsigned": unsigned,
		"tampered": good.Access[:len(good.Access)-8] + "AAAAAAAA",
	} {
		a := o.userinfo(http.MethodGet, "Bearer "+token, nil)
		o.wantError(a, http.StatusUnauthorized, "invalid_token")
		if !strings.Contains(a.Header.Get("WWW-Authenticate"), `Bearer realm="`+o.issuer+`", error="invalid_token"`) {
			t.Errorf("%s: challenged with %q", name, a.Header.Get("WWW-Authenticate"))
		}
	}
	for name, a := range map[string]answer{
		"no token":      o.userinfo(http.MethodGet, "", nil),
		"basic":         o.userinfo(http.MethodGet, "Basic eDp5", nil),
		"in the query":  o.get("/oauth2/userinfo", url.Values{"access_token": {good.Access}}),
		"empty in body": o.userinfo(http.MethodPost, "", url.Values{"access_token": {""}}),
	} {
		if challenge := a.Header.Get("WWW-Authenticate"); a.StatusCode != http.StatusUnauthorized || a.body != "" || challenge != `Bearer realm="`+o.issuer+`"` {
			t.Errorf("%s: answered %d %q %q", name, a.StatusCode, challenge, a.body)
		}
	}
	o.wantError(o.userinfo(http.MethodPost, "Bearer "+good.Access, url.Values{"access_token": {good.Access}}), http.StatusBadRequest, "invalid_request")
	a := o.userinfo(http.MethodGet, "Bearer "+o.signIn("scope", "email").Access, nil)
	o.wantError(a, http.StatusForbidden, "insufficient_scope")
	if !strings.Contains(a.Header.Get("WWW-Authenticate"), `scope="openid"`) {
		t.Errorf("challenged with %q", a.Header.Get("WWW-Authenticate"))
	}
}

func TestS2_AccessTokensEndWithTimeSessionAndAccount(t *testing.T) {
	for name, end := range map[string]func(o *op){
		"time":        func(o *op) { o.clock.Advance(time.Hour) },
		"deactivated": func(o *op) { o.deactivate() },
		"revoked": func(o *op) {
			o.unit(func(tx *store.Tx) error {
				_, err := session.New(tx, o.clock, o.rnd).Revoke(context.Background(), o.sessions()[0].ID)
				return err
			})
		},
	} {
		o := newOP(t)
		token := o.signIn().Access
		o.clock.Advance(time.Minute)
		if a := o.userinfo(http.MethodGet, "Bearer "+token, nil); a.StatusCode != http.StatusOK {
			t.Fatalf("%s: answered %d", name, a.StatusCode)
		}
		end(o)
		o.wantError(o.userinfo(http.MethodGet, "Bearer "+token, nil), http.StatusUnauthorized, "invalid_token")
	}
}
