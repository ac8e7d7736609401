package audit

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
)

// This file keeps secrets out of the record, by the names under which they are
// carried and by what they look like.

// Redacted stands where a secret would have stood.
const Redacted = "[redacted]"

// secretParts make a secret of any name that holds one of them; openNames are
// the names that only look so.
var (
	secretParts = []string{"password", "passwd", "passphrase", "secret", "token", "cookie", "authorization", "credential", "privatekey", "verifier"}
	secretNames = map[string]bool{
		"code": true, "otp": true, "pin": true, "ticket": true, "assertion": true, "signature": true,
		"authcode": true, "otpcode": true, "usercode": true, "devicecode": true, "mfacode": true,
		"recoverycode": true, "recoverycodes": true, "backupcode": true, "backupcodes": true,
	}
	openNames = map[string]bool{
		"tokentype": true, "tokenendpointauthmethod": true, "tokenuse": true, "credentialid": true, "granttype": true,
		"responsetype": true,
	}
	nameNoise = strings.NewReplacer("_", "", "-", "", ".", "", " ", "")
	// A JWT or a password hash is one under whatever name.
	secretLook = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*|\$argon2id?\$[^\s"]+`)
)

// redact answers a JSON object without the secrets in it.
func redact(raw []byte) ([]byte, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var record map[string]any
	if err := d.Decode(&record); err != nil {
		return nil, err
	}
	return json.Marshal(redactValue(record))
}

func redactValue(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			v[name] = redactValue(inner)
			if isSecretName(name) && mayBeSecret(inner) {
				v[name] = Redacted
			}
		}
	case []any:
		for i := range v {
			v[i] = redactValue(v[i])
		}
	case string:
		return secretLook.ReplaceAllString(v, Redacted)
	}
	return v
}

// mayBeSecret lets through what says only whether there was one.
func mayBeSecret(v any) bool {
	switch v.(type) {
	case nil, bool:
		return false
	}
	return v != ""
}

func isSecretName(name string) bool {
	name = nameNoise.Replace(strings.ToLower(name))
	if openNames[name] {
		return false
	}
	for _, part := range secretParts {
		if strings.Contains(name, part) {
			return true
		}
	}
	return secretNames[name]
}
