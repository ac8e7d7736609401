package run

import (
	"context"
	"errors"
	"time"

	"github.com/authflow-studio/authflow/engine/store"
)

// count adds one to a counter in a commit of its own and answers it; see
// block.Env. The lock gives each of many at the same moment a number of its
// own, so that exactly as many pass a limit as it says.
func (e *Engine) count(ctx context.Context, bucket, id string, expires time.Time) (int64, error) {
	unlock, err := e.Store.Lock(ctx, "count/"+bucket+"/"+id)
	if err != nil {
		return 0, err
	}
	defer unlock()
	if err := e.Store.Commit(ctx, store.Op{Kind: store.OpAdd, Bucket: bucket, ID: id, Delta: 1, Expires: expires, Expect: store.ExpectAny}); err != nil {
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
