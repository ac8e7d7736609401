package server

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/world"
)

// This file is what a simulated provider answers to servers: discovery, keys,
// tokens, userinfo.

const (
	socialKid       = "simulated-1"
	socialTokenLife = 5 * time.Minute
)

func (s *socialProviders) discovery(w http.ResponseWriter, _ *http.Request, p otherProvider) {
	socialJSON(w, http.StatusOK, map[string]any{"issuer": p.issuer, "authorization_endpoint": p.issuer + "/authorize", "token_endpoint": p.issuer + "/token",
		"jwks_uri": p.issuer + "/jwks", "userinfo_endpoint": p.issuer + "/userinfo", "response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
		"id_token_signing_alg_values_supported": []string{"EdDSA"}, "scopes_supported": []string{"openid", "profile", "email"}, "code_challenge_methods_supported": []string{"S256"},
		"token_endpoint_auth_methods_supported":          []string{flow.ClientAuthBasic, flow.ClientAuthPost},
		"authorization_response_iss_parameter_supported": true})
}

// key answers the provider's own key; each has another.
func (s *socialProviders) key(id string) ed25519.PrivateKey {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.keys[id] == nil {
		s.keys[id] = s.newKey()
	}
	return s.keys[id]
}

func (s *socialProviders) newKey() ed25519.PrivateKey {
	seed := make([]byte, ed25519.SeedSize)
	s.h.World.Random.Read(seed)
	return ed25519.NewKeyFromSeed(seed)
}

func (s *socialProviders) jwks(w http.ResponseWriter, _ *http.Request, p otherProvider) {
	public, _ := s.key(p.id).Public().(ed25519.PublicKey)
	socialJSON(w, http.StatusOK, map[string]any{"keys": []any{map[string]any{"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": socialKid, "x": base64.RawURLEncoding.EncodeToString(public)}}})
}

// token redeems a code, once.
func (s *socialProviders) token(w http.ResponseWriter, r *http.Request, p otherProvider) {
	if err := r.ParseForm(); err != nil || r.PostForm.Get("grant_type") != "authorization_code" {
		socialJSON(w, http.StatusBadRequest, map[string]any{"error": "unsupported_grant_type"})
		return
	}
	if !authenticated(r, p) {
		socialJSON(w, http.StatusUnauthorized, map[string]any{"error": "invalid_client"})
		return
	}
	code := r.PostForm.Get("code")
	s.mu.Lock()
	g, ok := s.codes[code]
	delete(s.codes, code)
	s.mu.Unlock()
	sum := sha256.Sum256([]byte(r.PostForm.Get("code_verifier")))
	proven := g.challenge == "" || g.challenge == base64.RawURLEncoding.EncodeToString(sum[:])
	if !ok || !proven || g.issuer != p.issuer || g.redirectURI != r.PostForm.Get("redirect_uri") || s.h.Clock.Now().After(g.expires) || s.ordered(p.id, inToken) == TokenRefused {
		socialJSON(w, http.StatusBadRequest, map[string]any{"error": "invalid_grant"})
		return
	}
	s.changePerson(&g)
	g.expires = s.h.Clock.Now().Add(socialTokenLife)
	id, err := s.idToken(p, g)
	if err != nil {
		s.h.Log.Error("the simulated provider cannot sign", "error", err)
		socialJSON(w, http.StatusInternalServerError, map[string]any{"error": "server_error"})
		return
	}
	socialJSON(w, http.StatusOK, map[string]any{"access_token": s.keep(s.tokens, g), "token_type": "Bearer", "expires_in": int(socialTokenLife.Seconds()), "scope": strings.Join(g.scopes, " "), "id_token": id})
}

// authenticated checks the client's secret, in either way that is offered.
func authenticated(r *http.Request, p otherProvider) bool {
	id, secret, basic := r.BasicAuth()
	if basic {
		id, _ = url.QueryUnescape(id)
		secret, _ = url.QueryUnescape(secret)
	} else {
		id, secret = r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	}
	return id == p.ClientID && sameToken(secret, p.secret)
}

// idToken signs what the provider says, or what it was ordered to say.
func (s *socialProviders) idToken(p otherProvider, g socialGrant) (string, error) {
	now := s.h.Clock.Now()
	claims := jwt.MapClaims{"iss": p.issuer, "aud": p.ClientID, "iat": now.Unix(), "exp": g.expires.Unix(), "auth_time": now.Unix()}
	if g.nonce != "" {
		claims["nonce"] = g.nonce
	}
	maps.Copy(claims, claimsOf(g))
	key := s.key(p.id)
	method := jwt.SigningMethod(jwt.SigningMethodEdDSA)
	var with any = key
	order := s.ordered(p.id, inIDToken)
	spoil(claims, order, now)
	switch order {
	case ForeignKey:
		with = s.newKey()
	case Unsigned:
		method, with = jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType
	case SignedWithSecret: // the public key as an HMAC secret: the oldest confusion
		public, _ := key.Public().(ed25519.PublicKey)
		method, with = jwt.SigningMethodHS256, []byte(public)
	}
	t := jwt.NewWithClaims(method, claims)
	t.Header["kid"] = socialKid
	return t.SignedString(with)
}

// claimsOf answers what the scopes let the provider say of somebody.
func claimsOf(g socialGrant) map[string]any {
	out := map[string]any{}
	maps.Copy(out, g.person.Claims)
	out["sub"] = g.person.Sub
	if slices.Contains(g.scopes, "profile") && g.person.Name != "" {
		out["name"] = g.person.Name
	}
	if slices.Contains(g.scopes, "email") && g.person.Email != "" {
		out["email"], out["email_verified"] = g.person.Email, g.person.EmailVerified
	}
	return out
}

func (s *socialProviders) userinfo(w http.ResponseWriter, r *http.Request, p otherProvider) {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	s.mu.Lock()
	g, ok := s.tokens[token]
	s.mu.Unlock()
	if !ok || g.issuer != p.issuer || s.h.Clock.Now().After(g.expires) {
		w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
		socialJSON(w, http.StatusUnauthorized, map[string]any{"error": "invalid_token"})
		return
	}
	socialJSON(w, http.StatusOK, claimsOf(g))
}

func socialJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

// answerInProcess asks a handler without a connection.
func answerInProcess(h http.Handler, r *http.Request) (world.Response, error) {
	res, err := inProcess{h}.RoundTrip(r)
	if err != nil {
		return world.Response{}, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return world.Response{}, err
	}
	out := world.Response{Status: res.StatusCode, Header: map[string]string{}, Body: string(body)}
	for name := range res.Header {
		out.Header[strings.ToLower(name)] = res.Header.Get(name)
	}
	return out, nil
}
