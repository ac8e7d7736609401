package idp_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/idp"
	"github.com/authflow-studio/authflow/engine/session"
)

const bye = "https://app.example.org/bye"

func (o *op) logout(changes ...string) answer {
	o.t.Helper()
	return o.get("/oauth2/end_session", change(url.Values{}, changes...))
}

// live reports whether any session is left.
func (o *op) live() bool { return len(o.sessions()) > 0 }

func (o *op) signedOut(a answer, to string) {
	o.t.Helper()
	if to == "" {
		o.onPage(a, http.StatusOK)
		if strings.Contains(a.body, "<form") {
			o.t.Error("the person is asked, not signed out")
		}
	} else if got := a.Header.Get("Location"); got != to || a.Header.Get("Cache-Control") != "no-store" {
		o.t.Errorf("sent to %q, want %q", got, to)
	}
	if o.live() || o.cookie() != "" {
		o.t.Errorf("live is %t, cookie is %q", o.live(), o.cookie())
	}
}

// asked answers the fields of the page that asks the person.
func (o *op) askedToConfirm(a answer) url.Values {
	o.t.Helper()
	o.onPage(a, http.StatusOK)
	if !o.live() || o.cookie() == "" || a.Header.Get("Set-Cookie") != "" {
		o.t.Error("signed out without having been asked")
	}
	fields := url.Values{}
	for _, m := range regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`).FindAllStringSubmatch(a.body, -1) {
		fields.Set(m[1], html.UnescapeString(m[2]))
	}
	if fields.Get("ticket") == "" || !strings.Contains(a.body, `<form method="post" action="`+o.issuer+`/oauth2/end_session">`) {
		o.t.Errorf("no question on the page: %s", a.body)
	}
	return fields
}

func TestOIDC_RPInitiatedLogout(t *testing.T) {
	o := newOP(t)
	hint := o.signIn().ID
	o.clock.Advance(2 * time.Hour) // the hint may have expired
	a := o.logout("id_token_hint", hint, "post_logout_redirect_uri", bye, "state", "a b&c")
	o.signedOut(a, bye+"?state=a+b%26c")
	if a.StatusCode != http.StatusFound {
		t.Errorf("answered %d", a.StatusCode)
	}
	if types := o.audited(); types[len(types)-1] != "session.ended" {
		t.Errorf("audited %q", types)
	}
	// Nothing is left to sign out of: the browser goes where it should all the same.
	o.signedOut(o.logout("id_token_hint", hint, "post_logout_redirect_uri", bye), bye)
	if e := o.refused(o.authorize("prompt", "none")); e != "login_required" {
		t.Errorf("answered %s", e)
	}
}

func TestOIDC_RPInitiatedLogoutNoStateNoRedirectNoParams(t *testing.T) {
	o := newOP(t)
	o.signedOut(o.logout("id_token_hint", o.signIn().ID, "post_logout_redirect_uri", bye), bye)
	o.signedOut(o.logout("id_token_hint", o.signIn().ID), "")
	o.signedOut(o.logout("id_token_hint", o.signIn().ID, "state", "only"), "")
	o.signIn()
	o.askedToConfirm(o.logout())
	o.askedToConfirm(o.logout("state", "only"))
	o.newBrowser()
	o.onPage(o.logout(), http.StatusOK) // nobody is signed in: nothing to ask
	a := o.logout("post_logout_redirect_uri", bye, "client_id", "app", "state", "s")
	if a.Header.Get("Location") != bye+"?state=s" {
		t.Errorf("sent to %q", a.Header.Get("Location"))
	}
}

func TestOIDC_RPInitiatedLogoutByPost(t *testing.T) {
	o := newOP(t)
	a := o.post("/oauth2/end_session", url.Values{"id_token_hint": {o.signIn().ID}, "post_logout_redirect_uri": {bye + "?keep=1"}, "state": {"s"}})
	o.signedOut(a, bye+"?keep=1&state=s")
	if a.StatusCode != http.StatusSeeOther {
		t.Errorf("answered %d", a.StatusCode)
	}
}

func TestOIDC_RPInitiatedLogoutNoIDTokenHint(t *testing.T) {
	o := newOP(t)
	o.signIn()
	a := o.logout("client_id", "app", "post_logout_redirect_uri", bye, "state", `"><script>`)
	if !strings.Contains(a.Header.Get("Content-Security-Policy"), "form-action 'self' https://app.example.org;") || strings.Contains(a.body, "<script>") {
		t.Errorf("policy %q, page %s", a.Header.Get("Content-Security-Policy"), a.body)
	}
	o.signedOut(o.post("/oauth2/end_session", o.askedToConfirm(a)), bye+"?state=%22%3E%3Cscript%3E")
}

