package idp_test

import (
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
