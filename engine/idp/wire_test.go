package idp_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// This file is what tests send and what they look at in the answers.

// request answers an authorization request with changes: pairs of name and
// value, where an empty value takes the parameter away.
func request(changes ...string) url.Values {
	sum := sha256.Sum256([]byte(verifier))
	v := url.Values{
		"client_id": {"app"}, "redirect_uri": {callback}, "response_type": {"code"}, "scope": {"openid"}, "state": {"st"}, "nonce": {"no"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}
	return change(v, changes...)
}

func change(v url.Values, changes ...string) url.Values {
	for i := 0; i+1 < len(changes); i += 2 {
		if changes[i+1] == "" {
			v.Del(changes[i])
			continue
		}
		v.Set(changes[i], changes[i+1])
	}
	return v
}

// answer is what came back.
type answer struct {
	*http.Response
	body string
}

func (o *op) do(r *http.Request) answer {
	o.t.Helper()
	resp, err := o.browser.Do(r)
	if err != nil {
		o.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		o.t.Fatal(err)
	}
	return answer{resp, string(body)}
}

func (o *op) get(path string, query url.Values) answer {
	o.t.Helper()
	r, err := http.NewRequest(http.MethodGet, o.issuer+path+"?"+query.Encode(), nil)
	if err != nil {
		o.t.Fatal(err)
	}
	return o.do(r)
}

func (o *op) post(path string, form url.Values, edit ...func(*http.Request)) answer {
	o.t.Helper()
	r, err := http.NewRequest(http.MethodPost, o.issuer+path, strings.NewReader(form.Encode()))
	if err != nil {
		o.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, e := range edit {
		e(r)
	}
	return o.do(r)
}

func (o *op) authorize(changes ...string) answer {
	o.t.Helper()
	return o.get("/oauth2/authorize", request(changes...))
}

// sentTo answers the parameters with which the browser is sent to a client, and
// checks what every such answer has (RFC 9207).
func (o *op) sentTo(a answer, uri string) url.Values {
	o.t.Helper()
	to := a.Header.Get("Location")
	u, err := url.Parse(to)
	if err != nil || !strings.HasPrefix(to, uri) || (a.StatusCode != http.StatusFound && a.StatusCode != http.StatusSeeOther) {
		o.t.Fatalf("answered %d to %q, %s; want a redirect to %s", a.StatusCode, to, a.body, uri)
	}
	q := u.Query()
	if q.Get("iss") != o.issuer || len(q["iss"]) != 1 || u.Fragment != "" {
		o.t.Errorf("iss is %q in %q, want exactly %q", q["iss"], to, o.issuer)
	}
	return q
}

// refused answers the error with which the browser is sent to the client.
func (o *op) refused(a answer) string {
	o.t.Helper()
	q := o.sentTo(a, callback)
	if q.Has("code") || q.Get("state") != "st" {
		o.t.Errorf("a refusal is %q", q)
	}
	return q.Get("error")
}

// onPage checks that nobody is sent anywhere.
func (o *op) onPage(a answer, status int) {
	o.t.Helper()
	if a.StatusCode != status || a.Header.Get("Location") != "" || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		o.t.Errorf("answered %d to %q; want a page with status %d", a.StatusCode, a.Header.Get("Location"), status)
	}
	for name, want := range map[string]string{
		"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff",
	} {
		if got := a.Header.Get(name); got != want {
			o.t.Errorf("%s is %q on a page", name, got)
		}
	}
	if csp := a.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'none'") {
		o.t.Errorf("the policy of a page is %q", csp)
	}
	if a.Header.Get("Access-Control-Allow-Origin") != "" {
		o.t.Error("a page may be read by another origin")
	}
}

// code answers a fresh code of client app.
func (o *op) code(changes ...string) string {
	o.t.Helper()
	a := o.authorize(changes...)
	q := o.sentTo(a, "http")
	if q.Get("code") == "" || q.Has("error") {
		o.t.Fatalf("no code: %q", q)
	}
	return q.Get("code")
}

// exchange answers a token request with changes.
func exchange(code string, changes ...string) url.Values {
	return change(url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {callback}, "client_id": {"app"}, "code_verifier": {verifier},
	}, changes...)
}

func (o *op) token(form url.Values, edit ...func(*http.Request)) answer {
	o.t.Helper()
	a := o.post("/oauth2/token", form, edit...)
	if a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Pragma") != "no-cache" || a.Header.Get("Content-Type") != "application/json" {
		o.t.Errorf("headers of the token endpoint: %v", a.Header)
	}
	return a
}

type tokens struct {
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
	ID      string `json:"id_token"`
	Type    string `json:"token_type"`
	Scope   string `json:"scope"`
	Expires int    `json:"expires_in"`
}

func (o *op) tokens(a answer) tokens {
	o.t.Helper()
	var t tokens
	if err := json.Unmarshal([]byte(a.body), &t); err != nil || a.StatusCode != http.StatusOK || t.Access == "" {
		o.t.Fatalf("answered %d %s, %v; want tokens", a.StatusCode, a.body, err)
	}
	return t
}

// offline signs a client in that asks for refresh tokens.
func (o *op) offline(client string, changes ...string) tokens {
	o.t.Helper()
	changes = append([]string{"client_id", client, "scope", "openid email offline_access"}, changes...)
	got := o.tokens(o.token(exchange(o.code(changes...), "client_id", client)))
	if got.Refresh == "" {
		o.t.Fatalf("%s got no refresh token", client)
	}
	return got
}

func (o *op) refresh(client, token string, changes ...string) answer {
	o.t.Helper()
	return o.token(change(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token}, "client_id": {client}}, changes...))
}

// signIn goes the whole way and answers the tokens of client app.
func (o *op) signIn(changes ...string) tokens {
	o.t.Helper()
	return o.tokens(o.token(exchange(o.code(changes...))))
}

func (o *op) wantError(a answer, status int, code string) {
	o.t.Helper()
	var body struct{ Error string }
	if err := json.Unmarshal([]byte(a.body), &body); err != nil || a.StatusCode != status || body.Error != code {
		o.t.Errorf("answered %d %s, want %d %s", a.StatusCode, a.body, status, code)
	}
}

// part answers one part of a JWT as JSON.
func part(t testing.TB, token string, i int) map[string]any {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("%q is no JWT", token)
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[i])
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func header(t testing.TB, token string) map[string]any { t.Helper(); return part(t, token, 0) }
func claims(t testing.TB, token string) map[string]any { t.Helper(); return part(t, token, 1) }
