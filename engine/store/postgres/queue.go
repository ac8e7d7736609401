package postgres

import (
	"context"

	"github.com/authflow-studio/authflow/engine/store"
)

// This file is the group commit: one goroutine of the process commits at once
// when it is idle, and takes along whatever queued while it was busy. What one
// of a group meets is its own.

// maxGroup bounds how long the first of a group waits for the rest.
const maxGroup = 256

// request is what one caller wants of a transaction.
type request struct {
	ctx  context.Context
	ops  []store.Op
	lock string // a name to lock, instead of ops
	done chan error
}

// Commit applies ops atomically; see store.Store. Once taken up it is waited
// for, whatever becomes of ctx: the answer tells what happened.
func (s *Store) Commit(ctx context.Context, ops ...store.Op) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := keys.CheckOps(ops); err != nil || len(ops) == 0 {
		return err
	}
	r := &request{ctx: ctx, ops: ops, done: make(chan error, 1)}
	if err := s.enqueue(ctx, r); err != nil {
		return err
	}
	return <-r.done
}

func (s *Store) enqueue(ctx context.Context, r *request) error {
	select {
	case <-s.closing:
		return store.ErrClosed
	default:
	}
	select {
	case s.queue <- r:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-s.closing:
		return store.ErrClosed
	}
}

func (s *Store) commitQueued() {
	defer close(s.stopped)
	beat := s.leases.beat(s.options.Lease)
	defer beat.Stop()
	for {
		select {
		case r := <-s.queue:
			s.commitGroup(s.gather(r))
		case <-s.free:
			s.commitGroup(s.gather(nil))
		case <-beat.C:
			if s.leases.any() {
				s.commitGroup(s.gather(nil))
			}
		case <-s.closing:
			s.leave()
			return
		}
	}
}

func (s *Store) gather(first *request) []*request {
	var group []*request
	if first != nil {
		group = append(group, first)
	}
	for len(group) < maxGroup {
		select {
		case r := <-s.queue:
			group = append(group, r)
		default:
			return group
		}
	}
	return group
}

func (s *Store) commitGroup(group []*request) {
	g := &attempt{store: s, group: group, results: make([]error, len(group)), released: s.leases.take()}
	err := s.patiently(context.Background(), g.try)
	if err != nil {
		s.leases.putBack(g.released)
	}
	for i, r := range group {
		if err != nil {
			g.results[i] = err
		}
		r.done <- g.results[i]
	}
}
