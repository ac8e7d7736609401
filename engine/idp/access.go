package idp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
)

// This file reads access tokens and sees whether they still hold: signed ones
// and handles, by time, session, account and revocation.

const (
	bucketAccess = "access_token" // hash of a handle → claims
	bucketEnded  = "access_ended" // grant id or token id → ended before its time
)

// errNoAccess says that a token opens nothing: unknown, expired and ended are
// the same to the outside.
var errNoAccess = errors.New("idp: the access token opens nothing")

// access is what an access token says.
type access struct {
	claims                      jwt.MapClaims
	id                          string
	userID, sessionID, clientID string
	scopes, audience, userinfo  []string
	expires                     time.Time
}

// access answers a token that holds now, or errNoAccess.
func (p *Provider) access(ctx context.Context, u unit, token string) (access, error) {
	a, err := p.readAccess(ctx, u, token)
	if err != nil {
		return access{}, err
	}
	for _, id := range []string{a.id, a.grantID()} {
		_, err := u.Get(ctx, bucketEnded, id)
		if err == nil {
			return access{}, fmt.Errorf("%w: it was ended", errNoAccess)
		}
		if !errors.Is(err, store.ErrNotFound) {
			return access{}, err
		}
	}
	return a, u.stillIn(ctx, a)
}

// grantID is the part of a token's id that it shares with all of one grant.
func (a access) grantID() string {
	id, _, _ := strings.Cut(a.id, ".")
	return id
}

// stillIn sees that whoever signed in for a token is still there: the session,
// or a refresh family that may outlive it.
func (u unit) stillIn(ctx context.Context, a access) error {
	if a.sessionID == "" {
		return nil
	}
	_, err := u.sessions.Get(ctx, a.sessionID)
	if errors.Is(err, session.ErrNotFound) {
		_, err = u.sessions.Family(ctx, a.grantID())
	}
	if err == nil {
		err = u.mayBeUsed(ctx, a.userID)
	}
	if errors.Is(err, session.ErrNotFound) || errors.Is(err, errNoSession) {
		return fmt.Errorf("%w: its session has ended", errNoAccess)
	}
	return err
}

func (p *Provider) readAccess(ctx context.Context, r store.Reader, token string) (access, error) {
	claims := jwt.MapClaims{}
	if strings.Count(token, ".") == 2 {
		var err error
		if claims, err = p.read(ctx, token, typeAccessToken, jwt.WithExpirationRequired()); errors.Is(err, errKeys) {
			return access{}, err
		} else if err != nil {
			return access{}, fmt.Errorf("%w: %w", errNoAccess, err)
		}
		return readClaims(claims), nil
	}
	e, err := r.Get(ctx, bucketAccess, sha256Hex(token))
	if errors.Is(err, store.ErrNotFound) {
		return access{}, errNoAccess
	}
	if err != nil {
		return access{}, err
	}
	if err := json.Unmarshal(e.Value, &claims); err != nil {
		return access{}, fmt.Errorf("idp: a stored access token is not readable: %w", err)
	}
	if !p.ours(text(claims, "iss")) {
		return access{}, fmt.Errorf("%w: another issuer gave it", errNoAccess)
	}
	return readClaims(claims), nil
}

func readClaims(c jwt.MapClaims) access {
	a := access{claims: c, id: text(c, "jti"), sessionID: text(c, "sid"), clientID: text(c, "client_id"), scopes: strings.Fields(text(c, "scope"))}
	if a.sessionID != "" {
		a.userID = text(c, "sub")
	}
	a.audience, _ = c.GetAudience()
	if at, err := c.GetExpirationTime(); err == nil && at != nil {
		a.expires = at.Time
	}
	names, _ := c[claimUserinfo].([]any)
	for _, n := range names {
		if name, ok := n.(string); ok {
			a.userinfo = append(a.userinfo, name)
		}
	}
	slices.Sort(a.userinfo)
	return a
}

// endAccess refuses, from now on, one access token or all of a grant.
func (p *Provider) endAccess(w store.Writer, id string) {
	w.Overwrite(bucketEnded, id, []byte("1"), p.o.Clock.Now().Add(p.o.AccessTokenLife))
}

// endGrant ends all that a grant issued: its refresh family and access tokens.
func (p *Provider) endGrant(ctx context.Context, u unit, id, reason string) error {
	p.endAccess(u, id)
	_, err := u.sessions.EndFamily(ctx, id, reason)
	if errors.Is(err, session.ErrNotFound) {
		return nil
	}
	return err
}
