package idp_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/idp"
)

func TestOIDC_DiscoveryEndpointVerification(t *testing.T) {
	for path, wellKnown := range map[string][]string{
		"":          {"/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"},
		"/tenant/a": {"/tenant/a/.well-known/openid-configuration", "/.well-known/oauth-authorization-server/tenant/a"},
	} {
		o := newOPAt(t, path, 1)
		for _, at := range wellKnown {
			r, err := http.NewRequest(http.MethodGet, "http://op.example.org"+at, nil)
			if err != nil {
				t.Fatal(err)
			}
			var m map[string]any
			o.json(o.do(r), &m)
			if m["issuer"] != o.issuer || m["authorization_response_iss_parameter_supported"] != true {
				t.Errorf("%s answers %v", at, m)
			}
			for _, endpoint := range []string{"authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "end_session_endpoint",
				"introspection_endpoint", "revocation_endpoint", "pushed_authorization_request_endpoint"} {
				address, _ := m[endpoint].(string)
				r, err := http.NewRequest(http.MethodOptions, address, nil)
				if err != nil || !strings.HasPrefix(address, o.issuer+"/oauth2/") {
					t.Fatal(address, err)
				}
				if a := o.do(r); a.StatusCode == http.StatusNotFound {
					t.Errorf("%s is advertised and not there", address)
				}
			}
			for list, want := range map[string]string{
				"response_types_supported": "[code]", "grant_types_supported": "[authorization_code refresh_token client_credentials]", "code_challenge_methods_supported": "[S256]",
				"scopes_supported": "[openid profile email phone offline_access]", "id_token_signing_alg_values_supported": "[ES256 RS256 EdDSA]",
				"response_modes_supported": "[query form_post]", "token_endpoint_auth_methods_supported": "[none client_secret_basic client_secret_post private_key_jwt]",
				"prompt_values_supported": "[none login consent select_account]",
			} {
				if got := fmt.Sprint(m[list]); got != want {
					t.Errorf("%s is %s", list, got)
				}
			}
			for _, off := range []string{"request_parameter_supported", "request_uri_parameter_supported"} {
				if m[off] != false {
					t.Errorf("%s is %v", off, m[off])
				}
			}
			for _, absent := range []string{"registration_endpoint", "check_session_iframe"} {
				if _, there := m[absent]; there {
					t.Errorf("%s is advertised", absent)
				}
			}
		}
	}
}

func TestCORSIsForRegisteredOriginsAndNeverForPages(t *testing.T) {
	o := newOP(t)
	call := func(method, path, origin string) answer {
		t.Helper()
		r, err := http.NewRequest(method, o.issuer+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Origin", origin)
		r.Header.Set("Access-Control-Request-Method", "POST")
		return o.do(r)
	}
	for _, path := range []string{"/oauth2/token", "/oauth2/userinfo", "/oauth2/jwks", "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server", "/oauth2/revoke", "/oauth2/par"} {
		preflight := call(http.MethodOptions, path, "https://app.example.org")
		if preflight.StatusCode != http.StatusNoContent || preflight.Header.Get("Access-Control-Allow-Origin") != "https://app.example.org" ||
			preflight.Header.Get("Access-Control-Allow-Headers") != "Authorization, Content-Type" || preflight.Header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s: preflight answers %d %v", path, preflight.StatusCode, preflight.Header)
		}
		for _, method := range []string{http.MethodGet, http.MethodPost} { // refusals too are read by the page
			a := call(method, path, "https://app.example.org")
			if a.Header.Get("Access-Control-Allow-Origin") != "https://app.example.org" || !slices.Contains(a.Header.Values("Vary"), "Origin") {
				t.Errorf("%s %s: %v", method, path, a.Header)
			}
		}
		for _, origin := range []string{"https://evil.example.org", "https://app.example.org.evil.org", "http://app.example.org", "null", "https://app.example.org/"} {
			for _, method := range []string{http.MethodOptions, http.MethodGet, http.MethodPost} {
				if a := call(method, path, origin); a.Header.Get("Access-Control-Allow-Origin") != "" || a.Header.Get("Access-Control-Allow-Methods") != "" {
					t.Errorf("%s %s lets %s in", method, path, origin)
				}
			}
		}
	}
	for _, path := range []string{"/oauth2/authorize", "/oauth2/end_session", "/oauth2/introspect", "/oauth2/signed_out", "/oauth2/form_post"} {
		for _, method := range []string{http.MethodOptions, http.MethodGet, http.MethodPost} {
			if a := call(method, path, "https://app.example.org"); a.Header.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s %s may be read by another origin", method, path)
			}
		}
	}
}

