package server

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

//go:embed demo/*.html
var demoPages embed.FS

var demoTemplates = template.Must(template.ParseFS(demoPages, "demo/*.html"))

// Token is one token as the demo client saw it.
type Token struct {
	Kind      string         `json:"kind"` // id_token or access_token
	Raw       string         `json:"raw"`
	Header    map[string]any `json:"header"`
	Claims    map[string]any `json:"claims"`
	Verified  bool           `json:"verified"`
	Problem   string         `json:"problem,omitempty"`
	ExpiresAt time.Time      `json:"expires_at"`
}

// TokenSet is what a sign-in of the demo client came to.
type TokenSet struct {
	ReceivedAt time.Time      `json:"received_at"`
	Tokens     []Token        `json:"tokens"`
	UserInfo   map[string]any `json:"userinfo,omitempty"`
}

// demo is a small application that signs in at the harness: a stock OpenID
// Connect client (go-oidc with x/oauth2) that knows nothing of us but the
// issuer.
type demo struct {
	h      *Harness
	tokens func(TokenSet)
	http   *http.Client

	mu      sync.Mutex
	pending map[string]attempt // by state
}

type attempt struct {
	verifier, nonce, browser string
	client, issuer           string
}

// maxPending bounds how many sign-ins can be under way.
const maxPending = 1000

const (
	demoCookie   = "authflow_demo"
	demoCallback = "/demo/callback"
)

func newDemo(h *Harness, tokens func(TokenSet)) *demo {
	return &demo{h: h, tokens: tokens, http: &http.Client{Transport: inProcess{h}}, pending: map[string]attempt{}}
}

