package server_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/idp"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/server"
	"github.com/authflow-studio/authflow/engine/store"
)

const appCallback = "http://127.0.0.1:53682/callback"

// app is a stock client on a harness behind a real HTTP server, with somebody in
// front of it.
type app struct {
	t        *testing.T
	h        *server.Harness
	cfg      oauth2.Config
	provider *oidc.Provider
	browser  *http.Client
}

func newApp(t *testing.T, change func(files fstest.MapFS)) *app {
	t.Helper()
	a := &app{t: t}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { a.h.ServeHTTP(w, r) }))
	t.Cleanup(srv.Close)
	pool := script.NewPool(script.Options{Workers: 1})
	t.Cleanup(func() { pool.Close() })
	var err error
	if a.h, err = server.NewHarness(server.HarnessOptions{Issuer: srv.URL, Scripts: pool, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.h.Close() })
	files := starterFiles(t)
	if change != nil {
		change(files)
	}
	p, problems := flow.Load(files)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if err := a.h.Load(context.Background(), p, files[flow.WorldFile].Data); err != nil {
		t.Fatal(err)
	}
	if a.provider, err = oidc.NewProvider(context.Background(), srv.URL); err != nil {
		t.Fatal(err)
	}
	a.cfg = oauth2.Config{ClientID: "local-app", RedirectURL: appCallback, Endpoint: a.provider.Endpoint(), Scopes: []string{"openid", "offline_access"}}
	a.forget()
	return a
}

// forget gives the person a new browser.
func (a *app) forget() {
	jar, err := cookiejar.New(nil)
	if err != nil {
		a.t.Fatal(err)
	}
	a.browser = &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), appCallback) {
			return http.ErrUseLastResponse
		}
		return nil
	}}
}

// authorize asks for a code; it answers the parameters at the callback, or the
// page that was shown instead.
func (a *app) authorize(verifier string, more ...oauth2.AuthCodeOption) (url.Values, string) {
	a.t.Helper()
	return a.read(a.browser.Get(a.cfg.AuthCodeURL("s", append(more, oauth2.S256ChallengeOption(verifier))...)))
}

func (a *app) read(res *http.Response, err error) (url.Values, string) {
	a.t.Helper()
	if err != nil {
		a.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		a.t.Fatal(err)
	}
	if to, err := url.Parse(res.Header.Get("Location")); err == nil && strings.HasPrefix(to.String(), appCallback) {
		return to.Query(), ""
	}
	return nil, res.Request.URL.Path + "\n" + string(text)
}

