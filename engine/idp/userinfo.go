package idp

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/session"
)

// This file is the userinfo endpoint.

func (p *Provider) userinfo(w http.ResponseWriter, r *http.Request) {
	token, e := bearer(w, r)
	if e != nil {
		p.challenge(w, e)
		return
	}
	a, err := p.readAccessToken(r.Context(), token)
	if err != nil {
		p.challenge(w, &oauthError{http.StatusUnauthorized, "invalid_token", "the access token is not valid or has expired"})
		return
	}
	scopes := strings.Fields(a.scope)
	if !slices.Contains(scopes, "openid") {
		p.challenge(w, &oauthError{http.StatusForbidden, "insufficient_scope", "the access token lacks the scope openid"})
		return
	}
	u := p.begin()
	person, err := u.people.Get(r.Context(), a.userID)
	if err == nil {
		_, err = u.sessions.Get(r.Context(), a.sessionID)
	}
	switch {
	case errors.Is(err, directory.ErrNotFound), errors.Is(err, session.ErrNotFound), err == nil && person.Status != directory.Active:
		p.challenge(w, &oauthError{http.StatusUnauthorized, "invalid_token", "the session of the access token has ended"})
	case err != nil:
		p.serverError(w, err)
	default:
		writeJSON(w, http.StatusOK, userClaims(person, scopes))
	}
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

// profileClaims are standard claims that a project keeps in user_metadata.
var profileClaims = []string{
	"given_name", "family_name", "middle_name", "nickname", "profile", "picture", "website", "gender", "birthdate", "zoneinfo", "locale",
}

// userClaims answers the claims of scopes, OpenID Connect Core section 5.4.
func userClaims(u directory.User, scopes []string) map[string]any {
	claims := map[string]any{"sub": u.ID}
	set := func(name, value string) {
		if value != "" {
			claims[name] = value
		}
	}
	if slices.Contains(scopes, "profile") {
		for _, name := range profileClaims {
			value, _ := u.UserMetadata[name].(string)
			set(name, value)
		}
		set("name", u.Name)
		set("preferred_username", u.Username)
		claims["updated_at"] = u.Updated.Unix()
	}
	if slices.Contains(scopes, "email") && u.Email != "" {
		claims["email"], claims["email_verified"] = u.Email, u.EmailVerified
	}
	if slices.Contains(scopes, "phone") && u.Phone != "" {
		claims["phone_number"], claims["phone_number_verified"] = u.Phone, u.PhoneVerified
	}
	return claims
}
