// Package jwk reads the public keys of others: clients that prove themselves by
// a key, OpenID Providers that people come from, issuers of invitations
// (RFC 7517).
//
// It owns: reading a key set, and choosing the keys that may have signed a
// token.
// It delegates: verifying, to golang-jwt.
// The law: a key verifies with the one algorithm that is its own, whatever a
// token says of itself (RFC 8725 section 3.1).
package jwk

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"

	"github.com/golang-jwt/jwt/v5"
)

// Algorithms that keys are read for.
const (
	ES256 = "ES256"
	RS256 = "RS256"
	EdDSA = "EdDSA"
)

// Algorithms of all keys that Read answers.
var Algorithms = []string{ES256, RS256, EdDSA}

// Key is a public key and the algorithm it is for.
type Key struct {
	Kid, Alg string
	Public   crypto.PublicKey
}

// Set are the keys of one party.
type Set []Key

// ReadOwn reads a set that somebody registers here. Every key must be one we
// can use, and none may hold a secret part: it was told to somebody who must
// not know it.
func ReadOwn(raw []byte) (Set, error) {
	members, err := members(raw)
	if err != nil {
		return nil, err
	}
	var keys Set
	for i, m := range members {
		var private struct{ D, K json.RawMessage }
		if err := json.Unmarshal(m, &private); err != nil {
			return nil, fmt.Errorf("jwks: key %d is not readable: %w", i, err)
		}
		if private.D != nil || private.K != nil {
			return nil, fmt.Errorf("jwks: key %d holds a secret part: register the public key only", i)
		}
		key, err := read(m)
		if err != nil {
			return nil, fmt.Errorf("jwks: key %d: %w", i, err)
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// ReadPublished reads a set that somebody publishes. What is not known in it is
// left out (RFC 7517 section 5); a set with nothing of use is an error.
func ReadPublished(raw []byte) (Set, error) {
	members, err := members(raw)
	if err != nil {
		return nil, err
	}
	var keys Set
	for _, m := range members {
		var use struct{ Use string }
		if json.Unmarshal(m, &use) == nil && use.Use == "enc" {
			continue
		}
		if key, err := read(m); err == nil {
			keys = append(keys, key)
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("jwks: no key in it is EC P-256, OKP Ed25519 or RSA")
	}
	return keys, nil
}

func members(raw []byte) ([]json.RawMessage, error) {
	var set struct{ Keys []json.RawMessage }
	if err := json.Unmarshal(raw, &set); err != nil || len(set.Keys) == 0 {
		return nil, errors.New(`jwks: this is no object with "keys"`)
	}
	return set.Keys, nil
}

func read(raw json.RawMessage) (Key, error) {
	var k struct{ Kid, Kty, Crv, X, Y, N, E string }
	if err := json.Unmarshal(raw, &k); err != nil {
		return Key{}, fmt.Errorf("not readable: %w", err)
	}
	b64 := base64.RawURLEncoding.DecodeString
	switch {
	case k.Kty == "EC" && k.Crv == "P-256":
		x, xErr := b64(k.X)
		y, yErr := b64(k.Y)
		if xErr != nil || yErr != nil || len(x) != 32 || len(y) != 32 {
			return Key{}, errors.New("x and y are no coordinates")
		}
		public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), bytes.Join([][]byte{{4}, x, y}, nil))
		return Key{k.Kid, ES256, public}, err
	case k.Kty == "OKP" && k.Crv == "Ed25519":
		x, err := b64(k.X)
		if err != nil || len(x) != ed25519.PublicKeySize {
			return Key{}, errors.New("x is no key")
		}
		return Key{k.Kid, EdDSA, ed25519.PublicKey(x)}, nil
	case k.Kty == "RSA":
		n, nErr := b64(k.N)
		e, eErr := b64(k.E)
		exponent := new(big.Int).SetBytes(e)
		if nErr != nil || eErr != nil || len(n) < 256 || !exponent.IsInt64() || exponent.Int64() < 3 || exponent.Int64() > 1<<31-1 {
			return Key{}, errors.New("n and e are no key of 2048 bits or more")
		}
		return Key{k.Kid, RS256, &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(exponent.Int64())}}, nil
	}
	return Key{}, fmt.Errorf("a key of type %q %s is not known: take EC P-256, OKP Ed25519 or RSA", k.Kty, k.Crv)
}

// ReadPEM reads one public key or certificate in PEM.
func ReadPEM(text []byte) (Key, error) {
	b, _ := pem.Decode(text)
	if b == nil {
		return Key{}, errors.New("this is no PEM: it begins with -----BEGIN PUBLIC KEY-----")
	}
	var public any
	var err error
	switch b.Type {
	case "PUBLIC KEY":
		public, err = x509.ParsePKIXPublicKey(b.Bytes)
	case "CERTIFICATE":
		var c *x509.Certificate
		if c, err = x509.ParseCertificate(b.Bytes); err == nil {
			public = c.PublicKey
		}
	default:
		return Key{}, fmt.Errorf("PEM of type %q is no public key", b.Type)
	}
	if err != nil {
		return Key{}, fmt.Errorf("the public key cannot be read: %w", err)
	}
	switch k := public.(type) {
	case *ecdsa.PublicKey:
		if k.Curve == elliptic.P256() {
			return Key{"", ES256, k}, nil
		}
	case ed25519.PublicKey:
		return Key{"", EdDSA, k}, nil
	case *rsa.PublicKey:
		if k.N.BitLen() >= 2048 {
			return Key{"", RS256, k}, nil
		}
	}
	return Key{}, errors.New("the key is none of EC P-256, Ed25519, RSA of 2048 bits or more")
}

// Keyfunc answers the keys that may have signed a token: of its algorithm, and
// of its kid where both name one.
func (s Set) Keyfunc(t *jwt.Token) (any, error) {
	var fit jwt.VerificationKeySet
	kid, _ := t.Header["kid"].(string)
	for _, k := range s {
		if k.Alg == t.Method.Alg() && (kid == "" || k.Kid == "" || k.Kid == kid) {
			fit.Keys = append(fit.Keys, k.Public)
		}
	}
	if len(fit.Keys) == 0 {
		return nil, fmt.Errorf("no key fits a token of %s with kid %q", t.Method.Alg(), kid)
	}
	return fit, nil
}
