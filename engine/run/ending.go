package run

import (
	"context"
	"errors"
	"fmt"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/store"
)

// This file ends runs from outside: their time is over, the person or an operator
// wants it, or their version is served no longer.

// overBy is the word for why the time of a run is over.
func overBy(err error) string {
	if errors.Is(err, ErrDrained) {
		return failDrained
	}
	return failDeadline
}

// End ends a run whose version is served no longer, when somebody comes back to it.
func (e *Engine) End(ctx context.Context, id, key string) error {
	unlock, err := e.Store.Lock(ctx, "run/"+id)
	if err != nil {
		return fmt.Errorf("run: %w", err)
	}
	defer unlock()
	s, err := e.Find(ctx, id, key)
	if !errors.Is(err, ErrDrained) || s.Status == Ended {
		return nil // somebody else was first
	}
	return e.close(ctx, s, failDrained)
}

// Cancel ends a run on the person's wish, as for POST /fl/restart (rule N7).
func (e *Engine) Cancel(ctx context.Context, id, key, reason string) (*State, error) {
	unlock, err := e.Store.Lock(ctx, "run/"+id)
	if err != nil {
		return nil, fmt.Errorf("run: %w", err)
	}
	defer unlock()
	s, err := e.Find(ctx, id, key)
	if err != nil && !errors.Is(err, ErrExpired) {
		return s, err
	}
	if s.Status == Ended {
		return s, nil
	}
	return s, e.close(ctx, s, reason)
}

// Abort ends a run that waits for the person, on behalf of an operator.
func (e *Engine) Abort(ctx context.Context, id string) error {
	unlock, err := e.Store.Lock(ctx, "run/"+id)
	if err != nil {
		return fmt.Errorf("run: %w", err)
	}
	defer unlock()
	s, err := e.load(ctx, e.Store, id)
	if err != nil {
		return err
	}
	if s.Status == Ended {
		return ErrNoRun
	}
	return e.close(ctx, s, failStopped)
}

func (e *Engine) close(ctx context.Context, s *State, reason string) error {
	tx := store.Begin(e.Store)
	j := NewJournal(e.World.Clock, s)
	(&advance{Machine: &Machine{}, s: s, journal: j}).fail(block.Fail(reason, "the run was ended: %s", reason))
	if err := e.audit(tx, s, "run.ended", map[string]any{"outcome": reason}); err != nil {
		return err
	}
	if err := e.save(tx, s, j); err != nil {
		return err
	}
	if err := e.commit(ctx, s, tx); err != nil {
		return err
	}
	if e.Hook != nil {
		_, err := e.Hook.After(context.WithoutCancel(ctx), s, Step{Flow: s.Top().Flow, Block: s.Top().Block, Ended: true, Error: &s.Failure.Error, At: e.World.Clock.Now()})
		return err
	}
	return nil
}
