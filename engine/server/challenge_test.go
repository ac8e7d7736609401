package server_test

import (
	"crypto/sha256"
	"encoding/base64"
)

// challengeOf is PKCE's S256 (RFC 7636 section 4.2).
func challengeOf(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
