package flow

import (
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"
)

// Client is one OAuth client of clients.yaml.
type Client struct {
	ID   string `yaml:"id" json:"id"`
	Name string `yaml:"name" json:"name"`
	// SecretName names the secret that holds the client's password; empty for
	// a public client. The value itself never stands in a project.
	SecretName             string   `yaml:"secret_name,omitempty" json:"secret_name,omitempty"`
	AuthMethod             string   `yaml:"token_endpoint_auth_method,omitempty" json:"token_endpoint_auth_method,omitempty"`
	RedirectURIs           []string `yaml:"redirect_uris,omitempty" json:"redirect_uris,omitempty"`
	PostLogoutRedirectURIs []string `yaml:"post_logout_redirect_uris,omitempty" json:"post_logout_redirect_uris,omitempty"`
	// AnyLoopbackRedirect accepts any path and port on a loopback address, for
	// native apps and tests (RFC 8252 section 7.3 asks for any port).
	AnyLoopbackRedirect bool     `yaml:"any_loopback_redirect,omitempty" json:"any_loopback_redirect,omitempty"`
	IDTokenAlg          string   `yaml:"id_token_signed_response_alg,omitempty" json:"id_token_signed_response_alg,omitempty"`
	AllowedOrigins      []string `yaml:"allowed_origins,omitempty" json:"allowed_origins,omitempty"`
	Scopes              []string `yaml:"scopes,omitempty" json:"scopes,omitempty"`

	// PKCE: nonce lets a confidential client that does not know PKCE send a
	// nonce instead (RFC 9700 section 2.1.1); empty requires PKCE.
	PKCE string `yaml:"pkce,omitempty" json:"pkce,omitempty"`

	// BackchannelLogoutURI is told when a session ends (OpenID Connect
	// Back-Channel Logout).
	BackchannelLogoutURI             string   `yaml:"backchannel_logout_uri,omitempty" json:"backchannel_logout_uri,omitempty"`
	BackchannelLogoutSessionRequired bool     `yaml:"backchannel_logout_session_required,omitempty" json:"backchannel_logout_session_required,omitempty"`
	RequirePAR                       bool     `yaml:"require_pushed_authorization_requests,omitempty" json:"require_pushed_authorization_requests,omitempty"`
	AccessTokenFormat                string   `yaml:"access_token_format,omitempty" json:"access_token_format,omitempty"`
	GrantTypes                       []string `yaml:"grant_types,omitempty" json:"grant_types,omitempty"`
	// RefreshTokens: empty ends them with the session, offline lets them
	// outlive it, off issues none.
	RefreshTokens   string         `yaml:"refresh_tokens,omitempty" json:"refresh_tokens,omitempty"`
	RefreshIdle     Duration       `yaml:"refresh_idle,omitempty" json:"refresh_idle,omitzero"`
	RefreshLifetime Duration       `yaml:"refresh_lifetime,omitempty" json:"refresh_lifetime,omitzero"`
	RefreshGrace    Duration       `yaml:"refresh_grace,omitempty" json:"refresh_grace,omitzero"`
	JWKS            map[string]any `yaml:"jwks,omitempty" json:"jwks,omitempty"`
	Resources       []string       `yaml:"resources,omitempty" json:"resources,omitempty"`
}

type clientsFile struct {
	Clients []Client `yaml:"clients"`
}

// DecodeClients reads clients.yaml.
func DecodeClients(file string, data []byte) ([]Client, error) {
	var f clientsFile
	if err := DecodeYAML(file, data, &f); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for i, c := range f.Clients {
		where := fmt.Sprintf("clients[%d]", i)
		switch {
		case c.ID == "":
			return nil, &FileError{Code: "yaml", File: file, Message: where + " has no id", Hint: "give each client an id"}
		case seen[c.ID]:
			return nil, &FileError{Code: "yaml", File: file, Message: fmt.Sprintf("two clients have the id %q", c.ID), Hint: "give one of them another id"}
		}
		seen[c.ID] = true
	}
	return f.Clients, nil
}

// DecodeYAML reads a YAML file of a project strictly: unknown and duplicate
// names are errors with line and column.
func DecodeYAML(file string, data []byte, into any) error {
	if len(data) > MaxFileSize {
		return &FileError{Code: "too_large", File: file, Message: fmt.Sprintf("the file has %d bytes, more than the %d that are read", len(data), MaxFileSize)}
	}
	err := yaml.UnmarshalWithOptions(data, into, yaml.Strict())
	if err == nil {
		return nil
	}
	fe := &FileError{Code: "yaml", File: file, Message: err.Error()}
	var ye yaml.Error
	if errors.As(err, &ye) {
		fe.Message = ye.GetMessage()
		if tk := ye.GetToken(); tk != nil && tk.Position != nil {
			fe.Line, fe.Column = tk.Position.Line, tk.Position.Column
		}
	}
	return fe
}
