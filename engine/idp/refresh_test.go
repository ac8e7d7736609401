package idp_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/idp"
	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
)

func TestOIDC_RefreshToken(t *testing.T) {
	o := newOP(t)
	o.signsIn(session.Spec{AMR: []string{"pwd"}}, idp.Claims{IDToken: map[string]any{"department": "physics"}, AccessToken: map[string]any{"cost": 4.0}})
	first := o.offline("app")
	o.clock.Advance(10 * time.Minute)
	second := o.tokens(o.refresh("app", first.Refresh))
	if second.Refresh == "" || second.Refresh == first.Refresh || len(second.Refresh) != 43 || second.Access == first.Access || second.Scope != "openid email offline_access" {
		t.Errorf("got %+v", second)
	}
	before, after := claims(t, first.ID), claims(t, second.ID)
	for _, same := range []string{"iss", "sub", "aud", "auth_time", "sid", "acr", "department"} {
		if before[same] != after[same] || after[same] == nil {
			t.Errorf("%s was %v and is %v", same, before[same], after[same])
		}
	}
	if after["nonce"] != nil || after["iat"] != seconds(o.clock.Now()) || after["at_hash"] == before["at_hash"] {
		t.Errorf("the new ID token says %v", after)
	}
	if c := claims(t, second.Access); c["cost"] != 4.0 || c["scope"] != second.Scope {
		t.Errorf("the new access token says %v", c)
	}
	if a := o.userinfo(http.MethodGet, "Bearer "+second.Access, nil); a.StatusCode != http.StatusOK || !strings.Contains(a.body, "ada@example.org") {
		t.Errorf("userinfo answers %d %s", a.StatusCode, a.body)
	}
	if got := o.signIn("scope", "openid"); got.Refresh != "" {
		t.Error("a refresh token that nobody asked for")
	}
}

func TestOIDC_RefreshTokenErrors(t *testing.T) {
	o := newOP(t)
	got := o.offline("app")
	for name, c := range map[string]struct {
		a      answer
		status int
		code   string
	}{
		"missing":        {o.refresh("app", ""), 400, "invalid_request"},
		"unknown":        {o.refresh("app", "x"), 400, "invalid_grant"},
		"an access one":  {o.refresh("app", got.Access), 400, "invalid_grant"},
		"other client":   {o.refresh("api", got.Refresh), 400, "invalid_grant"},
		"no client":      {o.refresh("", got.Refresh), 401, "invalid_client"},
		"unproved":       {o.refresh("basic", got.Refresh), 401, "invalid_client"},
		"switched off":   {o.refresh("never", got.Refresh), 400, "unauthorized_client"},
		"more scopes":    {o.refresh("app", got.Refresh, "scope", "openid phone"), 400, "invalid_scope"},
		"other resource": {o.refresh("app", got.Refresh, "resource", ordersAPI), 400, "invalid_target"},
	} {
		t.Log(name)
		o.wantError(c.a, c.status, c.code)
	}
	o.tokens(o.refresh("app", got.Refresh)) // none of that used it up
	if q := o.sentTo(o.authorize("client_id", "never", "scope", "openid offline_access"), callback); q.Get("code") == "" {
		t.Errorf("sent with %q", q)
	} else if got := o.tokens(o.token(exchange(q.Get("code"), "client_id", "never"))); got.Refresh != "" || got.Scope != "openid" {
		t.Errorf("a client without refresh tokens got %+v", got)
	}
}

func TestRefreshScopesOnlyNarrow(t *testing.T) {
	o := newOP(t)
	got := o.offline("app")
	narrow := o.tokens(o.refresh("app", got.Refresh, "scope", "email"))
	if narrow.Scope != "email" || narrow.ID != "" || claims(t, narrow.Access)["scope"] != "email" {
		t.Errorf("narrowed to %+v", narrow)
	}
	if wide := o.tokens(o.refresh("app", narrow.Refresh)); wide.Scope != "openid email offline_access" {
		t.Errorf("the grant itself narrowed to %q", wide.Scope)
	}
}

// dead checks that nothing of some tokens works any more.
func (o *op) dead(client string, all ...tokens) {
	o.t.Helper()
	for _, got := range all {
		o.wantError(o.userinfo(http.MethodGet, "Bearer "+got.Access, nil), http.StatusUnauthorized, "invalid_token")
		for _, token := range []string{got.Access, got.Refresh} {
			if o.inspect(token)["active"] != false {
				o.t.Error("a token is still active")
			}
		}
		o.wantError(o.refresh(client, got.Refresh), http.StatusBadRequest, "invalid_grant")
	}
}

func TestT2_ReuseOfARefreshTokenEndsTheFamily(t *testing.T) {
	o := newOP(t)
	other := o.offline("offline")
	first := o.offline("app")
	second := o.tokens(o.refresh("app", first.Refresh))
	third := o.tokens(o.refresh("app", second.Refresh))
	before := len(o.audited())
	o.wantError(o.refresh("app", first.Refresh), http.StatusBadRequest, "invalid_grant")
	if types := strings.Join(o.audited()[before:], " "); types != "refresh.ended refresh.reused refresh.refused" {
		t.Errorf("audited %s", types)
	}
	o.dead("app", first, second, third)
	if a := o.userinfo(http.MethodGet, "Bearer "+other.Access, nil); a.StatusCode != http.StatusOK {
		t.Error("another client's tokens ended too")
	}
}

