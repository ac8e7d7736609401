package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// This file is one transaction for a group, and its repetition. Each one writes
// the number of its group into the row of this process. When the answer to
// COMMIT is lost, the next try finds the number there, or does the work again;
// the locked row makes sure that the lost transaction has ended by then.

// ErrUnknown says that the connection broke during a commit, and the database
// stayed away too long to ask whether it took place.
var ErrUnknown = errors.New("postgres: it is not known whether the commit took place")

// attempt is the work of a group over all its tries. Only the committing
// goroutine has it.
type attempt struct {
	store    *Store
	group    []*request
	released []string // locks to give free
	results  []error  // what each request met on its own
	number   int64    // of the group; 0 before the first try
	sent     bool     // a COMMIT was sent whose answer is not known
	taken    []string // locks that the last try took
}

func (a *attempt) try(ctx context.Context) error {
	s := a.store
	if err := s.join(ctx); err != nil {
		return err
	}
	if a.number == 0 {
		s.writer.groups++
		a.number = s.writer.groups
	}
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return a.failed(err)
	}
	defer conn.Release() // one whose transaction is still open is closed
	if err := a.transaction(ctx, conn); err != nil {
		return a.failed(err)
	}
	return nil
}

// failed names what happened when there will be no other try.
func (a *attempt) failed(err error) error {
	if a.sent {
		return fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	return err
}

func (a *attempt) transaction(ctx context.Context, conn *pgxpool.Conn) error {
	p := newPlan(a.store.clock.Now())
	if err := p.read(ctx, conn, needs(a.group, a.released)); err != nil {
		return err
	}
	done, err := a.standing(p)
	if err == nil && !done {
		if a.work(p); p.dirty() {
			return a.commit(ctx, conn, p)
		}
	}
	// Nothing was written, so it does not matter whether this is answered.
	_, _ = conn.Exec(ctx, `ROLLBACK`)
	if err == nil {
		a.settle()
	}
	return err
}

func (a *attempt) commit(ctx context.Context, conn *pgxpool.Conn, p *plan) error {
	a.sent = true
	if err := p.write(ctx, conn); err != nil {
		a.sent = conn.Conn().IsClosed() // a refusal that arrived left nothing behind
		return err
	}
	a.sent = false
	a.store.writer.known = true
	a.settle()
	return nil
}

// settle notes the locks that are held from now on.
func (a *attempt) settle() {
	a.store.leases.hold(a.taken)
	a.released = nil
}

// standing says what the row of this process tells: that the group was done by
// a try whose answer was lost, or that others took this process for dead.
func (a *attempt) standing(p *plan) (done bool, err error) {
	w := &a.store.writer
	row, there := p.writers[w.id]
	a.sent = false // the row tells
	if there && row.Last == a.number {
		w.known = true
		return true, nil
	}
	if there && row.Dead || !there && w.known && a.store.leases.any() {
		w.lost = true
		return false, ErrLeaseLost
	}
	if lease := a.store.options.Lease.Milliseconds(); p.serverTime-w.seen > lease {
		w.since = p.serverTime
	}
	w.seen = p.serverTime
	return false, nil
}

// work plans what the group asks for, each request on its own.
func (a *attempt) work(p *plan) {
	s := a.store
	a.taken = nil
	for _, name := range a.released {
		p.release(name, s.writer.id)
	}
	for i, r := range a.group {
		if a.results[i] = r.ctx.Err(); a.results[i] != nil {
			continue
		}
		if r.lock == "" {
			a.results[i] = p.apply(r.ops)
			continue
		}
		if a.results[i] = p.acquire(r.lock, s.writer, s.options.Lease.Milliseconds()); a.results[i] == nil {
			a.taken = append(a.taken, r.lock)
		}
	}
	if p.dirty() || s.leases.any() {
		p.mark(s.writer.id, a.number, s.options.Lease.Milliseconds())
	}
}

// read opens the transaction that only one process has at a time and reads, in
// one round trip, what the group needs. A process that stops in the middle of it
// is let go by the database.
func (p *plan) read(ctx context.Context, conn *pgxpool.Conn, keys []need) error {
	var buckets, ids [][]byte
	var full []bool
	for _, k := range keys {
		buckets, ids, full = append(buckets, []byte(k.bucket)), append(ids, []byte(k.id)), append(full, k.full)
	}
	b := &pgx.Batch{}
	b.Queue(`BEGIN ISOLATION LEVEL READ COMMITTED`)
	b.Queue(`SET LOCAL idle_in_transaction_session_timeout = 5000`)
	b.Queue(`SELECT version, sequence FROM authflow_meta WHERE id = 1 FOR UPDATE`).QueryRow(func(row pgx.Row) error {
		var version int
		if err := row.Scan(&version, &p.sequence); err != nil {
			return err
		}
		return knownSchema(version)
	})
	b.Queue(`SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)`).QueryRow(func(row pgx.Row) error {
		return row.Scan(&p.serverTime)
	})
	b.Queue(`SELECT id, value, expires FROM authflow_entries WHERE bucket = $1`, []byte(writersBucket)).Query(p.readWriters)
	if len(keys) > 0 {
		b.Queue(`SELECT k.bucket, k.id, CASE WHEN k.whole THEN e.value END, e.version, e.expires
			FROM unnest($1::bytea[], $2::bytea[], $3::boolean[]) AS k (bucket, id, whole)
			JOIN authflow_entries e ON e.bucket = k.bucket AND e.id = k.id`, buckets, ids, full).Query(p.readSlots)
	}
	return conn.SendBatch(ctx, b).Close()
}

// write brings the plan into the transaction and commits, in one round trip.
func (p *plan) write(ctx context.Context, conn *pgxpool.Conn) error {
	put, gone := p.changed()
	b := &pgx.Batch{}
	b.Queue(`UPDATE authflow_meta SET sequence = $1 WHERE id = 1`, p.sequence)
	if len(gone.ids) > 0 {
		b.Queue(`DELETE FROM authflow_entries WHERE (bucket, id) IN
			(SELECT k.bucket, k.id FROM unnest($1::bytea[], $2::bytea[]) AS k (bucket, id))`, gone.buckets, gone.ids)
	}
	b.Queue(`INSERT INTO authflow_entries (bucket, id, value, version, expires)
		SELECT k.bucket, k.id, k.value, k.version, k.expires
		FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::bigint[], $5::bigint[]) AS k (bucket, id, value, version, expires)
		ON CONFLICT (bucket, id) DO UPDATE SET value = excluded.value, version = excluded.version, expires = excluded.expires`,
		put.buckets, put.ids, put.values, put.versions, put.expires)
	b.Queue(`COMMIT`)
	return conn.SendBatch(ctx, b).Close()
}