// signIn signs Ada in.
func (a *app) signIn(more ...oauth2.AuthCodeOption) *oauth2.Token {
	a.t.Helper()
	verifier := oauth2.GenerateVerifier()
	q, page := a.authorize(verifier, more...)
	if q == nil {
		m := benchTicket.FindStringSubmatch(page)
		if m == nil {
			a.t.Fatal(page)
		}
		path, _, _ := strings.Cut(page, "\n")
		q, page = a.read(a.browser.PostForm(a.h.Issuer+path, url.Values{"identifier": {"ada"}, "password": {"analytical-engine"}, "_ticket": {m[1]}}))
	}
	tok, err := a.cfg.Exchange(context.Background(), q.Get("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		a.t.Fatal(err, page)
	}
	return tok
}

func (a *app) refresh(tok *oauth2.Token) (*oauth2.Token, error) {
	return a.cfg.TokenSource(context.Background(), &oauth2.Token{RefreshToken: tok.RefreshToken}).Token()
}

// accessClaims verifies an access token as an API does.
func (a *app) accessClaims(tok *oauth2.Token) map[string]any {
	a.t.Helper()
	at, err := a.provider.Verifier(&oidc.Config{SkipClientIDCheck: true, Now: a.h.Clock.Now}).Verify(context.Background(), tok.AccessToken)
	claims := map[string]any{}
	if err == nil {
		err = at.Claims(&claims)
	}
	if err != nil {
		a.t.Fatal(err)
	}
	return claims
}

func refusedWith(err error) string {
	var re *oauth2.RetrieveError
	if errors.As(err, &re) {
		return re.ErrorCode
	}
	return "no answer"
}

// Scenario 11: the claims are made anew at each refresh, from what the directory
// says then.
func TestARefreshRunsItsFlow(t *testing.T) {
	a := newApp(t, nil)
	tok := a.signIn()
	if d := a.accessClaims(tok)["department"]; d != "Research" {
		t.Errorf("department %v", d)
	}
	tx := store.Begin(a.h.Store())
	_, err := directory.New(tx, a.h.Clock, a.h.World.Random, nil).Update(context.Background(), "usr_ada", func(u *directory.User) error {
		u.AppMetadata["department"] = "Analysis"
		return nil
	})
	if err == nil {
		err = tx.Commit(context.Background())
	}
	if err != nil {
		t.Fatal(err)
	}
	again, err := a.refresh(tok)
	if err != nil {
		t.Fatal(err)
	}
	if d := a.accessClaims(again)["department"]; d != "Analysis" {
		t.Errorf("after the refresh: department %v", d)
	}
	if again.RefreshToken == tok.RefreshToken {
		t.Error("the refresh token was not rotated")
	}
}

// T2, scenario 30: a refresh token that is used twice ends the whole family.
func TestT2_AReusedRefreshTokenEndsItsFamily(t *testing.T) {
	a := newApp(t, nil)
	first := a.signIn()
	second, err := a.refresh(first)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.refresh(first); refusedWith(err) != "invalid_grant" {
		t.Errorf("the used token answered %v", err)
	}
	if _, err := a.refresh(second); refusedWith(err) != "invalid_grant" {
		t.Errorf("the family lives on: %v", err)
	}
}

func TestARefreshFlowMayRefuse(t *testing.T) {
	for name, to := range map[string]string{"denies": "refused", "asks": "asks"} {
		t.Run(name, func(t *testing.T) {
			a := newApp(t, func(files fstest.MapFS) {
				text := string(files["flows/token_refresh.json"].Data)
				text = strings.Replace(text, `"ok": "department"`, `"ok": "`+to+`"`, 1)
				text = strings.Replace(text, `"refused": {`, `"asks": {"type": "choose", "stage": "pre_issue", "config": {"options": [{"port": "yes"}]}, "next": {"yes": "tokens"}}, "refused": {`, 1)
				files["flows/token_refresh.json"] = &fstest.MapFile{Data: []byte(text)}
			})
			tok := a.signIn()
			if _, err := a.refresh(tok); refusedWith(err) != "invalid_grant" {
				t.Errorf("answered %v", err)
			}
		})
	}
}

func TestWithoutARefreshFlowTheProviderGoesOn(t *testing.T) {
	a := newApp(t, func(files fstest.MapFS) { delete(files, "flows/token_refresh.json") })
	again, err := a.refresh(a.signIn())
	if err != nil {
		t.Fatal(err)
	}
	if d := a.accessClaims(again)["department"]; d != "Research" {
		t.Errorf("department %v", d)
	}
}

// Scenario 31: prompt=none with and without a session, max_age.
func TestS4_ASessionAnswersWhatItSatisfies(t *testing.T) {
	a := newApp(t, nil)
	none := oauth2.SetAuthURLParam("prompt", "none")
	if q, _ := a.authorize("v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1", none); q.Get("error") != "login_required" {
		t.Errorf("without a session: %v", q)
	}
	a.signIn()
	if q, _ := a.authorize("v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1", none); q.Get("code") == "" {
		t.Errorf("with a session: %v", q)
	}
	a.h.Clock.Advance(120e9)
	for _, more := range []oauth2.AuthCodeOption{oauth2.SetAuthURLParam("max_age", "60"), oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("acr_values", "aal2")} {
		if q, page := a.authorize("v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1", more); q != nil || !strings.HasPrefix(page, "/fl/") {
			t.Errorf("%v: %v", more, q)
		}
	}
	if q, page := a.authorize("v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1", oauth2.SetAuthURLParam("prompt", "create")); q != nil || !strings.HasPrefix(page, "/fl/sign_up") {
		t.Errorf("prompt=create: %v %.60s", q, page)
	}
}

// Logging out runs the logout flow, ends the session and its refresh tokens, and
// comes back to the application.
func TestLogoutRunsItsFlow(t *testing.T) {
	a := newApp(t, func(files fstest.MapFS) {
		text := string(files["clients.yaml"].Data)
		files["clients.yaml"] = &fstest.MapFile{Data: []byte(text + "    post_logout_redirect_uris: [\"" + appCallback + "\"]\n")}
	})
	tok := a.signIn()
	id, _ := tok.Extra("id_token").(string)
	q, page := a.read(a.browser.Get(a.h.Issuer + "/oauth2/end_session?" + url.Values{"id_token_hint": {id}, "post_logout_redirect_uri": {appCallback}, "state": {"bye"}}.Encode()))
	if q.Get("state") != "bye" {
		t.Fatalf("%v %s", q, page)
	}
	if _, err := a.refresh(tok); refusedWith(err) != "invalid_grant" {
		t.Errorf("the refresh token outlives the session: %v", err)
	}
	if q, _ := a.authorize("v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1v1", oauth2.SetAuthURLParam("prompt", "none")); q.Get("error") != "login_required" {
		t.Errorf("after the logout: %v", q)
	}
}

// A password reset ends sessions and refresh tokens (S2).
func TestS2_EndsTakeRefreshTokensAlong(t *testing.T) {
	a := newApp(t, nil)
	tok := a.signIn()
	if err := a.h.ResetUsers(context.Background()); err != nil {
		t.Fatal(err)
	}
	if _, err := a.refresh(tok); refusedWith(err) != "invalid_grant" {
		t.Errorf("answered %v", err)
	}
}

// T1: tokens are JWTs signed with published keys; the access token is of the
// form of RFC 9068; claims of the run are in both, and cannot take the place of
// the issuer's own.
func TestT1_TokensCarryTheClaimsOfTheRun(t *testing.T) {
	a := newApp(t, func(files fstest.MapFS) {
		files["actions/account_kind.js"] = &fstest.MapFile{Data: []byte(`export default async function (event, step, api) {
			for (const name of ['iss', 'sub', 'aud', 'exp', 'client_id', 'scope', 'acr', 'sid']) {
				try { api.accessToken.setCustomClaim(name, 'mine'); api.state.set('took', name) } catch (e) { api.log('info', 'refused ' + name) }
			}
			api.idToken.setCustomClaim('https://acme.example/tier', { level: 3 })
		}`)}
	})
	tok := a.signIn()
	raw, _ := tok.Extra("id_token").(string)
	id, err := a.provider.Verifier(&oidc.Config{ClientID: "local-app", Now: a.h.Clock.Now}).Verify(context.Background(), raw)
	if err != nil {
		t.Fatal(err)
	}
	claims := map[string]any{}
	if err := id.Claims(&claims); err != nil {
		t.Fatal(err)
	}
	if tier, _ := claims["https://acme.example/tier"].(map[string]any); tier["level"] != 3.0 || claims["department"] != "Research" {
		t.Errorf("ID token %v", claims)
	}
	access := a.accessClaims(tok)
	for name, v := range access {
		if v == "mine" {
			t.Errorf("an Action has set %s", name)
		}
	}
	for _, name := range []string{"iss", "sub", "aud", "exp", "iat", "jti", "client_id"} {
		if access[name] == nil {
			t.Errorf("the access token has no %s", name)
		}
	}
	if head := headerOf(t, tok.AccessToken); head["typ"] != "at+jwt" || head["kid"] == "" {
		t.Errorf("header %v", head)
	}
}

// Without PKCE a nonce binds the code, for the one client that is registered so;
// a verifier for a code without a challenge is refused.
func TestPKCEByNonce(t *testing.T) {
	a := newApp(t, func(files fstest.MapFS) {
		files["clients.yaml"] = &fstest.MapFile{Data: []byte(string(files["clients.yaml"].Data) + "  - {id: old, name: Old, secret_name: OLD, pkce: nonce, redirect_uris: [\"" + appCallback + "\"]}\n")}
		files[flow.WorldFile] = &fstest.MapFile{Data: []byte("secrets: {OLD: old-secret}\n" + string(files[flow.WorldFile].Data))}
	})
	a.signIn()
	ask := func(client string, more ...oauth2.AuthCodeOption) url.Values {
		t.Helper()
		cfg := a.cfg
		cfg.ClientID = client
		q, page := a.read(a.browser.Get(cfg.AuthCodeURL("s", more...)))
		if q == nil {
			t.Fatal(page)
		}
		return q
	}
	if q := ask("local-app", oidc.Nonce("n")); q.Get("error") != "invalid_request" {
		t.Errorf("another client: %v", q)
	}
	if q := ask("old"); q.Get("error") != "invalid_request" {
		t.Errorf("without a nonce: %v", q)
	}
	cfg := a.cfg
	cfg.ClientID, cfg.ClientSecret = "old", "old-secret"
	if _, err := cfg.Exchange(context.Background(), ask("old", oidc.Nonce("n")).Get("code"), oauth2.VerifierOption(oauth2.GenerateVerifier())); refusedWith(err) != "invalid_grant" {
		t.Errorf("a verifier for a code without a challenge: %v", err)
	}
	if _, err := cfg.Exchange(context.Background(), ask("old", oidc.Nonce("n")).Get("code")); err != nil {
		t.Error(err)
	}
}

// The provider's own pages speak the person's language, too; every text that it
// asks for is among the labels.
func TestN10_TheProvidersPagesSpeakTheLanguage(t *testing.T) {
	a := newApp(t, nil)
	req, err := http.NewRequest("GET", a.h.Issuer+"/oauth2/authorize?client_id=nobody", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Language", "de")
	_, page := a.read(a.browser.Do(req))
	if !strings.Contains(page, `lang="de"`) || !strings.Contains(page, "Diese Anmeldung kann nicht beantwortet werden") {
		t.Error(page)
	}
	for key := range idp.Texts() {
		if _, ok := block.BuiltIn("en", key); !ok && key != "idp.brand" {
			t.Errorf("no label %s", key)
		}
	}
}
