package authentication

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"slices"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/authflow-studio/authflow/engine/jwk"
)

// This file judges an ID token (OpenID Connect Core section 3.1.3.7).

// socialLeeway is how far a provider's clock may be off.
const socialLeeway = 30 * time.Second

// expected is what an ID token must say.
type expected struct {
	Issuer, ClientID, Nonce string
	// AccessToken came with it; its hash is checked where the token has one.
	AccessToken string
	Now         time.Time
}

// unknownKey is the reason of a token whose key is not in the set.
const unknownKey = "unknown_key"

// verifyIDToken answers the claims of a token that is good, else why it is not.
// The algorithm is that of the key, whatever the token says of itself.
func verifyIDToken(raw string, keys jwk.Set, want expected) (jwt.MapClaims, string) {
	claims := jwt.MapClaims{}
	_, err := jwt.NewParser(jwt.WithValidMethods(jwk.Algorithms), jwt.WithIssuer(want.Issuer), jwt.WithAudience(want.ClientID), jwt.WithExpirationRequired(), jwt.WithIssuedAt(),
		jwt.WithLeeway(socialLeeway), jwt.WithTimeFunc(func() time.Time { return want.Now })).ParseWithClaims(raw, claims, keys.Keyfunc)
	for _, r := range []struct {
		is  error
		why string
	}{{jwt.ErrTokenMalformed, "malformed"}, {jwt.ErrTokenUnverifiable, unknownKey}, {jwt.ErrTokenSignatureInvalid, "signature"}, {jwt.ErrTokenInvalidIssuer, "issuer"}, {jwt.ErrTokenInvalidAudience, "audience"},
		{jwt.ErrTokenExpired, "expired"}, {jwt.ErrTokenNotValidYet, "not_yet"}, {jwt.ErrTokenUsedBeforeIssued, "not_yet"}} {
		if errors.Is(err, r.is) {
			return nil, r.why
		}
	}
	if err != nil {
		return nil, "malformed"
	}
	return judged(claims, want)
}

// judged looks at what a general JWT library does not.
func judged(claims jwt.MapClaims, want expected) (jwt.MapClaims, string) {
	audience, _ := claims.GetAudience()
	azp, hasAZP := claims["azp"]
	subject, _ := claims["sub"].(string)
	nonce, _ := claims["nonce"].(string)
	_, issued := claims["iat"].(float64)
	hash, hasHash := claims["at_hash"].(string)
	switch {
	case hasAZP && azp != any(want.ClientID), len(audience) > 1 && !hasAZP:
		return nil, "audience"
	case !hmac.Equal([]byte(nonce), []byte(want.Nonce)):
		return nil, "nonce"
	case subject == "" || len(subject) > 255 || !issued:
		return nil, "malformed"
	case hasHash && want.AccessToken != "" && !slices.Contains(accessHashes(want.AccessToken), hash):
		return nil, "access_token"
	}
	return claims, ""
}

// accessHashes are the left halves of the token's hash: of SHA-256 for ES256 and
// RS256; Ed25519 hashes by SHA-512, and some providers by SHA-256 all the same.
func accessHashes(token string) []string {
	short, long := sha256.Sum256([]byte(token)), sha512.Sum512([]byte(token))
	return []string{base64.RawURLEncoding.EncodeToString(short[:16]), base64.RawURLEncoding.EncodeToString(long[:32])}
}

// protocolClaims are of no use to a flow.
var protocolClaims = []string{"aud", "azp", "exp", "nbf", "iat", "jti", "nonce", "at_hash", "c_hash", "s_hash", "sid"}

// forFlows leaves out what is between the two servers only.
func forFlows(claims map[string]any) map[string]any {
	out := map[string]any{}
	for name, v := range claims {
		if !slices.Contains(protocolClaims, name) {
			out[name] = v
		}
	}
	return out
}
