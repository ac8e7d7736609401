package idp

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/session"
)

// This file is the token endpoint: codes become tokens.

type tokenResponse struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	ExpiresIn   int64  `json:"expires_in"`
	Scope       string `json:"scope"`
	IDToken     string `json:"id_token,omitempty"`
}

func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	in, e := readParams(w, r)
	if e == nil && in.anyRepeated() != "" {
		e = refuse("invalid_request", in.anyRepeated()+" may be given once only")
	}
	var client Client
	if e == nil {
		client, e = p.authenticate(w, r, in)
	}
	if e == nil {
		e = checkGrant(in)
	}
	if e != nil {
		writeError(w, e)
		return
	}
	answer, err := p.redeem(r.Context(), client, in)
	if errors.As(err, &e) {
		writeError(w, e)
		return
	}
	if err != nil {
		p.serverError(w, err)
		return
	}
	writeJSON(w, http.StatusOK, answer)
}

func checkGrant(in params) *oauthError {
	switch {
	case in.get("grant_type") == "":
		return refuse("invalid_request", "grant_type is missing")
	case in.get("grant_type") != "authorization_code":
		return refuse("unsupported_grant_type", "grant_type must be authorization_code")
	case in.get("code") == "":
		return refuse("invalid_request", "code is missing")
	}
	return nil
}

// authenticate finds the client and sees that it is who it says, in the one way
// it is registered for.
func (p *Provider) authenticate(w http.ResponseWriter, r *http.Request, in params) (Client, *oauthError) {
	id, secret, method := in.get("client_id"), in.get("client_secret"), AuthNone
	if secret != "" {
		method = AuthPost
	}
	if header := r.Header.Get("Authorization"); header != "" {
		basicID, basicSecret, ok := basicCredentials(r)
		if method == AuthPost || (id != "" && id != basicID && ok) {
			return Client{}, refuse("invalid_request", "a client proves itself in one way only")
		}
		id, secret, method = basicID, basicSecret, AuthBasic
	}
	client, known := p.o.Clients.Client(r.Context(), id)
	proved := known && client.methodAllowed(method) && (method == AuthNone || client.secretMatches(secret))
	if proved {
		return client, nil
	}
	if method == AuthBasic {
		w.Header().Set("WWW-Authenticate", `Basic realm="`+p.o.Issuer+`", charset="UTF-8"`)
	}
	return Client{}, &oauthError{http.StatusUnauthorized, "invalid_client", "the client is not known or did not prove itself as it is registered to"}
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
	return c.confidential() == (method != AuthNone)
}

// redeem gives tokens for a code. A code that is presented wrongly is used up
// too: whoever has it should not have another try.
func (p *Provider) redeem(ctx context.Context, client Client, in params) (answer tokenResponse, err error) {
	code := in.get("code")
	var refused *oauthError
	err = again(func() error {
		refused = nil
		u := p.begin()
		g, found, err := takeCode(ctx, u, code)
		if err != nil {
			return err
		}
		if !found {
			refused = refuse("invalid_grant", "the code is not known, has expired or was used before")
			return u.reportReuse(ctx, code, client)
		}
		var t tokens
		if refused, err = u.refusedFor(ctx, g, client, in); err != nil {
			return err
		}
		if refused == nil {
			if t, err = p.mint(ctx, client, g); err != nil {
				return err
			}
			answer = tokenResponse{t.access, "Bearer", int64(p.o.AccessTokenLife.Seconds()), strings.Join(g.Scopes, " "), t.id}
		}
		if err := errors.Join(p.spend(u, code, g, t.accessID), u.recordUse(client, g, t, refused)); err != nil {
			return err
		}
		return u.Commit(ctx)
	})
	if err == nil && refused != nil {
		err = refused
	}
	return answer, err
}

// refusedFor says why a code gives this client no tokens, or nil.
func (u unit) refusedFor(ctx context.Context, g grant, client Client, in params) (*oauthError, error) {
	switch {
	case g.ClientID != client.ID:
		return refuse("invalid_grant", "the code was issued to another client"), nil
	case g.RedirectURI != in.get("redirect_uri"):
		return refuse("invalid_grant", "redirect_uri is not the one of the authorization request"), nil
	case !verifies(in.get("code_verifier"), g.Challenge):
		return refuse("invalid_grant", "code_verifier does not fit the code_challenge"), nil
	}
	_, err := u.sessions.Get(ctx, g.SessionID)
	if err == nil {
		err = u.mayBeUsed(ctx, g.UserID)
	}
	if errors.Is(err, session.ErrNotFound) || errors.Is(err, errNoSession) {
		return refuse("invalid_grant", "the session has ended"), nil
	}
	return nil, err
}

const unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"

// verifies checks a verifier of RFC 7636 section 4.1.
func verifies(verifier, challenge string) bool {
	if len(verifier) < 43 || len(verifier) > 128 || strings.Trim(verifier, unreserved) != "" {
		return false
	}
	sum := sha256.Sum256([]byte(verifier))
	return subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(challenge)) == 1
}

func (u unit) recordUse(client Client, g grant, t tokens, refused *oauthError) error {
	r := audit.Record{Type: "code.redeemed", ClientID: client.ID, UserID: g.UserID, SessionID: g.SessionID}
	r.Data = map[string]any{"access_id": t.accessID, "with_id_token": slices.Contains(g.Scopes, "openid")}
	if refused != nil {
		r.Type, r.Data = "code.refused", map[string]any{"reason": refused.Description, "issued_to": g.ClientID}
	}
	return u.log.Append(r)
}

// reportReuse records that a code came a second time, which tells that somebody
// has it who should not.
func (u unit) reportReuse(ctx context.Context, code string, client Client) error {
	used, before, err := usedBefore(ctx, u, code)
	if err != nil || !before {
		return err
	}
	err = u.log.Append(audit.Record{
		Type: "code.reused", ClientID: client.ID, UserID: used.UserID, SessionID: used.SessionID,
		Data: map[string]any{"issued_to": used.ClientID, "access_id": used.AccessID},
	})
	if err != nil {
		return err
	}
	return u.Commit(ctx)
}
