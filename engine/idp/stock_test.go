package idp_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/authflow-studio/authflow/engine/idp"
	"github.com/authflow-studio/authflow/engine/session"
)

// TestStockClientGoesTheWholeWay signs in with libraries that know nothing of
// this provider: discovery, PKCE, exchange, verification, userinfo.
func TestStockClientGoesTheWholeWay(t *testing.T) {
	for _, c := range []struct {
		client, secret, alg string
		style               oauth2.AuthStyle
		path                string
	}{
		{"app", "", "ES256", oauth2.AuthStyleInParams, ""},
		{"app", "", "ES256", oauth2.AuthStyleAutoDetect, "/tenant/a"},
		{"basic", secret, "RS256", oauth2.AuthStyleInHeader, ""},
		{"basic", secret, "RS256", oauth2.AuthStyleAutoDetect, ""},
		{"post", secret, "EdDSA", oauth2.AuthStyleAutoDetect, ""},
	} {
		t.Run(c.client+" "+c.alg+c.path, func(t *testing.T) {
			o := newOPAt(t, c.path, 1)
			o.signsIn(session.Spec{AMR: []string{"pwd"}}, idp.Claims{IDToken: map[string]any{"department": "physics"}})
			ctx := o.online()
			provider, err := oidc.NewProvider(ctx, o.issuer)
			if err != nil {
				t.Fatal(err)
			}
			endpoint := provider.Endpoint()
			endpoint.AuthStyle = c.style
			config := oauth2.Config{ClientID: c.client, ClientSecret: c.secret, Endpoint: endpoint, RedirectURL: callback, Scopes: []string{"openid", "profile", "email"}}
			verifier := oauth2.GenerateVerifier()
			resp, err := o.browser.Get(config.AuthCodeURL("some state", oidc.Nonce("some nonce"), oauth2.S256ChallengeOption(verifier)))
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			back, err := resp.Location()
			if err != nil || back.Query().Get("state") != "some state" {
				t.Fatal(resp.Status, back, err)
			}
			token, err := config.Exchange(ctx, back.Query().Get("code"), oauth2.VerifierOption(verifier))
			if err != nil {
				t.Fatal(err)
			}
			checkStock(ctx, t, o, provider, config, token, c.alg)
		})
	}
}

// online is a context in which stock clients reach the provider.
func (o *op) online() context.Context {
	return oidc.ClientContext(context.Background(), &http.Client{Transport: o.network})
}

func checkStock(ctx context.Context, t *testing.T, o *op, provider *oidc.Provider, config oauth2.Config, token *oauth2.Token, alg string) {
	raw, _ := token.Extra("id_token").(string)
	check := &oidc.Config{ClientID: config.ClientID, Now: o.clock.Now, SupportedSigningAlgs: []string{alg}}
	id, err := provider.Verifier(check).Verify(ctx, raw)
	if err != nil {
		t.Fatal(err)
	}
	var custom struct {
		Department string
		AMR        []string
	}
	if err := id.Claims(&custom); err != nil || custom.Department != "physics" || len(custom.AMR) != 1 {
		t.Errorf("claims are %+v, %v", custom, err)
	}
	if id.Subject != o.user.ID || id.Nonce != "some nonce" || id.Issuer != o.issuer {
		t.Errorf("the ID token is %+v", id)
	}
	if err := id.VerifyAccessToken(token.AccessToken); err != nil {
		t.Errorf("at_hash: %v", err)
	}
	if id.AccessTokenHash == "" || id.VerifyAccessToken(token.AccessToken+"x") == nil {
		t.Error("at_hash fits anything")
	}
	token.Expiry = time.Time{} // the token source would look at the machine's clock
	info, err := provider.UserInfo(ctx, config.TokenSource(ctx, token))
	if err != nil || info.Subject != id.Subject || info.Email != "ada@example.org" || !info.EmailVerified {
		t.Errorf("userinfo is %+v, %v", info, err)
	}
	check.Now = func() time.Time { return o.clock.Now().Add(2 * time.Hour) }
	if _, err := provider.Verifier(check).Verify(ctx, raw); err == nil {
		t.Error("an expired ID token verifies")
	}
}

