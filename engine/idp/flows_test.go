package idp_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/idp"
	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
)

// This file tests which runs are started for what, and where they lead.

func (o *op) triggers() []string {
	var all []string
	for _, a := range o.asked {
		all = append(all, a.Trigger)
	}
	return all
}

func (o *op) prompts() string {
	o.t.Helper()
	var m struct {
		Prompts []string `json:"prompt_values_supported"`
	}
	o.json(o.get("/.well-known/openid-configuration", nil), &m)
	return strings.Join(m.Prompts, " ")
}

func TestOIDC_PromptCreate(t *testing.T) {
	o := newOP(t)
	if e := o.refused(o.authorize("prompt", "create")); e != "invalid_request" || strings.Contains(o.prompts(), "create") {
		t.Errorf("without a registration it answered %s and advertises %s", e, o.prompts())
	}
	o.flows["registration"] = true
	if !strings.Contains(o.prompts(), "create") {
		t.Errorf("it advertises %s", o.prompts())
	}
	o.code() // somebody is signed in
	o.code("prompt", "create")
	if got := o.triggers(); !reflect.DeepEqual(got, []string{"login", "registration"}) || o.asked[1].Session == nil {
		t.Errorf("asked for %q", got)
	}
}

func TestOIDC_PromptCreateThatSignsNobodyInLeadsToLogin(t *testing.T) {
	for _, client := range []string{"app", "pushing"} {
		o := newOP(t)
		o.flows["registration"] = true
		o.fails(idp.Outcome{Success: true, UserID: "usr_new", Trigger: "registration"})
		var a answer
		if client == "app" {
			a = o.authorize("prompt", "create login", "max_age", "5")
		} else {
			a = o.pushed(client, o.push(request("client_id", client, "prompt", "create", "max_age", "5")))
		}
		to := a.Header.Get("Location")
		if !strings.HasPrefix(to, o.issuer+"/oauth2/authorize?client_id="+client+"&request_uri=") || strings.Contains(to, "nonce") {
			t.Fatalf("sent to %q", to)
		}
		o.signsIn(session.Spec{}, idp.Claims{})
		for range 2 { // back and forward again
			o.newBrowser()
			r, err := http.NewRequest(http.MethodGet, to, nil)
			if err != nil {
				t.Fatal(err)
			}
			q := o.sentTo(o.do(r), callback)
			got := o.tokens(o.token(exchange(q.Get("code"), "client_id", client)))
			if q.Get("state") != "st" || claims(t, got.ID)["nonce"] != "no" {
				t.Errorf("sent with %q", q)
			}
		}
		last := o.asked[len(o.asked)-1]
		if prompt, _ := last.Event["transaction"].(map[string]any)["prompt"].(string); last.Trigger != "login" || strings.Contains(prompt, "create") {
			t.Errorf("asked for %+v", last)
		}
		o.clock.Advance(15 * time.Minute)
		r, _ := http.NewRequest(http.MethodGet, to, nil)
		o.onPage(o.do(r), http.StatusBadRequest)
	}
	// A login that signs nobody in does not go round in circles.
	o := newOP(t)
	o.fails(idp.Outcome{Success: true, Trigger: "login"})
	if e := o.refused(o.authorize()); e != "access_denied" {
		t.Errorf("answered %s", e)
	}
}

func TestOIDC_ACRValuesStepUp(t *testing.T) {
	o := newOP(t)
	o.code()
	sid := o.sessions()[0].ID
	stepUp := func(s *session.Sessions) idp.Outcome {
		ses, secret, err := s.Rotate(context.Background(), o.cookie(), session.Spec{UserID: o.user.ID, AAL: session.AAL2, AMR: []string{"pwd", "otp"}})
		if err != nil {
			t.Error(err)
		}
		o.setCookie(secret)
		return idp.Outcome{Success: true, UserID: ses.UserID, Session: &ses, Trigger: "mfa_verify"}
	}
	o.outcome = stepUp
	o.flows["mfa_verify"] = true
	c := claims(t, o.signIn("acr_values", "aal2").ID)
	if c["acr"] != "aal2" || c["sid"] != sid || o.asked[1].Trigger != "mfa_verify" || o.asked[1].Session == nil || o.asked[1].Session.ID != sid {
		t.Errorf("stepped up to %v by %+v", c, o.asked[1])
	}
	o.clock.Advance(2 * time.Second)
	o.code("acr_values", "aal3", "max_age", "1") // more than the level is lacking
	o.newBrowser()
	o.signsIn(session.Spec{AAL: session.AAL2}, idp.Claims{})
	o.code("acr_values", "aal2") // nobody is signed in
	o.flows["mfa_verify"] = false
	o.code("acr_values", "aal3")
	if got := o.triggers(); !reflect.DeepEqual(got, []string{"login", "mfa_verify", "login", "login", "login"}) || o.asked[3].Session != nil || o.asked[4].Session == nil {
		t.Errorf("asked for %q", got)
	}
}