func TestClientsThatMakeNoSense(t *testing.T) {
	for name, c := range map[string]idp.Client{
		"no id":                  {},
		"unknown method":         {ID: "x", TokenEndpointAuthMethod: "tls_client_auth"},
		"basic without a secret": {ID: "x", TokenEndpointAuthMethod: idp.AuthBasic},
		"none with a secret":     {ID: "x", TokenEndpointAuthMethod: idp.AuthNone, Secret: "s"},
		"unknown algorithm":      {ID: "x", IDTokenAlg: "none"},
		"relative redirect":      {ID: "x", RedirectURIs: []string{"/cb"}},
		"redirect with fragment": {ID: "x", RedirectURIs: []string{"https://a/#"}},
		"redirect with user":     {ID: "x", RedirectURIs: []string{"https://u@a/"}},
		"script":                 {ID: "x", RedirectURIs: []string{"javascript:alert(1)"}},
		"script in capitals":     {ID: "x", PostLogoutRedirectURIs: []string{"JavaScript:alert(1)"}},
		"no host":                {ID: "x", RedirectURIs: []string{"https:///cb"}},
		"opaque":                 {ID: "x", RedirectURIs: []string{"https:cb"}},
		"origin with a path":     {ID: "x", AllowedOrigins: []string{"https://a/"}},
		"every origin":           {ID: "x", AllowedOrigins: []string{"*"}},
	} {
		if _, err := idp.NewRegistry(c); err == nil {
			t.Errorf("%s is registered", name)
		}
	}
	if _, err := idp.NewRegistry(idp.Client{ID: "x"}, idp.Client{ID: "x"}); err == nil {
		t.Error("two clients have one id")
	}
}

// TestX5_WithoutTheStoreNothingIsGranted: a failing store is an error for
// clients, a page for people, and nobody's cookie goes before their session.
func TestX5_WithoutTheStoreNothingIsGranted(t *testing.T) {
	o := newOP(t)
	code, got := o.code(), o.signIn()
	if err := o.store.Close(); err != nil {
		t.Fatal(err)
	}
	if e := o.refused(o.authorize()); e != "server_error" {
		t.Errorf("authorize answers %s", e)
	}
	o.wantError(o.token(exchange(code)), http.StatusInternalServerError, "server_error")
	o.wantError(o.get("/oauth2/jwks", nil), http.StatusInternalServerError, "server_error")
	if a := o.userinfo(http.MethodGet, "Bearer "+got.Access, nil); a.StatusCode < 400 || strings.Contains(a.body, "usr_ada") {
		t.Errorf("userinfo answers %d %s", a.StatusCode, a.body)
	}
	a := o.logout("id_token_hint", got.ID)
	o.onPage(a, http.StatusInternalServerError)
	if a.Header.Get("Set-Cookie") != "" || strings.Contains(a.body, "closed") {
		t.Errorf("the cookie is gone or the page tells too much: %s", a.body)
	}
	if len(o.reports) < 4 {
		t.Errorf("reported %v", o.reports)
	}
	o.reports = nil
}

// TestManyAnswersFromOneSession meets conflicts on the session's entry: each is
// tried again, nobody is refused.
func TestManyAnswersFromOneSession(t *testing.T) {
	o := newOP(t)
	o.code()
	for range 5 {
		o.clock.Advance(2 * time.Minute) // each round one touches the session
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				r, err := http.NewRequest(http.MethodGet, o.issuer+"/oauth2/authorize?"+request("prompt", "none").Encode(), nil)
				if err != nil {
					t.Error(err)
					return
				}
				resp, err := o.browser.Do(r)
				if err != nil {
					t.Error(err)
					return
				}
				resp.Body.Close()
				if to := resp.Header.Get("Location"); !strings.Contains(to, "code=") {
					t.Errorf("sent to %s", to)
				}
			})
		}
		wg.Wait()
	}
}
