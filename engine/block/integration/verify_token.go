package integration

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/jwk"
	"github.com/authflow-studio/authflow/engine/world"
)

// VerifyToken verifies a signed token that somebody else issued.
type VerifyToken struct{}

// Where the key comes from.
const (
	keyOfIssuer = "issuer"
	keyOfSecret = "secret"
	keyAsPEM    = "public_key"
)

// Describe answers the descriptor.
func (VerifyToken) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "verify_token", Family: "integration", Title: "Verify token", Icon: "badge-check",
		Summary:  "Verifies a signed token, such as an invitation, and reads its claims",
		Help:     "Takes a JWT that somebody else has signed. Signature, algorithm, audience and expiry must be right, and the issuer where one is named; a token without an expiry is refused. What is wrong is written for the record, not for the person.",
		Synonyms: []string{"jwt", "invitation", "jws", "signed link", "claims", "partner token"},
		Fields: []block.Field{
			{Name: "token", Title: "Token", Kind: block.Template, Required: true, Placeholder: "{{ step.invited.fields.invitation }}"},
			{Name: "key_from", Title: "Key", Kind: block.Choice, Default: keyOfSecret, Options: []block.Option{
				{Value: keyOfSecret, Title: "A secret of the project", Help: "Shared with the issuer: 32 bytes or more, HS256 to HS512."},
				{Value: keyAsPEM, Title: "A public key", Help: "PEM: ES256, EdDSA or RS256."},
				{Value: keyOfIssuer, Title: "The issuer's published keys", Help: "Found through its discovery document (OpenID Connect Discovery)."}}},
			{Name: "secret", Title: "Secret", Kind: block.Text, Placeholder: "invitation_key", Help: "Its name in authflow.json."},
			{Name: "public_key", Title: "Public key", Kind: block.Text, Placeholder: "-----BEGIN PUBLIC KEY-----"},
			{Name: "issuer", Title: "Issuer", Kind: block.Text, Placeholder: "https://crm.example.com", Help: "Who must have issued it (claim iss)."},
			{Name: "audience", Title: "Audience", Kind: block.Text, Required: true, Placeholder: "sign-up", Help: "For whom it must be (claim aud): a token for somebody else is refused."},
			{Name: "once", Title: "Only once", Kind: block.Boolean, Default: false, Help: "Refuses a token that was taken before; it needs the claim jti."},
		},
		Outputs: []block.Output{
			{Name: "valid", Type: "boolean", Help: "Whether it was accepted"},
			{Name: "claims", Type: "object", Help: "What it says; empty when it was refused"},
			{Name: "reason", Type: "string", Help: "Why it was refused: missing, malformed, signature, expired, not_yet, audience, issuer, used"},
		},
		Ports:   []block.Port{{ID: "ok", Title: "ok", Tone: "good"}, {ID: "invalid", Title: "invalid", Tone: "bad"}},
		Says:    map[string]map[string]any{"ok": {"valid": true}, "invalid": {"valid": false}},
		Effects: []string{block.CallsHost},
	}
}

// Run verifies it.
func (VerifyToken) Run(c *block.Call) (block.Result, error) {
	token, err := c.Text("token")
	if err != nil {
		return block.Result{}, err
	}
	if token = strings.TrimSpace(token); token == "" {
		return refused("missing"), nil
	}
	if !wellFormed(token) {
		return refused("malformed"), nil // before anybody is asked for a key
	}
	keys, methods, err := tokenKeys(c)
	if err != nil {
		return block.Result{}, err
	}
	now, err := c.Now()
	if err != nil {
		return block.Result{}, err
	}
	found, err := block.Effect(c, "token.verify", nil, func(*block.Env) (verified, error) { return verify(c, token, keys, methods, now) })
	if err != nil {
		return block.Result{}, err
	}
	if found.Reason != "" {
		return refused(found.Reason), nil
	}
	claims := jwt.MapClaims(found.Claims)
	if c.Bool("once") {
		fresh, err := takeOnce(c, claims)
		if err != nil {
			return block.Result{}, err
		}
		if !fresh {
			return refused("used"), nil
		}
	}
	return block.Go("ok", map[string]any{"valid": true, "claims": map[string]any(claims), "reason": ""}), nil
}

func refused(reason string) block.Result {
	return block.Go("invalid", map[string]any{"valid": false, "claims": map[string]any{}, "reason": reason})
}

func wellFormed(token string) bool {
	_, _, err := jwt.NewParser().ParseUnverified(token, jwt.MapClaims{})
	return err == nil
}

// leeway is how far the issuer's clock may be off.
const leeway = 30 * time.Second

// verified is what came of it. It goes into the journal, since a key that is a
// secret does not: a replay cannot verify again (rule X4).
type verified struct {
	Claims map[string]any `json:"claims,omitempty"`
	Reason string         `json:"reason,omitempty"`
}

