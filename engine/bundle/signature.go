package bundle

// This file signs manifests and verifies the signatures: a JWS with detached
// payload.

import (
	"encoding/base64"
	"fmt"
	"strings"
)

// protected is the header of a signature by the key. There is exactly one for
// each key, so that verifying compares it and never reads an algorithm, or
// anything else, from what it is about to verify.
func (k PublicKey) protected() string {
	return encode64(fmt.Appendf(nil, `{"alg":%q,"kid":%q,"typ":"authflow-bundle"}`, k.method().Alg(), k.ID()))
}

// sign answers the signature over a manifest, its payload left out.
func (k *PrivateKey) sign(manifest []byte) (string, error) {
	header := k.public.protected()
	signature, err := k.public.method().Sign(header+"."+encode64(manifest), k.key)
	if err != nil {
		return "", fmt.Errorf("bundle: sign: %w", err)
	}
	return header + ".." + encode64(signature), nil
}

// verify tells whether the signature over the manifest is one of the key.
func (k PublicKey) verify(manifest, signature []byte) bool {
	header, rest, ok := strings.Cut(string(signature), "..")
	if !ok || header != k.protected() {
		return false
	}
	sum, err := base64.RawURLEncoding.Strict().DecodeString(rest)
	if err != nil || encode64(sum) != rest {
		return false
	}
	return k.method().Verify(header+"."+encode64(manifest), sum, k.key) == nil
}
