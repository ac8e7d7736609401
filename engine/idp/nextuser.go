package idp

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/session"
)

// This file signs people in because a test said so: a real session and a real
// code, of somebody who proved nothing. Outside of testing nothing of it exists.

// AMRPersona is the method of sessions that began so. It is no registered value:
// no proof of a person took place, and no token shall say so.
const AMRPersona = "persona"

// NextUser is who the next authorization requests sign in.
type NextUser struct {
	UserID string      `json:"user_id"`
	AAL    session.AAL `json:"aal"`
	// Times is how many requests it is good for; one unless given.
	Times int `json:"times"`
}

type nextUsers struct {
	mu  sync.Mutex
	all []NextUser
}

// QueueUser lets the next authorization requests sign somebody in with no page,
// whatever their prompt is, after those that were queued before.
func (p *Provider) QueueUser(ctx context.Context, n NextUser) error {
	if !p.canStandIn() {
		return ErrNotTesting
	}
	if n.AAL == "" {
		n.AAL = session.AAL1
	}
	n.Times = max(n.Times, 1)
	if !slices.Contains(personaLevels, n.AAL) {
		return fmt.Errorf("idp: %q is no level for this: there are aal1 and aal2", n.AAL)
	}
	if err := p.begin().mayBeUsed(ctx, n.UserID); errors.Is(err, errNoSession) {
		return fmt.Errorf("idp: %s is not there or deactivated", n.UserID)
	} else if err != nil {
		return err
	}
	p.nexts.mu.Lock()
	defer p.nexts.mu.Unlock()
	p.nexts.all = append(p.nexts.all, n)
	return nil
}

// personaLevels are those that can be chosen: the third says that hardware was
// there, which a test has virtual authenticators for.
var personaLevels = []session.AAL{session.AAL1, session.AAL2}

// NextUsers answers who is queued, the next first, with the times that are left.
func (p *Provider) NextUsers() []NextUser {
	p.nexts.mu.Lock()
	defer p.nexts.mu.Unlock()
	return slices.Clone(p.nexts.all)
}

// ClearNextUsers forgets them.
func (p *Provider) ClearNextUsers() {
	p.nexts.mu.Lock()
	defer p.nexts.mu.Unlock()
	p.nexts.all = nil
}

func (n *nextUsers) take() (NextUser, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.all) == 0 {
		return NextUser{}, false
	}
	next := n.all[0]
	if n.all[0].Times--; n.all[0].Times == 0 {
		n.all = n.all[1:]
	}
	return next, true
}

func (p *Provider) canStandIn() bool { return p.o.Testing && p.o.SetSession != nil }

// asQueued answers a request with who is queued, and reports whether anybody is.
func (p *Provider) asQueued(w http.ResponseWriter, r *http.Request, q authRequest) bool {
	if !p.canStandIn() {
		return false
	}
	next, is := p.nexts.take()
	if !is {
		return false
	}
	noteOutcome(w, "next_user")
	if err := p.standIn(w, r, q, next.UserID, next.AAL, "queued", func(unit) error { return nil }); err != nil {
		if !errors.Is(err, errNoSession) {
			p.o.Report(err)
		}
		p.send(w, r, q, errorAnswer(refuse("access_denied", "the person that a test queued cannot be signed in")))
	}
	return true
}

// standIn begins a session of a person and sends the browser on to the client.
// What else belongs to it, also does.
func (p *Provider) standIn(w http.ResponseWriter, r *http.Request, q authRequest, userID string, aal session.AAL, how string, also func(unit) error) error {
	var to, secret string
	err := again(func() error {
		u := p.begin()
		if err := errors.Join(also(u.unit), u.mayBeUsed(r.Context(), userID)); err != nil {
			return err
		}
		spec := session.Spec{UserID: userID, AAL: aal, AMR: []string{AMRPersona}, IP: p.o.ClientIP(r), UserAgent: r.UserAgent(),
			Max: p.o.policy().MaxSessions, OverMax: p.o.policy().OverMax}
		s, fresh, err := u.takePlace(r.Context(), p.o.SessionSecret(r), spec)
		if err != nil {
			return err
		}
		secret = fresh
		err = u.log.Append(audit.Record{Type: "harness.signed_in", ClientID: q.ClientID, UserID: userID, SessionID: s.ID,
			Data: map[string]any{"how": how, "aal": aal}})
		if err != nil {
			return err
		}
		if to, err = p.finish(r.Context(), u.unit, q, Outcome{Success: true, UserID: userID, Session: &s}); err != nil {
			return err
		}
		return u.Commit(r.Context())
	})
	if err != nil {
		return err
	}
	p.o.SetSession(w, secret)
	redirect(w, r, to)
	return nil
}

// takePlace begins a session in place of the one that the browser has, as the
// end of a run does: renewed for the same person, ended for another.
func (u unit) takePlace(ctx context.Context, carried string, spec session.Spec) (session.Session, string, error) {
	old, err := u.sessions.Find(ctx, carried)
	switch {
	case errors.Is(err, session.ErrNotFound):
		return u.sessions.Issue(ctx, spec)
	case err != nil:
		return session.Session{}, "", err
	case old.UserID == spec.UserID:
		return u.sessions.Rotate(ctx, carried, spec)
	}
	if _, err := u.sessions.Revoke(ctx, old.ID); err != nil {
		return session.Session{}, "", err
	}
	return u.sessions.Issue(ctx, spec)
}
