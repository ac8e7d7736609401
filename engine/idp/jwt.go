package idp

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/golang-jwt/jwt/v5"
)

// This file signs and reads tokens.

const typeAccessToken = "at+jwt" // RFC 9068

func (k signingKey) sign(kind string, claims jwt.MapClaims) (string, error) {
	t := jwt.NewWithClaims(k.method(), claims)
	t.Header["kid"], t.Header["typ"] = k.kid, kind
	signed, err := t.SignedString(k.private)
	if err != nil {
		return "", fmt.Errorf("idp: a token cannot be signed: %w", err)
	}
	return signed, nil
}

// thumbprint names a key as RFC 7638 does. encoding/json sorts the members.
func thumbprint(jwk map[string]string) string {
	raw, _ := json.Marshal(jwk) // strings only: it cannot fail
	sum := sha256.Sum256(raw)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// errKeys says that the signing keys could not be read, which is no fault of the
// token.
var errKeys = errors.New("idp: the signing keys cannot be read")

// read verifies one of our own tokens. The algorithm is that of the key, never
// what the token says of itself.
func (p *Provider) read(ctx context.Context, token, kind string, options ...jwt.ParserOption) (jwt.MapClaims, error) {
	options = append(options, jwt.WithValidMethods(algorithms), jwt.WithTimeFunc(p.o.Clock.Now))
	claims := jwt.MapClaims{}
	t, err := jwt.NewParser(options...).ParseWithClaims(token, claims, func(t *jwt.Token) (any, error) {
		kid, _ := t.Header["kid"].(string)
		key, err := p.keys.verifier(ctx, kid)
		if err != nil {
			return nil, err
		}
		if t.Method.Alg() != key.alg {
			return nil, fmt.Errorf("key %s signs with %s", kid, key.alg)
		}
		return key.private.Public(), nil
	})
	if err != nil {
		return nil, err
	}
	if t.Header["typ"] != kind {
		return nil, fmt.Errorf("the token is no %s", kind)
	}
	if !p.ours(text(claims, "iss")) {
		return nil, errors.New("the token is of another issuer")
	}
	return claims, nil
}

// hint is what an ID token given back to us says; it may long have expired.
type hint struct {
	subject, sessionID string
	audience           []string
}

func (p *Provider) readHint(ctx context.Context, token string) (hint, error) {
	claims, err := p.read(ctx, token, typeIDToken, jwt.WithoutClaimsValidation())
	if err != nil {
		return hint{}, err
	}
	audience, err := claims.GetAudience()
	if err != nil || len(audience) == 0 || text(claims, "sub") == "" {
		return hint{}, errors.New("idp: the hint is no ID token of this issuer")
	}
	return hint{text(claims, "sub"), text(claims, "sid"), audience}, nil
}

func text(claims jwt.MapClaims, name string) string {
	s, _ := claims[name].(string)
	return s
}
