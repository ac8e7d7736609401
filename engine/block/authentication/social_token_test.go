package authentication

import (
	"crypto/ed25519"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/authflow-studio/authflow/engine/jwk"
)

var (
	tokenTime = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	tokenKey  = ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	tokenWant = expected{Issuer: "https://id.example.com", ClientID: "acme", Nonce: "n-1", Now: tokenTime}
)

func tokenKeys() jwk.Set {
	return jwk.Set{{Kid: "1", Alg: jwk.EdDSA, Public: tokenKey.Public()}}
}

func goodClaims() jwt.MapClaims {
	return jwt.MapClaims{"iss": "https://id.example.com", "aud": "acme", "sub": "1001", "nonce": "n-1", "iat": tokenTime.Unix(), "exp": tokenTime.Add(time.Minute).Unix()}
}

func signed(t testing.TB, claims jwt.MapClaims) string {
	t.Helper()
	token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, claims)
	token.Header["kid"] = "1"
	raw, err := token.SignedString(tokenKey)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// OpenID Connect Core section 3.1.3.7, rule by rule.
func TestIDTokensAreJudged(t *testing.T) {
	for name, c := range map[string]struct {
		change func(jwt.MapClaims)
		reason string
	}{
		"good":                           {func(jwt.MapClaims) {}, ""},
		"aud as a list":                  {func(m jwt.MapClaims) { m["aud"] = []string{"acme"} }, ""},
		"two audiences, ours the party":  {func(m jwt.MapClaims) { m["aud"], m["azp"] = []string{"acme", "api"}, "acme" }, ""},
		"two audiences, no party":        {func(m jwt.MapClaims) { m["aud"] = []string{"acme", "api"} }, "audience"},
		"another party":                  {func(m jwt.MapClaims) { m["azp"] = "api" }, "audience"},
		"a party that is no text":        {func(m jwt.MapClaims) { m["azp"] = 7 }, "audience"},
		"another audience":               {func(m jwt.MapClaims) { m["aud"] = "api" }, "audience"},
		"no audience":                    {func(m jwt.MapClaims) { delete(m, "aud") }, "malformed"},
		"another issuer":                 {func(m jwt.MapClaims) { m["iss"] = "https://id.example.com/" }, "issuer"},
		"no issuer":                      {func(m jwt.MapClaims) { delete(m, "iss") }, "malformed"},
		"expired":                        {func(m jwt.MapClaims) { m["exp"] = tokenTime.Add(-31 * time.Second).Unix() }, "expired"},
		"expired within the leeway":      {func(m jwt.MapClaims) { m["exp"] = tokenTime.Add(-29 * time.Second).Unix() }, ""},
		"never expires":                  {func(m jwt.MapClaims) { delete(m, "exp") }, "malformed"},
		"issued in the future":           {func(m jwt.MapClaims) { m["iat"] = tokenTime.Add(time.Minute).Unix() }, "not_yet"},
		"not yet":                        {func(m jwt.MapClaims) { m["nbf"] = tokenTime.Add(time.Minute).Unix() }, "not_yet"},
		"never issued":                   {func(m jwt.MapClaims) { delete(m, "iat") }, "malformed"},
		"another nonce":                  {func(m jwt.MapClaims) { m["nonce"] = "n-2" }, "nonce"},
		"no nonce":                       {func(m jwt.MapClaims) { delete(m, "nonce") }, "nonce"},
		"no subject":                     {func(m jwt.MapClaims) { delete(m, "sub") }, "malformed"},
		"a subject that is a number":     {func(m jwt.MapClaims) { m["sub"] = 1001 }, "malformed"},
		"a subject longer than allowed":  {func(m jwt.MapClaims) { m["sub"] = strings.Repeat("x", 256) }, "malformed"},
		"hash of another access token":   {func(m jwt.MapClaims) { m["at_hash"] = "77QmUPtjPfzWtF2AnpK9RQ" }, "access_token"},
		"hash of the access token":       {func(m jwt.MapClaims) { m["at_hash"] = accessHashes("access")[0] }, ""},
		"SHA-512 hash of the access one": {func(m jwt.MapClaims) { m["at_hash"] = accessHashes("access")[1] }, ""},
	} {
		claims, want := goodClaims(), tokenWant
		want.AccessToken = "access"
		c.change(claims)
		if got, reason := verifyIDToken(signed(t, claims), tokenKeys(), want); reason != c.reason || (got != nil) != (reason == "") {
			t.Errorf("%s: %q, want %q", name, reason, c.reason)
		}
	}
}

func TestKeysOfAnotherAreNotKnown(t *testing.T) {
	if _, reason := verifyIDToken(signed(t, goodClaims()), jwk.Set{{Kid: "2", Alg: jwk.EdDSA, Public: tokenKey.Public()}}, tokenWant); reason != unknownKey {
		t.Error(reason)
	}
}

// FuzzIDToken: nothing but the provider's own signature makes claims.
func FuzzIDToken(f *testing.F) {
	good := signed(f, goodClaims())
	none, err := jwt.NewWithClaims(jwt.SigningMethodNone, goodClaims()).SignedString(jwt.UnsafeAllowNoneSignatureType)
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{good, none, good[:len(good)-2], good + "x", "..", "", "a.b.c"} {
		f.Add(seed)
	}
	body, _, _ := strings.Cut(good[strings.LastIndex(good[:strings.LastIndex(good, ".")], ".")+1:], ".")
	f.Fuzz(func(t *testing.T, raw string) {
		claims, reason := verifyIDToken(raw, tokenKeys(), tokenWant)
		if (claims == nil) == (reason == "") {
			t.Errorf("%q: %v, %q", raw, claims, reason)
		}
		if claims != nil && !strings.Contains(raw, body) {
			t.Errorf("%q was accepted", raw)
		}
	})
}

func TestErrorCodesAreShownAsFarAsTheyAreOnes(t *testing.T) {
	for text, want := range map[string]string{"access_denied": "access_denied", "": "", "a b": "invalid", "\x1b[31m": "invalid", `"`: "invalid", strings.Repeat("x", 65): "invalid"} {
		if got := errorCode(text); got != want {
			t.Errorf("%q is shown as %q", text, got)
		}
	}
}
