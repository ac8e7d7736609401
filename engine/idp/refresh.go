package idp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
)

// This file is the refresh grant. A flow may stand between a token and the next
// one; without one the provider goes the same steps by itself.

// Refresher runs the flow of a refresh. It commits a unit of work of its own, in
// which the flow called Validate and Issue. An error refuses the client, but
// ErrNoFlow lets the provider go on by itself.
type Refresher interface {
	Refresh(ctx context.Context, g *RefreshGrant) error
}

// ErrNoFlow says that no flow wants to see a refresh.
var ErrNoFlow = errors.New("idp: no flow for refreshes")

// RefreshCheck is what is known of a refresh token.
type RefreshCheck struct {
	Valid, Reused     bool
	UserID, SessionID string
	Scopes            []string // as asked for, never more than were granted
}

// RefreshGrant is one request for new tokens. One goroutine uses it at a time.
type RefreshGrant struct {
	p           *Provider
	client      Client
	token, next string
	scopes      []string // asked for; none: all
	resources   []string

	family session.Family
	grant  grant
	reused bool
	answer *tokenResponse
}

// Event is what a flow may know of the request: event.client, event.transaction.
func (g *RefreshGrant) Event() map[string]any {
	scopes := []any{}
	for _, s := range g.narrowed() {
		scopes = append(scopes, s)
	}
	return map[string]any{
		"client":      map[string]any{"id": g.client.ID, "name": g.client.Name},
		"transaction": map[string]any{"scopes": scopes, "grant_type": GrantRefresh},
	}
}

// Claims are those that the run of the sign-in put into the tokens.
func (g *RefreshGrant) Claims() Claims { return g.grant.Claims }

func (g *RefreshGrant) narrowed() []string {
	if len(g.scopes) == 0 {
		return g.family.Scopes
	}
	return g.scopes
}

// Validate checks the token as w sees it. One that was used before ends its
// family through w. Asked again in the same unit of work it answers the same, and
// after a conflict it looks anew.
func (g *RefreshGrant) Validate(ctx context.Context, w store.Writer) (RefreshCheck, error) {
	u := g.p.unitOver(w)
	check := RefreshCheck{UserID: g.family.UserID, SessionID: g.family.SessionID, Scopes: g.narrowed()}
	if f, use, err := u.sessions.FamilyOf(ctx, g.next); err == nil && f.ID == g.family.ID && use == session.FamilyFresh {
		check.Valid = true // rotated by this very grant
		return check, nil
	} else if err != nil && !errors.Is(err, session.ErrNotFound) {
		return RefreshCheck{}, err
	}
	g.answer = nil
	_, use, err := u.sessions.FamilyOf(ctx, g.token)
	switch {
	case errors.Is(err, session.ErrNotFound):
		check.Reused = g.reused
		return check, nil
	case err != nil:
		return RefreshCheck{}, err
	case use == session.FamilyReused:
		g.reused, check.Reused = true, true
		return check, g.p.endReused(ctx, u, g)
	}
	err = u.mayBeUsed(ctx, g.family.UserID)
	check.Valid = err == nil
	if errors.Is(err, errNoSession) {
		err = nil
	}
	return check, err
}

func (p *Provider) endReused(ctx context.Context, u unit, g *RefreshGrant) error {
	if err := p.endGrant(ctx, u, g.family.ID, session.ReasonReuse); err != nil {
		return err
	}
	return u.log.Append(audit.Record{Type: "refresh.reused", ClientID: g.client.ID, UserID: g.family.UserID, SessionID: g.family.SessionID,
		Data: map[string]any{"family": g.family.ID}})
}

// Issue gives the next refresh token for this one and makes the other tokens
// with the claims. It is the rotation: a refresh that is refused before it leaves
// the client's token as it was.
func (g *RefreshGrant) Issue(ctx context.Context, w store.Writer, c Claims) error {
	check, err := g.Validate(ctx, w)
	if err != nil {
		return err
	}
	if !check.Valid {
		return errors.New("idp: a refresh token that is not valid gives no tokens")
	}
	u := g.p.unitOver(w)
	if _, err := u.sessions.RotateFamily(ctx, g.token, g.next); err != nil {
		return fmt.Errorf("idp: refresh: %w", err)
	}
	if _, err := u.sessions.TouchID(ctx, g.family.SessionID); err != nil && !(g.family.Offline && errors.Is(err, session.ErrNotFound)) {
		return fmt.Errorf("idp: refresh: %w", err)
	}
	now := g.grant
	now.Scopes, now.Claims = check.Scopes, c
	if len(g.resources) > 0 {
		now.Resources = g.resources
	}
	t, err := g.p.mint(ctx, u, g.client, now)
	if err != nil {
		return err
	}
	answer := g.p.respond(t, now.Scopes, g.next)
	g.answer = &answer
	return u.log.Append(audit.Record{Type: "refresh.redeemed", ClientID: g.client.ID, UserID: g.family.UserID, SessionID: g.family.SessionID,
		Data: map[string]any{"family": g.family.ID, "scopes": now.Scopes}})
}

