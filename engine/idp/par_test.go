package idp_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func (o *op) push(form url.Values, edit ...func(*http.Request)) string {
	o.t.Helper()
	a := o.post("/oauth2/par", form, edit...)
	var got struct {
		URI     string `json:"request_uri"`
		Expires int    `json:"expires_in"`
	}
	if err := json.Unmarshal([]byte(a.body), &got); err != nil || a.StatusCode != http.StatusCreated || got.Expires != 90 ||
		!strings.HasPrefix(got.URI, "urn:ietf:params:oauth:request_uri:") || a.Header.Get("Cache-Control") != "no-store" {
		o.t.Fatalf("answered %d %s", a.StatusCode, a.body)
	}
	return got.URI
}

func (o *op) pushed(client, uri string) answer {
	o.t.Helper()
	return o.get("/oauth2/authorize", url.Values{"client_id": {client}, "request_uri": {uri}})
}

func TestOAuth_PushedAuthorizationRequest(t *testing.T) {
	o := newOP(t)
	uri := o.push(request("client_id", "pushing", "login_hint", "ada"))
	q := o.sentTo(o.pushed("pushing", uri), callback)
	got := o.tokens(o.token(exchange(q.Get("code"), "client_id", "pushing")))
	if q.Get("state") != "st" || claims(t, got.ID)["nonce"] != "no" {
		t.Errorf("sent with %q", q)
	}
	if tx := o.asked[0].Event["transaction"].(map[string]any); tx["login_hint"] != "ada" {
		t.Errorf("the run knows %v", tx)
	}
	// The address cannot add to it or change it.
	uri = o.push(request("client_id", "pushing", "prompt", "none"))
	a := o.get("/oauth2/authorize", request("client_id", "pushing", "request_uri", uri, "redirect_uri", "https://evil.example.org/", "state", "other"))
	if q := o.sentTo(a, callback); q.Get("state") != "st" {
		t.Errorf("sent with %q", q)
	}
	// A confidential client proves itself.
	uri = o.push(change(request("client_id", ""), "client_id", ""), basic("basic", secret))
	o.sentTo(o.pushed("basic", uri), callback)
	entries, err := o.store.List(t.Context(), "pushed_request", "", "", 0)
	if err != nil || len(entries) != 0 {
		t.Errorf("%d requests are left, %v", len(entries), err)
	}
}

func TestOAuth_PushedAuthorizationRequestIsGoodOnceForItsClient(t *testing.T) {
	o := newOP(t)
	uri := o.push(request())
	o.onPage(o.pushed("api", uri), http.StatusBadRequest)
	o.onPage(o.pushed("", uri), http.StatusBadRequest)
	o.sentTo(o.pushed("app", uri), callback)
	o.onPage(o.pushed("app", uri), http.StatusBadRequest)
	uri = o.push(request())
	o.clock.Advance(90 * time.Second)
	o.onPage(o.pushed("app", uri), http.StatusBadRequest)
	o.onPage(o.pushed("app", "urn:ietf:params:oauth:request_uri:x"), http.StatusBadRequest)
	if len(o.asked) != 1 {
		t.Errorf("%d runs", len(o.asked))
	}
}

func TestOAuth_PushedAuthorizationRequestErrors(t *testing.T) {
	o := newOP(t)
	for name, c := range map[string]struct {
		form   url.Values
		status int
		code   string
	}{
		"unknown client":       {request("client_id", "nobody"), 401, "invalid_client"},
		"unproved client":      {request("client_id", "basic"), 401, "invalid_client"},
		"foreign redirect":     {request("redirect_uri", "https://evil.example.org/"), 400, "invalid_request"},
		"no redirect":          {request("redirect_uri", ""), 400, "invalid_request"},
		"response type":        {request("response_type", "token"), 400, "unsupported_response_type"},
		"no PKCE":              {request("code_challenge", ""), 400, "invalid_request"},
		"a request_uri inside": {request("request_uri", "urn:ietf:params:oauth:request_uri:x"), 400, "invalid_request"},
		"a request object":     {request("request", "x.y.z"), 400, "request_not_supported"},
		"scope":                {request("scope", "unknown"), 400, "invalid_scope"},
	} {
		t.Log(name)
		o.wantError(o.post("/oauth2/par", c.form), c.status, c.code)
	}
	// A client that must push is refused otherwise.
	if e := o.refused(o.authorize("client_id", "pushing")); e != "invalid_request" {
		t.Errorf("answered %s", e)
	}
	if len(o.asked) != 0 {
		t.Error("a run was started")
	}
}
