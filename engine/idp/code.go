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

// grant is what a code stands for.
type grant struct {
	ClientID    string    `json:"client_id"`
	RedirectURI string    `json:"redirect_uri"`
	Challenge   string    `json:"code_challenge"`
	Nonce       string    `json:"nonce,omitempty"`
	Scopes      []string  `json:"scopes"`
	UserID      string    `json:"user_id"`
	SessionID   string    `json:"session_id"`
	AuthTime    time.Time `json:"auth_time"`
	ACR         string    `json:"acr"`
	AMR         []string  `json:"amr,omitempty"`
	Claims      Claims    `json:"claims"`
}

// usedCode remembers a code past its use: what it issued ends when it is used
// again. The access token is named by its id.
type usedCode struct {
	ClientID  string `json:"client_id"`
	UserID    string `json:"user_id"`
	SessionID string `json:"session_id"`
	AccessID  string `json:"access_id,omitempty"` // empty: the use was refused
}

func (p *Provider) newCode(w store.Writer, g grant) (string, error) {
	raw, err := json.Marshal(g)
	if err != nil {
		return "", fmt.Errorf("idp: a code cannot be written: %w", err)
	}
	code := p.randomText(32)
	w.Create(bucketCodes, sha256Hex(code), raw, p.o.Clock.Now().Add(p.o.CodeLife))
	return code, nil
}

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
func (p *Provider) spend(w store.Writer, code string, g grant, accessID string) error {
	raw, err := json.Marshal(usedCode{ClientID: g.ClientID, UserID: g.UserID, SessionID: g.SessionID, AccessID: accessID})
	if err != nil {
		return fmt.Errorf("idp: the use of a code cannot be written: %w", err)
	}
	w.Create(bucketUsedCodes, sha256Hex(code), raw, p.o.Clock.Now().Add(p.o.AccessTokenLife+maxCodeLife))
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
