package authentication

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/jwk"
	"github.com/authflow-studio/authflow/engine/world"
)

// This file learns where a provider's endpoints are and with which keys it signs
// (OpenID Connect Discovery).

// socialMetadata is what is used of a discovery document.
type socialMetadata struct {
	Issuer        string   `json:"issuer"`
	Authorization string   `json:"authorization_endpoint"`
	Token         string   `json:"token_endpoint"`
	JWKS          string   `json:"jwks_uri"`
	Userinfo      string   `json:"userinfo_endpoint,omitempty"`
	ClientAuth    []string `json:"token_endpoint_auth_methods_supported,omitempty"`
	// SendsIssuer says that every answer names its issuer (RFC 9207).
	SendsIssuer bool `json:"authorization_response_iss_parameter_supported,omitempty"`
}

// metadata answers the endpoints: those of the settings, or the discovery
// document's.
func (t *talk) metadata() (socialMetadata, *socialProblem) {
	p := t.rp
	if !p.Discovered() {
		return socialMetadata{Issuer: p.Issuer, Authorization: p.AuthorizationEndpoint, Token: p.TokenEndpoint, JWKS: p.JWKSURI, Userinfo: p.UserinfoEndpoint}, nil
	}
	text, problem := t.cached(bucketMetadata, p.Issuer, false, t.discover)
	if problem != nil {
		return socialMetadata{}, problem
	}
	return t.readMetadata(text)
}

// discover fetches the document and takes nothing that cannot be used: what is
// wrong is not kept.
func (t *talk) discover() (string, *socialProblem) {
	text, p := t.do(world.Request{Method: "GET", URL: strings.TrimRight(t.rp.Issuer, "/") + "/.well-known/openid-configuration"})
	if p == nil {
		_, p = t.readMetadata(text)
	}
	if p != nil && p.Reason == "status" {
		p.Reason = "discovery"
	}
	return text, p
}

func (t *talk) readMetadata(text string) (socialMetadata, *socialProblem) {
	var m socialMetadata
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		return m, problem("discovery", "the discovery document of %s cannot be read: %v", t.rp.Issuer, err)
	}
	if m.Issuer != t.rp.Issuer {
		return m, problem("discovery", "the discovery document of %s is that of %q: write the issuer exactly as it writes itself", t.rp.Issuer, m.Issuer)
	}
	if t.rp.UserinfoEndpoint != "" {
		m.Userinfo = t.rp.UserinfoEndpoint
	}
	own, err := url.Parse(m.Issuer)
	to, badTo := url.Parse(m.Authorization)
	if m.Token == "" || m.JWKS == "" || err != nil || badTo != nil || to.Host == "" || to.Scheme != "https" && to.Scheme != own.Scheme {
		return m, problem("discovery", "the discovery document of %s has no endpoints that can be used", t.rp.Issuer)
	}
	return m, nil
}

// clientAuth answers how the secret is shown: as the settings say, else as the
// provider does; Basic is what all take that say nothing (OpenID Connect Core
// section 9).
func clientAuth(p flow.SocialProvider, m socialMetadata) string {
	switch {
	case p.ClientAuth != "":
		return p.ClientAuth
	case len(m.ClientAuth) > 0 && !slices.Contains(m.ClientAuth, flow.ClientAuthBasic):
		return flow.ClientAuthPost
	}
	return flow.ClientAuthBasic
}

// keys answers the keys that sign; again asks for them although some are kept.
func (t *talk) keys(address string, again bool) (jwk.Set, *socialProblem) {
	text, p := t.cached(bucketJWKS, address, again, func() (string, *socialProblem) {
		text, p := t.do(world.Request{Method: "GET", URL: address})
		if p == nil {
			_, p = readKeys(text)
		}
		return text, p
	})
	if p != nil {
		return nil, p
	}
	return readKeys(text)
}

func readKeys(text string) (jwk.Set, *socialProblem) {
	set, err := jwk.ReadPublished([]byte(text))
	if err != nil {
		return nil, problem("keys", "%v", err)
	}
	return set, nil
}
