package bolt

import (
	"context"
	"time"

	bbolt "go.etcd.io/bbolt"

	"github.com/authflow-studio/authflow/engine/store"
)

// sweepStep is how many entries go in one transaction: commits pass in between.
const sweepStep = 1000

// Sweep removes expired entries; see store.Store.
func (s *Store) Sweep(ctx context.Context, limit int) (int, error) {
	removed := 0
	for {
		if err := ctx.Err(); err != nil {
			return removed, err
		}
		step := sweepStep
		if limit > 0 {
			step = min(step, limit-removed)
		}
		n, err := s.sweepSome(step)
		removed += n
		if err != nil || n < step || removed == limit {
			return removed, err
		}
	}
}

func (s *Store) sweepSome(limit int) (int, error) {
	tx, err := s.db.Begin(true)
	if err != nil {
		return 0, closedAs(err)
	}
	defer tx.Rollback() // after a Commit it does nothing
	due := dueKeys(tx, s.clock.Now(), limit)
	if len(due) == 0 {
		return 0, nil
	}
	for _, k := range due {
		if err := drop(tx, k); err != nil {
			return 0, err
		}
	}
	return len(due), tx.Commit()
}

// dueKeys answers the keys of the index that are due, oldest first.
func dueKeys(tx *bbolt.Tx, now time.Time, limit int) [][]byte {
	index := tx.Bucket(expiryBucket)
	if index == nil {
		return nil
	}
	end := string(expiryKey(store.Expiry(now), "", "")[:8])
	var due [][]byte
	c := index.Cursor()
	for k, _ := c.First(); k != nil && len(due) < limit && string(k[:8]) <= end; k, _ = c.Next() {
		due = append(due, append([]byte{}, k...))
	}
	return due
}

// drop removes a key of the index and the entry it speaks of.
func drop(tx *bbolt.Tx, indexKey []byte) error {
	bucket, id, err := parseExpiryKey(indexKey)
	if err != nil {
		return err
	}
	if err := tx.Bucket(expiryBucket).Delete(indexKey); err != nil {
		return err
	}
	b := tx.Bucket([]byte(bucket))
	if b == nil {
		return nil
	}
	return b.Delete([]byte(id))
}
