package idp_test

import (
	"net/http"
	"reflect"
	"testing"

	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/idp"
	"github.com/authflow-studio/authflow/engine/session"
)

func TestOIDC_ClaimsEssential(t *testing.T) {
	o := newOP(t)
	got := o.signIn("claims", `{"userinfo":{"name":{"essential":true},"phone_number":null,"shoe_size":null},"id_token":{"email":{"essential":true},"auth_time":null}}`)
	var info map[string]any
	o.json(o.userinfo(http.MethodGet, "Bearer "+got.Access, nil), &info)
	if want := map[string]any{"sub": "usr_ada", "name": "Ada Lovelace", "phone_number": "+4930123456"}; !reflect.DeepEqual(info, want) {
		t.Errorf("userinfo answers %v, want %v", info, want)
	}
	c := claims(t, got.ID)
	if c["email"] != "ada@example.org" || c["name"] != nil || c["shoe_size"] != nil || c["email_verified"] != nil {
		t.Errorf("the ID token says %v", c)
	}
	// Not more than the client may have by scope.
	api := o.tokens(o.token(exchange(o.code("client_id", "api", "claims", `{"id_token":{"email":null},"userinfo":{"name":null}}`), "client_id", "api")))
	var bare map[string]any
	if o.json(o.userinfo(http.MethodGet, "Bearer "+api.Access, nil), &bare); len(bare) != 1 || claims(t, api.ID)["email"] != nil {
		t.Errorf("the client api got %v and %v", bare, claims(t, api.ID))
	}
	for _, bad := range []string{"x", "[]", `{"id_token":[]}`, `{"id_token":{"acr":{"values":"aal2"}}}`, `{"id_token":{"sub":7}}`} {
		if e := o.refused(o.authorize("claims", bad)); e != "invalid_request" {
			t.Errorf("%s answered %s", bad, e)
		}
	}
	o.signIn("claims", `{"other":{},"id_token":null}`)
}

// TestA4_ARunDoesNotAskUserinfoForClaims in a client's name.
func TestA4_ARunDoesNotAskUserinfoForClaims(t *testing.T) {
	o := newOP(t)
	o.signsIn(session.Spec{}, idp.Claims{AccessToken: map[string]any{"userinfo_claims": []any{"email"}}})
	var info map[string]any
	if o.json(o.userinfo(http.MethodGet, "Bearer "+o.signIn().Access, nil), &info); len(info) != 1 {
		t.Errorf("userinfo answers %v", info)
	}
}

func TestOIDC_ClaimsACREssential(t *testing.T) {
	o := newOP(t)
	o.signIn()
	const essential = `{"id_token":{"acr":{"essential":true,"values":["aal2"]}}}`
	if e := o.refused(o.authorize("claims", essential, "prompt", "none")); e != "login_required" {
		t.Errorf("answered %s", e)
	}
	if e := o.refused(o.authorize("claims", essential)); e != "unmet_authentication_requirements" {
		t.Errorf("a run that did not reach the level answered %s", e)
	}
	o.signIn("claims", `{"id_token":{"acr":{"values":["aal2"]}}}`) // voluntary
	o.signsIn(session.Spec{AAL: session.AAL2}, idp.Claims{})
	if c := claims(t, o.signIn("claims", essential).ID); c["acr"] != "aal2" {
		t.Errorf("acr is %v", c["acr"])
	}
}

func TestOIDC_ClaimsSub(t *testing.T) {
	o := newOP(t)
	hint := o.signIn().ID
	o.code("prompt", "none", "claims", `{"id_token":{"sub":{"value":"usr_ada"}}}`)
	if e := o.refused(o.authorize("prompt", "none", "claims", `{"id_token":{"sub":{"value":"usr_bob"}}}`)); e != "login_required" {
		t.Errorf("answered %s", e)
	}
	if e := o.refused(o.authorize("id_token_hint", hint, "claims", `{"id_token":{"sub":{"value":"usr_bob"}}}`)); e != "invalid_request" {
		t.Errorf("answered %s", e)
	}
	o.user = o.create(directory.User{ID: "usr_bob"})
	o.signsIn(session.Spec{}, idp.Claims{})
	if e := o.refused(o.authorize("prompt", "login", "claims", `{"id_token":{"sub":{"value":"usr_ada"}}}`)); e != "login_required" {
		t.Errorf("another person answered %s", e)
	}
}

func TestOIDC_EnsureRequestsWithOptionalParametersSucceed(t *testing.T) {
	for name, value := range map[string]string{
		"display": "page", "login_hint": "ada@example.org", "ui_locales": "se de-CH", "claims_locales": "se", "prompt": "select_account", "nonce": "n",
	} {
		o := newOP(t)
		if got := o.signIn(name, value); got.ID == "" {
			t.Errorf("%s got no ID token", name)
		}
	}
	for _, display := range []string{"popup", "touch", "wap"} {
		newOP(t).signIn("display", display)
	}
}
