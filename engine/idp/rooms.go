package idp

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
)

// This file is where the provider meets the rooms that sign people in: it asks
// for a run, and is told how that ended.

// StartRequest asks for a run.
type StartRequest struct {
	Trigger string // login, registration, mfa_verify, logout
	// Origin is the validated request. The run keeps it unread and gives it back
	// to Finish.
	Origin json.RawMessage
	// Event is what the run may know of it, under event: client, transaction.
	Event map[string]any
	// Session is who is signed in in this browser already, nil for nobody.
	Session *session.Session
}

// Starter starts a run and answers the request with its first page.
type Starter interface {
	Start(w http.ResponseWriter, r *http.Request, s StartRequest)
}

// Flows is an ability of Starters whose flows are not for login alone.
type Flows interface {
	// HasFlow reports whether there is a flow for a trigger that can be started
	// now.
	HasFlow(trigger string) bool
}

// Triggers that the provider starts.
const (
	triggerLogin        = "login"
	triggerRegistration = "registration"
	triggerMFA          = "mfa_verify"
	triggerLogout       = "logout"
)

func hasFlow(s Starter, trigger string) bool {
	if f, able := s.(Flows); able {
		return f.HasFlow(trigger)
	}
	return trigger == triggerLogin
}

// Claims are what a run adds to tokens. Registered claims in it have no effect.
type Claims struct {
	IDToken     map[string]any `json:"id_token,omitempty"`
	AccessToken map[string]any `json:"access_token,omitempty"`
}

// Outcome is how a run ended.
type Outcome struct {
	Success bool
	// Error is the OAuth error code of a failure (access_denied unless given),
	// Description a sentence for the client's developers.
	Error, Description string
	UserID             string
	// Session is what the run issued. A success without one signs nobody in, so
	// the client is told access_denied.
	Session *session.Session
	Claims  Claims
	// Trigger is that of the run's flow, login unless given. Another run that
	// ends well without a session leads back to the login.
	Trigger string
}

// Finish answers where the browser goes after a run. Through w it writes what
// comes of it into the unit of work that ends the run: a crash leaves both or
// neither.
func (p *Provider) Finish(ctx context.Context, w store.Writer, origin json.RawMessage, o Outcome) (redirectURL string, err error) {
	if q, is := readLogoutOrigin(origin); is {
		return p.at(q.Issuer).finishLogout(ctx, w, q)
	}
	var q authRequest
	if err := json.Unmarshal(origin, &q); err != nil {
		return "", fmt.Errorf("idp: the origin of the run is not readable: %w", err)
	}
	return p.at(q.Issuer).finish(ctx, w, q, o)
}

// finish does so for a request that is known.
func (p *Provider) finish(ctx context.Context, w store.Writer, q authRequest, o Outcome) (redirectURL string, err error) {
	client, known := p.o.Clients.Client(ctx, q.ClientID)
	if !known || !client.redirectAllowed(q.RedirectURI) {
		return "", fmt.Errorf("idp: client %q or its redirect address is no longer registered", q.ClientID)
	}
	u := p.unitOver(w)
	if o.Success && o.Session == nil && o.Trigger != "" && o.Trigger != triggerLogin {
		return p.comeBack(w, q)
	}
	if refusal := p.refusal(q, o); refusal != nil {
		err := u.log.Append(audit.Record{
			Type: "authorization.refused", ClientID: q.ClientID, UserID: o.UserID,
			Data: map[string]any{"error": refusal.Code, "reason": refusal.Description},
		})
		if err != nil {
			return "", err
		}
		return p.leadTo(w, q, errorAnswer(refusal))
	}
	claims := q.Before.and(o.Session.UserID, o.Claims)
	if err := u.sessions.SetTokenClaims(ctx, o.Session.ID, claims.IDToken, claims.AccessToken); err != nil {
		return "", fmt.Errorf("idp: finish: %w", err)
	}
	code, err := p.grant(ctx, u, q, *o.Session, claims)
	if err != nil {
		return "", err
	}
	return p.leadTo(w, q, url.Values{"code": {code}})
}

// refusal answers why an outcome gives the client no code, or nil.
func (p *Provider) refusal(q authRequest, o Outcome) *oauthError {
	switch {
	case !o.Success:
		code := o.Error
		if code == "" || describe(code) != code || strings.Contains(code, " ") {
			code = "access_denied"
		}
		return &oauthError{Code: code, Description: o.Description}
	case o.Session == nil:
		return &oauthError{Code: "access_denied", Description: "the flow signed nobody in"}
	case q.HintSubject != "" && q.HintSubject != o.Session.UserID:
		return &oauthError{Code: "login_required", Description: "another person signed in than id_token_hint names"}
	case len(q.Asked.ACR) > 0 && !strongEnough(o.Session.AAL, q.Asked.ACR):
		return &oauthError{Code: "unmet_authentication_requirements", Description: "the sign-in did not reach the acr that claims calls essential"}
	}
	return nil
}

// grant makes the code of a session for a client.
func (p *Provider) grant(ctx context.Context, u unit, q authRequest, s session.Session, c Claims) (string, error) {
	if err := u.sessions.AddClient(ctx, s.ID, q.ClientID); err != nil {
		return "", fmt.Errorf("idp: grant: %w", err)
	}
	c, err := p.withQueued(ctx, u, s.UserID, c)
	if err != nil {
		return "", err
	}
	g := grant{
		ID: p.randomText(16), ClientID: q.ClientID, RedirectURI: q.RedirectURI, Challenge: q.Challenge, Nonce: q.Nonce,
		Scopes: q.Scopes, Resources: q.Resources, Asked: q.Asked,
		UserID: s.UserID, SessionID: s.ID, AuthTime: s.AuthTime, ACR: string(s.AAL), AMR: s.AMR, Claims: c,
	}
	code, err := p.newCode(u, g)
	if err != nil {
		return "", err
	}
	p.noteIssuer(u, s, q.ClientID)
	return code, u.log.Append(audit.Record{
		Type: "authorization.granted", ClientID: q.ClientID, UserID: s.UserID, SessionID: s.ID,
		Data: map[string]any{"scopes": q.Scopes, "grant": g.ID},
	})
}

// attempts is how often a unit of work is begun anew when somebody else changed
// what it read.
const attempts = 10

// again runs work until its commit meets no conflict.
func again(work func() error) error {
	var err error
	for range attempts {
		if err = work(); !store.IsConflict(err) {
			return err
		}
	}
	return fmt.Errorf("idp: given up after %d conflicts: %w", attempts, err)
}
