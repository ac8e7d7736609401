package server

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/authflow-studio/authflow/engine/store"
)

// This file ends what has begun on a bundle that is no longer active, where the
// server sets a limit to it. Without one a run ends on the bundle that it began with,
// within its own lifetime (rule X8).

// replacedID holds since when bundles are no longer active, by digest: it outlives a
// restart, and all servers of a store share it.
const replacedID = "@replaced"

// keptReplaced is how long that is remembered: longer than a run may last.
const keptReplaced = 48 * time.Hour

// replaced answers since when bundles are no longer active.
func (s *Server) replaced(ctx context.Context) (map[string]time.Time, error) {
	out := map[string]time.Time{}
	e, err := s.Store.Get(ctx, bundlesBucket, replacedID)
	if errors.Is(err, store.ErrNotFound) {
		return out, nil
	}
	if err == nil {
		err = json.Unmarshal(e.Value, &out)
	}
	if err != nil {
		return nil, fmt.Errorf("bundles: since when they are replaced: %w", err)
	}
	return out, nil
}

// replace notes that another bundle is active from now on, and answers since when
// the others are not.
func (s *Server) replace(ctx context.Context, tx *store.Tx, active string) (map[string]time.Time, error) {
	all, err := s.replaced(ctx)
	if err != nil {
		return nil, err
	}
	now := s.World.Clock.Now().UTC()
	before, err := s.Store.Get(ctx, bundlesBucket, activeID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	if err == nil && string(before.Value) != active {
		all[string(before.Value)] = now
	}
	delete(all, active)
	maps.DeleteFunc(all, func(_ string, since time.Time) bool { return now.Sub(since) > keptReplaced })
	text, err := json.Marshal(all, json.Deterministic(true))
	if err != nil {
		return nil, err
	}
	tx.Overwrite(bundlesBucket, replacedID, text, time.Time{})
	return all, nil
}

// until answers until when runs on a bundle go on; the zero time is for as long as
// they may.
func (s *Server) until(digest string) time.Time {
	all := s.draining.Load()
	if s.drain <= 0 || all == nil {
		return time.Time{}
	}
	since, gone := (*all)[digest]
	if !gone {
		return time.Time{}
	}
	return since.Add(s.drain)
}

// drained tells whether the time of runs on a bundle is over.
func (s *Server) drained(digest string) bool {
	until := s.until(digest)
	return !until.IsZero() && s.World.Clock.Now().After(until)
}
