package idp_test

import (
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/idp"
	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
)

// Tests with OIDC in their name are after the modules of the OpenID
// Foundation's conformance suite for providers.

func TestOIDC_ResponseTypeCode(t *testing.T) {
	o := newOP(t)
	a := o.authorize()
	q := o.sentTo(a, callback+"?")
	if len(q) != 3 || q.Get("state") != "st" || len(q.Get("code")) != 43 {
		t.Errorf("sent with %q", q)
	}
	if len(o.asked) != 1 || o.asked[0].Trigger != "login" {
		t.Errorf("asked for %+v", o.asked)
	}
	if c := o.sentTo(o.authorize("state", ""), callback); c.Has("state") {
		t.Error("a state that was not sent comes back")
	}
}

func TestOIDC_ResponseTypeMissing(t *testing.T) {
	o := newOP(t)
	if e := o.refused(o.authorize("response_type", "")); e != "invalid_request" {
		t.Errorf("answered %s", e)
	}
	for _, other := range []string{"token", "id_token", "code id_token", "none", "CODE"} {
		if e := o.refused(o.authorize("response_type", other)); e != "unsupported_response_type" {
			t.Errorf("%s answered %s", other, e)
		}
	}
	if len(o.asked) != 0 {
		t.Error("a run was started")
	}
}

