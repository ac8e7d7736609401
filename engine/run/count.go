package run

import (
	"context"
	"errors"
	"time"

	"github.com/authflow-studio/authflow/engine/store"
)

// countFor answers what counts on behalf of a run; see block.Env. It is kept in
// the run's past.
func (e *Engine) countFor(run string) func(context.Context, string, string, time.Time) (int64, error) {
	return func(ctx context.Context, bucket, id string, expires time.Time) (int64, error) {
		return e.countOnce(ctx, run, bucket, id, expires)
	}
}

// countOnce adds one to a counter in a commit of its own and answers it. The
// lock gives each of many at the same moment a number of its own, so that
// exactly as many pass a limit as it says.
func (e *Engine) countOnce(ctx context.Context, run, bucket, id string, expires time.Time) (int64, error) {
	unlock, err := e.Store.Lock(ctx, "count/"+bucket+"/"+id)
	if err != nil {
		return 0, err
	}
	defer unlock()
	add := store.Op{Kind: store.OpAdd, Bucket: bucket, ID: id, Delta: 1, Expires: expires, Expect: store.ExpectAny}
	if err := e.Past.commit(ctx, e.Store, run, []store.Op{add}, func() error { return e.Store.Commit(ctx, add) }); err != nil {
		return 0, err
	}
	entry, err := e.Store.Get(ctx, bucket, id)
	if errors.Is(err, store.ErrNotFound) {
		return 1, nil // it expired in between
	}
	if err != nil {
		return 0, err
	}
	return store.CounterValue(entry)
}
