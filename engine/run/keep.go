package run

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/authflow-studio/authflow/engine/store"
)

// This file keeps runs in the store, and reads them again.

// commit makes true what a stretch has done, and tells of it.
func (e *Engine) commit(ctx context.Context, s *State, tx *store.Tx) error {
	if err := e.Past.commit(ctx, e.Store, s.ID, tx.Ops(), func() error { return tx.Commit(ctx) }); err != nil {
		return err
	}
	if e.Told != nil {
		e.Told(s)
	}
	return nil
}

func (e *Engine) save(tx *store.Tx, s *State, j *Journal) error {
	text, err := json.Marshal(s, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("run: save %s: %w", s.ID, err)
	}
	expires := time.UnixMilli(s.Deadline).Add(keepAfterDeadline)
	tx.Put(RunsBucket, s.ID, text, expires)
	if len(j.entries) == 0 {
		return nil
	}
	lines, err := json.Marshal(j.entries, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("run: journal of %s: %w", s.ID, err)
	}
	tx.Put(JournalBucket, fmt.Sprintf("%s/%010d", s.ID, j.entries[0].N), lines, expires)
	return nil
}

func (e *Engine) load(ctx context.Context, r store.Reader, id string) (*State, error) {
	entry, err := r.Get(ctx, RunsBucket, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, ErrNoRun
	}
	if err != nil {
		return nil, fmt.Errorf("run: %w", err)
	}
	s := &State{}
	if err := json.Unmarshal(entry.Value, s); err != nil {
		return nil, fmt.Errorf("run: stored state of %s cannot be read: %w", id, err)
	}
	return s, nil
}
