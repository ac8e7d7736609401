package server

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"
)

// seen decodes a token for people to look at; whether it is genuine was judged
// by a verifier, whose error is told.
func seen(kind, raw string, verified error) Token {
	t := Token{Kind: kind, Raw: raw, Verified: verified == nil, Header: map[string]any{}, Claims: map[string]any{}}
	if verified != nil {
		t.Problem = verified.Error()
	}
	parts := strings.Split(raw, ".")
	if len(parts) != 3 {
		t.Problem = "not a JWT: an opaque token says nothing to its holder"
		return t
	}
	for i, into := range []*map[string]any{&t.Header, &t.Claims} {
		text, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err == nil {
			err = json.Unmarshal(text, into)
		}
		if err != nil {
			t.Verified, t.Problem = false, "the token cannot be read: "+err.Error()
			return t
		}
	}
	if exp, ok := t.Claims["exp"].(float64); ok {
		t.ExpiresAt = time.Unix(int64(exp), 0).UTC()
	}
	return t
}
