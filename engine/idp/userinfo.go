package idp

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// This file is the userinfo endpoint.

func (p *Provider) userinfo(w http.ResponseWriter, r *http.Request) {
	token, e := bearer(w, r)
	if e != nil {
		p.challenge(w, e)
		return
	}
	a, err := p.access(r.Context(), p.begin().unit, token)
	if err == nil && !slices.ContainsFunc(a.audience, p.ours) {
		err = fmt.Errorf("%w: it is for another audience", errNoAccess)
	}
	switch {
	case errors.Is(err, errNoAccess):
		p.challenge(w, &oauthError{http.StatusUnauthorized, "invalid_token", "the access token is not valid, has expired or has ended"})
		return
	case err != nil:
		p.serverError(w, err)
		return
	}
	noteClient(w, a.clientID)
	if !slices.Contains(a.scopes, "openid") {
		p.challenge(w, &oauthError{http.StatusForbidden, "insufficient_scope", "the access token lacks the scope openid"})
		return
	}
	person, err := p.begin().people.Get(r.Context(), a.userID)
	if err != nil {
		p.serverError(w, err)
		return
	}
	writeJSON(w, http.StatusOK, userClaims(person, a.scopes, a.userinfo))
}

// bearer takes the token from the header or from a posted form, never from the
// address (RFC 6750 section 2.3 with RFC 9700 section 4.3.2).
func bearer(w http.ResponseWriter, r *http.Request) (string, *oauthError) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	posted := ""
	if r.Method == http.MethodPost && strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		in, e := readParams(w, r)
		if e != nil {
			return "", e
		}
		posted = in.get("access_token")
	}
	fromHeader := strings.EqualFold(scheme, "Bearer")
	switch {
	case fromHeader && posted != "":
		return "", refuse("invalid_request", "the access token may be given in one way only")
	case fromHeader:
		return strings.TrimSpace(token), nil
	case posted != "":
		return posted, nil
	}
	return "", &oauthError{Status: http.StatusUnauthorized}
}

// challenge answers as RFC 6750 section 3 says: who brought no token at all is
// told how to, and of no error.
func (p *Provider) challenge(w http.ResponseWriter, e *oauthError) {
	value := `Bearer realm="` + p.o.Issuer + `"`
	if e.Code != "" {
		value += `, error="` + e.Code + `", error_description="` + describe(e.Description) + `"`
	}
	if e.Code == "insufficient_scope" {
		value += `, scope="openid"`
	}
	w.Header().Set("WWW-Authenticate", value)
	if e.Code == "" {
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(e.Status)
		return
	}
	writeError(w, e)
}
