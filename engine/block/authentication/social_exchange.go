package authentication

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/url"
	"slices"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/world"
)

// This file turns a code into claims. All of it happens inside one effect:
// what the journal holds of it are the addresses that were called and what came
// of it.

// redeemed is what came of a code.
type redeemed struct {
	claims  map[string]any
	problem *socialProblem
	calls   []socialCall
}

// maxClaims bounds what is kept in the run of what a provider says.
const maxClaims = 32 << 10

// redeem judges the answer and redeems its code, once whatever happens to the
// run's commit: a second try would be refused, and rightly.
func redeem(c *block.Call, env *block.Env, rp block.RelyingParty, a socialAttempt, code string) redeemed {
	return block.Once(env, "social/"+c.RunID+"/"+a.Nonce, func() redeemed {
		t := &talk{c: c, env: env, rp: rp}
		claims, p := t.redeem(a, code)
		if p == nil {
			if raw, err := json.Marshal(claims); err != nil || len(raw) > maxClaims {
				p = problem("malformed", "the claims are larger than %d bytes", maxClaims)
			}
		}
		return redeemed{claims, p, t.calls}
	})
}

// fromElsewhere says why an answer is not that of the provider that was asked:
// an attacker may have swapped providers on the way (RFC 9700 section 4.4).
func fromElsewhere(a socialAttempt) *socialProblem {
	got := a.Answer
	switch {
	case got.Issuer != "" && got.Issuer != a.Metadata.Issuer:
		return problem("issuer", "the answer is that of %.200q", got.Issuer)
	case got.Issuer == "" && a.Metadata.SendsIssuer:
		return problem("issuer", "the answer names no issuer, though the provider says that each does (RFC 9207)")
	case got.From != a.Provider && (got.From != "" || got.Issuer == ""):
		return problem("mix_up", "the answer came to the callback of %.80q", got.From)
	}
	return nil
}

func (t *talk) redeem(a socialAttempt, code string) (map[string]any, *socialProblem) {
	if code == "" {
		return nil, problem("no_code", "no code came back, or a page was shown between leaving and this block")
	}
	tokens, p := t.tokens(a, code)
	if p != nil {
		return nil, p
	}
	want := expected{Issuer: a.Metadata.Issuer, ClientID: a.ClientID, Nonce: a.Nonce, AccessToken: tokens.Access, Now: t.env.World.Clock.Now()}
	claims, p := t.verified(a.Metadata.JWKS, tokens.ID, want)
	if p != nil {
		return nil, p
	}
	return t.withUserinfo(a.Metadata.Userinfo, tokens.Access, claims)
}

// socialTokens are the tokens; they live here and nowhere else.
type socialTokens struct {
	ID     string `json:"id_token"`
	Access string `json:"access_token"`
	Error  string `json:"error"`
}

// tokens redeems the code.
func (t *talk) tokens(a socialAttempt, code string) (socialTokens, *socialProblem) {
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {a.RedirectURI}}
	if a.Verifier != "" {
		form.Set("code_verifier", a.Verifier)
	}
	header := map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
	switch {
	case t.rp.Secret == "":
		form.Set("client_id", a.ClientID)
	case clientAuth(t.rp.SocialProvider, a.Metadata) == flow.ClientAuthPost:
		form.Set("client_id", a.ClientID)
		form.Set("client_secret", t.rp.Secret)
	default: // RFC 6749 section 2.3.1: both are form-encoded first
		both := url.QueryEscape(a.ClientID) + ":" + url.QueryEscape(t.rp.Secret)
		header["Authorization"] = "Basic " + base64.StdEncoding.EncodeToString([]byte(both))
	}
	body, p := t.do(world.Request{Method: "POST", URL: a.Metadata.Token, Header: header, Body: form.Encode()})
	var tokens socialTokens
	err := json.Unmarshal([]byte(body), &tokens)
	switch {
	case p != nil && p.Reason == "status":
		return tokens, problem("token_refused", "%s; error %q", p.Detail, errorCode(tokens.Error))
	case p != nil:
		return tokens, p
	case err != nil || tokens.ID == "":
		return tokens, problem("no_id_token", "%s answered no ID token", a.Metadata.Token)
	}
	return tokens, nil
}

// verified verifies the ID token. Keys that were kept may be older than it: one
// that is not among them is asked for.
func (t *talk) verified(jwks, raw string, want expected) (map[string]any, *socialProblem) {
	for _, again := range []bool{false, true} {
		keys, p := t.keys(jwks, again)
		if p != nil {
			return nil, p
		}
		claims, reason := verifyIDToken(raw, keys, want)
		if reason == "" {
			return claims, nil
		}
		if reason != unknownKey || again {
			return nil, problem(reason, "the ID token of %s was refused: %s", want.Issuer, reason)
		}
	}
	return nil, problem(unknownKey, "no key")
}

// withUserinfo adds what was asked for and does not stand in the ID token. What
// stands there is signed, and stays as it is.
func (t *talk) withUserinfo(address, access string, claims map[string]any) (map[string]any, *socialProblem) {
	scopes := t.rp.AskedScopes()
	lacks := func(scope, claim string) bool { _, has := claims[claim]; return !has && slices.Contains(scopes, scope) }
	if address == "" || access == "" || !lacks("email", "email") && !lacks("profile", "name") {
		return forFlows(claims), nil
	}
	body, p := t.do(world.Request{Method: "GET", URL: address, Header: map[string]string{"Authorization": "Bearer " + access}})
	if p != nil {
		if p.Reason == "status" {
			p.Reason = "userinfo"
		}
		return nil, p
	}
	var more map[string]any
	if err := json.Unmarshal([]byte(body), &more); err != nil || more["sub"] != claims["sub"] {
		return nil, problem("userinfo", "%s answered about somebody else, or what is no JSON object", address)
	}
	all := forFlows(more)
	maps.Copy(all, forFlows(claims))
	return all, nil
}
