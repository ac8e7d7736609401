package idp

import (
	"context"
	"net/http"
	"time"

	"github.com/authflow-studio/authflow/engine/audit"
)

// This file publishes the signing keys and turns them: next, current, retired.

func (p *Provider) jwks(w http.ResponseWriter, r *http.Request) {
	rings, err := p.keys.all(r.Context())
	if err != nil {
		p.serverError(w, err)
		return
	}
	keys := []map[string]string{}
	for _, ring := range rings {
		for _, s := range ring.Keys {
			if !p.keys.published(s) {
				continue
			}
			jwk := publicJWK(ring.parsed[s.Kid].private.Public())
			jwk["kid"], jwk["alg"], jwk["use"] = s.Kid, ring.alg, "sig"
			keys = append(keys, jwk)
		}
	}
	publish(w, map[string]any{"keys": keys})
}

// KeyInfo is what may be told of a signing key. Since is when it began to sign.
type KeyInfo struct {
	Kid     string    `json:"kid"`
	Alg     string    `json:"alg"`
	State   string    `json:"state"` // next, current, retired
	Created time.Time `json:"created"`
	Since   time.Time `json:"since,omitzero"`
	Retired time.Time `json:"retired,omitzero"`
}

// Keys answers the published signing keys.
func (p *Provider) Keys(ctx context.Context) ([]KeyInfo, error) {
	rings, err := p.keys.all(ctx)
	if err != nil {
		return nil, err
	}
	var keys []KeyInfo
	for _, ring := range rings {
		for _, s := range ring.Keys {
			if p.keys.published(s) {
				keys = append(keys, KeyInfo{s.Kid, ring.alg, s.State, s.Created, s.Since, s.Retired})
			}
		}
	}
	return keys, nil
}

// RotateKeys lets the published next keys sign, retires the current ones, which
// stay published, and publishes new next ones.
func (p *Provider) RotateKeys(ctx context.Context) error {
	return p.rotate(ctx, func(storedKey) bool { return true })
}

// rotateOld does so with keys that have signed for KeyLife.
func (p *Provider) rotateOld(ctx context.Context) error {
	life := p.o.policy().KeyLife
	if life <= 0 {
		return nil
	}
	now := p.o.Clock.Now()
	return p.rotate(ctx, func(current storedKey) bool { return !now.Before(current.Since.Add(life)) })
}

func (p *Provider) rotate(ctx context.Context, due func(current storedKey) bool) error {
	return again(func() error {
		u := p.begin()
		for _, alg := range algorithms {
			ring, err := p.keys.load(ctx, u, alg)
			if err != nil {
				return err
			}
			if ring == nil || !due(ring.current()) {
				continue
			}
			if err := p.keys.turn(u, alg, ring); err != nil {
				return err
			}
			if err := u.log.Append(audit.Record{Type: "keys.rotated", Data: map[string]any{"alg": alg}}); err != nil {
				return err
			}
		}
		return u.Commit(ctx)
	})
}

func (r *ring) current() storedKey {
	for _, s := range r.Keys {
		if s.State == keyCurrent {
			return s
		}
	}
	return storedKey{}
}
