package idp_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/idp"
	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/store/bolt"
	"github.com/authflow-studio/authflow/engine/store/storetest"
)

const (
	callback = "https://app.example.org/cb"
	verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk" // of RFC 7636
	cookie   = "session"
	// secret holds what the form encoding of RFC 6749 section 2.3.1 changes.
	secret = "s3cret%:+& ü"
)

// op is a provider on a real port, a browser, and a starter whose runs end at
// once as outcome says.
type op struct {
	t        testing.TB
	issuer   string
	store    store.Store
	clock    *storetest.Clock
	rnd      *storetest.Random
	provider *idp.Provider
	user     directory.User
	browser  *http.Client
	network  *http.Transport // leads every name to the provider's port
	// asked holds the requests for runs, outcome what becomes of the next ones.
	asked   []idp.StartRequest
	outcome func(s *session.Sessions) idp.Outcome
	reports []error
}

func clients() []idp.Client {
	return []idp.Client{
		{ID: "app", Name: "The App", RedirectURIs: []string{callback, "https://app.example.org/other?keep=1"},
			PostLogoutRedirectURIs: []string{"https://app.example.org/bye", "https://app.example.org/bye?keep=1"},
			AllowedOrigins:         []string{"https://app.example.org"}},
		{ID: "basic", Secret: secret, TokenEndpointAuthMethod: idp.AuthBasic, RedirectURIs: []string{callback}, IDTokenAlg: idp.RS256},
		{ID: "post", SecretHash: sha(secret), TokenEndpointAuthMethod: idp.AuthPost, RedirectURIs: []string{callback}, IDTokenAlg: idp.EdDSA},
		{ID: "either", Secret: secret, RedirectURIs: []string{callback}},
		{ID: "native", RedirectURIs: []string{"http://127.0.0.1/cb", "http://[::1]/cb", "http://localhost/cb", "com.example.app:/cb"}},
		{ID: "dev", AnyLoopbackRedirect: true},
		{ID: "api", RedirectURIs: []string{callback}, Scopes: []string{"openid", "orders:read"}},
	}
}

func sha(s string) string {
	sum := sha256.Sum256([]byte(s))
	const hex = "0123456789abcdef"
	var out strings.Builder
	for _, b := range sum {
		out.WriteByte(hex[b>>4])
		out.WriteByte(hex[b&15])
	}
	return out.String()
}

func newOP(t testing.TB) *op { return newOPAt(t, "", 1) }

// newForeignOP makes one with the same address and other keys.
func newForeignOP(t testing.TB) *op { return newOPAt(t, "", 2) }

// newOPAt makes a provider whose issuer has a path, and randomness of a seed.
func newOPAt(t testing.TB, path string, seed byte) *op {
	o := &op{t: t, clock: storetest.NewClock(), rnd: storetest.NewRandom(seed)}
	s, err := bolt.OpenWith(filepath.Join(t.TempDir(), "data"), o.clock, bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	o.store = s
	registry, err := idp.NewRegistry(clients()...)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(nil)
	o.issuer = "http://op.example.org" + path
	o.network = &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
	}}
	t.Cleanup(o.network.CloseIdleConnections)
	o.provider, err = idp.New(idp.Options{
		Issuer: o.issuer, Store: s, Clock: o.clock, Random: o.rnd, Clients: registry,
		SessionSecret: func(r *http.Request) string {
			if c, err := r.Cookie(cookie); err == nil {
				return c.Value
			}
			return ""
		},
		ClearSession: func(w http.ResponseWriter) { http.SetCookie(w, &http.Cookie{Name: cookie, Path: "/", MaxAge: -1}) },
		Report:       func(err error) { o.reports = append(o.reports, err) },
	})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = o.provider.Handler(o)
	server.Start()
	t.Cleanup(server.Close)
	o.newBrowser()
	o.unit(func(tx *store.Tx) error {
		o.user, err = directory.New(tx, o.clock, o.rnd, nil).Create(context.Background(), directory.User{
			ID: "usr_ada", Email: "ada@example.org", EmailVerified: true, Username: "ada", Name: "Ada Lovelace", Phone: "+4930123456",
			UserMetadata: map[string]any{"given_name": "Ada", "shoe_size": 7},
		})
		return err
	})
	o.signsIn(session.Spec{AMR: []string{"pwd"}}, idp.Claims{})
	t.Cleanup(func() {
		for _, err := range o.reports {
			t.Errorf("reported: %v", err)
		}
	})
	return o
}

// newBrowser forgets all cookies.
func (o *op) newBrowser() {
	jar, err := cookiejar.New(nil)
	if err != nil {
		o.t.Fatal(err)
	}
	o.browser = &http.Client{Transport: o.network, Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func (o *op) unit(work func(tx *store.Tx) error) {
	o.t.Helper()
	tx := store.Begin(o.store)
	if err := errors.Join(work(tx), tx.Commit(context.Background())); err != nil {
		o.t.Fatal(err)
	}
}

// signsIn lets the next runs end with a session.
func (o *op) signsIn(spec session.Spec, claims idp.Claims) {
	spec.UserID = o.user.ID
	o.outcome = func(s *session.Sessions) idp.Outcome {
		ses, secret, err := s.Issue(context.Background(), spec)
		if err != nil {
			o.t.Error(err)
		}
		o.setCookie(secret)
		return idp.Outcome{Success: true, UserID: ses.UserID, Session: &ses, Claims: claims}
	}
}

// fails lets the next runs end without one.
func (o *op) fails(outcome idp.Outcome) {
	o.outcome = func(*session.Sessions) idp.Outcome { return outcome }
}

func (o *op) setCookie(secret string) {
	u, err := url.Parse(o.issuer)
	if err != nil {
		o.t.Fatal(err)
	}
	o.browser.Jar.SetCookies(u, []*http.Cookie{{Name: cookie, Value: secret, Path: "/"}})
}

func (o *op) cookie() string {
	u, _ := url.Parse(o.issuer)
	for _, c := range o.browser.Jar.Cookies(u) {
		if c.Name == cookie {
			return c.Value
		}
	}
	return ""
}

// Start is a run that ends at once.
func (o *op) Start(w http.ResponseWriter, r *http.Request, s idp.StartRequest) {
	o.asked = append(o.asked, s)
	var to string
	o.unit(func(tx *store.Tx) (err error) {
		to, err = o.provider.Finish(r.Context(), tx, s.Origin, o.outcome(session.New(tx, o.clock, o.rnd)))
		return err
	})
	http.Redirect(w, r, to, http.StatusFound)
}

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

// audited answers the types of all records, and checks the chain.
func (o *op) audited() []string {
	o.t.Helper()
	entries, err := audit.New(store.Begin(o.store), o.clock).Read(context.Background(), 0, 0)
	if err != nil {
		o.t.Fatal(err)
	}
	var types []string
	for _, e := range entries {
		types = append(types, e.Type)
	}
	if _, _, err := audit.Verify(context.Background(), o.store); err != nil {
		o.t.Error(err)
	}
	return types
}

func (o *op) sessions() []session.Session {
	o.t.Helper()
	all, err := session.New(store.Begin(o.store), o.clock, o.rnd).ListAll(context.Background(), 0, "")
	if err != nil {
		o.t.Fatal(err)
	}
	return all
}

func seconds(t time.Time) float64 { return float64(t.Unix()) }