func TestAStepUpKeepsTheClaimsOfTheSignIn(t *testing.T) {
	o := newOP(t)
	o.flows["mfa_verify"] = true
	stepUp := func(user string) {
		o.outcome = func(s *session.Sessions) idp.Outcome {
			ses, secret, err := s.Issue(context.Background(), session.Spec{UserID: user, AAL: session.AAL2})
			if err != nil {
				t.Error(err)
			}
			o.setCookie(secret)
			return idp.Outcome{Success: true, UserID: user, Session: &ses, Trigger: "mfa_verify", Claims: idp.Claims{IDToken: map[string]any{"factor": "otp", "plan": "new"}}}
		}
	}
	for user, kept := range map[string]any{"usr_ada": "physics", o.create(directory.User{ID: "usr_bob"}).ID: nil} {
		o.newBrowser()
		o.signsIn(session.Spec{}, idp.Claims{IDToken: map[string]any{"department": "physics", "plan": "old"}})
		o.code()
		stepUp(user)
		for _, c := range []map[string]any{claims(t, o.signIn("acr_values", "aal2").ID), claims(t, o.signIn("prompt", "none").ID)} {
			if c["department"] != kept || c["factor"] != "otp" || c["plan"] != "new" {
				t.Errorf("%s: the token says %v", user, c)
			}
		}
	}
	// A new sign-in starts from nothing.
	o.signsIn(session.Spec{}, idp.Claims{})
	if c := claims(t, o.signIn("prompt", "login").ID); c["department"] != nil || c["plan"] != nil {
		t.Errorf("the token says %v", c)
	}
}

// TestStartersNeedNoFlows: an ability is optional.
func TestStartersNeedNoFlows(t *testing.T) {
	o := newOP(t)
	plain := struct{ idp.Starter }{o}
	w := httptest.NewRecorder()
	o.provider.Handler(plain).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/oauth2/authorize?"+request("prompt", "create").Encode(), nil))
	if to := w.Header().Get("Location"); !strings.Contains(to, "error=invalid_request") || len(o.asked) != 0 {
		t.Errorf("sent to %q", to)
	}
	w = httptest.NewRecorder()
	o.provider.Handler(plain).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/oauth2/authorize?"+request().Encode(), nil))
	if len(o.asked) != 1 {
		t.Error("no login was started")
	}
}

func TestOIDC_RPInitiatedLogoutThroughAFlow(t *testing.T) {
	for name, outcome := range map[string]idp.Outcome{"ends well": {Success: true, Trigger: "logout"}, "fails": {Error: "server_error"}} {
		for want, changes := range map[string][]string{
			bye + "?state=s": {"post_logout_redirect_uri", bye, "state", "s"},
			"":               {},
		} {
			o := newOP(t)
			o.flows["logout"] = true
			hint := o.signIn("client_id", "app").ID
			told := o.sessions()[0]
			o.fails(outcome)
			a := o.logout(append(changes, "id_token_hint", hint)...)
			if want == "" {
				want = o.issuer + "/oauth2/signed_out"
			}
			if got := a.Header.Get("Location"); got != want || o.live() {
				t.Errorf("%s: sent to %q, live is %t", name, got, o.live())
			}
			last := o.asked[1]
			if last.Trigger != "logout" || last.Session == nil || last.Session.ID != told.ID || last.Event["client"].(map[string]any)["id"] != "app" {
				t.Errorf("asked for %+v", last)
			}
			if !slices.Contains(o.audited(), "session.ended") {
				t.Errorf("audited %q", o.audited())
			}
			// Redone after a conflict, or finished twice: nothing more happens.
			o.unit(func(tx *store.Tx) error {
				to, err := o.provider.Finish(t.Context(), tx, last.Origin, outcome)
				if to != want {
					t.Errorf("again sent to %q", to)
				}
				return err
			})
		}
	}
}

