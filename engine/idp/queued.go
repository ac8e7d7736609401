package idp

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"time"
)

// This file lets people's own tests say what the next sign-in of somebody will
// bring into the tokens.

const (
	bucketQueued = "next_claims" // user id/number → claims
	queuedCount  = "next_claims_count"
)

// QueueClaims adds claims to the tokens of the next authorization of a user that
// has none queued before it.
func (p *Provider) QueueClaims(ctx context.Context, userID string, c Claims) error {
	if !p.o.Testing {
		return ErrNotTesting
	}
	raw, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("idp: the claims cannot be kept: %w", err)
	}
	return again(func() error {
		u := p.begin()
		u.Add(queuedCount, userID, 1, time.Time{})
		n, err := u.Count(ctx, queuedCount, userID)
		if err != nil {
			return err
		}
		u.Create(bucketQueued, fmt.Sprintf("%s/%010d", userID, n), raw, time.Time{})
		return u.Commit(ctx)
	})
}

// QueuedClaims answers what is queued for a user, the next first.
func (p *Provider) QueuedClaims(ctx context.Context, userID string) ([]Claims, error) {
	entries, err := p.o.Store.List(ctx, bucketQueued, userID+"/", "", 0)
	if err != nil {
		return nil, err
	}
	all := make([]Claims, len(entries))
	for i, e := range entries {
		if err := json.Unmarshal(e.Value, &all[i]); err != nil {
			return nil, fmt.Errorf("idp: queued claims are not readable: %w", err)
		}
	}
	return all, nil
}

// withQueued takes the next claims from the queue, in the unit of work that uses
// them.
func (p *Provider) withQueued(ctx context.Context, u unit, userID string, c Claims) (Claims, error) {
	if !p.o.Testing {
		return c, nil
	}
	entries, err := u.List(ctx, bucketQueued, userID+"/", "", 1)
	if err != nil || len(entries) == 0 {
		return c, err
	}
	u.Delete(bucketQueued, entries[0].ID)
	var next Claims
	if err := json.Unmarshal(entries[0].Value, &next); err != nil {
		return c, fmt.Errorf("idp: queued claims are not readable: %w", err)
	}
	return Claims{IDToken: merged(c.IDToken, next.IDToken), AccessToken: merged(c.AccessToken, next.AccessToken)}, nil
}

func merged(a, b map[string]any) map[string]any {
	if len(a)+len(b) == 0 {
		return nil
	}
	m := map[string]any{}
	maps.Copy(m, a)
	maps.Copy(m, b)
	return m
}
