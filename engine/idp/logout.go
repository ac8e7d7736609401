package idp

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/session"
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

func (p *Provider) endSession(w http.ResponseWriter, r *http.Request) {
	in, e := readParams(w, r)
	if e != nil {
		errorPage(w, e)
		return
	}
	q, e := p.readLogout(r.Context(), in)
	if e != nil {
		errorPage(w, e)
		return
	}
	secret := p.o.SessionSecret(r)
	s, err := p.begin().sessions.Find(r.Context(), secret)
	switch {
	case errors.Is(err, session.ErrNotFound):
		p.signedOut(w, r, q)
	case err != nil:
		p.pageServerError(w, err)
	case !q.names(s) && !q.confirmed(r, in, secret):
		confirmPage(w, p.o.Issuer+pathEndSession, q, q.ticket(secret))
	default:
		if err := p.endSessionOf(r.Context(), s, q); err != nil {
			p.pageServerError(w, err)
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
	q.to = q.uri
	if q.state != "" {
		q.to = withQuery(q.uri, url.Values{"state": {q.state}})
	}
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
func (p *Provider) endSessionOf(ctx context.Context, s session.Session, q logoutRequest) error {
	return again(func() error {
		u := p.begin()
		_, err := u.sessions.Logout(ctx, s.ID, q.client.ID)
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
	signedOutPage(w)
}
