package idp

import (
	"context"
	"net/http"
	"net/url"
)

// This file sees that a client is who it says, in the one way it is registered
// for.

// proof is what a request brings to prove who sent it.
type proof struct {
	id, secret, method string
}

// authenticate answers the client of a direct request.
func (p *Provider) authenticate(w http.ResponseWriter, r *http.Request, in params) (Client, *oauthError) {
	given, e := readProof(r, in)
	if e != nil {
		return Client{}, e
	}
	noteClient(w, given.id)
	client, known := p.o.Clients.Client(r.Context(), given.id)
	if known && client.methodAllowed(given.method) && p.proves(r.Context(), client, given) {
		return client, nil
	}
	if given.method == AuthBasic {
		w.Header().Set("WWW-Authenticate", `Basic realm="`+p.o.Issuer+`", charset="UTF-8"`)
	}
	return Client{}, &oauthError{http.StatusUnauthorized, "invalid_client", "the client is not known or did not prove itself as it is registered to"}
}

// readProof takes a proof given in exactly one way (RFC 6749 section 2.3).
func readProof(r *http.Request, in params) (proof, *oauthError) {
	given := proof{in.get("client_id"), in.get("client_secret"), AuthNone}
	ways := 0
	if given.secret != "" {
		given.method = AuthPost
		ways++
	}
	if assertion := in.get("client_assertion"); assertion != "" || in.get("client_assertion_type") != "" {
		if in.get("client_assertion_type") != assertionType {
			return proof{}, refuse("invalid_request", "client_assertion_type must be "+assertionType)
		}
		id := assertedID(assertion)
		if given.id != "" && given.id != id {
			return proof{}, refuse("invalid_request", "client_id is not the subject of client_assertion")
		}
		given = proof{id, assertion, AuthPrivateKey}
		ways++
	}
	if r.Header.Get("Authorization") != "" {
		id, secret, ok := basicCredentials(r)
		if given.id != "" && given.id != id && ok {
			ways++
		}
		given = proof{id, secret, AuthBasic}
		ways++
	}
	if ways > 1 {
		return proof{}, refuse("invalid_request", "a client proves itself in one way only")
	}
	return given, nil
}

func (p *Provider) proves(ctx context.Context, c Client, given proof) bool {
	switch given.method {
	case AuthNone:
		return true
	case AuthPrivateKey:
		return p.verifyAssertion(ctx, c, given.secret) == nil
	}
	return c.secretMatches(given.secret)
}

// basicCredentials undoes the form encoding of RFC 6749 section 2.3.1.
func basicCredentials(r *http.Request) (id, secret string, ok bool) {
	id, secret, ok = r.BasicAuth()
	if !ok {
		return "", "", false
	}
	var idErr, secretErr error
	id, idErr = url.QueryUnescape(id)
	secret, secretErr = url.QueryUnescape(secret)
	return id, secret, idErr == nil && secretErr == nil
}

func (c Client) methodAllowed(method string) bool {
	if c.TokenEndpointAuthMethod != "" {
		return c.TokenEndpointAuthMethod == method
	}
	if c.confidential() {
		return method == AuthBasic || method == AuthPost
	}
	return method == AuthNone
}
