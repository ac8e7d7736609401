package server

import (
	"context"

	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/world"
)

// This file lets somebody else look on at a bench, such as a debugger.

// BenchOptions are what benches are made with besides their world.
type BenchOptions struct {
	// Hook looks on besides; a run that it holds, waits.
	Hook run.Hook
	// Uncovered counts no lines of Actions: who does not look at the coverage
	// need not pay for it.
	Uncovered bool
	// Random answers where the randomness of a bench comes from; nil: the machine.
	Random func() world.Random
	// Made is told of each bench; it may be nil.
	Made func(*Harness)
}

// watched is a bench at which somebody else looks on.
type watched struct {
	*bench
	other run.Hook
}

var (
	_ run.Hook    = (*watched)(nil)
	_ run.Breaker = (*watched)(nil)
)

// Before lets the other look.
func (w *watched) Before(ctx context.Context, m *run.Moment) (*run.Order, error) {
	return w.other.Before(ctx, m)
}

// After notes the step, then lets the other look.
func (w *watched) After(ctx context.Context, s *run.State, step run.Step) (*run.Order, error) {
	if _, err := w.bench.After(ctx, s, step); err != nil {
		return nil, err
	}
	return w.other.After(ctx, s, step)
}

// Broken asks the other, if it can break a block off at all.
func (w *watched) Broken(s *run.State) (*run.Order, error) {
	if b, ok := w.other.(run.Breaker); ok {
		return b.Broken(s)
	}
	return nil, nil
}
