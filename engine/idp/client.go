package idp

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// This file knows clients and where they may be answered.

// Ways in which a client proves itself at the token endpoint.
const (
	AuthNone  = "none"
	AuthBasic = "client_secret_basic"
	AuthPost  = "client_secret_post"
)

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
	switch c.TokenEndpointAuthMethod {
	case "", AuthNone, AuthBasic, AuthPost:
	default:
		return fmt.Errorf("token_endpoint_auth_method %q is not known", c.TokenEndpointAuthMethod)
	}
	if m := c.TokenEndpointAuthMethod; (m == AuthBasic || m == AuthPost) && !c.confidential() {
		return fmt.Errorf("%s needs a secret", m)
	}
	if c.TokenEndpointAuthMethod == AuthNone && c.confidential() {
		return fmt.Errorf("a client with a secret proves itself with it")
	}
	if c.IDTokenAlg != "" && !slices.Contains(algorithms, c.IDTokenAlg) {
		return fmt.Errorf("id_token_signed_response_alg %q is not known", c.IDTokenAlg)
	}
	for _, uri := range slices.Concat(c.RedirectURIs, c.PostLogoutRedirectURIs) {
		if _, err := redirectURL(uri); err != nil {
			return err
		}
	}
	for _, o := range c.AllowedOrigins {
		if u, err := url.Parse(o); err != nil || u.Scheme+"://"+u.Host != o || u.Host == "" {
			return fmt.Errorf("%q is no origin such as https://app.example.org", o)
		}
	}
	return nil
}

func (c Client) confidential() bool { return c.Secret != "" || c.SecretHash != "" }

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

// redirectURL reads an address that a browser may be sent to.
func redirectURL(uri string) (*url.URL, error) {
	u, err := url.Parse(uri)
	if err != nil || !u.IsAbs() || u.User != nil || strings.Contains(uri, "#") {
		return nil, fmt.Errorf("%q is no absolute address without a fragment", uri)
	}
	switch u.Scheme {
	case "javascript", "data", "vbscript", "blob", "file", "about":
		return nil, fmt.Errorf("%q would run in the browser", uri)
	case "http", "https":
		if u.Host == "" || u.Opaque != "" {
			return nil, fmt.Errorf("%q has no host", uri)
		}
	}
	return u, nil
}

// redirectAllowed compares byte for byte, except for the port of a registered
// loopback address (RFC 8252 section 7.3).
func (c Client) redirectAllowed(uri string) bool {
	if slices.Contains(c.RedirectURIs, uri) {
		return true
	}
	u, err := redirectURL(uri)
	if err != nil || u.Scheme != "http" {
		return false
	}
	host := u.Hostname()
	loopback := host == "127.0.0.1" || host == "::1"
	if c.AnyLoopbackRedirect {
		return loopback || host == "localhost"
	}
	return loopback && slices.ContainsFunc(c.RedirectURIs, func(registered string) bool {
		r, err := redirectURL(registered)
		if err != nil || r.Hostname() != host {
			return false
		}
		r.Host = u.Host
		return r.String() == uri
	})
}

// standardScopes are those that the provider knows what to do with.
var standardScopes = []string{"openid", "profile", "email", "phone"}

// grantable answers those of the scopes asked for that the client may have;
// what is not known is ignored, as OpenID Connect Core 3.1.2.1 says.
func (c Client) grantable(scopes []string) []string {
	allowed := c.Scopes
	if len(allowed) == 0 {
		allowed = standardScopes
	}
	var granted []string
	for _, s := range scopes {
		if slices.Contains(allowed, s) && !slices.Contains(granted, s) && s != "offline_access" {
			granted = append(granted, s)
		}
	}
	return granted
}
