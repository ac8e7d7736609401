package idp_test

import (
	"context"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/idp"
	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
)

// This file tests when a session answers in place of a run.

func TestOIDC_PromptNoneNotLoggedIn(t *testing.T) {
	o := newOP(t)
	if e := o.refused(o.authorize("prompt", "none")); e != "login_required" {
		t.Errorf("answered %s", e)
	}
	o.setCookie("never issued here")
	if e := o.refused(o.authorize("prompt", "none")); e != "login_required" {
		t.Errorf("a foreign cookie answered %s", e)
	}
	if len(o.asked) != 0 {
		t.Error("a run was started")
	}
}

func TestOIDC_PromptNoneLoggedIn(t *testing.T) {
	o := newOP(t)
	first := claims(t, o.signIn().ID)
	o.clock.Advance(time.Minute)
	second := claims(t, o.signIn("prompt", "none", "nonce", "other").ID)
	if len(o.asked) != 1 || first["sub"] != second["sub"] || first["auth_time"] != second["auth_time"] || first["sid"] != second["sid"] || second["nonce"] != "other" {
		t.Errorf("first %v, then %v", first, second)
	}
}

func TestOIDC_PromptLogin(t *testing.T) {
	for _, prompt := range []string{"login", "consent", "select_account", "login consent"} {
		o := newOP(t)
		first := claims(t, o.signIn().ID)
		o.clock.Advance(2 * time.Second)
		second := claims(t, o.signIn("prompt", prompt).ID)
		if len(o.asked) != 2 || first["auth_time"].(float64)+2 != second["auth_time"] {
			t.Errorf("%s: first %v, then %v", prompt, first["auth_time"], second["auth_time"])
		}
	}
}

func TestOIDC_MaxAge1(t *testing.T) {
	o := newOP(t)
	first := claims(t, o.signIn().ID)
	o.clock.Advance(time.Second)
	if same := claims(t, o.signIn("max_age", "1").ID); same["auth_time"] != first["auth_time"] {
		t.Error("the sign-in of a second ago is taken for older than one")
	}
	o.clock.Advance(time.Second)
	if e := o.refused(o.authorize("max_age", "1", "prompt", "none")); e != "login_required" {
		t.Errorf("prompt none answered %s", e)
	}
	second := claims(t, o.signIn("max_age", "1").ID)
	if len(o.asked) != 2 || first["auth_time"].(float64)+2 != second["auth_time"] {
		t.Errorf("first %v, then %v", first["auth_time"], second["auth_time"])
	}
	o.signIn("max_age", "0") // the same as prompt=login
	if len(o.asked) != 3 {
		t.Error("max_age 0 started no run")
	}
}

func TestOIDC_MaxAge10000(t *testing.T) {
	o := newOP(t)
	first := claims(t, o.signIn().ID)
	o.clock.Advance(time.Hour)
	if second := claims(t, o.signIn("max_age", "10000").ID); len(o.asked) != 1 || first["auth_time"] != second["auth_time"] {
		t.Errorf("first %v, then %v", first["auth_time"], second["auth_time"])
	}
}

func TestOIDC_IDTokenHint(t *testing.T) {
	o := newOP(t)
	hint := o.signIn().ID
	o.clock.Advance(48 * time.Hour) // hints may have expired
	o.code("id_token_hint", hint, "prompt", "none")
	o.newBrowser()
	if e := o.refused(o.authorize("id_token_hint", hint, "prompt", "none")); e != "login_required" {
		t.Errorf("answered %s", e)
	}
	// Another person is signed in, or signs in: no answer for them.
	o.user = o.create(directory.User{ID: "usr_bob"})
	o.signsIn(session.Spec{}, idp.Claims{})
	o.code()
	if e := o.refused(o.authorize("id_token_hint", hint, "prompt", "none")); e != "login_required" {
		t.Errorf("answered %s", e)
	}
	if e := o.refused(o.authorize("id_token_hint", hint)); e != "login_required" || len(o.asked) != 3 {
		t.Errorf("answered %s after %d runs", e, len(o.asked))
	}
	access := o.signIn().Access
	for _, bad := range []string{hint[:len(hint)-4] + "AAAA", access, "x.y.z"} {
		if e := o.refused(o.authorize("id_token_hint", bad)); e != "invalid_request" {
			t.Errorf("answered %s", e)
		}
	}
}

