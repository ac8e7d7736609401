package idp_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/idp"
)

// This file tests what people's own tests ask for: faults, queued claims,
// recorded requests.

func (o *op) fault(endpoint string, f idp.Fault) {
	o.t.Helper()
	if err := o.provider.Fault(endpoint, f); err != nil {
		o.t.Fatal(err)
	}
}

func TestFaultsAreOrderedAtAnyEndpoint(t *testing.T) {
	o := newOP(t)
	got := o.offline("app")
	o.fault("token", idp.Fault{Error: "invalid_grant", Times: 2})
	o.wantError(o.refresh("app", got.Refresh), http.StatusBadRequest, "invalid_grant")
	if left := o.provider.Faults()["token"].Times; left != 1 {
		t.Errorf("%d are left", left)
	}
	o.wantError(o.refresh("app", got.Refresh), http.StatusBadRequest, "invalid_grant")
	got = o.tokens(o.refresh("app", got.Refresh)) // and nothing happened to it
	o.fault("userinfo", idp.Fault{Status: http.StatusUnauthorized, Error: "invalid_token"})
	for range 3 {
		o.wantError(o.userinfo(http.MethodGet, "Bearer "+got.Access, nil), http.StatusUnauthorized, "invalid_token")
	}
	o.provider.ClearFaults("userinfo")
	if a := o.userinfo(http.MethodGet, "Bearer "+got.Access, nil); a.StatusCode != http.StatusOK {
		t.Errorf("userinfo answers %d", a.StatusCode)
	}
	for _, endpoint := range idp.Endpoints() {
		o.fault(endpoint, idp.Fault{Status: http.StatusServiceUnavailable, Body: "<garbage"})
	}
	for endpoint, a := range map[string]answer{
		"authorize": o.authorize(), "token": o.post("/oauth2/token", nil), "userinfo": o.userinfo(http.MethodGet, "", nil), "jwks": o.get("/oauth2/jwks", nil),
		"discovery": o.get("/.well-known/openid-configuration", nil), "introspect": o.post("/oauth2/introspect", nil), "revoke": o.giveBack("app", "x"),
		"par": o.post("/oauth2/par", nil), "end_session": o.logout(),
	} {
		if a.StatusCode != http.StatusServiceUnavailable || a.body != "<garbage" {
			t.Errorf("%s answers %d %q", endpoint, a.StatusCode, a.body)
		}
	}
	o.provider.ClearFaults("")
	if len(o.provider.Faults()) != 0 {
		t.Error("faults are left")
	}
}

func TestAFaultAtAuthorizeGoesToTheClient(t *testing.T) {
	o := newOP(t)
	o.fault("authorize", idp.Fault{Error: "temporarily_unavailable", Times: 1})
	if e := o.refused(o.authorize()); e != "temporarily_unavailable" || len(o.asked) != 0 {
		t.Errorf("answered %s", e)
	}
	o.fault("authorize", idp.Fault{Error: "temporarily_unavailable", Times: 1})
	o.onPage(o.authorize("client_id", "nobody"), http.StatusBadRequest) // never to who did not register
	o.code()
}

