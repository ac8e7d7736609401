package idp

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/session"
)

// This file is the authorization endpoint: a session that satisfies the request
// is answered at once, everything else starts a run.

var errNoSession = errors.New("idp: no session satisfies the request")

var errIncomplete = refuse("server_error", "the request could not be completed")

func (p *Provider) authorize(w http.ResponseWriter, r *http.Request, start Starter) {
	q, client, e := p.readAuthorize(w, r)
	if e != nil && q.RedirectURI == "" {
		p.errorPage(w, r, e)
		return
	}
	if e == nil {
		e = ordered(r)
	}
	if e == nil && slices.Contains(q.Prompt, "create") && !hasFlow(start, triggerRegistration) {
		e = refuse("invalid_request", "prompt create is not supported: there is no registration")
	}
	if e != nil {
		p.send(w, r, q, errorAnswer(e))
		return
	}
	if p.asQueued(w, r, q) {
		return
	}
	who, err := p.current(r.Context(), p.o.SessionSecret(r))
	if err != nil {
		p.o.Report(err)
		p.send(w, r, q, errorAnswer(errIncomplete))
		return
	}
	lack := q.lacks(who, p.o.Clock.Now())
	if lack == lacksNothing {
		code, err := p.fromSession(r.Context(), q, p.o.SessionSecret(r))
		if err == nil {
			p.send(w, r, q, url.Values{"code": {code}})
			return
		}
		if !errors.Is(err, errNoSession) {
			p.o.Report(err)
			p.send(w, r, q, errorAnswer(errIncomplete))
			return
		}
		who, lack = nil, lacksSignIn // it ended just now
	}
	if slices.Contains(q.Prompt, "none") {
		p.send(w, r, q, errorAnswer(refuse("login_required", "nobody is signed in as the request asks")))
		return
	}
	s := StartRequest{Trigger: q.trigger(start, lack), Event: q.event(client), Session: who}
	if s.Trigger == triggerMFA {
		q.Before = &before{who.UserID, Claims{IDToken: who.IDTokenClaims, AccessToken: who.AccessTokenClaims}}
	}
	if p.picks(s.Trigger) {
		p.offerPeople(w, r, q, s)
		return
	}
	p.start(w, r, start, q, s)
}

// readAuthorize answers a valid request. An error without a redirect address is
// for the person, one with it for the client.
func (p *Provider) readAuthorize(w http.ResponseWriter, r *http.Request) (authRequest, Client, *oauthError) {
	in, e := readParams(w, r)
	if e != nil {
		return authRequest{}, Client{}, e
	}
	noteClient(w, in.get("client_id"))
	if isPushed(in) {
		return p.takePushed(r.Context(), in)
	}
	q, client, e := p.addressee(r.Context(), in)
	if e != nil {
		q.RedirectURI = ""
		return q, client, e
	}
	if client.RequirePAR {
		return q, client, refuse("invalid_request", "the client must push its requests (RFC 9126)")
	}
	return q, client, p.validate(r.Context(), &q, client, in)
}

func (p *Provider) start(w http.ResponseWriter, r *http.Request, start Starter, q authRequest, s StartRequest) {
	origin, err := json.Marshal(q)
	if err != nil {
		p.o.Report(err)
		p.send(w, r, q, errorAnswer(errIncomplete))
		return
	}
	s.Origin = origin
	noteOutcome(w, s.Trigger)
	start.Start(w, r, s)
}

// current answers the session of the browser, nil for none.
func (p *Provider) current(ctx context.Context, secret string) (*session.Session, error) {
	if secret == "" {
		return nil, nil
	}
	u := p.begin()
	s, err := u.sessions.Find(ctx, secret)
	if err == nil {
		err = u.mayBeUsed(ctx, s.UserID)
	}
	if errors.Is(err, session.ErrNotFound) || errors.Is(err, errNoSession) {
		return nil, nil
	}
	return &s, err
}

// fromSession answers a code of the browser's session (rule S4), or
// errNoSession if that ended meanwhile.
func (p *Provider) fromSession(ctx context.Context, q authRequest, secret string) (code string, err error) {
	err = again(func() error {
		u := p.begin()
		s, err := u.sessions.Touch(ctx, secret)
		if errors.Is(err, session.ErrNotFound) || (err == nil && q.lacks(&s, p.o.Clock.Now()) != lacksNothing) {
			return errNoSession
		}
		if err != nil {
			return err
		}
		if err := u.mayBeUsed(ctx, s.UserID); err != nil {
			return err
		}
		if code, err = p.grant(ctx, u.unit, q, s, Claims{IDToken: s.IDTokenClaims, AccessToken: s.AccessTokenClaims}); err != nil {
			return err
		}
		return u.Commit(ctx)
	})
	return code, err
}

// mayBeUsed refuses the sessions of who was deleted or deactivated.
func (u unit) mayBeUsed(ctx context.Context, userID string) error {
	person, err := u.people.Get(ctx, userID)
	if errors.Is(err, directory.ErrNotFound) || (err == nil && person.Status != directory.Active) {
		return errNoSession
	}
	return err
}

// lack says what keeps a session from answering a request.
type lack int

const (
	lacksNothing lack = iota
	lacksStrength
	lacksSignIn
)

// lacks compares a session with prompt, max_age, acr_values, id_token_hint and
// claims. Every prompt but none wants the person to be asked.
func (q authRequest) lacks(s *session.Session, now time.Time) lack {
	if s == nil {
		return lacksSignIn
	}
	for _, prompt := range q.Prompt {
		switch prompt {
		case "login", "consent", "select_account", "create":
			return lacksSignIn
		}
	}
	if q.MaxAge != nil && (*q.MaxAge == 0 || now.Sub(s.AuthTime).Seconds() > float64(*q.MaxAge)) {
		return lacksSignIn
	}
	if q.HintSubject != "" && q.HintSubject != s.UserID {
		return lacksSignIn
	}
	if !strongEnough(s.AAL, q.ACRValues) {
		return lacksStrength
	}
	return lacksNothing
}

// trigger answers which run gives what is lacking.
func (q authRequest) trigger(s Starter, l lack) string {
	switch {
	case slices.Contains(q.Prompt, "create"):
		return triggerRegistration
	case l == lacksStrength && hasFlow(s, triggerMFA):
		return triggerMFA
	}
	return triggerLogin
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
