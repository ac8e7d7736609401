package idp_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/idp"
)

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)

// postedBy answers the form of a page that carries an answer to the client.
func (o *op) postedBy(a answer) url.Values {
	o.t.Helper()
	o.onPage(a, http.StatusOK)
	if !strings.Contains(a.body, `<form method="post" action="`+callback+`">`) || !strings.Contains(a.body, "<script>document.forms[0].submit()</script>") {
		o.t.Fatalf("no form: %s", a.body)
	}
	csp := a.Header.Get("Content-Security-Policy")
	if !strings.Contains(csp, "form-action https://app.example.org;") || !strings.Contains(csp, "script-src 'sha256-") || strings.Contains(csp, "unsafe") {
		o.t.Errorf("the policy is %q", csp)
	}
	fields := url.Values{}
	for _, m := range hiddenField.FindAllStringSubmatch(a.body, -1) {
		fields.Set(m[1], html.UnescapeString(m[2]))
	}
	if fields.Get("iss") != o.issuer {
		o.t.Errorf("iss is %q", fields.Get("iss"))
	}
	return fields
}

func TestOIDC_FormPost(t *testing.T) {
	o := newOP(t)
	evil := `"><script>alert(1)</script>`
	parked := o.authorize("response_mode", "form_post", "state", evil) // a run was between
	to := parked.Header.Get("Location")
	if !strings.HasPrefix(to, o.issuer+"/oauth2/form_post?handle=") || strings.Contains(to, "code=") {
		t.Fatalf("sent to %q", to)
	}
	entries, err := o.store.List(t.Context(), "form_post", "", "", 0)
	if err != nil || len(entries) != 1 {
		t.Fatal(len(entries), err)
	}
	handle := url.Values{"handle": {to[strings.Index(to, "=")+1:]}}
	a := o.get("/oauth2/form_post", handle)
	fields := o.postedBy(a)
	if fields.Get("state") != evil || strings.Contains(a.body, evil) {
		t.Errorf("fields are %q", fields)
	}
	if text := entries[0].ID + string(entries[0].Value); strings.Contains(text, fields.Get("code")) || strings.Contains(text, handle.Get("handle")) {
		t.Error("the store holds a code")
	}
	o.tokens(o.token(exchange(fields.Get("code"))))
	o.onPage(o.get("/oauth2/form_post", handle), http.StatusBadRequest) // once
	o.onPage(o.get("/oauth2/form_post", url.Values{"handle": {"x"}}), http.StatusBadRequest)
	// From the session, at once; errors too.
	o.tokens(o.token(exchange(o.postedBy(o.authorize("response_mode", "form_post")).Get("code"))))
	if e := o.postedBy(o.authorize("response_mode", "form_post", "response_type", "token")); e.Get("error") != "unsupported_response_type" || e.Get("state") != "st" {
		t.Errorf("a refusal is %q", e)
	}
	o.newBrowser()
	o.fails(idp.Outcome{})
	late := o.authorize("response_mode", "form_post").Header.Get("Location")
	o.clock.Advance(time.Minute)
	o.onPage(o.get("/oauth2/form_post", url.Values{"handle": {late[strings.Index(late, "=")+1:]}}), http.StatusBadRequest)
}