// refreshable grants came with the scope that asks for refresh tokens.
func (g grant) refreshable() bool { return slices.Contains(g.Scopes, scopeOffline) }

func orLonger(own, general time.Duration) time.Duration {
	if own > 0 {
		return own
	}
	return general
}

func (p *Provider) beginFamily(ctx context.Context, u unit, c Client, g grant) (string, error) {
	g.Challenge, g.RedirectURI, g.Nonce = "", "", ""
	data, err := json.Marshal(g)
	if err != nil {
		return "", fmt.Errorf("idp: a refresh family cannot be written: %w", err)
	}
	_, token, err := u.sessions.BeginFamily(ctx, session.FamilySpec{ID: g.ID, ClientID: g.ClientID, UserID: g.UserID, SessionID: g.SessionID,
		Scopes: g.Scopes, Offline: c.RefreshTokens == RefreshOffline, Data: data, Life: orLonger(c.RefreshLife, p.o.RefreshLife),
		Idle: orLonger(c.RefreshIdle, p.o.RefreshIdle), Grace: orLonger(c.RefreshGrace, p.o.policy().RefreshGrace)})
	return token, err
}

// refresh gives new tokens for a refresh token.
func (p *Provider) refresh(ctx context.Context, client Client, in params) (tokenResponse, error) {
	g, refused, err := p.readRefresh(ctx, client, in)
	if err != nil {
		return tokenResponse{}, err
	}
	if refused != nil {
		return tokenResponse{}, refused
	}
	err = ErrNoFlow
	if p.o.Refresher != nil {
		err = p.o.Refresher.Refresh(ctx, g)
	}
	if errors.Is(err, ErrNoFlow) {
		err = p.refreshPlainly(ctx, g)
	}
	switch {
	case err == nil && g.answer != nil:
		return *g.answer, nil
	case store.IsConflict(err) || errors.Is(err, store.ErrClosed) || ctx.Err() != nil:
		return tokenResponse{}, err
	}
	return tokenResponse{}, p.refused(ctx, g)
}

// refused records a refusal. A reuse ends the family here as well: that does not
// depend on what a flow committed.
func (p *Provider) refused(ctx context.Context, g *RefreshGrant) error {
	reason := "the refresh token is not known, has expired, has ended or was refused"
	err := again(func() error {
		u := p.begin()
		if _, err := u.sessions.Family(ctx, g.family.ID); err == nil && g.reused {
			if err := p.endReused(ctx, u.unit, g); err != nil {
				return err
			}
		}
		if err := u.log.Append(audit.Record{Type: "refresh.refused", ClientID: g.client.ID, UserID: g.family.UserID, SessionID: g.family.SessionID,
			Data: map[string]any{"family": g.family.ID, "reused": g.reused}}); err != nil {
			return err
		}
		return u.Commit(ctx)
	})
	if err != nil {
		return err
	}
	return refuse("invalid_grant", reason)
}

// readRefresh refuses what needs no flow to be refused: what is no token of this
// client, and what asks for more than was granted.
func (p *Provider) readRefresh(ctx context.Context, client Client, in params) (*RefreshGrant, *oauthError, error) {
	g := &RefreshGrant{p: p, client: client, token: in.get("refresh_token"), next: p.randomText(secretBytes)}
	unknown := refuse("invalid_grant", "the refresh token is not known, has expired or has ended")
	if client.RefreshTokens == RefreshOff {
		return nil, refuse("unauthorized_client", "the client has no refresh tokens"), nil
	}
	var err error
	if g.family, _, err = p.begin().sessions.FamilyOf(ctx, g.token); errors.Is(err, session.ErrNotFound) {
		return nil, unknown, nil
	} else if err != nil {
		return nil, nil, err
	}
	if g.family.ClientID != client.ID {
		return nil, refuse("invalid_grant", "the refresh token was issued to another client"), nil
	}
	if err := json.Unmarshal(g.family.Data, &g.grant); err != nil {
		return nil, nil, fmt.Errorf("idp: family %s is not readable: %w", g.family.ID, err)
	}
	may := g.grant.Resources
	if len(may) == 0 {
		may = client.Resources
	}
	var refused *oauthError
	if g.resources, refused = in.resources(may); refused != nil {
		return nil, refused, nil
	}
	for _, s := range strings.Fields(in.get("scope")) {
		if !slices.Contains(g.family.Scopes, s) {
			return nil, refuse("invalid_scope", "more scopes are asked for than were granted"), nil
		}
		if !slices.Contains(g.scopes, s) {
			g.scopes = append(g.scopes, s)
		}
	}
	return g, nil, nil
}

// refreshPlainly goes the steps of a flow that adds nothing.
func (p *Provider) refreshPlainly(ctx context.Context, g *RefreshGrant) error {
	return again(func() error {
		u := p.begin()
		check, err := g.Validate(ctx, u)
		if err != nil {
			return err
		}
		if check.Valid {
			if err := g.Issue(ctx, u, g.Claims()); err != nil {
				return err
			}
		}
		return u.Commit(ctx)
	})
}