// TestStockClientNoticesTampering makes sure that the check above can fail.
func TestStockClientNoticesTampering(t *testing.T) {
	o := newOP(t)
	ctx := o.online()
	provider, err := oidc.NewProvider(ctx, o.issuer)
	if err != nil {
		t.Fatal(err)
	}
	good, other := o.signIn().ID, newForeignOP(t).signIn().ID
	check := &oidc.Config{ClientID: "app", Now: o.clock.Now}
	if _, err := provider.Verifier(check).Verify(ctx, good); err != nil {
		t.Fatal(err)
	}
	tampered := good[:len(good)-10] + "AAAAAAAAAA"
	for _, bad := range []string{tampered, other} {
		if _, err := provider.Verifier(check).Verify(ctx, bad); err == nil {
			t.Error("it verifies")
		}
	}
}

// TestIssIsByteEqualEverywhere: clients compare it as text (RFC 9207).
func TestIssIsByteEqualEverywhere(t *testing.T) {
	for _, path := range []string{"", "/Tenant/%C3%BC"} {
		o := newOPAt(t, path, 1)
		got := o.signIn()
		var metadata struct{ Issuer string }
		o.json(o.get("/.well-known/openid-configuration", nil), &metadata)
		refusal := o.sentTo(o.authorize("response_type", ""), callback).Get("iss")
		for where, iss := range map[string]any{
			"ID token": claims(t, got.ID)["iss"], "access token": claims(t, got.Access)["iss"], "metadata": metadata.Issuer, "error": refusal,
		} {
			if iss != o.issuer {
				t.Errorf("iss in %s is %v, want %s", where, iss, o.issuer)
			}
		}
	}
}

func TestIssuersThatCannotBe(t *testing.T) {
	o := newOP(t)
	good := idp.Options{
		Store: o.store, Clock: o.clock, Random: o.rnd, Clients: &idp.Registry{},
		SessionSecret: func(*http.Request) string { return "" }, ClearSession: func(http.ResponseWriter) {},
	}
	for _, issuer := range []string{"", "https://", "ftp://x", "https://x/", "https://x?q", "https://x#f", "https://x?", "https://u@x", "x"} {
		bad := good
		bad.Issuer = issuer
		if _, err := idp.New(bad); err == nil {
			t.Errorf("%q is an issuer", issuer)
		}
	}
	good.Issuer = "https://x"
	if _, err := idp.New(good); err != nil {
		t.Error(err)
	}
	good.Clients = nil
	if _, err := idp.New(good); err == nil {
		t.Error("a provider without clients is made")
	}
}

// TestStockClientRefreshes through the token source of x/oauth2, until the
// session ends.
func TestStockClientRefreshes(t *testing.T) {
	o := newOP(t)
	ctx := o.online()
	provider, err := oidc.NewProvider(ctx, o.issuer)
	if err != nil {
		t.Fatal(err)
	}
	config := oauth2.Config{ClientID: "app", Endpoint: provider.Endpoint(), RedirectURL: callback}
	got := o.offline("app")
	stale := &oauth2.Token{AccessToken: got.Access, RefreshToken: got.Refresh, Expiry: time.Unix(1, 0)}
	fresh, err := config.TokenSource(ctx, stale).Token()
	if err != nil || fresh.RefreshToken == got.Refresh || fresh.AccessToken == got.Access {
		t.Fatalf("got %+v, %v", fresh, err)
	}
	raw, _ := fresh.Extra("id_token").(string)
	if _, err := provider.Verifier(&oidc.Config{ClientID: "app", Now: o.clock.Now}).Verify(ctx, raw); err != nil {
		t.Error(err)
	}
	o.post("/oauth2/end_session", o.askedToConfirm(o.logout()))
	fresh.Expiry = time.Unix(1, 0)
	if _, err := config.TokenSource(ctx, fresh).Token(); err == nil || !strings.Contains(err.Error(), "invalid_grant") {
		t.Errorf("after the logout: %v", err)
	}
}