func (d *demo) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self' 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'")
	switch r.URL.Path {
	case "/demo":
		d.page(w, http.StatusOK, "start.html", map[string]any{"Issuer": d.issuer(r), "Client": d.clientFor(d.issuer(r))})
	case "/demo/login":
		d.login(w, r)
	case demoCallback:
		d.callback(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (d *demo) page(w http.ResponseWriter, status int, name string, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if err := demoTemplates.ExecuteTemplate(w, name, data); err != nil {
		d.h.Log.Error("the demo client's page cannot be rendered", "page", name, "error", err)
	}
}

// issuer is the harness under the name by which the person came.
func (d *demo) issuer(r *http.Request) string {
	if issuer, ok := d.h.issuerFor(r.Host); ok {
		return issuer
	}
	return d.h.Issuer
}

// clientFor answers the client to sign in with: the project's own is for this
// machine, and an address that is not gets the harness's.
func (d *demo) clientFor(issuer string) string {
	u, err := url.Parse(issuer)
	if err != nil || u.Scheme != "http" || !slices.Contains([]string{"127.0.0.1", "localhost", "::1"}, u.Hostname()) {
		return HarnessClient
	}
	return d.h.PublicClient()
}

func (d *demo) config(ctx context.Context, client, issuer string) (*oauth2.Config, *oidc.Provider, error) {
	p, err := oidc.NewProvider(ctx, issuer)
	if err != nil {
		return nil, nil, err
	}
	return &oauth2.Config{ClientID: client, RedirectURL: issuer + demoCallback, Endpoint: p.Endpoint(), Scopes: []string{oidc.ScopeOpenID, "profile", "email"}}, p, nil
}

// login sends the person to the authorization endpoint. Parameters that a tester
// wants to try (prompt, max_age, login_hint, acr_values, ui_locales) pass.
func (d *demo) login(w http.ResponseWriter, r *http.Request) {
	ctx := oidc.ClientContext(r.Context(), d.http)
	issuer := d.issuer(r)
	client := d.clientFor(issuer)
	cfg, _, err := d.config(ctx, client, issuer)
	if err != nil {
		d.fail(w, err)
		return
	}
	a := attempt{verifier: oauth2.GenerateVerifier(), nonce: randomToken(d.h.World.Random), browser: randomToken(d.h.World.Random), client: client, issuer: issuer}
	state := randomToken(d.h.World.Random)
	d.mu.Lock()
	if len(d.pending) >= maxPending {
		clear(d.pending)
	}
	d.pending[state] = a
	d.mu.Unlock()
	opts := []oauth2.AuthCodeOption{oauth2.S256ChallengeOption(a.verifier), oidc.Nonce(a.nonce)}
	for _, name := range []string{"prompt", "max_age", "login_hint", "acr_values", "ui_locales"} {
		if v := r.URL.Query().Get(name); v != "" {
			opts = append(opts, oauth2.SetAuthURLParam(name, v))
		}
	}
	http.SetCookie(w, &http.Cookie{Name: demoCookie, Value: a.browser, Path: "/demo", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	http.Redirect(w, r, cfg.AuthCodeURL(state, opts...), http.StatusFound)
}

func (d *demo) callback(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	d.mu.Lock()
	a, ok := d.pending[q.Get("state")]
	delete(d.pending, q.Get("state"))
	d.mu.Unlock()
	ck, err := r.Cookie(demoCookie)
	if !ok || err != nil || !sameToken(ck.Value, a.browser) {
		d.fail(w, fmt.Errorf("this answer belongs to no sign-in that was begun here"))
		return
	}
	if iss := q.Get("iss"); iss != a.issuer {
		d.fail(w, fmt.Errorf("the answer comes from %q and not from %q (RFC 9207)", iss, a.issuer))
		return
	}
	if e := q.Get("error"); e != "" {
		d.page(w, http.StatusOK, "refused.html", map[string]any{"Error": e, "Description": q.Get("error_description")})
		return
	}
	set, err := d.exchange(r.Context(), a, q.Get("code"))
	if err != nil {
		d.fail(w, err)
		return
	}
	if d.tokens != nil {
		d.tokens(*set)
	}
	d.page(w, http.StatusOK, "tokens.html", map[string]any{"Set": set, "Pretty": pretty(set), "Logout": a.issuer + "/oauth2/end_session?id_token_hint=" + set.Tokens[0].Raw})
}

func (d *demo) exchange(ctx context.Context, a attempt, code string) (*TokenSet, error) {
	ctx = oidc.ClientContext(ctx, d.http)
	cfg, p, err := d.config(ctx, a.client, a.issuer)
	if err != nil {
		return nil, err
	}
	tok, err := cfg.Exchange(ctx, code, oauth2.VerifierOption(a.verifier))
	if err != nil {
		return nil, err
	}
	raw, _ := tok.Extra("id_token").(string)
	set := &TokenSet{ReceivedAt: d.h.Clock.Now().UTC()}
	verifier := p.Verifier(&oidc.Config{ClientID: a.client, Now: d.h.Clock.Now, SupportedSigningAlgs: []string{"ES256", "RS256", "EdDSA"}})
	id, err := verifier.Verify(ctx, raw)
	if err == nil && id.Nonce != a.nonce {
		err = fmt.Errorf("the nonce is not the one that was sent")
	}
	if err == nil && id.AccessTokenHash != "" {
		err = id.VerifyAccessToken(tok.AccessToken)
	}
	set.Tokens = append(set.Tokens, seen("id_token", raw, err))
	// The access token is for an API; this is what an API would check.
	api := p.Verifier(&oidc.Config{SkipClientIDCheck: true, Now: d.h.Clock.Now, SupportedSigningAlgs: []string{"ES256", "RS256", "EdDSA"}})
	_, err = api.Verify(ctx, tok.AccessToken)
	set.Tokens = append(set.Tokens, seen("access_token", tok.AccessToken, err))
	info, err := p.UserInfo(ctx, oauth2.StaticTokenSource(tok))
	if err != nil {
		return nil, err
	}
	return set, info.Claims(&set.UserInfo)
}

func pretty(set *TokenSet) []string {
	out := make([]string, len(set.Tokens))
	for i, t := range set.Tokens {
		text, err := json.MarshalIndent(t.Claims, "", "  ")
		if err != nil {
			text = []byte(err.Error())
		}
		out[i] = string(text)
	}
	return out
}

func (d *demo) fail(w http.ResponseWriter, err error) {
	d.page(w, http.StatusBadRequest, "refused.html", map[string]any{"Error": "the sign-in failed", "Description": err.Error()})
}

// mark answers what lets the client wait again for the sign-ins that it waits for
// now: for a run that is taken back after it has ended.
func (d *demo) mark() (restore func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	then := maps.Clone(d.pending)
	return func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		maps.Copy(d.pending, then)
	}
}
