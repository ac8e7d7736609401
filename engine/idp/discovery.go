package idp

import (
	"net/http"
	"slices"
)

// This file says what the provider can do, and lets registered web pages ask.

// discovery answers OpenID Connect Discovery and RFC 8414 alike. It names
// nothing that is not there.
func (p *Provider) discovery(w http.ResponseWriter, _ *http.Request) {
	publish(w, map[string]any{
		"issuer":                                         p.o.Issuer,
		"authorization_endpoint":                         p.o.Issuer + pathAuthorize,
		"token_endpoint":                                 p.o.Issuer + pathToken,
		"userinfo_endpoint":                              p.o.Issuer + pathUserinfo,
		"jwks_uri":                                       p.o.Issuer + pathJWKS,
		"end_session_endpoint":                           p.o.Issuer + pathEndSession,
		"scopes_supported":                               standardScopes,
		"response_types_supported":                       []string{"code"},
		"response_modes_supported":                       []string{"query"},
		"grant_types_supported":                          []string{"authorization_code"},
		"subject_types_supported":                        []string{"public"},
		"id_token_signing_alg_values_supported":          algorithms,
		"token_endpoint_auth_methods_supported":          []string{AuthNone, AuthBasic, AuthPost},
		"code_challenge_methods_supported":               []string{"S256"},
		"prompt_values_supported":                        []string{"none", "login"},
		"acr_values_supported":                           levels,
		"claim_types_supported":                          []string{"normal"},
		"claims_supported":                               claimsSupported(),
		"claims_parameter_supported":                     false,
		"request_parameter_supported":                    false,
		"request_uri_parameter_supported":                false,
		"authorization_response_iss_parameter_supported": true,
	})
}

func claimsSupported() []string {
	own := []string{"iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid", "at_hash"}
	scoped := []string{"name", "preferred_username", "updated_at", "email", "email_verified", "phone_number", "phone_number_verified"}
	return slices.Concat(own, scoped, profileClaims)
}

// publish answers what everybody may keep for a while.
func publish(w http.ResponseWriter, body any) {
	w.Header().Set("Cache-Control", "public, max-age=300")
	writeJSON(w, http.StatusOK, body)
}

// allowOrigins lets the web pages of registered origins call an endpoint. There
// are no cookies in such calls. It never stands before a page.
func (p *Provider) allowOrigins(methods string, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Origin")
		origin := r.Header.Get("Origin")
		allowed := origin != "" && p.o.Clients.OriginAllowed(r.Context(), origin)
		if allowed {
			w.Header().Set("Access-Control-Allow-Origin", origin)
			w.Header().Set("Access-Control-Expose-Headers", "WWW-Authenticate")
		}
		if r.Method != http.MethodOptions {
			h.ServeHTTP(w, r)
			return
		}
		if allowed {
			w.Header().Set("Access-Control-Allow-Methods", methods)
			w.Header().Set("Access-Control-Allow-Headers", "Authorization, Content-Type")
			w.Header().Set("Access-Control-Max-Age", "600")
		}
		w.WriteHeader(http.StatusNoContent)
	})
}
