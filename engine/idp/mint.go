package idp

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/authflow-studio/authflow/engine/block"
)

// This file says what is in tokens.

const typeIDToken = "JWT"

// tokens are what a code buys.
type tokens struct {
	access, accessID string
	id               string // only with the scope openid
}

func (p *Provider) mint(ctx context.Context, client Client, g grant) (tokens, error) {
	now := p.o.Clock.Now()
	t := tokens{accessID: p.randomText(16)}
	key, err := p.keys.signer(ctx, ES256)
	if err != nil {
		return tokens{}, err
	}
	if t.access, err = key.sign(typeAccessToken, p.accessClaims(now, t.accessID, g)); err != nil {
		return tokens{}, err
	}
	if !slices.Contains(g.Scopes, "openid") {
		return t, nil
	}
	if key, err = p.keys.signer(ctx, client.idTokenAlg()); err != nil {
		return tokens{}, err
	}
	claims := p.idClaims(now, g)
	claims["at_hash"] = key.leftHalf(t.access)
	t.id, err = key.sign(typeIDToken, claims)
	return t, err
}

// withCustom begins a token's claims with those of the run, which sets no
// registered ones (rule A4).
func withCustom(custom map[string]any) jwt.MapClaims {
	claims := jwt.MapClaims{}
	for name, value := range custom {
		if !block.ReservedClaim(name) {
			claims[name] = value
		}
	}
	return claims
}

// accessClaims follow RFC 9068. The audience is the issuer, whose userinfo
// endpoint is the one resource known here.
func (p *Provider) accessClaims(now time.Time, id string, g grant) jwt.MapClaims {
	c := withCustom(g.Claims.AccessToken)
	c["iss"], c["aud"], c["sub"], c["client_id"] = p.o.Issuer, p.o.Issuer, g.UserID, g.ClientID
	c["jti"], c["scope"], c["sid"] = id, strings.Join(g.Scopes, " "), g.SessionID
	c["iat"], c["exp"] = now.Unix(), now.Add(p.o.AccessTokenLife).Unix()
	setAuthentication(c, g)
	return c
}

// idClaims follow OpenID Connect Core section 2. What scopes give access to is
// at the userinfo endpoint (section 5.4), not in here.
func (p *Provider) idClaims(now time.Time, g grant) jwt.MapClaims {
	c := withCustom(g.Claims.IDToken)
	c["iss"], c["aud"], c["sub"], c["sid"] = p.o.Issuer, g.ClientID, g.UserID, g.SessionID
	c["iat"], c["exp"] = now.Unix(), now.Add(p.o.IDTokenLife).Unix()
	if g.Nonce != "" {
		c["nonce"] = g.Nonce
	}
	setAuthentication(c, g)
	return c
}

func setAuthentication(c jwt.MapClaims, g grant) {
	c["auth_time"], c["acr"] = g.AuthTime.Unix(), g.ACR
	if len(g.AMR) > 0 {
		c["amr"] = g.AMR
	}
}