func verify(c *block.Call, token string, keys jwt.Keyfunc, methods []string, now time.Time) (verified, error) {
	audience, _ := c.Text("audience")
	issuer, _ := c.Text("issuer")
	options := []jwt.ParserOption{jwt.WithValidMethods(methods), jwt.WithExpirationRequired(), jwt.WithAudience(audience), jwt.WithLeeway(leeway), jwt.WithTimeFunc(func() time.Time { return now })}
	if issuer != "" {
		options = append(options, jwt.WithIssuer(issuer))
	}
	claims := jwt.MapClaims{}
	_, err := jwt.NewParser(options...).ParseWithClaims(token, claims, keys)
	for _, r := range []struct {
		is  error
		why string
	}{{jwt.ErrTokenExpired, "expired"}, {jwt.ErrTokenNotValidYet, "not_yet"}, {jwt.ErrTokenUsedBeforeIssued, "not_yet"}, {jwt.ErrTokenInvalidAudience, "audience"}, {jwt.ErrTokenInvalidIssuer, "issuer"}} {
		if errors.Is(err, r.is) {
			return verified{Reason: r.why}, nil
		}
	}
	if weak := (*block.Error)(nil); errors.As(err, &weak) {
		return verified{}, weak
	}
	if err != nil {
		return verified{Reason: "signature"}, nil
	}
	return verified{Claims: claims}, nil
}

// tokenKeys answers the keys, and the algorithms that they are for.
func tokenKeys(c *block.Call) (jwt.Keyfunc, []string, error) {
	from, err := c.Text("key_from")
	if err != nil {
		return nil, nil, err
	}
	switch from {
	case keyAsPEM:
		text, _ := c.Text("public_key")
		k, err := jwk.ReadPEM([]byte(text))
		if err != nil {
			return nil, nil, block.Fail("config", "%w", err).In("public_key")
		}
		return jwk.Set{k}.Keyfunc, jwk.Algorithms, nil
	case keyOfIssuer:
		set, err := publishedKeys(c)
		return set.Keyfunc, jwk.Algorithms, err
	}
	name, _ := c.Text("secret")
	value, err := c.SecretValue(c.Ctx, name)
	if err != nil {
		return nil, nil, err
	}
	key := func(*jwt.Token) (any, error) {
		if len(value) < 32 {
			return nil, block.Fail("weak_key", "the secret %s has fewer than 32 bytes, so tokens signed with it can be forged (RFC 7518 section 3.2)", name).In("secret")
		}
		return []byte(value), nil
	}
	return key, []string{"HS256", "HS384", "HS512"}, nil
}

// publishedKeys fetches the keys of an issuer.
func publishedKeys(c *block.Call) (jwk.Set, error) {
	issuer, _ := c.Text("issuer")
	var meta struct {
		Issuer string `json:"issuer"`
		JWKS   string `json:"jwks_uri"`
	}
	body, err := fetchOK(c.Ctx, c, strings.TrimRight(issuer, "/")+"/.well-known/openid-configuration")
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(body), &meta); err != nil || meta.Issuer != issuer || meta.JWKS == "" {
		return nil, block.Fail("bad_issuer", "the discovery document of %s is not its own", issuer).In("issuer").Hinted("write the issuer exactly as it writes itself")
	}
	if body, err = fetchOK(c.Ctx, c, meta.JWKS); err != nil {
		return nil, err
	}
	set, err := jwk.ReadPublished([]byte(body))
	if err != nil {
		return nil, block.Fail("bad_issuer", "the keys of %s: %w", issuer, err).In("issuer")
	}
	return set, nil
}

func fetchOK(ctx context.Context, c *block.Call, url string) (string, error) {
	res, err := c.Fetch(ctx, world.Request{Method: "GET", URL: url, Header: map[string]string{"Accept": "application/json"}})
	if err != nil {
		return "", err
	}
	if res.Status != 200 {
		return "", block.Fail("call_failed", "%s answered with status %d", url, res.Status).In("issuer")
	}
	return res.Body, nil
}

const bucketTaken = "token_taken"

// takeOnce notes the token's jti at once and reports whether it was the first.
func takeOnce(c *block.Call, claims jwt.MapClaims) (bool, error) {
	jti, _ := claims["jti"].(string)
	if jti == "" {
		return false, nil
	}
	expires, err := claims.GetExpirationTime()
	if err != nil {
		return false, nil
	}
	issuer, _ := claims.GetIssuer()
	sum := sha256.Sum256([]byte(issuer + "\x00" + jti))
	id := hex.EncodeToString(sum[:])
	n, err := block.Effect(c, "token.take", map[string]any{"id": id}, func(env *block.Env) (int64, error) {
		return env.Count(c.Ctx, bucketTaken, id, expires.Add(2*leeway))
	})
	return n == 1, err
}