func (o *op) create(u directory.User) directory.User {
	o.t.Helper()
	o.unit(func(tx *store.Tx) (err error) {
		u, err = directory.New(tx, o.clock, o.rnd, nil).Create(context.Background(), u)
		return err
	})
	return u
}

func TestOIDC_EnsureRequestWithACRValuesSucceeds(t *testing.T) {
	o := newOP(t)
	if c := claims(t, o.signIn("acr_values", "aal1").ID); c["acr"] != "aal1" {
		t.Errorf("acr is %v", c["acr"])
	}
	o.signIn("acr_values", "gold silver") // not known here: voluntary
	if len(o.asked) != 1 {
		t.Fatalf("%d runs", len(o.asked))
	}
	if e := o.refused(o.authorize("acr_values", "aal2", "prompt", "none")); e != "login_required" {
		t.Errorf("answered %s", e)
	}
	o.signsIn(session.Spec{AAL: session.AAL2, AMR: []string{"pwd", "otp"}}, idp.Claims{})
	if c := claims(t, o.signIn("acr_values", "aal3 aal2").ID); c["acr"] != "aal2" || len(c["amr"].([]any)) != 2 || len(o.asked) != 2 {
		t.Errorf("stepped up to %v", c)
	}
	o.signIn("acr_values", "aal1")
	if len(o.asked) != 2 {
		t.Error("a stronger session does not satisfy a weaker request")
	}
}

func TestS4_OnlyALivingSessionOfAnActiveUserSatisfies(t *testing.T) {
	for name, end := range map[string]func(o *op){
		"revoked": func(o *op) {
			o.unit(func(tx *store.Tx) error {
				_, err := session.New(tx, o.clock, o.rnd).RevokeUser(context.Background(), o.user.ID)
				return err
			})
		},
		"deactivated": func(o *op) { o.deactivate() },
		"deleted": func(o *op) {
			o.unit(func(tx *store.Tx) error {
				return directory.New(tx, o.clock, o.rnd, nil).Delete(context.Background(), o.user.ID)
			})
		},
		"past its absolute limit": func(o *op) { o.clock.Advance(31 * 24 * time.Hour) },
	} {
		o := newOP(t)
		o.code()
		o.code("prompt", "none")
		end(o)
		if e := o.refused(o.authorize("prompt", "none")); e != "login_required" {
			t.Errorf("%s: answered %s", name, e)
		}
	}
}

func (o *op) deactivate() {
	o.t.Helper()
	o.unit(func(tx *store.Tx) error {
		_, err := directory.New(tx, o.clock, o.rnd, nil).Update(context.Background(), o.user.ID, func(u *directory.User) error {
			u.Status = directory.Deactivated
			return nil
		})
		return err
	})
}

func TestS2_AnsweringFromASessionIsActivity(t *testing.T) {
	o := newOP(t)
	o.signsIn(session.Spec{AAL: session.AAL2}, idp.Claims{}) // an hour of idleness
	o.code()
	for range 4 {
		o.clock.Advance(40 * time.Minute)
		o.code("prompt", "none")
	}
	o.code("prompt", "none", "client_id", "api")
	if s := o.sessions(); len(s) != 1 || len(s[0].Clients) != 2 || s[0].Clients[1].ID != "api" {
		t.Errorf("sessions are %+v", s)
	}
	o.clock.Advance(time.Hour)
	if e := o.refused(o.authorize("prompt", "none")); e != "login_required" {
		t.Errorf("answered %s", e)
	}
}