func TestOIDC_EnsurePostRequestSucceeds(t *testing.T) {
	o := newOP(t)
	a := o.post("/oauth2/authorize", request())
	o.sentTo(a, callback)
	o.newBrowser()
	o.fails(idp.Outcome{})
	o.signsIn(session.Spec{}, idp.Claims{})
	o.code() // a session now
	if a = o.post("/oauth2/authorize", request()); a.StatusCode != http.StatusSeeOther || o.sentTo(a, callback).Get("code") == "" {
		t.Errorf("answered %d after a POST", a.StatusCode)
	}
	// The query of a POST says nothing.
	a = o.post("/oauth2/authorize?client_id=app", url.Values{"scope": {"openid"}})
	o.onPage(a, http.StatusBadRequest)
	a = o.post("/oauth2/authorize", request(), func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") })
	o.onPage(a, http.StatusBadRequest)
}

func TestOIDC_EnsureRegisteredRedirectURI(t *testing.T) {
	o := newOP(t)
	for _, uri := range []string{
		"", "https://evil.example.org/cb", callback + "/", callback + "?x=1", "https://APP.example.org/cb", "https://app.example.org:443/cb",
		"https://app.example.org/cb#f", "https://app.example.org@evil.example.org/cb", "https://app.example.org/%63b", "https://app.example.org/./cb",
		"//app.example.org/cb", "/cb", "javascript:alert(1)", "https://app.example.org/other", " " + callback, callback + "\n", "http://127.0.0.1/cb",
	} {
		o.onPage(o.authorize("redirect_uri", uri), http.StatusBadRequest)
	}
	o.onPage(o.authorize("client_id", ""), http.StatusBadRequest)
	o.onPage(o.authorize("client_id", "nobody"), http.StatusBadRequest)
	for _, twice := range []string{"client_id", "redirect_uri"} {
		q := request()
		q.Add(twice, q.Get(twice))
		o.onPage(o.get("/oauth2/authorize", q), http.StatusBadRequest)
	}
	if len(o.asked) != 0 {
		t.Error("a run was started")
	}
}

func TestOIDC_EnsureRedirectURIWithQuery(t *testing.T) {
	o := newOP(t)
	q := o.sentTo(o.authorize("redirect_uri", "https://app.example.org/other?keep=1"), "https://app.example.org/other?keep=1&")
	if q.Get("keep") != "1" || q.Get("code") == "" {
		t.Errorf("sent with %q", q)
	}
}

func TestNativeAppsUseAnyLoopbackPort(t *testing.T) {
	o := newOP(t)
	for client, uris := range map[string]map[string]bool{
		"native": {
			"http://127.0.0.1/cb": true, "http://127.0.0.1:51004/cb": true, "http://[::1]:51004/cb": true, "com.example.app:/cb": true,
			"http://localhost/cb": true, "http://localhost:51004/cb": false, // the name may lead elsewhere
			"http://127.0.0.1:51004/other": false, "http://127.0.0.1:51004/cb?x": false, "https://127.0.0.1:51004/cb": false,
			"http://127.0.0.2/cb": false, "http://127.0.0.1:1@evil.example.org/cb": false, "http://127.0.0.1.evil.example.org/cb": false,
			"http://x@127.0.0.1:51004/cb": false, "http://127.0.0.1:51004/cb#f": false, "com.example.app:/other": false,
		},
		"named": {"http://localhost/cb": true, "http://127.0.0.1/cb": false, "http://127.0.0.1:51004/cb": false, "http://[::1]:51004/cb": false},
		"dev": {
			"http://127.0.0.1:8080/any/path": true, "http://localhost:3000/x?y=1": true, "http://[::1]/": true,
			"https://localhost/": false, "http://example.org/": false, "http://localhost.example.org/": false, "http://user@localhost/": false,
			"http://localhost/#f": false, "http://2130706433/": false,
		},
	} {
		for uri, allowed := range uris {
			o.newBrowser()
			a := o.authorize("client_id", client, "redirect_uri", uri)
			if !allowed {
				o.onPage(a, http.StatusBadRequest)
				continue
			}
			o.sentTo(a, uri)
		}
	}
}

func TestOIDC_RequestObjectsAreRejectedAsUnsupported(t *testing.T) {
	o := newOP(t)
	for parameter, want := range map[string]string{
		"request": "request_not_supported", "request_uri": "request_uri_not_supported", "registration": "registration_not_supported",
	} {
		if e := o.refused(o.authorize(parameter, "x")); e != want {
			t.Errorf("%s answered %s", parameter, e)
		}
	}
}

func TestOIDC_ErrorsGoToTheClient(t *testing.T) {
	o := newOP(t)
	for want, changes := range map[string][][]string{
		"invalid_scope": {{"scope", ""}, {"scope", "unknown"}, {"scope", "offline_access"}, {"scope", "orders:read"}},
		"invalid_request": {
			{"response_mode", "fragment"}, {"response_mode", "form_post.jwt"}, {"prompt", "none login"},
			{"max_age", "x"}, {"max_age", "-1"}, {"max_age", "+1"}, {"max_age", "1.5"}, {"id_token_hint", "x"},
		},
	} {
		for _, c := range changes {
			if e := o.refused(o.authorize(c...)); e != want {
				t.Errorf("%q answered %s, want %s", c, e, want)
			}
		}
	}
	q := request()
	q.Add("scope", "openid")
	if e := o.refused(o.get("/oauth2/authorize", q)); e != "invalid_request" {
		t.Errorf("a parameter given twice answered %s", e)
	}
	if len(o.asked) != 0 {
		t.Error("a run was started")
	}
}

func TestPKCEIsRequiredOfEveryClient(t *testing.T) {
	o := newOP(t)
	for _, c := range [][]string{
		{"code_challenge", ""}, {"code_challenge", "", "code_challenge_method", ""}, {"code_challenge_method", "plain"},
		{"code_challenge_method", ""}, // which means plain
		{"code_challenge_method", "s256"}, {"code_challenge", "short"}, {"code_challenge", strings.Repeat("a", 44)},
		{"code_challenge", strings.Repeat("+", 43)}, {"code_challenge", strings.Repeat("_", 43)}, // spare bits set
		{"client_id", "basic", "code_challenge", ""},
	} {
		if e := o.refused(o.authorize(c...)); e != "invalid_request" {
			t.Errorf("%q answered %s", c, e)
		}
	}
}

func TestOIDC_EnsureRequestWithUnknownParameterSucceeds(t *testing.T) {
	o := newOP(t)
	o.code("extra", "foobar")
}

func TestOIDC_OptionalParametersReachTheRun(t *testing.T) {
	o := newOP(t)
	o.code("login_hint", "ada", "ui_locales", "se de", "claims_locales", "se", "acr_values", "aal1 gold", "display", "popup",
		"max_age", "10000", "prompt", "login", "scope", "email openid email unknown")
	want := map[string]any{
		"client": map[string]any{"id": "app", "name": "The App"},
		"transaction": map[string]any{
			"scopes": []any{"email", "openid"}, "redirect_uri": callback, "nonce": "no", "login_hint": "ada", "ui_locales": "se de",
			"acr_values": "aal1 gold", "prompt": "login", "max_age": int64(10000),
		},
	}
	if got := o.asked[0].Event; !reflect.DeepEqual(got, want) {
		t.Errorf("the run knows\n%v, want\n%v", got, want)
	}
	o.newBrowser()
	o.code("nonce", "")
	tx := o.asked[1].Event["transaction"].(map[string]any)
	if len(tx) != 2 {
		t.Errorf("what was not given is there: %v", tx)
	}
	if strings.Contains(string(o.asked[0].Origin), verifier) {
		t.Error("the origin holds the verifier")
	}
}

func TestFailedRunsAreToldToTheClient(t *testing.T) {
	o := newOP(t)
	for want, outcome := range map[string]idp.Outcome{
		"access_denied":                       {Description: `no "luck" \ today` + "\r\nSet-Cookie: x=é"},
		"unmet_authentication_requirements":   {Error: "unmet_authentication_requirements"},
		"access_denied ":                      {Error: "bad\r\ncode"},
		"access_denied without a session":     {Success: true, UserID: "usr_ada"},
		"access_denied with a code of spaces": {Error: "a b"},
	} {
		o.fails(outcome)
		a := o.authorize()
		want, _, _ = strings.Cut(want, " ")
		if e := o.refused(a); e != want {
			t.Errorf("%+v answered %s", outcome, e)
		}
		description := o.sentTo(a, callback).Get("error_description")
		if strings.ContainsAny(description, "\"\\\r\né") {
			t.Errorf("the description is %q", description)
		}
	}
	if len(o.sessions()) != 0 || o.cookie() != "" {
		t.Error("a failed run left a session")
	}
	for _, record := range o.audited() {
		if record != "authorization.refused" {
			t.Errorf("audited %s", record)
		}
	}
}

func TestACrashLeavesNoHalfLogin(t *testing.T) {
	o := newOP(t)
	o.fails(idp.Outcome{})
	o.authorize()
	origin := o.asked[0].Origin
	before := len(o.audited())
	tx := store.Begin(o.store)
	ses, _, err := session.New(tx, o.clock, o.rnd).Issue(t.Context(), session.Spec{UserID: o.user.ID})
	if err != nil {
		t.Fatal(err)
	}
	to, err := o.provider.Finish(t.Context(), tx, origin, idp.Outcome{Success: true, Session: &ses})
	if err != nil || !strings.Contains(to, "code=") {
		t.Fatal(to, err)
	}
	// The process ends before the commit: neither code nor session nor record.
	u, _ := url.Parse(to)
	o.wantError(o.token(exchange(u.Query().Get("code"))), http.StatusBadRequest, "invalid_grant")
	if len(o.sessions()) != 0 || len(o.audited()) != before {
		t.Error("half a login was left")
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	o.tokens(o.token(exchange(u.Query().Get("code"))))
	for _, bad := range []string{``, `{}`, `{"client_id":"gone"}`, `{"client_id":"app","redirect_uri":"https://evil.example.org/"}`} {
		if to, err := o.provider.Finish(t.Context(), store.Begin(o.store), []byte(bad), idp.Outcome{}); err == nil {
			t.Errorf("the origin %q answers %q", bad, to)
		}
	}
}

func TestOtherMethodsAreRefused(t *testing.T) {
	o := newOP(t)
	for path, allow := range map[string]string{
		"/oauth2/authorize": "GET, POST", "/oauth2/end_session": "GET, POST", "/oauth2/token": "POST", "/oauth2/userinfo": "GET, POST",
		"/oauth2/jwks": "GET, HEAD", "/oauth2/introspect": "POST", "/oauth2/revoke": "POST", "/oauth2/par": "POST", "/oauth2/signed_out": "GET", "/oauth2/form_post": "GET", "/.well-known/openid-configuration": "GET, HEAD",
	} {
		for _, method := range []string{"HEAD", "PUT", "DELETE", "GET", "POST"} {
			if strings.Contains(allow, method) {
				continue
			}
			r, err := http.NewRequest(method, o.issuer+path+"?"+request().Encode(), nil)
			if err != nil {
				t.Fatal(err)
			}
			if a := o.do(r); a.StatusCode != http.StatusMethodNotAllowed || a.Header.Get("Allow") != allow {
				t.Errorf("%s %s answers %d, allowing %q", method, path, a.StatusCode, a.Header.Get("Allow"))
			}
		}
	}
	if len(o.asked) != 0 {
		t.Error("a run was started")
	}
}