func TestLogoutIsConfirmedByThePersonOnly(t *testing.T) {
	o := newOP(t)
	o.signIn()
	fields := o.askedToConfirm(o.logout("client_id", "app", "post_logout_redirect_uri", bye))
	// A ticket is good in a POST, with what was asked, in this browser.
	o.askedToConfirm(o.get("/oauth2/end_session", fields))
	o.askedToConfirm(o.post("/oauth2/end_session", change(clone(fields), "ticket", "")))
	o.askedToConfirm(o.post("/oauth2/end_session", change(clone(fields), "ticket", strings.Repeat("0", 64))))
	o.askedToConfirm(o.post("/oauth2/end_session", change(clone(fields), "state", "other")))
	mine := o.browser
	o.newBrowser()
	o.code()
	o.askedToConfirm(o.post("/oauth2/end_session", fields)) // another's session
	o.browser = mine
	o.post("/oauth2/end_session", fields)
	if left := o.sessions(); len(left) != 1 {
		t.Errorf("%d sessions are left, want that of the other browser", len(left))
	}
}

func clone(v url.Values) url.Values {
	c := url.Values{}
	for name := range v {
		c.Set(name, v.Get(name))
	}
	return c
}

func TestOIDC_RPInitiatedLogoutBadHints(t *testing.T) {
	o := newOP(t)
	got := o.signIn()
	tail := strings.LastIndex(got.ID, ".")
	for _, hint := range []string{"x", got.ID[:tail] + ".AAAA", got.Access, newForeignOP(t).signIn().ID} {
		o.askedToConfirm(o.logout("id_token_hint", hint))
		// A bad hint names no client, so there is nowhere to go.
		o.onPage(o.logout("id_token_hint", hint, "post_logout_redirect_uri", bye), http.StatusBadRequest)
	}
	o.onPage(o.logout("id_token_hint", got.ID, "client_id", "api"), http.StatusBadRequest)
	o.onPage(o.logout("client_id", "nobody"), http.StatusBadRequest)
	if !o.live() {
		t.Error("signed out")
	}
}

func TestOIDC_RPInitiatedLogoutBadPostLogoutRedirectURI(t *testing.T) {
	o := newOP(t)
	hint := o.signIn().ID
	for _, uri := range []string{"https://evil.example.org/", bye + "/", bye + "?x", callback, "javascript:alert(1)"} {
		o.onPage(o.logout("id_token_hint", hint, "post_logout_redirect_uri", uri), http.StatusBadRequest)
	}
	o.onPage(o.logout("post_logout_redirect_uri", bye), http.StatusBadRequest) // whose?
	q := url.Values{"id_token_hint": {hint}, "post_logout_redirect_uri": {bye, bye}}
	o.onPage(o.get("/oauth2/end_session", q), http.StatusBadRequest)
	if !o.live() {
		t.Error("signed out")
	}
}

func TestTheCookieDecidesWhoseSessionEnds(t *testing.T) {
	o := newOP(t)
	hint := o.signIn().ID
	// The same person in another browser, and then another person in this one.
	o.newBrowser()
	o.signIn()
	o.askedToConfirm(o.logout("id_token_hint", hint, "post_logout_redirect_uri", bye))
	o.user = o.create(directory.User{ID: "usr_bob"})
	o.signsIn(session.Spec{}, idp.Claims{})
	o.newBrowser()
	o.signIn()
	o.askedToConfirm(o.logout("id_token_hint", hint))
	if n := len(o.sessions()); n != 3 {
		t.Errorf("%d sessions are left", n)
	}
	fields := o.askedToConfirm(o.logout("id_token_hint", hint, "post_logout_redirect_uri", bye))
	if a := o.post("/oauth2/end_session", fields); a.Header.Get("Location") != bye {
		t.Errorf("sent to %q", a.Header.Get("Location"))
	}
	for _, s := range o.sessions() {
		if s.UserID != "usr_ada" {
			t.Error("the session of this browser still lives")
		}
	}
}
