package idp

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/authflow-studio/authflow/engine/block"
)

// This file says what is in tokens.

const typeIDToken = "JWT"

// tokens are what a grant buys.
type tokens struct {
	access string
	id     string // only with the scope openid
}

// mint makes the tokens of a grant, as asked for just now: with fewer scopes or
// audiences than granted perhaps.
func (p *Provider) mint(ctx context.Context, u unit, client Client, g grant) (tokens, error) {
	now := p.o.Clock.Now()
	t := tokens{}
	var err error
	if t.access, err = p.mintAccess(ctx, u, client, p.accessClaims(now, g)); err != nil {
		return tokens{}, err
	}
	if !slices.Contains(g.Scopes, "openid") {
		return t, nil
	}
	key, err := p.keys.signer(ctx, client.idTokenAlg())
	if err != nil {
		return tokens{}, err
	}
	claims, err := p.idClaims(ctx, u, now, g)
	if err != nil {
		return tokens{}, err
	}
	claims["at_hash"] = key.leftHalf(t.access)
	t.id, err = key.sign(typeIDToken, claims)
	return t, err
}

// mintAccess signs the claims, or keeps them and answers a handle.
func (p *Provider) mintAccess(ctx context.Context, u unit, client Client, claims jwt.MapClaims) (string, error) {
	if client.AccessTokenFormat != FormatOpaque {
		key, err := p.keys.signer(ctx, ES256)
		if err != nil {
			return "", err
		}
		return key.sign(typeAccessToken, claims)
	}
	raw, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("idp: an access token cannot be written: %w", err)
	}
	token := p.randomText(secretBytes)
	u.Create(bucketAccess, sha256Hex(token), raw, p.o.Clock.Now().Add(p.o.AccessTokenLife))
	return token, nil
}

// withCustom begins a token's claims with those of the run, which sets no
// registered ones (rule A4).
func withCustom(custom map[string]any) jwt.MapClaims {
	claims := jwt.MapClaims{}
	for name, value := range custom {
		if !block.ReservedClaim(name) && name != claimUserinfo {
			claims[name] = value
		}
	}
	return claims
}

// claimUserinfo carries what the claims parameter asked of the userinfo endpoint.
const claimUserinfo = "userinfo_claims"

// accessClaims follow RFC 9068.
func (p *Provider) accessClaims(now time.Time, g grant) jwt.MapClaims {
	c := withCustom(g.Claims.AccessToken)
	c["iss"], c["aud"], c["sub"], c["client_id"] = p.o.Issuer, p.audience(g), g.UserID, g.ClientID
	c["jti"], c["scope"] = g.ID+"."+p.randomText(16), strings.Join(g.Scopes, " ")
	c["iat"], c["exp"] = now.Unix(), now.Add(p.o.AccessTokenLife).Unix()
	if len(g.Asked.Userinfo) > 0 {
		c[claimUserinfo] = g.Asked.Userinfo
	}
	if g.UserID == "" { // client credentials: the client acts for itself
		c["sub"] = g.ClientID
		return c
	}
	c["sid"] = g.SessionID
	setAuthentication(c, g)
	return c
}

// audience is the issuer, whose userinfo endpoint is the one resource it knows
// of itself; the resources asked for take its place, but for who may ask
// userinfo too.
func (p *Provider) audience(g grant) any {
	switch {
	case len(g.Resources) == 0:
		return p.o.Issuer
	case slices.Contains(g.Scopes, "openid"):
		return append(slices.Clone(g.Resources), p.o.Issuer)
	case len(g.Resources) == 1:
		return g.Resources[0]
	}
	return g.Resources
}

// idClaims follow OpenID Connect Core section 2. What scopes give access to is
// at the userinfo endpoint (section 5.4); what the claims parameter asked for is
// in here.
func (p *Provider) idClaims(ctx context.Context, u unit, now time.Time, g grant) (jwt.MapClaims, error) {
	c := withCustom(g.Claims.IDToken)
	if len(g.Asked.IDToken) > 0 {
		person, err := u.people.Get(ctx, g.UserID)
		if err != nil {
			return nil, err
		}
		for name, value := range personClaims(person, g.Asked.IDToken) {
			c[name] = value
		}
	}
	c["iss"], c["aud"], c["sub"], c["sid"] = p.o.Issuer, g.ClientID, g.UserID, g.SessionID
	c["iat"], c["exp"] = now.Unix(), now.Add(p.o.IDTokenLife).Unix()
	if g.Nonce != "" {
		c["nonce"] = g.Nonce
	}
	setAuthentication(c, g)
	return c, nil
}

func setAuthentication(c jwt.MapClaims, g grant) {
	c["auth_time"], c["acr"] = g.AuthTime.Unix(), g.ACR
	if len(g.AMR) > 0 {
		c["amr"] = g.AMR
	}
}
