package cli_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// program starts authflow as a process and reads the line it prints when ready.
func program(t *testing.T, dir string, args ...string) map[string]any {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), asProgram+"=1", "AUTHFLOW_CONFIG_DIR="+t.TempDir())
	return start(t, cmd, dir)
}

// start starts a program that prints a line when it is ready; it ends with the
// test.
func start(t *testing.T, cmd *exec.Cmd, dir string) map[string]any {
	t.Helper()
	cmd.Dir = dir
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		done := make(chan struct{})
		go func() { _ = cmd.Wait(); close(done) }()
		select {
		case <-done:
		case <-time.After(20 * time.Second):
			_ = cmd.Process.Kill()
			t.Errorf("%v did not end when it was asked to", cmd.Args)
		}
	})
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		t.Fatalf("%v printed nothing: %v", cmd.Args, err)
	}
	var v map[string]any
	if err := json.Unmarshal(line, &v); err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return v
}

// once runs authflow to its end.
func once(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env, cmd.Dir = append(os.Environ(), asProgram+"=1"), dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
}

// person is somebody with a browser that follows redirects up to the client.
type person struct {
	t      *testing.T
	client *http.Client
}

func newPerson(t *testing.T, callback string) *person {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &person{t, &http.Client{Jar: jar, Timeout: 20 * time.Second, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), callback) {
			return http.ErrUseLastResponse
		}
		return nil
	}}}
}

var ticket = regexp.MustCompile(`name="_ticket" value="([^"]+)"`)

func (p *person) read(res *http.Response, err error) (*http.Response, string) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return res, string(text)
}

