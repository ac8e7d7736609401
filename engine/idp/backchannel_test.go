package idp_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/authflow-studio/authflow/engine/idp"
	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
)

func (o *op) deliver() int {
	o.t.Helper()
	n, err := o.provider.Deliver(context.Background())
	if err != nil {
		o.t.Fatal(err)
	}
	return n
}

func (o *op) deliveries() map[string]idp.Delivery {
	o.t.Helper()
	all, err := o.provider.Deliveries(context.Background())
	if err != nil {
		o.t.Fatal(err)
	}
	by := map[string]idp.Delivery{}
	for _, d := range all {
		by[d.ClientID] = d
	}
	return by
}

// visit signs the clients in through one session.
func (o *op) visit(clients ...string) (sid, hint string) {
	o.t.Helper()
	for _, c := range clients {
		hint = o.tokens(o.token(exchange(o.code("client_id", c), "client_id", c))).ID
	}
	return o.sessions()[0].ID, hint
}

func TestOIDC_BackchannelLogoutDiscovery(t *testing.T) {
	for _, on := range []bool{true, false} {
		o := newOPWith(t, "", 1, func(o *idp.Options) {
			if !on {
				o.HTTP = nil
			}
		})
		var m map[string]any
		o.json(o.get("/.well-known/openid-configuration", nil), &m)
		for _, name := range []string{"backchannel_logout_supported", "backchannel_logout_session_supported"} {
			if is, _ := m[name].(bool); is != on {
				t.Errorf("%s is %v, want %t", name, m[name], on)
			}
		}
		o.visit("told")
		o.logout()
		if o.deliver() != 0 {
			t.Error("somebody was told before the session ended")
		}
	}
}

func TestOIDC_BackchannelRPInitiatedLogout(t *testing.T) {
	o := newOP(t)
	sid, hint := o.visit("app", "told too", "told")
	o.signedOut(o.logout("id_token_hint", hint), "")
	if got := o.rps.take(); len(got) != 0 {
		t.Error("clients were told before the store knew")
	}
	if o.deliver() != 2 {
		t.Error("not both clients with an address were told")
	}
	got := o.rps.take()
	slices.SortFunc(got, func(a, b posted) int { return strings.Compare(a.host, b.host) })
	if len(got) != 2 || got[0].host != "told.example.org" || got[0].path != "/logout" || got[1].path != "/logout?x=1" ||
		got[0].header.Get("Content-Type") != "application/x-www-form-urlencoded" || len(got[0].form) != 1 {
		t.Fatalf("they got %+v", got)
	}
	ctx := o.online()
	provider, err := oidc.NewProvider(ctx, o.issuer)
	if err != nil {
		t.Fatal(err)
	}
	jtis := map[any]bool{}
	for i, c := range []struct{ client, alg string }{{"told", "ES256"}, {"told too", "RS256"}} {
		token := got[i].form.Get("logout_token")
		// A stock library verifies signature, issuer, audience and time.
		check := &oidc.Config{ClientID: c.client, Now: o.clock.Now, SupportedSigningAlgs: []string{c.alg}}
		if _, err := provider.Verifier(check).Verify(ctx, token); err != nil {
			t.Error(err)
		}
		says := claims(t, token)
		event, _ := says["events"].(map[string]any)["http://schemas.openid.net/event/backchannel-logout"].(map[string]any)
		if header(t, token)["typ"] != "logout+jwt" || says["sid"] != sid || says["sub"] != "usr_ada" || says["nonce"] != nil || event == nil || len(event) != 0 ||
			says["iat"] != seconds(o.clock.Now()) || says["exp"] != seconds(o.clock.Now().Add(2*time.Minute)) {
			t.Errorf("%s was told %v", c.client, says)
		}
		jtis[says["jti"]] = true
		// It is no ID token: nobody is signed out by giving it back.
		o.code()
		o.onPage(o.logout("id_token_hint", token), http.StatusOK)
		if !o.live() {
			t.Error("a logout token served as a hint")
		}
	}
	if len(jtis) != 2 || jtis[nil] {
		t.Errorf("their ids are %v", jtis)
	}
	if o.deliver() != 0 {
		t.Error("told twice")
	}
	for client, d := range o.deliveries() {
		if d.State != idp.DeliveryDelivered || d.Attempts != 1 || d.LastError != "" || d.SessionID != sid {
			t.Errorf("%s: %+v", client, d)
		}
	}
	if types := strings.Join(o.audited(), " "); strings.Count(types, "logout.delivered") != 2 {
		t.Errorf("audited %s", types)
	}
}

