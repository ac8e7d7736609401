package cli_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// This file tests the harness under several names, with TLS, and with people who
// are picked.

// trusting is a client that trusts one CA, and finds every name on this machine.
func trusting(t *testing.T, caFile, address string) *http.Client {
	t.Helper()
	text, err := os.ReadFile(caFile)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(text) {
		t.Fatalf("%s holds no certificate", caFile)
	}
	tr := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// TestHTTPSByALocalCA signs in by a stock client that trusts the CA, under each
// name.
func TestHTTPSByALocalCA(t *testing.T) {
	dir := t.TempDir()
	once(t, dir, "new", "acme")
	ready := program(t, dir, "run", "acme", "--addr", "127.0.0.1:0", "--json", "--https", "--host", "authflow.test")
	issuer, err := url.Parse(ready["issuer"].(string))
	if err != nil || issuer.Scheme != "https" {
		t.Fatal(ready)
	}
	client := trusting(t, ready["ca_file"].(string), issuer.Host)
	for _, name := range []string{"127.0.0.1", "localhost", "[::1]", "authflow.test"} {
		at := "https://" + name + ":" + issuer.Port()
		queue(t, client, ready, `{"user":"ada@example.com","aal":"aal2"}`)
		res := stockSignIn(t, client, at)
		for _, set := range res.Header.Values("Set-Cookie") {
			if strings.Contains(set, "session") && (!strings.HasPrefix(set, "__Host-") || !strings.Contains(set, "Secure")) {
				t.Errorf("%s sets %q", at, set)
			}
		}
	}
	if _, err := client.Get("https://other.test:" + issuer.Port()); err == nil || !strings.Contains(err.Error(), "certificate is valid for") {
		t.Errorf("another name: %v", err)
	}
	if _, err := http.Get(issuer.String()); err == nil {
		t.Error("who does not trust the CA is answered")
	}
}

func queue(t *testing.T, client *http.Client, ready map[string]any, body string) {
	t.Helper()
	req, err := http.NewRequest(http.MethodPost, ready["control_url"].(string)+"/next-user", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+ready["control_token"].(string))
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if text, _ := io.ReadAll(res.Body); res.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", res.StatusCode, text)
	}
}

// stockSignIn goes from discovery to a verified ID token, and answers what the
// authorization endpoint said.
func stockSignIn(t *testing.T, client *http.Client, issuer string) *http.Response {
	t.Helper()
	ctx := oidc.ClientContext(t.Context(), client)
	provider, err := oidc.NewProvider(ctx, issuer)
	if err != nil {
		t.Fatal(err)
	}
	cfg := oauth2.Config{ClientID: "local-app", Endpoint: provider.Endpoint(), RedirectURL: "http://127.0.0.1:5000/cb", Scopes: []string{"openid"}}
	verifier := oauth2.GenerateVerifier()
	res, err := client.Get(cfg.AuthCodeURL("st", oauth2.S256ChallengeOption(verifier)))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	back, err := res.Location()
	if err != nil || back.Query().Get("iss") != issuer {
		t.Fatalf("sent to %v, %v", back, err)
	}
	tok, err := cfg.Exchange(ctx, back.Query().Get("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := tok.Extra("id_token").(string)
	if _, err := provider.Verifier(&oidc.Config{ClientID: "local-app", SupportedSigningAlgs: []string{"ES256"}}).Verify(ctx, raw); err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(tok)); err != nil {
		t.Fatal(err)
	}
	return res
}

func TestRunWithPersonas(t *testing.T) {
	dir := t.TempDir()
	once(t, dir, "new", "acme")
	ready := program(t, dir, "run", "acme", "--addr", "127.0.0.1:0", "--json", "--personas")
	p := newPerson(t, "none")
	res, text := p.read(p.client.Get(ready["demo_url"].(string) + "/login"))
	if res.Request.URL.Path != "/oauth2/people" || !strings.Contains(text, "Ada Lovelace") {
		t.Errorf("at %s\n%s", res.Request.URL, text)
	}
	_, port, _ := net.SplitHostPort(res.Request.URL.Host)
	req, err := http.NewRequest(http.MethodGet, ready["issuer"].(string)+"/.well-known/openid-configuration", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = "evil.example.org:" + port
	if res, text := p.read(p.client.Do(req)); res.StatusCode != http.StatusMisdirectedRequest || !strings.Contains(text, "--host NAME") {
		t.Errorf("a strange host is answered %d %s", res.StatusCode, text)
	}
}
