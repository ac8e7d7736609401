package idp

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/session"
)

// This file is the authorization endpoint: a session that satisfies the request
// is answered at once, everything else starts a run.

var errNoSession = errors.New("idp: no session satisfies the request")

func (p *Provider) authorize(w http.ResponseWriter, r *http.Request, start Starter) {
	in, e := readParams(w, r)
	if e != nil {
		errorPage(w, e)
		return
	}
	q, client, e := p.addressee(r.Context(), in)
	if e != nil {
		errorPage(w, e)
		return
	}
	if e := p.validate(r.Context(), &q, client, in); e != nil {
		redirect(w, r, p.errorRedirect(q, e))
		return
	}
	to, err := p.fromSession(r.Context(), q, p.o.SessionSecret(r))
	switch {
	case err == nil:
		redirect(w, r, to)
	case !errors.Is(err, errNoSession):
		p.o.Report(err)
		redirect(w, r, p.errorRedirect(q, refuse("server_error", "the request could not be completed")))
	case slices.Contains(q.Prompt, "none"):
		redirect(w, r, p.errorRedirect(q, refuse("login_required", "nobody is signed in as the request asks")))
	default:
		p.start(w, r, start, q, client)
	}
}

func (p *Provider) start(w http.ResponseWriter, r *http.Request, start Starter, q authRequest, client Client) {
	origin, err := json.Marshal(q)
	if err != nil {
		p.o.Report(err)
		redirect(w, r, p.errorRedirect(q, refuse("server_error", "the request could not be completed")))
		return
	}
	start.Start(w, r, StartRequest{Trigger: "login", Origin: origin, Event: q.event(client)})
}

// fromSession answers a code of the browser's session, if that satisfies the
// request (rule S4), or errNoSession.
func (p *Provider) fromSession(ctx context.Context, q authRequest, secret string) (to string, err error) {
	if secret == "" {
		return "", errNoSession
	}
	err = again(func() error {
		u := p.begin()
		s, err := u.sessions.Touch(ctx, secret)
		if errors.Is(err, session.ErrNotFound) || (err == nil && !q.satisfiedBy(s, p.o.Clock.Now())) {
			return errNoSession
		}
		if err != nil {
			return err
		}
		if err := u.mayBeUsed(ctx, s.UserID); err != nil {
			return err
		}
		code, err := p.grant(ctx, u, q, s, Claims{IDToken: s.IDTokenClaims, AccessToken: s.AccessTokenClaims})
		if err != nil {
			return err
		}
		to = p.codeRedirect(q, code)
		return u.Commit(ctx)
	})
	return to, err
}

// mayBeUsed refuses the sessions of who was deleted or deactivated.
func (u unit) mayBeUsed(ctx context.Context, userID string) error {
	person, err := u.people.Get(ctx, userID)
	if errors.Is(err, directory.ErrNotFound) || (err == nil && person.Status != directory.Active) {
		return errNoSession
	}
	return err
}

// satisfiedBy compares a session with prompt, max_age, acr_values and
// id_token_hint. Every prompt but none wants the person to be asked.
func (q authRequest) satisfiedBy(s session.Session, now time.Time) bool {
	for _, prompt := range q.Prompt {
		switch prompt {
		case "login", "consent", "select_account", "create":
			return false
		}
	}
	if q.MaxAge != nil && (*q.MaxAge == 0 || now.Sub(s.AuthTime).Seconds() > float64(*q.MaxAge)) {
		return false
	}
	if q.HintSubject != "" && q.HintSubject != s.UserID {
		return false
	}
	return strongEnough(s.AAL, q.ACRValues)
}

// strongEnough wants one of the levels named. Values that are no levels of ours
// cannot be met by a run either, so they ask for nothing.
func strongEnough(have session.AAL, values []string) bool {
	asked := false
	for _, v := range values {
		need := session.AAL(v)
		if have.AtLeast(need) {
			return true
		}
		asked = asked || slices.Contains(levels, need)
	}
	return !asked
}

var levels = []session.AAL{session.AAL1, session.AAL2, session.AAL3}
