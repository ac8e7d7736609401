package idp_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/authflow-studio/authflow/engine/idp"
)

// This file tests one provider under several addresses.

const aliasA, aliasB = "http://localhost:9400", "http://authflow.test:9400"

func newAliasedOP(t *testing.T) *op {
	return newOPWith(t, "", 1, func(o *idp.Options) { o.Aliases = func() []string { return []string{aliasA, aliasB} } })
}

// TestStockClientUnderEveryName discovers under each name: go-oidc refuses an
// issuer that is not, byte for byte, the address it asked.
func TestStockClientUnderEveryName(t *testing.T) {
	o := newAliasedOP(t)
	first := o.issuer
	access := map[string]string{}
	for _, issuer := range []string{first, aliasA, aliasB} {
		o.newBrowser()
		o.issuer = issuer
		ctx := o.online()
		provider, err := oidc.NewProvider(ctx, issuer)
		if err != nil {
			t.Fatal(err)
		}
		config := oauth2.Config{ClientID: "app", Endpoint: provider.Endpoint(), RedirectURL: callback, Scopes: []string{"openid"}}
		verifier := oauth2.GenerateVerifier()
		resp, err := o.browser.Get(config.AuthCodeURL("st", oauth2.S256ChallengeOption(verifier)))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		back, err := resp.Location()
		if err != nil || back.Query().Get("iss") != issuer {
			t.Fatalf("under %s the browser is sent to %v, %v", issuer, back, err)
		}
		tok, err := config.Exchange(ctx, back.Query().Get("code"), oauth2.VerifierOption(verifier))
		if err != nil {
			t.Fatal(err)
		}
		raw, _ := tok.Extra("id_token").(string)
		id, err := provider.Verifier(&oidc.Config{ClientID: "app", Now: o.clock.Now, SupportedSigningAlgs: []string{"ES256"}}).Verify(ctx, raw)
		if err != nil || id.Issuer != issuer {
			t.Fatalf("under %s: %+v, %v", issuer, id, err)
		}
		access[issuer] = tok.AccessToken
	}
	for from, token := range access {
		for _, at := range []string{first, aliasA, aliasB} {
			o.issuer = at
			if a := o.userinfo(http.MethodGet, "Bearer "+token, nil); a.StatusCode != http.StatusOK {
				t.Errorf("a token of %s answers %d under %s", from, a.StatusCode, at)
			}
			if m := o.inspect(token); m["active"] != true || m["iss"] != from {
				t.Errorf("a token of %s is introspected as %v under %s", from, m, at)
			}
		}
	}
}

func TestAnAddressThatIsNotOursIsNoIssuer(t *testing.T) {
	o := newAliasedOP(t)
	got := o.signIn()
	foreign := newOPWith(t, "", 1, func(p *idp.Options) { p.Issuer = "http://elsewhere.example.org"; p.Store = o.store })
	foreign.issuer = "http://elsewhere.example.org" // the same keys, another provider
	foreign.wantError(foreign.userinfo(http.MethodGet, "Bearer "+got.Access, nil), http.StatusUnauthorized, "invalid_token")
}

// TestALogoutIsToldByTheNameTheClientKnows: relying parties refuse a logout
// token whose issuer is not the one they discovered.
func TestALogoutIsToldByTheNameTheClientKnows(t *testing.T) {
	o := newAliasedOP(t)
	o.issuer = aliasB
	id := o.tokens(o.token(exchange(o.code("client_id", "told"), "client_id", "told"))).ID
	o.get("/oauth2/end_session", url.Values{"id_token_hint": {id}})
	if _, err := o.provider.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	list, err := o.provider.Deliveries(t.Context())
	if err != nil || len(list) != 1 || list[0].State != idp.DeliveryDelivered || list[0].Issuer != aliasB {
		t.Fatalf("deliveries are %+v, %v", list, err)
	}
}
