package idp

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/session"
)

// This file is the token endpoint, and how codes become tokens.

type tokenResponse struct {
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int64  `json:"expires_in"`
	Scope        string `json:"scope"`
	IDToken      string `json:"id_token,omitempty"`
	RefreshToken string `json:"refresh_token,omitempty"`
}

func (p *Provider) respond(t tokens, scopes []string, refresh string) tokenResponse {
	return tokenResponse{t.access, "Bearer", int64(p.o.AccessTokenLife.Seconds()), strings.Join(scopes, " "), t.id, refresh}
}

func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	client, in, e := p.direct(w, r)
	if e == nil {
		e = checkGrant(client, in)
	}
	if e != nil {
		writeError(w, e)
		return
	}
	answer, err := p.grants()[in.get("grant_type")](r.Context(), client, in)
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

// direct reads a request that a client itself sends, and who that is.
func (p *Provider) direct(w http.ResponseWriter, r *http.Request) (Client, params, *oauthError) {
	in, e := readParams(w, r)
	if e == nil && in.anyRepeated() != "" {
		e = refuse("invalid_request", in.anyRepeated()+" may be given once only")
	}
	if e != nil {
		return Client{}, in, e
	}
	client, e := p.authenticate(w, r, in)
	return client, in, e
}

type granter func(ctx context.Context, client Client, in params) (tokenResponse, error)

func (p *Provider) grants() map[string]granter {
	return map[string]granter{GrantCode: p.redeem, GrantRefresh: p.refresh, GrantClientCredentials: p.credentials}
}

// wanted names what a grant cannot do without.
var wanted = map[string]string{GrantCode: "code", GrantRefresh: "refresh_token"}

func checkGrant(client Client, in params) *oauthError {
	grant := in.get("grant_type")
	switch need := wanted[grant]; {
	case grant == "":
		return refuse("invalid_request", "grant_type is missing")
	case !slices.Contains(grantTypes, grant):
		return refuse("unsupported_grant_type", "grant_type must be one of "+strings.Join(grantTypes, ", "))
	case !client.hasGrant(grant):
		return refuse("unauthorized_client", "the client is not registered for this grant_type")
	case need != "" && in.get(need) == "":
		return refuse("invalid_request", need+" is missing")
	}
	return nil
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
			if err := p.reportReuse(ctx, u.unit, code, client); err != nil {
				return err
			}
			return u.Commit(ctx)
		}
		if refused, err = u.refusedFor(ctx, g, client, in); err != nil {
			return err
		}
		if refused == nil {
			if answer, refused, err = p.exchange(ctx, u.unit, client, g, in); err != nil {
				return err
			}
		}
		if err := errors.Join(p.spend(u, code, g, client, refused == nil), u.recordUse(client, g, refused)); err != nil {
			return err
		}
		return u.Commit(ctx)
	})
	if err == nil && refused != nil {
		err = refused
	}
	return answer, err
}

// exchange makes the tokens of a good code.
func (p *Provider) exchange(ctx context.Context, u unit, client Client, g grant, in params) (tokenResponse, *oauthError, error) {
	may := g.Resources
	if len(may) == 0 {
		may = client.Resources
	}
	asked, refused := in.resources(may)
	if refused != nil {
		return tokenResponse{}, refused, nil
	}
	now := g
	if len(asked) > 0 {
		now.Resources = asked
	}
	t, err := p.mint(ctx, u, client, now)
	if err != nil {
		return tokenResponse{}, nil, err
	}
	refresh := ""
	if g.refreshable() && client.mayRefresh() {
		refresh, err = p.beginFamily(ctx, u, client, g)
	}
	return p.respond(t, g.Scopes, refresh), nil, err
}

// refusedFor says why a code gives this client no tokens, or nil.
func (u unit) refusedFor(ctx context.Context, g grant, client Client, in params) (*oauthError, error) {
	switch {
	case g.ClientID != client.ID:
		return refuse("invalid_grant", "the code was issued to another client"), nil
	case g.RedirectURI != in.get("redirect_uri"):
		return refuse("invalid_grant", "redirect_uri is not the one of the authorization request"), nil
	case g.Challenge == "" && in.get("code_verifier") == "":
		// Bound by its nonce; only such a client gets a code without a challenge.
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

func (u unit) recordUse(client Client, g grant, refused *oauthError) error {
	r := audit.Record{Type: "code.redeemed", ClientID: client.ID, UserID: g.UserID, SessionID: g.SessionID}
	r.Data = map[string]any{"grant": g.ID, "scopes": g.Scopes}
	if refused != nil {
		r.Type, r.Data = "code.refused", map[string]any{"reason": refused.Description, "issued_to": g.ClientID}
	}
	return u.log.Append(r)
}

// reportReuse ends what a code issued when it comes a second time, which tells
// that somebody has it who should not (rule T2).
func (p *Provider) reportReuse(ctx context.Context, u unit, code string, client Client) error {
	used, before, err := usedBefore(ctx, u, code)
	if err != nil || !before {
		return err
	}
	if used.GrantID != "" {
		if err := p.endGrant(ctx, u, used.GrantID, session.ReasonReuse); err != nil {
			return err
		}
	}
	return u.log.Append(audit.Record{
		Type: "code.reused", ClientID: client.ID, UserID: used.UserID, SessionID: used.SessionID,
		Data: map[string]any{"issued_to": used.ClientID, "grant": used.GrantID},
	})
}