func TestASlowEndpointAnswersInTheEnd(t *testing.T) {
	o := newOP(t)
	got := o.signIn()
	o.fault("userinfo", idp.Fault{Delay: 50 * time.Millisecond})
	began := time.Now()
	if a := o.userinfo(http.MethodGet, "Bearer "+got.Access, nil); a.StatusCode != http.StatusOK || time.Since(began) < 50*time.Millisecond {
		t.Errorf("answered %d after %v", a.StatusCode, time.Since(began))
	}
	o.fault("userinfo", idp.Fault{Delay: time.Hour})
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer stop()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, o.issuer+"/oauth2/userinfo", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.browser.Do(r); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestFaultsThatMakeNoSense(t *testing.T) {
	o := newOP(t)
	for name, f := range map[string]idp.Fault{"status": {Status: 99}, "times": {Times: -1}, "delay": {Delay: -1}} {
		if err := o.provider.Fault("token", f); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	if err := o.provider.Fault("nowhere", idp.Fault{}); err == nil || !strings.Contains(err.Error(), "authorize") {
		t.Errorf("got %v", err)
	}
}

// TestProductionTakesNoOrders from tests.
func TestProductionTakesNoOrders(t *testing.T) {
	o := newOPWith(t, "", 1, func(o *idp.Options) { o.Testing = false })
	if err := o.provider.Fault("token", idp.Fault{Status: 500}); !errors.Is(err, idp.ErrNotTesting) {
		t.Errorf("got %v", err)
	}
	if err := o.provider.QueueClaims(t.Context(), "usr_ada", idp.Claims{}); !errors.Is(err, idp.ErrNotTesting) {
		t.Errorf("got %v", err)
	}
	o.signIn()
	if got := o.provider.Recorded(0); len(got) != 0 {
		t.Errorf("recorded %v", got)
	}
}

func TestQueuedClaimsComeWithTheNextSignIns(t *testing.T) {
	o := newOP(t)
	for _, role := range []string{"first", "second"} {
		err := o.provider.QueueClaims(t.Context(), "usr_ada", idp.Claims{IDToken: map[string]any{"role": role, "sub": "usr_bob"}, AccessToken: map[string]any{"for": role}})
		if err != nil {
			t.Fatal(err)
		}
	}
	if queued, err := o.provider.QueuedClaims(t.Context(), "usr_ada"); err != nil || len(queued) != 2 || queued[0].IDToken["role"] != "first" {
		t.Errorf("queued are %v, %v", queued, err)
	}
	got := o.offline("app")
	if claims(t, got.ID)["role"] != "first" || claims(t, got.Access)["for"] != "first" || claims(t, got.ID)["sub"] != "usr_ada" {
		t.Errorf("the first says %v", claims(t, got.ID))
	}
	if c := claims(t, o.signIn("prompt", "none").ID); c["role"] != "second" { // from the session too
		t.Errorf("the second says %v", c)
	}
	if c := claims(t, o.signIn().ID); c["role"] != nil {
		t.Errorf("the third says %v", c)
	}
	if c := claims(t, o.tokens(o.refresh("app", got.Refresh)).ID); c["role"] != "first" {
		t.Errorf("refreshed says %v", c)
	}
}

func TestT3_RequestsAreRecordedWithoutTheirSecrets(t *testing.T) {
	o := newOP(t)
	code := o.code("client_id", "post", "scope", "openid offline_access", "id_token_hint", o.signIn().ID)
	start := len(o.provider.Recorded(0))
	got := o.tokens(o.token(exchange(code, "client_id", "post", "client_secret", secret)))
	o.refresh("post", got.Refresh, "client_secret", secret)
	o.refresh("post", got.Refresh, "client_secret", "wrong-secret")
	o.token(exchange("some-code", "client_id", ""), basic("basic", secret))
	o.userinfo(http.MethodPost, "", url.Values{"access_token": {got.Access}})
	o.authorize("response_type", "token")
	all := o.provider.Recorded(0)
	for _, r := range all {
		for name, values := range r.Params {
			for _, planted := range []string{code, secret, "wrong-secret", "some-code", got.Refresh, got.Access, got.ID, verifier} {
				if strings.Contains(name+strings.Join(values, " "), planted) {
					t.Errorf("%s holds a secret in %s", r.Path, name)
				}
			}
		}
	}
	var outcomes []string
	for _, r := range all[start:] {
		outcomes = append(outcomes, r.Endpoint+" "+r.ClientID+" "+r.Outcome)
	}
	want := []string{"token post ok", "token post ok", "token post invalid_client", "token basic invalid_grant", "userinfo post ok", "authorize app unsupported_response_type"}
	if !reflect.DeepEqual(outcomes, want) {
		t.Errorf("recorded %q, want %q", outcomes, want)
	}
	first := all[start]
	if first.Method != "POST" || first.Path != "/oauth2/token" || first.Status != 200 || !first.At.Equal(o.clock.Now()) ||
		first.Params["grant_type"][0] != "authorization_code" || first.Params["code"][0] != "[redacted]" || first.Params["redirect_uri"][0] != callback {
		t.Errorf("recorded %+v", first)
	}
	if later := o.provider.Recorded(first.Seq); len(later) != len(all)-start-1 || later[0].Seq != first.Seq+1 {
		t.Errorf("after %d there are %d", first.Seq, len(later))
	}
	o.provider.ClearRecorded()
	o.logout()
	if left := o.provider.Recorded(0); len(left) != 1 || left[0].Outcome != "confirm" || left[0].Seq != all[len(all)-1].Seq+1 {
		t.Errorf("left are %+v", left)
	}
	for range 1100 {
		o.get("/oauth2/jwks", nil)
	}
	if n := len(o.provider.Recorded(0)); n > 1000 || n < 900 {
		t.Errorf("%d are kept", n)
	}
}
