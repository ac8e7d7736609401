package idp_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/idp"
)

// FuzzAuthorize sends whatever comes to the authorization endpoint. It must
// answer, and never send a browser where no client asked to.
func FuzzAuthorize(f *testing.F) {
	for _, changes := range [][]string{
		{}, {"response_type", "token"}, {"redirect_uri", "https://evil.example.org"}, {"prompt", "none login"}, {"max_age", "99999999999999999999"},
		{"client_id", "native", "redirect_uri", "http://127.0.0.1:1/cb"}, {"client_id", "dev", "redirect_uri", "http://localhost:1/x?y=%zz"},
		{"id_token_hint", "a.b.c"}, {"state", "\r\nSet-Cookie: x=y"}, {"scope", "\x00"},
	} {
		f.Add(request(changes...).Encode(), false)
	}
	f.Add("client_id=app&client_id=app", true)
	f.Add("client_id=%zz", true)
	f.Add(request().Encode()+"&redirect_uri=https://evil.example.org", true)
	o := newOP(f)
	o.fails(idp.Outcome{})
	handler := o.provider.Handler(o)
	f.Fuzz(func(t *testing.T, query string, post bool) {
		r := &http.Request{Method: http.MethodGet, URL: &url.URL{Path: "/oauth2/authorize", RawQuery: query}, Host: "op.example.org", Header: http.Header{}}
		if post {
			r = httptest.NewRequest(http.MethodPost, "http://op.example.org/oauth2/authorize", strings.NewReader(query))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		o.asked, o.t = nil, t
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r.WithContext(t.Context()))
		switch w.Code {
		case http.StatusBadRequest:
			if w.Header().Get("Location") != "" {
				t.Errorf("a page sends to %s", w.Header().Get("Location"))
			}
		case http.StatusFound, http.StatusSeeOther:
			checkLocation(t, w.Header().Get("Location"))
		default:
			t.Errorf("answered %d", w.Code)
		}
	})
}

func checkLocation(t *testing.T, to string) {
	u, err := url.Parse(to)
	if err != nil || strings.ContainsAny(to, "\r\n") {
		t.Fatalf("sent to %q, %v", to, err)
	}
	loopback := u.Scheme == "http" && (u.Hostname() == "127.0.0.1" || u.Hostname() == "::1" || u.Hostname() == "localhost") && u.User == nil
	if !strings.HasPrefix(to, "https://app.example.org/") && !strings.HasPrefix(to, "com.example.app:/cb?") && !loopback {
		t.Errorf("sent to %q", to)
	}
	q, err := url.ParseQuery(u.RawQuery)
	if err == nil && (q.Get("iss") != "http://op.example.org" || q.Get("error") == "") {
		t.Errorf("sent with %q", u.RawQuery)
	}
}

// BenchmarkSignIn is what the provider adds to a login: authorization request,
// finish, exchange. Hashing a password is not in it.
func BenchmarkSignIn(b *testing.B) {
	o := newOP(b)
	for b.Loop() {
		o.newBrowser()
		o.signIn()
	}
}

// FuzzDirect sends whatever comes to the endpoints that clients themselves call.
// Nobody who proves nothing gets anything, and each answer is well formed.
func FuzzDirect(f *testing.F) {
	f.Add("token", exchange("x").Encode(), "")
	f.Add("token", "grant_type=refresh_token&refresh_token=x&client_id=app&scope=%00", "")
	f.Add("token", "grant_type=client_credentials", "Basic c2VydmljZTp4")
	f.Add("token", "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer&client_assertion=eyJhbGciOiJub25lIn0.eyJzdWIiOiJrZXllZCJ9.", "")
	f.Add("token", "grant_type=authorization_code&code=x&resource=%zz&resource=", "Basic %%%")
	f.Add("introspect", "token=a.b.c&client_id=post&client_secret=x", "Bearer x")
	f.Add("revoke", "token=eyJhbGciOiJFUzI1NiJ9.e30.AA&client_id=app", "")
	f.Add("par", request("claims", `{"id_token":{"acr":{"values":[]}}}`).Encode(), "")
	f.Add("par", request("request_uri", "x", "resource", "#").Encode(), "")
	o := newOP(f)
	handler := o.provider.Handler(o)
	f.Fuzz(func(t *testing.T, endpoint, body, authorization string) {
		if endpoint != "introspect" && endpoint != "revoke" && endpoint != "par" {
			endpoint = "token"
		}
		r := httptest.NewRequest(http.MethodPost, "http://op.example.org/oauth2/"+endpoint, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Authorization", authorization)
		if authorization == "" {
			r.Header.Del("Authorization")
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r.WithContext(t.Context()))
		var answer map[string]any
		switch {
		case endpoint == "revoke" && w.Code == http.StatusOK && w.Body.Len() == 0: // an unknown token
		case endpoint == "par" && w.Code == http.StatusCreated: // public clients may push
		case w.Code != http.StatusBadRequest && w.Code != http.StatusUnauthorized:
			t.Errorf("%s answered %d %s", endpoint, w.Code, w.Body)
		case json.Unmarshal(w.Body.Bytes(), &answer) != nil || answer["error"] == "" || answer["error"] == nil:
			t.Errorf("%s answered %s", endpoint, w.Body)
		}
		if w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Location") != "" {
			t.Errorf("headers are %v", w.Header())
		}
	})
}

// FuzzPages sends whatever comes to the pages that browsers are sent to. They
// sign nobody out and send nobody anywhere unregistered.
func FuzzPages(f *testing.F) {
	o := newOP(f)
	hint := o.signIn().ID
	f.Add("end_session", "post_logout_redirect_uri=https://evil.example.org/&client_id=app", false)
	f.Add("end_session", "id_token_hint=a.b.c&state=%0d%0a", true)
	f.Add("end_session", "client_id=app&post_logout_redirect_uri="+url.QueryEscape(bye)+"&ticket=00", true)
	f.Add("end_session", "id_token_hint="+hint[:len(hint)-9]+"&client_id=app", false)
	f.Add("form_post", "handle=x&handle=y", false)
	f.Add("signed_out", "%zz", false)
	handler := o.provider.Handler(o)
	secret := o.cookie()
	f.Fuzz(func(t *testing.T, path, query string, post bool) {
		if path != "form_post" && path != "signed_out" {
			path = "end_session"
		}
		r := &http.Request{Method: http.MethodGet, URL: &url.URL{Path: "/oauth2/" + path, RawQuery: query}, Host: "op.example.org", Header: http.Header{}}
		if post && path == "end_session" {
			r = httptest.NewRequest(http.MethodPost, "http://op.example.org/oauth2/"+path, strings.NewReader(query))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		r.AddCookie(&http.Cookie{Name: cookie, Value: secret})
		o.t = t
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r.WithContext(t.Context()))
		to := w.Header().Get("Location")
		switch w.Code {
		case http.StatusOK, http.StatusBadRequest:
		case http.StatusFound:
			if path != "signed_out" || to != o.issuer+"/oauth2/end_session" {
				t.Errorf("%s sent to %q", path, to)
			}
		default:
			t.Errorf("answered %d", w.Code)
		}
		if !o.live() {
			t.Fatal("signed out")
		}
	})
}
