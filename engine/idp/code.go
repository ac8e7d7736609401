package idp

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/authflow-studio/authflow/engine/store"
)

// This file keeps authorization codes: hashed, for a minute, for one use.

const (
	bucketCodes     = "code"
	bucketUsedCodes = "code_used"
)

// grant is what a code stands for, and a refresh family after it. Its id begins
// the id of every access token that comes of it.
type grant struct {
	ID          string      `json:"id"`
	ClientID    string      `json:"client_id"`
	RedirectURI string      `json:"redirect_uri,omitempty"`
	Challenge   string      `json:"code_challenge,omitempty"`
	Nonce       string      `json:"nonce,omitempty"`
	Scopes      []string    `json:"scopes"`
	Resources   []string    `json:"resources,omitempty"`
	Asked       askedClaims `json:"asked,omitzero"`
	UserID      string      `json:"user_id,omitempty"`
	SessionID   string      `json:"session_id,omitempty"`
	AuthTime    time.Time   `json:"auth_time,omitzero"`
	ACR         string      `json:"acr,omitempty"`
	AMR         []string    `json:"amr,omitempty"`
	Claims      Claims      `json:"claims"`
}

// usedCode remembers a code past its use: what it issued ends when it is used
// again.
type usedCode struct {
	ClientID  string `json:"client_id"`
	UserID    string `json:"user_id"`
	SessionID string `json:"session_id"`
	GrantID   string `json:"grant_id,omitempty"` // empty: the use was refused
}

func (p *Provider) newCode(w store.Writer, g grant) (string, error) {
	raw, err := json.Marshal(g)
	if err != nil {
		return "", fmt.Errorf("idp: a code cannot be written: %w", err)
	}
	code := p.randomText(secretBytes)
	w.Create(bucketCodes, sha256Hex(code), raw, p.o.Clock.Now().Add(p.o.policy().CodeLife))
	return code, nil
}

// secretBytes gives codes, tokens and handles 256 random bits.
const secretBytes = 32

func (p *Provider) randomText(n int) string {
	b := make([]byte, n)
	p.o.Random.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// takeCode uses a code up; whoever calls it says with spend what came of it.
func takeCode(ctx context.Context, w store.Writer, code string) (grant, bool, error) {
	e, err := w.Claim(ctx, bucketCodes, sha256Hex(code))
	if errors.Is(err, store.ErrNotFound) {
		return grant{}, false, nil
	}
	if err != nil {
		return grant{}, false, err
	}
	var g grant
	if err := json.Unmarshal(e.Value, &g); err != nil {
		return grant{}, false, fmt.Errorf("idp: a stored code is not readable: %w", err)
	}
	return g, true, nil
}

// spend remembers the use of a code for as long as what it issued may live.
func (p *Provider) spend(w store.Writer, code string, g grant, c Client, granted bool) error {
	used := usedCode{ClientID: g.ClientID, UserID: g.UserID, SessionID: g.SessionID}
	life := p.o.AccessTokenLife
	if granted {
		used.GrantID = g.ID
		if g.refreshable() {
			life = max(life, orLonger(c.RefreshLife, p.o.RefreshLife))
		}
	}
	raw, err := json.Marshal(used)
	if err != nil {
		return fmt.Errorf("idp: the use of a code cannot be written: %w", err)
	}
	w.Create(bucketUsedCodes, sha256Hex(code), raw, p.o.Clock.Now().Add(life+maxCodeLife))
	return nil
}

// usedBefore answers the earlier use of a code, if there was one.
func usedBefore(ctx context.Context, r store.Reader, code string) (usedCode, bool, error) {
	e, err := r.Get(ctx, bucketUsedCodes, sha256Hex(code))
	if errors.Is(err, store.ErrNotFound) {
		return usedCode{}, false, nil
	}
	if err != nil {
		return usedCode{}, false, err
	}
	var u usedCode
	if err := json.Unmarshal(e.Value, &u); err != nil {
		return usedCode{}, false, fmt.Errorf("idp: the use of a code is not readable: %w", err)
	}
	return u, true, nil
}
