package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/authflow-studio/authflow/engine/store"
)

// sweepStep is how many entries go in one transaction: commits pass in between.
const sweepStep = 1000

// Sweep removes expired entries; see store.Store. When several servers sweep,
// they share the work.
func (s *Store) Sweep(ctx context.Context, limit int) (int, error) {
	removed := 0
	for {
		step := sweepStep
		if limit > 0 {
			step = min(step, limit-removed)
		}
		n := 0
		err := s.read(ctx, func(ctx context.Context) (err error) {
			n, err = s.sweepSome(ctx, step)
			return err
		})
		removed += n
		if err != nil || n < step || removed == limit {
			return removed, err
		}
	}
}

// sweepSome removes the oldest that are due, as the one that writes.
func (s *Store) sweepSome(ctx context.Context, limit int) (removed int, err error) {
	now := store.Expiry(s.clock.Now())
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT sequence FROM authflow_meta WHERE id = 1 FOR UPDATE`); err != nil {
			return err
		}
		done, err := tx.Exec(ctx, `DELETE FROM authflow_entries WHERE (bucket, id) IN
			(SELECT bucket, id FROM authflow_entries WHERE expires <> 0 AND expires <= $1 ORDER BY expires LIMIT $2)`, now, limit)
		removed = int(done.RowsAffected())
		return err
	})
	return removed, err
}