func TestT2_OfManyRefreshesOneWins(t *testing.T) {
	for client, most := range map[string]int32{"app": 1, "patient": 8} {
		o := newOP(t)
		token := o.offline(client).Refresh
		var won, lost atomic.Int32
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				resp, err := (&http.Client{Transport: o.network}).PostForm(o.issuer+"/oauth2/token", change(exchange(""), "grant_type", "refresh_token", "refresh_token", token, "client_id", client))
				if err != nil {
					t.Error(err)
					return
				}
				resp.Body.Close()
				if resp.StatusCode == http.StatusOK {
					won.Add(1)
				} else if resp.StatusCode == http.StatusBadRequest {
					lost.Add(1)
				}
			})
		}
		wg.Wait()
		if won.Load() != most || won.Load()+lost.Load() != 8 {
			t.Errorf("%s: %d won, %d lost", client, won.Load(), lost.Load())
		}
		if fate := strings.Contains(strings.Join(o.audited(), " "), "refresh.reused"); fate != (most == 1) {
			t.Errorf("%s: taken for reuse is %t", client, fate)
		}
	}
}

func TestT2_RefreshTokensHaveLimitsThatRotationDoesNotMove(t *testing.T) {
	o := newOP(t)
	got := o.offline("patient") // an hour of idleness, three in all
	for range 3 {
		o.clock.Advance(59 * time.Minute)
		got = o.tokens(o.refresh("patient", got.Refresh))
	}
	o.clock.Advance(3 * time.Minute)
	o.wantError(o.refresh("patient", got.Refresh), http.StatusBadRequest, "invalid_grant")
	got = o.offline("patient")
	o.clock.Advance(time.Hour)
	o.wantError(o.refresh("patient", got.Refresh), http.StatusBadRequest, "invalid_grant")
}

// TestOIDC_CodeReuseRevokesTokens: what a code issued ends with its second use,
// at once and later, by whomever.
func TestOIDC_CodeReuseRevokesTokens(t *testing.T) {
	for _, pause := range []time.Duration{0, 30 * time.Second, 48 * time.Hour} {
		o := newOP(t)
		code := o.code("scope", "openid offline_access")
		got := o.tokens(o.token(exchange(code)))
		again := got
		if pause > 0 {
			o.clock.Advance(pause)
			again = o.tokens(o.refresh("app", got.Refresh))
		}
		o.wantError(o.token(exchange(code, "client_id", "native")), http.StatusBadRequest, "invalid_grant")
		o.dead("app", got, again)
	}
}

func TestS2_RefreshTokensEndWithTheSession(t *testing.T) {
	logout := func(client string) func(o *op) {
		return func(o *op) {
			o.post("/oauth2/end_session", o.askedToConfirm(o.logout("client_id", client)))
		}
	}
	revoke := func(how func(s *session.Sessions, o *op) error) func(o *op) {
		return func(o *op) {
			o.unit(func(tx *store.Tx) error { return how(session.New(tx, o.clock, o.rnd), o) })
		}
	}
	for name, c := range map[string]struct {
		end func(o *op)
		// offline says whether tokens with that policy live on.
		offline bool
	}{
		"logout by another client": {logout("app"), true},
		"logout by that client":    {logout("offline"), false},
		"one revoked": {revoke(func(s *session.Sessions, o *op) error {
			_, err := s.Revoke(context.Background(), o.sessions()[0].ID)
			return err
		}), false},
		"all revoked": {revoke(func(s *session.Sessions, o *op) error {
			_, err := s.RevokeUser(context.Background(), o.user.ID)
			return err
		}), false},
		"deactivated": {(*op).deactivate, false},
		"deleted": {func(o *op) {
			o.unit(func(tx *store.Tx) error {
				return directory.New(tx, o.clock, o.rnd, nil).Delete(context.Background(), o.user.ID)
			})
		}, false},
		"idle":     {func(o *op) { o.clock.Advance(time.Hour) }, true},
		"absolute": {func(o *op) { o.clock.Advance(24 * time.Hour) }, true},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOP(t)
			o.signsIn(session.Spec{AAL: session.AAL2}, idp.Claims{})
			bound, offline := o.offline("app"), o.offline("offline")
			c.end(o)
			o.wantError(o.refresh("app", bound.Refresh), http.StatusBadRequest, "invalid_grant")
			a := o.refresh("offline", offline.Refresh)
			if !c.offline {
				o.wantError(a, http.StatusBadRequest, "invalid_grant")
				return
			}
			fresh := o.tokens(a)
			if a := o.userinfo(http.MethodGet, "Bearer "+fresh.Access, nil); a.StatusCode != http.StatusOK {
				t.Errorf("userinfo answers %d", a.StatusCode)
			}
		})
	}
}

func TestS2_ARefreshIsActivityOfTheSession(t *testing.T) {
	o := newOP(t)
	o.signsIn(session.Spec{AAL: session.AAL2}, idp.Claims{}) // an hour of idleness, a day in all
	got := o.offline("app")
	for range 30 {
		o.clock.Advance(45 * time.Minute)
		got = o.tokens(o.refresh("app", got.Refresh))
	}
	o.clock.Advance(89 * time.Minute)
	o.wantError(o.refresh("app", got.Refresh), http.StatusBadRequest, "invalid_grant") // activity never moves the absolute limit
}

func TestS3_RefreshTokensAreStoredAsHashes(t *testing.T) {
	o := newOP(t)
	got := o.offline("opaque")
	got = o.tokens(o.refresh("opaque", got.Refresh))
	for _, bucket := range []string{"refresh_token", "refresh_family", "refresh_user", "access_token", "audit"} {
		entries, err := o.store.List(t.Context(), bucket, "", "", 0)
		if err != nil || len(entries) == 0 {
			t.Fatal(bucket, len(entries), err)
		}
		for _, e := range entries {
			if text := e.ID + string(e.Value); strings.Contains(text, got.Refresh) || strings.Contains(text, got.Access) {
				t.Errorf("%s holds a token", bucket)
			}
		}
	}
}
