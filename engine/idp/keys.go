package idp

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"

	"github.com/golang-jwt/jwt/v5"

	"github.com/authflow-studio/authflow/engine/world"
)

// This file makes single keys and signs with them.

// Signing algorithms.
const (
	ES256 = "ES256"
	RS256 = "RS256"
	EdDSA = "EdDSA"
)

var algorithms = []string{ES256, RS256, EdDSA}

const rsaBits = 2048

// signingKey is a key ready for use.
type signingKey struct {
	kid, alg string
	private  crypto.Signer
}

// newKey draws a key. A key that is just a number comes from the world's
// randomness; crypto/rsa takes its own.
func newKey(alg string, rnd world.Random) (storedKey, error) {
	private, err := generate(alg, rnd)
	if err != nil {
		return storedKey{}, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return storedKey{}, err
	}
	return storedKey{Kid: thumbprint(publicJWK(private.Public())), Private: der}, nil
}

func generate(alg string, rnd world.Random) (crypto.Signer, error) {
	seed := make([]byte, 32)
	switch alg {
	case RS256:
		return rsa.GenerateKey(randomReader{rnd}, rsaBits)
	case EdDSA:
		rnd.Read(seed)
		return ed25519.NewKeyFromSeed(seed), nil
	case ES256:
		for range 100 { // one in 2^32 draws is no key
			rnd.Read(seed)
			if key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), seed); err == nil {
				return key, nil
			}
		}
		return nil, errors.New("the source of randomness does not give any")
	}
	return nil, fmt.Errorf("the algorithm %q is not known", alg)
}

// randomReader lends the world's randomness to the standard library.
type randomReader struct{ rnd world.Random }

func (r randomReader) Read(p []byte) (int, error) { r.rnd.Read(p); return len(p), nil }

func parseKey(alg string, s storedKey) (signingKey, error) {
	private, err := x509.ParsePKCS8PrivateKey(s.Private)
	if err != nil {
		return signingKey{}, err
	}
	signer, ok := private.(crypto.Signer)
	if !ok {
		return signingKey{}, fmt.Errorf("a %T signs nothing", private)
	}
	return signingKey{kid: s.Kid, alg: alg, private: signer}, nil
}

// method answers how a key signs. ES256 signs deterministically (RFC 6979), so
// that the same run with the same key gives the same token.
func (k signingKey) method() jwt.SigningMethod {
	switch k.alg {
	case RS256:
		return jwt.SigningMethodRS256
	case EdDSA:
		return jwt.SigningMethodEdDSA
	}
	return steadyES256{jwt.SigningMethodES256}
}

type steadyES256 struct{ *jwt.SigningMethodECDSA }

func (steadyES256) Sign(text string, key any) ([]byte, error) {
	private, ok := key.(*ecdsa.PrivateKey)
	if !ok {
		return nil, jwt.ErrInvalidKeyType
	}
	sum := sha256.Sum256([]byte(text))
	der, err := private.Sign(nil, sum[:], crypto.SHA256)
	if err != nil {
		return nil, err
	}
	var sig struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(der, &sig); err != nil {
		return nil, err
	}
	out := make([]byte, 64)
	sig.R.FillBytes(out[:32])
	sig.S.FillBytes(out[32:])
	return out, nil
}

// leftHalf is the hash of at_hash: the left half of what the algorithm hashes
// with.
func (k signingKey) leftHalf(s string) string {
	sum := sha256.Sum256([]byte(s))
	half := sum[:len(sum)/2]
	if k.alg == EdDSA {
		long := sha512.Sum512([]byte(s))
		half = long[:len(long)/2]
	}
	return base64.RawURLEncoding.EncodeToString(half)
}

// publicJWK answers the members of a public key that its thumbprint covers.
func publicJWK(public crypto.PublicKey) map[string]string {
	b64 := base64.RawURLEncoding.EncodeToString
	switch key := public.(type) {
	case *rsa.PublicKey:
		return map[string]string{"kty": "RSA", "n": b64(key.N.Bytes()), "e": b64(big.NewInt(int64(key.E)).Bytes())}
	case ed25519.PublicKey:
		return map[string]string{"kty": "OKP", "crv": "Ed25519", "x": b64(key)}
	case *ecdsa.PublicKey:
		point, err := key.Bytes()
		if err == nil && len(point) == 65 { // 4, x, y
			return map[string]string{"kty": "EC", "crv": "P-256", "x": b64(point[1:33]), "y": b64(point[33:])}
		}
	}
	return map[string]string{}
}
