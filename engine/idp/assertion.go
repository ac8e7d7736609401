package idp

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/authflow-studio/authflow/engine/jwk"
	"github.com/authflow-studio/authflow/engine/store"
)

// This file lets clients prove themselves by a key of their own (RFC 7523).

const (
	assertionType    = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	bucketAssertions = "client_assertion" // client id/jti → used
	// maxAssertionLife bounds for how long used assertions are remembered.
	maxAssertionLife = time.Hour
	// clockSkew is how far a client's clock may be off.
	clockSkew = 30 * time.Second
)

// assertedID answers whose assertion it says to be, before anything of it is
// believed.
func assertedID(assertion string) string {
	claims := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(assertion, claims); err != nil {
		return ""
	}
	return text(claims, "sub")
}

// verifyAssertion checks an assertion and uses it up. It is for this provider
// alone: its issuer, or the endpoint that older clients name.
func (p *Provider) verifyAssertion(ctx context.Context, c Client, assertion string) error {
	keys, err := jwk.ReadOwn(c.JWKS)
	if err != nil {
		return err
	}
	claims := jwt.MapClaims{}
	parser := jwt.NewParser(jwt.WithValidMethods(algorithms), jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithLeeway(clockSkew), jwt.WithTimeFunc(p.o.Clock.Now),
		jwt.WithIssuer(c.ID), jwt.WithSubject(c.ID), jwt.WithAudience(p.o.Issuer, p.o.Issuer+pathToken))
	_, err = parser.ParseWithClaims(assertion, claims, keys.Keyfunc)
	if err != nil {
		return err
	}
	jti := text(claims, "jti")
	expires, err := claims.GetExpirationTime()
	now := p.o.Clock.Now()
	if err != nil || jti == "" || expires.After(now.Add(maxAssertionLife+clockSkew)) {
		return errors.New("an assertion needs a jti and lives an hour at most")
	}
	tx := store.Begin(p.o.Store)
	tx.Create(bucketAssertions, c.ID+"/"+sha256Hex(jti), []byte("1"), expires.Add(2*clockSkew))
	if err := tx.Commit(ctx); err != nil {
		return fmt.Errorf("the assertion was used before: %w", err)
	}
	return nil
}
