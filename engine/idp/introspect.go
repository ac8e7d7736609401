package idp

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"strings"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/session"
)

// This file tells services what a token is worth (RFC 7662), and lets clients
// give theirs back (RFC 7009).

func (p *Provider) introspect(w http.ResponseWriter, r *http.Request) {
	client, in, e := p.direct(w, r)
	switch {
	case e != nil:
	case !client.confidential(): // anybody could try tokens out
		e = &oauthError{http.StatusUnauthorized, "invalid_client", "only clients that prove who they are may ask"}
	case in.get("token") == "":
		e = refuse("invalid_request", "token is missing")
	}
	if e != nil {
		writeError(w, e)
		return
	}
	body, err := p.inspect(r.Context(), client, in.get("token"))
	if err != nil {
		p.serverError(w, err)
		return
	}
	writeJSON(w, http.StatusOK, body)
}

// inspect answers what a token says, or only that it is not active: why is
// nobody's business.
func (p *Provider) inspect(ctx context.Context, client Client, token string) (map[string]any, error) {
	u := p.begin()
	inactive := map[string]any{"active": false}
	a, err := p.access(ctx, u.unit, token)
	if err == nil {
		body := map[string]any{"active": true, "token_type": "Bearer"}
		maps.Copy(body, a.claims)
		delete(body, claimUserinfo)
		return body, nil
	}
	if !errors.Is(err, errNoAccess) {
		return nil, err
	}
	f, use, err := u.sessions.FamilyOf(ctx, token)
	if err == nil {
		err = u.mayBeUsed(ctx, f.UserID)
	}
	switch {
	case errors.Is(err, session.ErrNotFound), errors.Is(err, errNoSession):
		return inactive, nil
	case err != nil:
		return nil, err
	case use == session.FamilyReused || f.ClientID != client.ID: // a refresh token concerns its client only
		return inactive, nil
	}
	return map[string]any{"active": true, "client_id": f.ClientID, "sub": f.UserID, "iss": p.o.Issuer,
		"scope": strings.Join(f.Scopes, " "), "exp": f.Expires.Unix(), "iat": f.Created.Unix(), "sid": f.SessionID}, nil
}

func (p *Provider) revoke(w http.ResponseWriter, r *http.Request) {
	client, in, e := p.direct(w, r)
	if e == nil && in.get("token") == "" {
		e = refuse("invalid_request", "token is missing")
	}
	if e == nil {
		err := again(func() error { return p.giveBack(r.Context(), client, in.get("token")) })
		if err != nil && !errors.As(err, &e) {
			p.serverError(w, err)
			return
		}
	}
	if e != nil {
		writeError(w, e)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusOK)
}

var errNotYours = refuse("invalid_grant", "the token was issued to another client")

// giveBack ends a token: with a refresh token all of its grant, with an access
// token that one. What is not known is no error: it opens nothing anyway.
func (p *Provider) giveBack(ctx context.Context, client Client, token string) error {
	u := p.begin()
	record := audit.Record{Type: "token.revoked", ClientID: client.ID}
	f, _, err := u.sessions.FamilyOf(ctx, token)
	switch {
	case err == nil && f.ClientID != client.ID:
		return errNotYours
	case err == nil:
		record.UserID, record.SessionID, record.Data = f.UserID, f.SessionID, map[string]any{"family": f.ID}
		if err := errors.Join(p.endGrant(ctx, u.unit, f.ID, session.ReasonRevoked), u.log.Append(record)); err != nil {
			return err
		}
		return u.Commit(ctx)
	case !errors.Is(err, session.ErrNotFound):
		return err
	}
	a, err := p.access(ctx, u.unit, token)
	switch {
	case errors.Is(err, errNoAccess):
		return nil
	case err != nil:
		return err
	case a.clientID != client.ID:
		return errNotYours
	}
	p.endAccess(u, a.id)
	record.UserID, record.SessionID, record.Data = a.userID, a.sessionID, map[string]any{"access_id": a.id}
	if err := u.log.Append(record); err != nil {
		return err
	}
	return u.Commit(ctx)
}
