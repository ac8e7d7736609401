package idp_test

import (
	"context"
	"crypto/sha256"
	"errors"
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
	// flows are the triggers besides login that there are flows for.
	flows map[string]bool
	rps   *relyingParties
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
		{ID: "named", RedirectURIs: []string{"http://localhost/cb", "http://intranet.example.org/cb"}},
		{ID: "dev", AnyLoopbackRedirect: true},
		{ID: "api", RedirectURIs: []string{callback}, Scopes: []string{"openid", "orders:read"}},
		{ID: "offline", RedirectURIs: []string{callback}, RefreshTokens: idp.RefreshOffline, PostLogoutRedirectURIs: []string{"https://app.example.org/bye"}},
		{ID: "never", RedirectURIs: []string{callback}, RefreshTokens: idp.RefreshOff},
		{ID: "patient", RedirectURIs: []string{callback}, RefreshGrace: 10 * time.Second, RefreshIdle: time.Hour, RefreshLife: 3 * time.Hour},
		{ID: "service", Secret: secret, TokenEndpointAuthMethod: idp.AuthPost, GrantTypes: []string{idp.GrantClientCredentials},
			Scopes: []string{"openid", "jobs:run", "jobs:read"}, Resources: []string{ordersAPI}},
		{ID: "opaque", RedirectURIs: []string{callback}, AccessTokenFormat: idp.FormatOpaque},
		{ID: "orders", RedirectURIs: []string{callback}, Resources: []string{ordersAPI, stockAPI}},
		{ID: "pushing", RedirectURIs: []string{callback}, RequirePAR: true},
		{ID: "told", RedirectURIs: []string{callback}, BackchannelLogoutURI: "https://told.example.org/logout"},
		{ID: "told too", RedirectURIs: []string{callback}, BackchannelLogoutURI: "https://too.example.org/logout?x=1", IDTokenAlg: idp.RS256},
		{ID: "nonced", Secret: secret, TokenEndpointAuthMethod: idp.AuthPost, RedirectURIs: []string{callback}, PKCE: idp.PKCEByNonce},
		{ID: "keyed", RedirectURIs: []string{callback}, TokenEndpointAuthMethod: idp.AuthPrivateKey, JWKS: keyedJWKS()},
	}
}

const (
	ordersAPI = "https://orders.example.org/api"
	stockAPI  = "https://stock.example.org/api"
)

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
func newOPAt(t testing.TB, path string, seed byte) *op { return newOPWith(t, path, seed, nil) }

// newOPWith changes its options before it is made.
func newOPWith(t testing.TB, path string, seed byte, change func(*idp.Options)) *op {
	o := &op{t: t, flows: map[string]bool{}, clock: storetest.NewClock(), rnd: storetest.NewRandom(seed)}
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
	o.rps = newRelyingParties(t)
	options := idp.Options{
		HTTP: o.rps, Testing: true,
		Issuer: o.issuer, Store: s, Clock: o.clock, Random: o.rnd, Clients: registry,
		SessionSecret: func(r *http.Request) string {
			if c, err := r.Cookie(cookie); err == nil {
				return c.Value
			}
			return ""
		},
		ClearSession: func(w http.ResponseWriter) { http.SetCookie(w, &http.Cookie{Name: cookie, Path: "/", MaxAge: -1}) },
		Report:       func(err error) { o.reports = append(o.reports, err) },
	}
	if change != nil {
		change(&options)
	}
	if o.provider, err = idp.New(options); err != nil {
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

// HasFlow says which flows there are.
func (o *op) HasFlow(trigger string) bool { return trigger == "login" || o.flows[trigger] }

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