func TestOIDC_BackchannelLogoutRetries(t *testing.T) {
	o := newOP(t)
	o.visit("told")
	o.rps.answers(http.StatusInternalServerError)
	o.post("/oauth2/end_session", o.askedToConfirm(o.logout()))
	for i, pause := range []time.Duration{0, 5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute} {
		if pause > 0 {
			o.clock.Advance(pause - 1)
			if o.deliver() != 0 {
				t.Errorf("try %d came too early", i)
			}
			o.clock.Advance(1)
		}
		if n := o.deliver(); n != 1 {
			t.Fatalf("try %d: %d were told", i, n)
		}
		d := o.deliveries()["told"]
		if d.Attempts != i+1 || !strings.Contains(d.LastError, "500") || (d.State == idp.DeliveryFailed) != (i == 4) {
			t.Errorf("after try %d: %+v", i, d)
		}
	}
	o.clock.Advance(time.Hour)
	if o.deliver() != 0 || len(o.rps.take()) != 5 {
		t.Error("it is never given up")
	}
	if types := o.audited(); types[len(types)-1] != "logout.failed" {
		t.Errorf("audited %q", types)
	}
	o.clock.Advance(24 * time.Hour)
	if len(o.deliveries()) != 0 {
		t.Error("deliveries are kept for ever")
	}
	// One that answers in time is told once.
	o.newBrowser()
	o.visit("told")
	o.unit(func(tx *store.Tx) error {
		_, err := session.New(tx, o.clock, o.rnd).RevokeUser(context.Background(), o.user.ID)
		return err
	})
	o.deliver()
	o.rps.answers(http.StatusNoContent)
	o.clock.Advance(5 * time.Second)
	o.deliver()
	if d := o.deliveries()["told"]; d.State != idp.DeliveryDelivered || d.Attempts != 2 || d.LastError != "" {
		t.Errorf("in the end: %+v", d)
	}
}

// TestOIDC_BackchannelLogoutWhoeverEndsTheSession: a revocation, another person
// in the same browser, a logout flow.
func TestOIDC_BackchannelLogoutWhoeverEndsTheSession(t *testing.T) {
	for name, end := range map[string]func(o *op, sid string){
		"revoked": func(o *op, sid string) {
			o.unit(func(tx *store.Tx) error {
				_, err := session.New(tx, o.clock, o.rnd).Revoke(context.Background(), sid)
				return err
			})
		},
		"flow": func(o *op, _ string) {
			o.flows["logout"] = true
			o.fails(idp.Outcome{Success: true})
			o.post("/oauth2/end_session", o.askedToConfirm(o.logout()))
		},
		"all others": func(o *op, _ string) {
			o.unit(func(tx *store.Tx) error {
				s := session.New(tx, o.clock, o.rnd)
				keep, _, err := s.Issue(context.Background(), session.Spec{UserID: o.user.ID})
				if err == nil {
					_, err = s.RevokeOthers(context.Background(), o.user.ID, keep.ID)
				}
				return err
			})
		},
	} {
		o := newOP(t)
		sid, _ := o.visit("told")
		end(o, sid)
		if o.deliver() != 1 || claims(t, o.rps.take()[0].form.Get("logout_token"))["sid"] != sid {
			t.Errorf("%s: the client was not told", name)
		}
	}
}

// TestOfManyServersOneTellsTheClient when they find the same delivery.
func TestOfManyServersOneTellsTheClient(t *testing.T) {
	o := newOP(t)
	for range 5 {
		o.newBrowser()
		o.visit("told")
		o.post("/oauth2/end_session", o.askedToConfirm(o.logout()))
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				if _, err := o.provider.Deliver(context.Background()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := len(o.rps.take()); n != 1 {
			t.Errorf("it was told %d times", n)
		}
	}
}

func TestDeliveringGoesOnUntilItIsStopped(t *testing.T) {
	o := newOP(t)
	o.visit("told")
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { o.provider.KeepDelivering(ctx); close(done) }()
	o.post("/oauth2/end_session", o.askedToConfirm(o.logout()))
	for deadline := time.Now().Add(5 * time.Second); len(o.rps.take()) == 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("nobody was told")
		}
	}
	stop()
	<-done
}

// TestU1_ExpiredSessionsAreRecorded by the same round.
func TestU1_ExpiredSessionsAreRecorded(t *testing.T) {
	o := newOP(t)
	o.visit("app")
	o.clock.Advance(30 * 24 * time.Hour)
	o.deliver()
	if types := o.audited(); types[len(types)-1] != "session.ended" {
		t.Errorf("audited %q", types)
	}
}

func TestKeysRotateByThemselvesWhenTheyAreOld(t *testing.T) {
	o := newOPWith(t, "", 1, func(o *idp.Options) { o.KeyLife = 24 * time.Hour })
	states := func() map[string][]idp.KeyInfo {
		t.Helper()
		all, err := o.provider.Keys(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		by := map[string][]idp.KeyInfo{}
		for _, k := range all {
			by[k.State] = append(by[k.State], k)
		}
		return by
	}
	before := states()
	hint := o.signIn().ID
	old := kid(t, hint)
	o.clock.Advance(24*time.Hour - 1)
	o.deliver()
	if kid(t, o.signIn().ID) != old {
		t.Error("rotated too early")
	}
	o.clock.Advance(1)
	o.deliver()
	o.deliver()
	after := states()
	if len(after["current"]) != 1 || len(after["next"]) != 1 || len(after["retired"]) != 1 || after["current"][0].Kid != before["next"][0].Kid ||
		after["retired"][0].Kid != old || !after["retired"][0].Retired.Equal(o.clock.Now()) || !after["current"][0].Since.Equal(o.clock.Now()) ||
		!after["current"][0].Created.Equal(before["next"][0].Created) || !before["next"][0].Since.IsZero() {
		t.Errorf("before %+v, after %+v", before, after)
	}
	// Published for a month after it last signed, and no longer.
	o.clock.Advance(30*24*time.Hour - 1)
	if _, there := o.jwks()[old]; !there {
		t.Error("a retired key is gone too early")
	}
	o.clock.Advance(1)
	if _, there := o.jwks()[old]; there {
		t.Error("a retired key stays without a rotation")
	}
	if e := o.refused(o.authorize("id_token_hint", hint)); e != "invalid_request" {
		t.Errorf("what it signed is still believed: %s", e)
	}
}
