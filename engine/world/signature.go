package world

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"
)

// This file signs what we send to others, after the Standard Webhooks
// specification, so that stock libraries verify it.

// Headers of a signed call.
const (
	SignatureID   = "webhook-id"
	SignatureTime = "webhook-timestamp"
	Signature     = "webhook-signature"
)

// SignCall answers the headers that sign a body: the id makes a repetition
// known, the time makes a late replay known, both are signed.
func SignCall(secret, id string, at time.Time, body string) map[string]string {
	stamp := strconv.FormatInt(at.Unix(), 10)
	m := hmac.New(sha256.New, signatureKey(secret))
	m.Write([]byte(id + "." + stamp + "." + body))
	return map[string]string{SignatureID: id, SignatureTime: stamp, Signature: "v1," + base64.StdEncoding.EncodeToString(m.Sum(nil))}
}

// signatureKey knows the written form whsec_BASE64; any other text is the key
// as it stands.
func signatureKey(secret string) []byte {
	if coded, ok := strings.CutPrefix(secret, "whsec_"); ok {
		if key, err := base64.StdEncoding.DecodeString(coded); err == nil && len(key) > 0 {
			return key
		}
	}
	return []byte(secret)
}
