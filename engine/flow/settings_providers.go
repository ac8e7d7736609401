package flow

import (
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
)

// This file is the part of authflow.json that names other OpenID Providers that
// people may come from (social sign-in).

// SocialProvider is one of them, under its id.
type SocialProvider struct {
	// Title is what people call it; Icon a lucide icon or an address.
	Title string `json:"title,omitempty"`
	Icon  string `json:"icon,omitempty"`
	// Issuer is how the provider writes itself, to the letter.
	Issuer   string `json:"issuer"`
	ClientID string `json:"client_id"`
	// ClientSecret names a secret of the project; a public client has none.
	ClientSecret string   `json:"client_secret,omitempty"`
	Scopes       []string `json:"scopes,omitempty"`
	// Endpoints of a provider that has no discovery document.
	AuthorizationEndpoint string `json:"authorization_endpoint,omitempty"`
	TokenEndpoint         string `json:"token_endpoint,omitempty"`
	JWKSURI               string `json:"jwks_uri,omitempty"`
	UserinfoEndpoint      string `json:"userinfo_endpoint,omitempty"`
	// ClientAuth is how the secret is shown to it; without it discovery says.
	ClientAuth string `json:"client_auth,omitempty"`
	// PKCE is S256 (the default) or none, for a provider that refuses it.
	PKCE string `json:"pkce,omitempty"`
	// TrustEmail takes the provider's word that an address is verified.
	TrustEmail bool `json:"trust_email,omitzero"`
	// TrustMFA takes the provider's word (amr mfa) that there were two factors.
	TrustMFA bool `json:"trust_mfa,omitzero"`
	// Simulated says whether the harness puts its own provider in its place;
	// without it, where the harness has no secret for it. Servers ignore it.
	Simulated *bool `json:"simulated,omitempty"`
}

// Values of SocialProvider.PKCE and ClientAuth.
const (
	PKCES256        = "S256"
	PKCENone        = "none"
	ClientAuthBasic = "client_secret_basic"
	ClientAuthPost  = "client_secret_post"
)

// Name answers what people call the provider.
func (p SocialProvider) Name(id string) string {
	if p.Title != "" {
		return p.Title
	}
	return id
}

// Discovered reports whether the endpoints are those of a discovery document.
func (p SocialProvider) Discovered() bool { return p.AuthorizationEndpoint == "" }

// AskedScopes answers the scopes to ask for; openid is always among them.
func (p SocialProvider) AskedScopes() []string {
	if len(p.Scopes) == 0 {
		return []string{"openid", "profile", "email"}
	}
	if slices.Contains(p.Scopes, "openid") {
		return p.Scopes
	}
	return append([]string{"openid"}, p.Scopes...)
}

var providerID = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// providerBounds are the rules of all providers, in the order of their ids.
func (s Settings) providerBounds() []bound {
	var out []bound
	for _, id := range slices.Sorted(maps.Keys(s.Providers)) {
		p, at := s.Providers[id], "/providers/"+id
		out = append(out,
			bound{at, providerID.MatchString(id), fmt.Sprintf("%q cannot name a provider", id), "use lower case letters, digits and _, beginning with a letter"},
			bound{at + "/client_id", p.ClientID != "", fmt.Sprintf("the provider %s has no client_id", id), "write the id that it gave you when you registered"},
			s.addressBound(at+"/issuer", "issuer", p.Issuer),
			bound{at + "/client_secret", p.ClientSecret == "" || s.undeclared(p.ClientSecret) == "", fmt.Sprintf("the secret %q is not declared", p.ClientSecret), "add its name to secrets; the server supplies its value, and it never stands in a project"},
			bound{at + "/pkce", slices.Contains([]string{"", PKCES256, PKCENone}, p.PKCE), fmt.Sprintf("%q is no way of PKCE", p.PKCE), "write S256, or none for a provider that refuses it"},
			bound{at + "/client_auth", slices.Contains([]string{"", ClientAuthBasic, ClientAuthPost}, p.ClientAuth), fmt.Sprintf("%q is no way to show a client secret", p.ClientAuth), "write client_secret_basic or client_secret_post, or leave it out"})
		out = append(out, s.endpointBounds(at, p)...)
	}
	return out
}

// endpointBounds: all endpoints are written, or none is.
func (s Settings) endpointBounds(at string, p SocialProvider) []bound {
	var out []bound
	given := p.AuthorizationEndpoint != "" || p.TokenEndpoint != "" || p.JWKSURI != ""
	for _, e := range []struct{ name, address string }{{"authorization_endpoint", p.AuthorizationEndpoint}, {"token_endpoint", p.TokenEndpoint}, {"jwks_uri", p.JWKSURI}} {
		if given {
			out = append(out, bound{at, e.address != "", "the provider has other endpoints and no " + e.name, "write all three, or none where the provider has a discovery document"})
		}
		if e.address != "" && e.name != "authorization_endpoint" {
			out = append(out, s.addressBound(at+"/"+e.name, e.name, e.address))
		}
	}
	if p.AuthorizationEndpoint != "" {
		out = append(out, bound{at + "/authorization_endpoint", s.visitable(p.AuthorizationEndpoint), fmt.Sprintf("%q is no https address", p.AuthorizationEndpoint), "people are sent there: write an https address without a fragment"})
	}
	if p.UserinfoEndpoint != "" {
		out = append(out, s.addressBound(at+"/userinfo_endpoint", "userinfo_endpoint", p.UserinfoEndpoint))
	}
	return out
}

// addressBound: the server calls it, so its host must be allowed.
func (s Settings) addressBound(pointer, what, address string) bound {
	why := s.callable(address)
	if u, err := url.Parse(address); why == "" && (err != nil || u.RawQuery != "" || u.Fragment != "" || u.User != nil) {
		why = "has a query, a fragment or a password in it"
	}
	return bound{pointer, why == "", fmt.Sprintf("the %s %q %s", what, address, why), "write an https address as the provider writes it, and its host in egress_hosts"}
}

// visitable reports whether people can be sent to an address: by https, or to
// this machine where the harness may call it.
func (s Settings) visitable(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Fragment != "" || u.User != nil {
		return false
	}
	return u.Scheme == "https" || s.Harness != nil && slices.Contains(s.Harness.LoopbackHosts, u.Host)
}