// signIn goes the whole way as go-oidc and x/oauth2 do, with nothing special.
func signIn(t *testing.T, issuer, clientID, name, password string) (*oidc.IDToken, *oauth2.Token) {
	t.Helper()
	ctx := context.Background()
	provider, err := oidc.NewProvider(ctx, issuer)
	if err != nil {
		t.Fatal(err)
	}
	const callback = "http://127.0.0.1:53682/callback"
	cfg := oauth2.Config{ClientID: clientID, RedirectURL: callback, Endpoint: provider.Endpoint(), Scopes: []string{"openid", "email", "profile"}}
	verifier := oauth2.GenerateVerifier()
	p := newPerson(t, callback)
	res, page := p.read(p.client.Get(cfg.AuthCodeURL("the-state", oauth2.S256ChallengeOption(verifier), oidc.Nonce("the-nonce"))))
	if res.StatusCode != 200 {
		t.Fatalf("the sign-in page answered %d\n%s", res.StatusCode, page)
	}
	form := url.Values{"identifier": {name}, "password": {password}, "_ticket": {ticket.FindStringSubmatch(page)[1]}}
	res, page = p.read(p.client.PostForm(res.Request.URL.String(), form))
	to, err := url.Parse(res.Header.Get("Location"))
	if err != nil || !strings.HasPrefix(to.String(), callback) {
		t.Fatalf("the submit answered %d to %q\n%s", res.StatusCode, to, page)
	}
	if q := to.Query(); q.Get("state") != "the-state" || q.Get("iss") != issuer {
		t.Errorf("answer %s", to)
	}
	tok, err := cfg.Exchange(ctx, to.Query().Get("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := tok.Extra("id_token").(string)
	id, err := provider.Verifier(&oidc.Config{ClientID: clientID}).Verify(ctx, raw)
	if err != nil {
		t.Fatal(err)
	}
	if id.Nonce != "the-nonce" {
		t.Errorf("nonce %q", id.Nonce)
	}
	if err := id.VerifyAccessToken(tok.AccessToken); err != nil {
		t.Error(err)
	}
	info, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(tok))
	if err != nil || info.Subject != id.Subject {
		t.Errorf("userinfo %+v, %v", info, err)
	}
	return id, tok
}

// A bundle that was exported and signed is served, and a stock client signs in
// with the claims of the flow in its tokens.
func TestServeABundleToAStockClient(t *testing.T) {
	dir := t.TempDir()
	once(t, dir, "new", "acme")
	once(t, dir, "keys", "new", "my.key")
	once(t, dir, "export", "acme", "-o", "acme.afb", "--key", "my.key")
	ready := program(t, dir, "serve", "acme.afb", "--trust", "my.key.pub", "--users", filepath.Join("acme", "world.yaml"), "--addr", "127.0.0.1:0", "--json")
	issuer := ready["issuer"].(string)
	id, _ := signIn(t, issuer, "local-app", "ada@example.com", "analytical-engine")
	var claims struct {
		Department string `json:"department"`
		ACR        string `json:"acr"`
	}
	if err := id.Claims(&claims); err != nil {
		t.Fatal(err)
	}
	if id.Subject != "usr_ada" || claims.Department != "Research" || claims.ACR != "aal1" {
		t.Errorf("subject %s, claims %+v", id.Subject, claims)
	}
	res, err := http.Get(ready["status_url"].(string))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var status struct {
		Active struct {
			SignedBy string `json:"signed_by"`
			Name     string `json:"name"`
		} `json:"active"`
		UnsignedAllowed bool `json:"unsigned_allowed"`
	}
	if err := json.NewDecoder(res.Body).Decode(&status); err != nil {
		t.Fatal(err)
	}
	if status.Active.SignedBy == "" || status.Active.Name != "acme" || status.UnsignedAllowed {
		t.Errorf("status %+v", status)
	}
	if res, err := http.Get(issuer + "/control/v1/users"); err != nil || res.StatusCode != 404 {
		t.Errorf("the control API is reachable in production: %v, %v", res, err)
	}
}

// The same in the harness, with what `run --json` prints and the control API.
func TestRunAndControl(t *testing.T) {
	dir := t.TempDir()
	once(t, dir, "new", "acme")
	ready := program(t, dir, "run", "acme", "--addr", "127.0.0.1:0", "--json")
	users := ready["users"].([]any)
	first := users[0].(map[string]any)
	id, _ := signIn(t, ready["issuer"].(string), ready["client_id"].(string), first["identifier"].(string), first["password"].(string))
	if id.Subject != "usr_ada" {
		t.Errorf("subject %s", id.Subject)
	}
	control := func(method, path, body, token string) (int, map[string]any) {
		t.Helper()
		req, err := http.NewRequest(method, ready["control_url"].(string)+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+token)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		var v map[string]any
		if err := json.NewDecoder(res.Body).Decode(&v); err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, v
	}
	token := ready["control_token"].(string)
	if status, _ := control("GET", "/users", "", "wrong"); status != 401 {
		t.Errorf("a wrong token answered %d", status)
	}
	if _, v := control("GET", "/sessions", "", token); len(v["sessions"].([]any)) != 1 {
		t.Errorf("sessions %v", v)
	}
	if _, v := control("POST", "/clock", `{"advance":"1h"}`, token); v["offset"] != "1h0m0s" {
		t.Errorf("clock %v", v)
	}
	if status, v := control("POST", "/clock", `{"advance":"soon"}`, token); status != 400 || v["error"] == nil {
		t.Errorf("clock %d %v", status, v)
	}
	if _, v := control("POST", "/world", `{"ip":"203.0.113.7"}`, token); v["kind"] != "vpn" {
		t.Errorf("world %v", v)
	}
	if _, v := control("POST", "/users/reset", "", token); v["reset"] != true {
		t.Errorf("reset %v", v)
	}
	if _, v := control("GET", "/sessions", "", token); len(v["sessions"].([]any)) != 0 {
		t.Errorf("sessions after the reset: %v", v)
	}
	if _, v := control("GET", "/audit", "", token); len(v["records"].([]any)) == 0 {
		t.Error("no audit records")
	}
	if _, v := control("GET", "/outbox?to=nobody@example.com&wait=50ms", "", token); len(v["messages"].([]any)) != 0 {
		t.Errorf("outbox %v", v)
	}
}

// The studio in browser mode answers as a program, too.
func TestBrowserMode(t *testing.T) {
	dir := t.TempDir()
	once(t, dir, "new", "acme")
	ready := program(t, dir, "--browser", "--addr", "127.0.0.1:0", "--no-open", "--json", "--harness-addr", "127.0.0.1:0", "acme")
	p := newPerson(t, "none")
	res, _ := p.read(p.client.Get(ready["url"].(string)))
	address := "http://" + res.Request.URL.Host + "/api/call/project.current"
	res, text := p.read(p.client.Post(address, "application/json", strings.NewReader("{}")))
	if res.StatusCode != 200 || !strings.Contains(text, `"name":"acme"`) {
		t.Errorf("%d %s", res.StatusCode, text)
	}
}
