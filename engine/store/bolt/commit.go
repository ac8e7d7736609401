package bolt

import (
	"context"

	bbolt "go.etcd.io/bbolt"

	"github.com/authflow-studio/authflow/engine/store"
)

// This file is the group commit: one goroutine commits at once when it is idle,
// and takes along whatever queued while it was busy. A lone client never waits
// for company; many clients share one fsync.

// maxGroup bounds how long the first of a group waits for the rest.
const maxGroup = 256

type request struct {
	ctx  context.Context
	ops  []store.Op
	done chan error
}

// Commit applies ops atomically; see store.Store. Once taken up it is waited
// for, whatever becomes of ctx: the answer always tells what happened.
func (s *Store) Commit(ctx context.Context, ops ...store.Op) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := keys.CheckOps(ops); err != nil || len(ops) == 0 {
		return err
	}
	r := &request{ctx: ctx, ops: ops, done: make(chan error, 1)}
	select {
	case s.queue <- r:
		return <-r.done
	case <-ctx.Done():
		return ctx.Err()
	case <-s.closing:
		return store.ErrClosed
	}
}

func (s *Store) commitQueued() {
	defer close(s.stopped)
	for {
		select {
		case r := <-s.queue:
			s.commitGroup(s.gather(r))
		case <-s.closing:
			return
		}
	}
}

func (s *Store) gather(first *request) []*request {
	group := []*request{first}
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
	results := make([]error, len(group))
	if err := s.inOneTransaction(group, results); err != nil {
		for i := range results {
			if results[i] == nil {
				results[i] = err
			}
		}
	}
	for i, r := range group {
		r.done <- results[i]
	}
}

// inOneTransaction leaves in results what each request met on its own; the
// error it answers met all the others.
func (s *Store) inOneTransaction(group []*request, results []error) error {
	tx, err := s.db.Begin(true)
	if err != nil {
		return closedAs(err)
	}
	defer tx.Rollback() // after a Commit it does nothing
	wrote := false
	for i, r := range group {
		p := newPlan(tx, s.clock.Now())
		if results[i] = r.ctx.Err(); results[i] == nil {
			results[i] = p.add(r.ops)
		}
		if results[i] != nil {
			continue
		}
		if err := p.write(tx); err != nil {
			return err
		}
		wrote = wrote || len(p.order) > 0
	}
	if !wrote {
		return nil
	}
	return tx.Commit()
}

// bucketFor answers a bucket for writing.
func bucketFor(tx *bbolt.Tx, name []byte) (*bbolt.Bucket, error) {
	if b := tx.Bucket(name); b != nil {
		return b, nil
	}
	return tx.CreateBucket(name)
}