func TestOIDC_RPInitiatedLogoutThroughAFlowAsksFirst(t *testing.T) {
	o := newOP(t)
	o.flows["logout"] = true
	o.signIn()
	fields := o.askedToConfirm(o.logout("client_id", "app", "post_logout_redirect_uri", bye))
	if len(o.asked) != 1 {
		t.Error("a run was started unasked")
	}
	o.fails(idp.Outcome{Success: true})
	if a := o.post("/oauth2/end_session", fields); a.Header.Get("Location") != bye || o.live() {
		t.Errorf("sent to %q, live is %t", a.Header.Get("Location"), o.live())
	}
}

// TestALogoutLeadsWhereItsClientIsRegisteredNow, which may have changed since.
func TestALogoutLeadsWhereItsClientIsRegisteredNow(t *testing.T) {
	o := newOP(t)
	for origin, want := range map[string]string{
		`{"kind":"logout","session_id":"x","client_id":"app","uri":"` + bye + `","state":"s"}`:            bye + "?state=s",
		`{"kind":"logout","session_id":"x","client_id":"app","uri":"https://app.example.org/gone"}`:       o.issuer + "/oauth2/signed_out",
		`{"kind":"logout","session_id":"x","client_id":"nobody","uri":"https://app.example.org/bye"}`:     o.issuer + "/oauth2/signed_out",
		`{"kind":"logout","session_id":"x","uri":"https://app.example.org/bye","state":"without client"}`: o.issuer + "/oauth2/signed_out",
	} {
		if to, err := o.provider.Finish(t.Context(), store.Begin(o.store), []byte(origin), idp.Outcome{}); err != nil || to != want {
			t.Errorf("%s leads to %q, %v", origin, to, err)
		}
	}
}

func TestTheSignedOutPageSignsNobodyOut(t *testing.T) {
	o := newOP(t)
	o.signIn()
	if a := o.get("/oauth2/signed_out", nil); a.Header.Get("Location") != o.issuer+"/oauth2/end_session" || o.cookie() == "" || !o.live() {
		t.Errorf("a link there answers %d", a.StatusCode)
	}
	o.unit(func(tx *store.Tx) error {
		_, err := session.New(tx, o.clock, o.rnd).RevokeUser(context.Background(), o.user.ID)
		return err
	})
	o.signedOut(o.get("/oauth2/signed_out", nil), "")
}

func TestN10_TheProvidersPagesSpeakAndLookAsTheFlowsDo(t *testing.T) {
	o := newOPWith(t, "", 1, func(o *idp.Options) {
		o.Text = func(r *http.Request, key string) string {
			if r.Header.Get("Accept-Language") != "de" {
				return key // as a lookup does that finds nothing
			}
			return map[string]string{"idp.lang": "de", "idp.brand": "<Haus>", "idp.signed_out.title": "Abgemeldet"}[key]
		}
	})
	a := o.get("/oauth2/signed_out", nil)
	for _, want := range []string{`<html lang="en">`, "<h1>You are signed out</h1>", `<main class="card">`, `<link rel="stylesheet" href="/fl/style.css">`} {
		if !strings.Contains(a.body, want) {
			t.Errorf("no %s on %s", want, a.body)
		}
	}
	if csp := a.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "style-src 'self';") || strings.Contains(csp, "script-src") {
		t.Errorf("the policy is %q", csp)
	}
	r, err := http.NewRequest(http.MethodGet, o.issuer+"/oauth2/signed_out", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Language", "de")
	a = o.do(r)
	for _, want := range []string{`<html lang="de">`, "<h1>Abgemeldet</h1>", "&lt;Haus&gt;</p>", "You can close this window."} {
		if !strings.Contains(a.body, want) {
			t.Errorf("no %s on %s", want, a.body)
		}
	}
}
