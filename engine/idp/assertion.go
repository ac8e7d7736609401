package idp

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/golang-jwt/jwt/v5"

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

// jwk is a public key of RFC 7517.
type jwk struct {
	Kid, Kty, Crv, Alg, Use, X, Y, N, E string
}

// clientKey is a key that a client may sign with, and the algorithm it is for.
type clientKey struct {
	kid, alg string
	public   crypto.PublicKey
}

// readJWKS reads the keys of a client. A private key in there is refused: it was
// told to somebody who must not know it.
func readJWKS(raw json.RawMessage) ([]clientKey, error) {
	var set struct{ Keys []json.RawMessage }
	if err := json.Unmarshal(raw, &set); err != nil || len(set.Keys) == 0 {
		return nil, errors.New(`private_key_jwt needs jwks: an object with "keys"`)
	}
	var keys []clientKey
	for i, member := range set.Keys {
		var private struct{ D, K json.RawMessage }
		var k jwk
		if err := errors.Join(json.Unmarshal(member, &private), json.Unmarshal(member, &k)); err != nil {
			return nil, fmt.Errorf("jwks: key %d is not readable: %w", i, err)
		}
		if private.D != nil || private.K != nil {
			return nil, fmt.Errorf("jwks: key %d holds a secret part: register the public key only", i)
		}
		key, err := k.read()
		if err != nil {
			return nil, fmt.Errorf("jwks: key %d: %w", i, err)
		}
		keys = append(keys, key)
	}
	return keys, nil
}

func (k jwk) read() (clientKey, error) {
	b64 := base64.RawURLEncoding.DecodeString
	switch {
	case k.Kty == "EC" && k.Crv == "P-256":
		x, xErr := b64(k.X)
		y, yErr := b64(k.Y)
		if xErr != nil || yErr != nil || len(x) != 32 || len(y) != 32 {
			return clientKey{}, errors.New("x and y are no coordinates")
		}
		public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), bytes.Join([][]byte{{4}, x, y}, nil))
		return clientKey{k.Kid, ES256, public}, err
	case k.Kty == "OKP" && k.Crv == "Ed25519":
		x, err := b64(k.X)
		if err != nil || len(x) != ed25519.PublicKeySize {
			return clientKey{}, errors.New("x is no key")
		}
		return clientKey{k.Kid, EdDSA, ed25519.PublicKey(x)}, nil
	case k.Kty == "RSA":
		n, nErr := b64(k.N)
		e, eErr := b64(k.E)
		exponent := new(big.Int).SetBytes(e)
		if nErr != nil || eErr != nil || len(n) < 256 || !exponent.IsInt64() || exponent.Int64() < 3 || exponent.Int64() > 1<<31-1 {
			return clientKey{}, errors.New("n and e are no key of 2048 bits or more")
		}
		return clientKey{k.Kid, RS256, &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(exponent.Int64())}}, nil
	}
	return clientKey{}, fmt.Errorf("a key of type %q %s is not known: take EC P-256, OKP Ed25519 or RSA", k.Kty, k.Crv)
}

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
	keys, err := readJWKS(c.JWKS)
	if err != nil {
		return err
	}
	claims := jwt.MapClaims{}
	parser := jwt.NewParser(jwt.WithValidMethods(algorithms), jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithLeeway(clockSkew), jwt.WithTimeFunc(p.o.Clock.Now),
		jwt.WithIssuer(c.ID), jwt.WithSubject(c.ID), jwt.WithAudience(p.o.Issuer, p.o.Issuer+pathToken))
	_, err = parser.ParseWithClaims(assertion, claims, func(t *jwt.Token) (any, error) {
		var set jwt.VerificationKeySet
		kid, _ := t.Header["kid"].(string)
		for _, k := range keys {
			if k.alg == t.Method.Alg() && (kid == "" || k.kid == "" || k.kid == kid) {
				set.Keys = append(set.Keys, k.public)
			}
		}
		if len(set.Keys) == 0 {
			return nil, errors.New("no registered key fits")
		}
		return set, nil
	})
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
