package idp

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
)

// This file is RP-initiated logout. The browser's cookie says whose session may
// end; the hint only says whether the person need be asked first.

// logoutRequest is a validated request.
type logoutRequest struct {
	client Client // empty when the request names none
	hint   hint
	to     string // where to go afterwards, registered; empty for our own page
	// uri and state are what to was made of.
	uri, state string
}

func (p *Provider) endSession(w http.ResponseWriter, r *http.Request, start Starter) {
	in, e := readParams(w, r)
	var q logoutRequest
	if e == nil {
		q, e = p.readLogout(r.Context(), in)
	}
	if e != nil {
		noteOutcome(w, e.Code)
		p.errorPage(w, r, e)
		return
	}
	noteClient(w, q.client.ID)
	secret := p.o.SessionSecret(r)
	s, err := p.begin().sessions.Find(r.Context(), secret)
	switch {
	case errors.Is(err, session.ErrNotFound):
		p.signedOut(w, r, q)
	case err != nil:
		p.pageServerError(w, r, err)
	case !q.names(s) && !q.confirmed(r, in, secret):
		noteOutcome(w, "confirm")
		p.confirmPage(w, r, q, q.ticket(secret))
	case hasFlow(start, triggerLogout):
		p.startLogout(w, r, start, q, s)
	default:
		if err := p.endSessionOf(r.Context(), s.ID, q.client.ID); err != nil {
			p.pageServerError(w, r, err)
			return
		}
		p.signedOut(w, r, q)
	}
}

// readLogout refuses what would send the browser to an address that no client
// registered for this.
func (p *Provider) readLogout(ctx context.Context, in params) (logoutRequest, *oauthError) {
	if name := in.anyRepeated(); name != "" {
		return logoutRequest{}, refuse("invalid_request", name+" may be given once only")
	}
	q := logoutRequest{uri: in.get("post_logout_redirect_uri"), state: in.get("state")}
	clientID := in.get("client_id")
	if given := in.get("id_token_hint"); given != "" {
		h, err := p.readHint(ctx, given)
		switch {
		case err != nil: // a bad hint is none: the person is asked
		case clientID != "" && !slices.Contains(h.audience, clientID):
			return q, refuse("invalid_request", "id_token_hint was issued to another client")
		default:
			q.hint, clientID = h, h.audience[0]
		}
	}
	if clientID != "" {
		var known bool
		if q.client, known = p.o.Clients.Client(ctx, clientID); !known {
			return q, refuse("invalid_client", "this client is not registered")
		}
	}
	if q.uri == "" {
		return q, nil
	}
	if !slices.Contains(q.client.PostLogoutRedirectURIs, q.uri) {
		return q, refuse("invalid_request", "this post_logout_redirect_uri is not registered for the client")
	}
	q.to = withState(q.uri, q.state)
	return q, nil
}

// names reports whether the hint was issued in this very session.
func (q logoutRequest) names(s session.Session) bool {
	return q.hint.subject == s.UserID && q.hint.sessionID == s.ID
}

// ticket binds a confirmation to the browser's session and to what was asked.
func (q logoutRequest) ticket(secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(strings.Join([]string{"end_session", q.client.ID, q.uri, q.state}, "\x00")))
	return hex.EncodeToString(mac.Sum(nil))
}

func (q logoutRequest) confirmed(r *http.Request, in params, secret string) bool {
	return r.Method == http.MethodPost && hmac.Equal([]byte(in.get("ticket")), []byte(q.ticket(secret)))
}

// endSessionOf ends the session in the store, whoever else uses it meanwhile.
func (p *Provider) endSessionOf(ctx context.Context, sid, clientID string) error {
	defer p.nudge()
	return again(func() error {
		u := p.begin()
		_, err := u.sessions.Logout(ctx, sid, clientID)
		if errors.Is(err, session.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return u.Commit(ctx)
	})
}

// signedOut is answered once no session is left: only then goes the cookie.
func (p *Provider) signedOut(w http.ResponseWriter, r *http.Request, q logoutRequest) {
	p.o.ClearSession(w)
	if q.to != "" {
		redirect(w, r, q.to)
		return
	}
	p.signedOutText(w, r)
}

// signedOutPage is where a logout run ends that leads to no client. It takes the
// cookie away only if that has become worthless: a link to here signs nobody out.
func (p *Provider) signedOutPage(w http.ResponseWriter, r *http.Request) {
	who, err := p.current(r.Context(), p.o.SessionSecret(r))
	if err != nil {
		p.pageServerError(w, r, err)
		return
	}
	if who != nil {
		redirect(w, r, p.o.Issuer+pathEndSession)
		return
	}
	p.signedOut(w, r, logoutRequest{})
}

// logoutOrigin is a logout that waits for its run.
type logoutOrigin struct {
	Kind      string `json:"kind"`
	Issuer    string `json:"issuer,omitempty"`
	SessionID string `json:"session_id"`
	ClientID  string `json:"client_id,omitempty"`
	URI       string `json:"uri,omitempty"`
	State     string `json:"state,omitempty"`
}

func readLogoutOrigin(origin json.RawMessage) (logoutOrigin, bool) {
	var o logoutOrigin
	err := json.Unmarshal(origin, &o)
	return o, err == nil && o.Kind == triggerLogout
}

func (p *Provider) startLogout(w http.ResponseWriter, r *http.Request, start Starter, q logoutRequest, s session.Session) {
	origin, err := json.Marshal(logoutOrigin{triggerLogout, p.o.Issuer, s.ID, q.client.ID, q.uri, q.state})
	if err != nil {
		p.pageServerError(w, r, err)
		return
	}
	event := map[string]any{"transaction": map[string]any{}}
	if q.client.ID != "" {
		event["client"] = map[string]any{"id": q.client.ID, "name": q.client.Name}
	}
	if q.uri != "" {
		event["transaction"] = map[string]any{"redirect_uri": q.uri}
	}
	noteOutcome(w, triggerLogout)
	start.Start(w, r, StartRequest{Trigger: triggerLogout, Origin: origin, Event: event, Session: &s})
}

// finishLogout ends the session whatever came of the run: who asked to be signed
// out is.
func (p *Provider) finishLogout(ctx context.Context, w store.Writer, o logoutOrigin) (string, error) {
	_, err := p.unitOver(w).sessions.Logout(ctx, o.SessionID, o.ClientID)
	if err != nil && !errors.Is(err, session.ErrNotFound) {
		return "", fmt.Errorf("idp: finish: %w", err)
	}
	client, _ := p.o.Clients.Client(ctx, o.ClientID)
	if o.URI == "" || !slices.Contains(client.PostLogoutRedirectURIs, o.URI) {
		return p.o.Issuer + pathSignedOut, nil
	}
	return withState(o.URI, o.State), nil
}

func withState(uri, state string) string {
	if state == "" {
		return uri
	}
	return withQuery(uri, url.Values{"state": {state}})
}
