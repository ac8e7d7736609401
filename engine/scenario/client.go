package scenario

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"github.com/authflow-studio/authflow/engine/flow"
)

// client is an OAuth client as applications have one: it speaks to the provider
// over HTTP and knows nothing of us.
type client struct {
	bench    Bench
	origin   string // of the provider
	id       flow.Client
	secret   string
	redirect string

	verifier, state, nonce, code string
	idToken, accessToken         string
	refresh, oldRefresh          string
	userinfo                     map[string]any
	err                          string         // the OAuth error it was answered
	last                         map[string]any // the last answer of the provider
	// arrived counts the answers that came back to it.
	arrived int
}

const loopbackCallback = "http://127.0.0.1:1/callback"

func (r *runner) newClient(id string) (*client, error) {
	c, secret, ok := r.bench.ClientOf(id)
	if !ok {
		return nil, r.unknown("client", id, r.bench.Clients())
	}
	redirect := loopbackCallback
	if !c.AnyLoopbackRedirect && len(c.RedirectURIs) > 0 {
		redirect = c.RedirectURIs[0]
	}
	return &client{bench: r.bench, origin: r.origin, id: c, secret: secret, redirect: redirect}, nil
}

// authorize answers the address at which the sign-in begins.
func (c *client) authorize(params map[string]string, n int) string {
	c.verifier = strings.Repeat(fmt.Sprintf("scenario-verifier-%d-", n), 3)
	c.state, c.nonce = fmt.Sprintf("state-%d", n), fmt.Sprintf("nonce-%d", n)
	sum := sha256.Sum256([]byte(c.verifier))
	q := url.Values{"response_type": {"code"}, "client_id": {c.id.ID}, "redirect_uri": {c.redirect}, "scope": {"openid profile email offline_access"}, "state": {c.state}, "nonce": {c.nonce},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"}}
	for name, v := range params {
		q.Set(name, v)
	}
	return c.origin + "/oauth2/authorize?" + q.Encode()
}

// take reads the answer that a browser brought back.
func (c *client) take(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	q := u.Query()
	c.arrived++
	c.err, c.code = q.Get("error"), q.Get("code")
	c.last = map[string]any{"error": c.err, "error_description": q.Get("error_description")}
	if q.Get("state") != c.state {
		return fmt.Errorf("the answer bears the state %q, and the client had sent %q", q.Get("state"), c.state)
	}
	if c.code == "" {
		return nil
	}
	return c.redeem()
}

func (c *client) redeem() error {
	answer := c.post("/oauth2/token", url.Values{"grant_type": {"authorization_code"}, "code": {c.code}, "redirect_uri": {c.redirect}, "code_verifier": {c.verifier}})
	if c.err != "" {
		return nil
	}
	c.tokens(answer)
	if claims := payload(c.idToken); claims["nonce"] != c.nonce {
		return fmt.Errorf("the ID token bears the nonce %v, and the client had sent %q", claims["nonce"], c.nonce)
	}
	c.userinfo = c.get("/oauth2/userinfo")
	return nil
}

func (c *client) tokens(answer map[string]any) {
	c.accessToken, _ = answer["access_token"].(string)
	if t, ok := answer["id_token"].(string); ok {
		c.idToken = t
	}
	if t, ok := answer["refresh_token"].(string); ok {
		c.oldRefresh, c.refresh = c.refresh, t
	}
}

// do is a step of the client's own.
func (c *client) do(what string) error {
	switch what {
	case "refresh":
		c.tokens(c.post("/oauth2/token", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {c.refresh}}))
	case "reuse":
		c.post("/oauth2/token", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {c.oldRefresh}})
	case "code_again":
		c.post("/oauth2/token", url.Values{"grant_type": {"authorization_code"}, "code": {c.code}, "redirect_uri": {c.redirect}, "code_verifier": {c.verifier}})
	case "userinfo":
		c.userinfo = c.get("/oauth2/userinfo")
	case "credentials":
		c.tokens(c.post("/oauth2/token", url.Values{"grant_type": {"client_credentials"}}))
	default:
		return fmt.Errorf("a client knows refresh, reuse, code_again, userinfo, credentials and logout, and not %q", what)
	}
	return nil
}

// endSession is where a browser goes to sign out.
func (c *client) endSession() string {
	return c.origin + "/oauth2/end_session?" + url.Values{"id_token_hint": {c.idToken}, "client_id": {c.id.ID}}.Encode()
}

func (c *client) post(path string, form url.Values) map[string]any {
	if c.secret == "" {
		form.Set("client_id", c.id.ID)
	}
	q := httptest.NewRequest(http.MethodPost, c.origin+path, strings.NewReader(form.Encode()))
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	switch {
	case c.secret == "":
	case c.id.AuthMethod == "client_secret_post":
		form.Set("client_id", c.id.ID)
		form.Set("client_secret", c.secret)
		q = httptest.NewRequest(http.MethodPost, c.origin+path, strings.NewReader(form.Encode()))
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	default:
		q.SetBasicAuth(url.QueryEscape(c.id.ID), url.QueryEscape(c.secret))
	}
	return c.ask(q)
}

func (c *client) get(path string) map[string]any {
	q := httptest.NewRequest(http.MethodGet, c.origin+path, nil)
	q.Header.Set("Authorization", "Bearer "+c.accessToken)
	return c.ask(q)
}

func (c *client) ask(q *http.Request) map[string]any {
	q.RemoteAddr = "127.0.0.1:41000"
	w := httptest.NewRecorder()
	c.bench.ServeHTTP(w, q)
	answer := map[string]any{}
	_ = json.Unmarshal(w.Body.Bytes(), &answer) // what is no JSON has no members
	c.err, _ = answer["error"].(string)
	if c.err == "" && w.Code >= http.StatusBadRequest {
		c.err = errorOf(w.Header().Get("WWW-Authenticate"), w.Code)
	}
	c.last = map[string]any{"status": float64(w.Code), "error": c.err}
	for k, v := range answer {
		if !strings.HasSuffix(k, "_token") {
			c.last[k] = v
		}
	}
	return answer
}

// errorOf reads the error of RFC 6750 section 3.
func errorOf(header string, status int) string {
	if _, rest, ok := strings.Cut(header, `error="`); ok {
		code, _, _ := strings.Cut(rest, `"`)
		return code
	}
	return fmt.Sprintf("http_%d", status)
}

// payload answers the claims of a JWT. Whether it is signed rightly is for the
// stock clients to judge, which are tests of ours.
func payload(token string) map[string]any {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return nil
	}
	var claims map[string]any
	if json.Unmarshal(text, &claims) != nil {
		return nil
	}
	return claims
}
