package bolt

import (
	"context"

	bbolt "go.etcd.io/bbolt"

	"github.com/authflow-studio/authflow/engine/store"
)

// All answers every live entry of every bucket, for those who look whether
// something is kept that must not be.
func (s *Store) All(ctx context.Context) ([]store.Entry, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var names []string
	if err := s.db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, _ *bbolt.Bucket) error {
			names = append(names, string(name))
			return nil
		})
	}); err != nil {
		return nil, closedAs(err)
	}
	var out []store.Entry
	for _, name := range names {
		if keys.CheckBucket(name) != nil {
			continue // the store's own
		}
		entries, err := s.List(ctx, name, "", "", 0)
		if err != nil {
			return nil, err
		}
		out = append(out, entries...)
	}
	return out, nil
}
