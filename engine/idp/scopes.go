package idp

import (
	"net/url"
	"slices"
)

// This file knows what clients may ask for: scopes and audiences.

const scopeOffline = "offline_access"

// standardScopes are those that the provider knows what to do with.
var standardScopes = []string{"openid", "profile", "email", "phone", scopeOffline}

// grantable answers those of the scopes asked for that the client may have;
// what is not known is ignored, as OpenID Connect Core 3.1.2.1 says.
func (c Client) grantable(scopes []string) []string {
	allowed := c.Scopes
	if len(allowed) == 0 {
		allowed = standardScopes
	}
	var granted []string
	for _, s := range scopes {
		may := slices.Contains(allowed, s)
		if s == scopeOffline { // a policy that is named asks for no scope besides
			may = c.mayRefresh() && (may || c.RefreshTokens != "")
		}
		if may && !slices.Contains(granted, s) {
			granted = append(granted, s)
		}
	}
	return granted
}

// resources answers the audiences asked for, all of which must be among those
// that may be had (RFC 8707).
func (p params) resources(may []string) ([]string, *oauthError) {
	var asked []string
	for _, uri := range p.values["resource"] {
		if uri == "" || slices.Contains(asked, uri) {
			continue
		}
		if u, err := url.Parse(uri); err != nil || !u.IsAbs() || !slices.Contains(may, uri) {
			return nil, refuse("invalid_target", "a resource asked for is not one that the client may have")
		}
		asked = append(asked, uri)
	}
	return asked, nil
}
