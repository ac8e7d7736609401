package idp

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/authflow-studio/authflow/engine/jwk"
)

// This file knows clients: what is registered of them, and what makes sense.

// Ways in which a client proves itself at the token endpoint.
const (
	AuthNone       = "none"
	AuthBasic      = "client_secret_basic"
	AuthPost       = "client_secret_post"
	AuthPrivateKey = "private_key_jwt"
)

// Grants that a client may have.
const (
	GrantCode              = "authorization_code"
	GrantRefresh           = "refresh_token"
	GrantClientCredentials = "client_credentials"
)

// Policies for refresh tokens: they end with the session (the default), they
// outlive its logout and its limits, or there are none.
const (
	RefreshSession = "session"
	RefreshOffline = "offline"
	RefreshOff     = "off"
)

// Formats of access tokens.
const (
	FormatJWT    = "jwt"
	FormatOpaque = "opaque"
)

// PKCEByNonce lets a confidential client do without PKCE, with a nonce.
const PKCEByNonce = "nonce"

// Client is a registered client.
type Client struct {
	ID, Name string
	// Secret, or SecretHash (hex SHA-256 of it), is what a confidential client
	// proves itself with. A public client has neither.
	Secret, SecretHash     string
	RedirectURIs           []string
	PostLogoutRedirectURIs []string
	// TokenEndpointAuthMethod is one way only; empty takes none of a public
	// client, and Basic or post of a confidential one.
	TokenEndpointAuthMethod string
	// AnyLoopbackRedirect accepts every http address on this machine, localhost
	// too, for native apps and tests.
	AnyLoopbackRedirect bool
	// IDTokenAlg signs its ID tokens: ES256 unless given.
	IDTokenAlg string
	// AllowedOrigins are the web pages that may call the token, userinfo, JWKS
	// and discovery endpoints.
	AllowedOrigins []string
	// Scopes are what it may ask for: the standard ones unless given.
	Scopes []string
	// PKCE is required unless this is PKCEByNonce: then a confidential client
	// that does not know PKCE may bind its code by a nonce instead (RFC 9700
	// section 2.1.1).
	PKCE string
	// GrantTypes are authorization_code and refresh_token unless given.
	GrantTypes []string
	// RefreshTokens is a policy, RefreshSession unless given. The three
	// durations take the provider's when zero.
	RefreshTokens                          string
	RefreshIdle, RefreshLife, RefreshGrace time.Duration
	// AccessTokenFormat is jwt (RFC 9068) unless given.
	AccessTokenFormat string
	// Resources are the audiences that it may ask for (RFC 8707).
	Resources []string
	// JWKS is the set of public keys of a client that proves itself by
	// private_key_jwt.
	JWKS json.RawMessage
	// RequirePAR refuses its requests that were not pushed (RFC 9126).
	RequirePAR bool
	// BackchannelLogoutURI is told when a session ends through which the client
	// was signed in. The sid is in every logout token, required or not.
	BackchannelLogoutURI             string
	BackchannelLogoutSessionRequired bool
}

// Clients answers who is registered.
type Clients interface {
	Client(ctx context.Context, id string) (Client, bool)
	// OriginAllowed reports whether any client has that origin.
	OriginAllowed(ctx context.Context, origin string) bool
}

// Registry is a fixed set of clients.
type Registry struct {
	clients map[string]Client
	origins map[string]bool
}

var _ Clients = (*Registry)(nil)

// NewRegistry takes clients that make sense, or says what does not.
func NewRegistry(clients ...Client) (*Registry, error) {
	r := &Registry{clients: map[string]Client{}, origins: map[string]bool{}}
	for _, c := range clients {
		if _, twice := r.clients[c.ID]; twice || c.ID == "" {
			return nil, fmt.Errorf("idp: client %q: an id is given once and is not empty", c.ID)
		}
		if err := c.check(); err != nil {
			return nil, fmt.Errorf("idp: client %q: %w", c.ID, err)
		}
		r.clients[c.ID] = c
		for _, o := range c.AllowedOrigins {
			r.origins[o] = true
		}
	}
	return r, nil
}

// Client answers a client by its id.
func (r *Registry) Client(_ context.Context, id string) (Client, bool) {
	c, known := r.clients[id]
	return c, known
}

// OriginAllowed reports whether any client has that origin.
func (r *Registry) OriginAllowed(_ context.Context, origin string) bool { return r.origins[origin] }

