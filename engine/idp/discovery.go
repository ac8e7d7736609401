package idp

import (
	"net/http"
	"slices"
)

// This file says what the provider can do, and lets registered web pages ask.

// discovery answers OpenID Connect Discovery and RFC 8414 alike. It names
// nothing that is not there.
func (p *Provider) discovery(w http.ResponseWriter, _ *http.Request, start Starter) {
	prompts := []string{"none", "login", "consent", "select_account"}
	if hasFlow(start, triggerRegistration) {
		prompts = append(prompts, "create")
	}
	public := []string{AuthNone, AuthBasic, AuthPost, AuthPrivateKey}
	m := map[string]any{
		"issuer":                                         p.o.Issuer,
		"scopes_supported":                               standardScopes,
		"response_types_supported":                       []string{"code"},
		"response_modes_supported":                       responseModes,
		"grant_types_supported":                          grantTypes,
		"subject_types_supported":                        []string{"public"},
		"id_token_signing_alg_values_supported":          algorithms,
		"token_endpoint_auth_methods_supported":          public,
		"revocation_endpoint_auth_methods_supported":     public,
		"introspection_endpoint_auth_methods_supported":  public[1:],
		"code_challenge_methods_supported":               []string{"S256"},
		"prompt_values_supported":                        prompts,
		"acr_values_supported":                           levels,
		"claim_types_supported":                          []string{"normal"},
		"claims_supported":                               claimsSupported(),
		"claims_parameter_supported":                     true,
		"request_parameter_supported":                    false,
		"request_uri_parameter_supported":                false,
		"require_pushed_authorization_requests":          false,
		"authorization_response_iss_parameter_supported": true,
	}
	if p.o.HTTP != nil {
		m["backchannel_logout_supported"], m["backchannel_logout_session_supported"] = true, true
	}
	for _, of := range []string{"token", "revocation", "introspection"} {
		m[of+"_endpoint_auth_signing_alg_values_supported"] = algorithms
	}
	for name, path := range map[string]string{
		"authorization_endpoint": pathAuthorize, "token_endpoint": pathToken, "userinfo_endpoint": pathUserinfo, "jwks_uri": pathJWKS,
		"end_session_endpoint": pathEndSession, "introspection_endpoint": pathIntrospect, "revocation_endpoint": pathRevoke,
		"pushed_authorization_request_endpoint": pathPAR,
	} {
		m[name] = p.o.Issuer + path
	}
	publish(w, m)
}

func claimsSupported() []string {
	own := []string{"iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid", "at_hash"}
	return slices.Concat(own, claimsOf["profile"], claimsOf["email"], claimsOf["phone"])
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