func (c Client) check() error {
	for _, check := range []func() error{c.checkProof, c.checkChoices, c.checkAddresses} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (c Client) checkProof() error {
	if c.PKCE == PKCEByNonce && !c.confidential() {
		return errors.New("pkce: nonce is for clients that can keep a secret")
	}
	switch m := c.TokenEndpointAuthMethod; {
	case !slices.Contains([]string{"", AuthNone, AuthBasic, AuthPost, AuthPrivateKey}, m):
		return fmt.Errorf("token_endpoint_auth_method %q is not known", m)
	case (m == AuthBasic || m == AuthPost) && !c.hasSecret():
		return fmt.Errorf("%s needs a secret", m)
	case m == AuthNone && c.hasSecret():
		return errors.New("a client with a secret proves itself with it")
	case m == AuthPrivateKey && c.hasSecret():
		return errors.New("private_key_jwt goes without a secret")
	case m == AuthPrivateKey:
		_, err := jwk.ReadOwn(c.JWKS)
		return err
	}
	return nil
}

func (c Client) checkChoices() error {
	for _, it := range []struct {
		name, value string
		known       []string
	}{
		{"id_token_signed_response_alg", c.IDTokenAlg, algorithms},
		{"access_token_format", c.AccessTokenFormat, []string{FormatJWT, FormatOpaque}},
		{"pkce", c.PKCE, []string{PKCEByNonce}},
		{"refresh_tokens", c.RefreshTokens, []string{RefreshSession, RefreshOffline, RefreshOff}},
	} {
		if it.value != "" && !slices.Contains(it.known, it.value) {
			return fmt.Errorf("%s %q is not known: it is one of %s", it.name, it.value, strings.Join(it.known, ", "))
		}
	}
	for _, g := range c.GrantTypes {
		if !slices.Contains(grantTypes, g) {
			return fmt.Errorf("grant type %q is not known: there are %s", g, strings.Join(grantTypes, ", "))
		}
	}
	if c.hasGrant(GrantClientCredentials) && !c.confidential() {
		return errors.New("client_credentials is for clients that can keep a secret")
	}
	return nil
}

func (c Client) checkAddresses() error {
	for _, uri := range slices.Concat(c.RedirectURIs, c.PostLogoutRedirectURIs) {
		if _, err := redirectURL(uri); err != nil {
			return err
		}
	}
	for _, uri := range c.Resources {
		if u, err := url.Parse(uri); err != nil || !u.IsAbs() || strings.Contains(uri, "#") {
			return fmt.Errorf("the resource %q is no absolute address without a fragment", uri)
		}
	}
	if uri := c.BackchannelLogoutURI; uri != "" {
		if u, err := redirectURL(uri); err != nil || (u.Scheme != "https" && u.Scheme != "http") {
			return fmt.Errorf("backchannel_logout_uri %q is no web address without a fragment", uri)
		}
	}
	for _, o := range c.AllowedOrigins {
		if u, err := url.Parse(o); err != nil || u.Scheme+"://"+u.Host != o || u.Host == "" {
			return fmt.Errorf("%q is no origin such as https://app.example.org", o)
		}
	}
	return nil
}

func (c Client) hasSecret() bool { return c.Secret != "" || c.SecretHash != "" }

// confidential clients prove who they are.
func (c Client) confidential() bool {
	return c.hasSecret() || c.TokenEndpointAuthMethod == AuthPrivateKey
}

var grantTypes = []string{GrantCode, GrantRefresh, GrantClientCredentials}

func (c Client) hasGrant(grant string) bool {
	if len(c.GrantTypes) == 0 {
		return grant != GrantClientCredentials
	}
	return slices.Contains(c.GrantTypes, grant)
}

// mayRefresh reports whether it can have refresh tokens at all.
func (c Client) mayRefresh() bool { return c.hasGrant(GrantRefresh) && c.RefreshTokens != RefreshOff }

// secretMatches compares in constant time.
func (c Client) secretMatches(secret string) bool {
	want := c.SecretHash
	if c.Secret != "" {
		want = sha256Hex(c.Secret)
	}
	return want != "" && subtle.ConstantTimeCompare([]byte(strings.ToLower(want)), []byte(sha256Hex(secret))) == 1
}

func sha256Hex(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func (c Client) idTokenAlg() string {
	if c.IDTokenAlg == "" {
		return ES256
	}
	return c.IDTokenAlg
}
