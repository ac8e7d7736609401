// Package postgres keeps a store.Store in a PostgreSQL database, or one that
// speaks its protocol, which any number of servers share.
//
// It owns: the two tables and their version, the group commit of a process, the
// locks across processes with their leases, and patience while the database is
// away.
// It delegates: the wire, connections and their pool, to pgx.
// The law: one transaction writes at a time, under one locked row, so that what
// it read still holds when it commits; a commit whose answer was lost is
// neither forgotten nor done twice; who lost their locks writes nothing more.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/world"
)

// Options change how a store behaves; the zero value is for production.
type Options struct {
	// Lease is how long the locks of a process hold that is heard of no more.
	Lease time.Duration
	// Patience is how long a call waits for a database that does not answer.
	Patience time.Duration
}

// Store is a store.Store in a database; many processes may have one each on the
// same database.
type Store struct {
	pool    *pgxpool.Pool
	clock   world.Clock
	options Options
	named   store.Named
	queue   chan *request
	free    chan struct{} // says that releases wait; see leases
	leases  leases
	writer  writer // of the committing goroutine only
	closing chan struct{}
	stopped chan struct{}
	close   sync.Once
}

var _ store.Store = (*Store)(nil)

// Open connects to the database at address and makes the tables that are
// missing. The address is a URL, as of libpq.
func Open(ctx context.Context, address string, clock world.Clock) (*Store, error) {
	return OpenWith(ctx, address, clock, Options{})
}

// OpenWith is Open with options.
func OpenWith(ctx context.Context, address string, clock world.Clock, o Options) (*Store, error) {
	if o.Lease == 0 {
		o.Lease = 10 * time.Second
	}
	if o.Patience == 0 {
		o.Patience = 30 * time.Second
	}
	config, err := configOf(address)
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("postgres: %w", err)
	}
	s := &Store{
		pool: pool, clock: clock, options: o,
		queue: make(chan *request), free: make(chan struct{}, 1),
		closing: make(chan struct{}), stopped: make(chan struct{}),
	}
	if err := s.patiently(ctx, s.prepare); err != nil {
		pool.Close()
		return nil, err
	}
	go s.commitQueued()
	return s, nil
}

// Close waits for the commits under way, gives this process's locks free and
// closes the connections. It may be called twice.
func (s *Store) Close() error {
	s.close.Do(func() {
		close(s.closing)
		<-s.stopped
		s.pool.Close()
	})
	return nil
}

// Get answers one entry; see store.Reader.
func (s *Store) Get(ctx context.Context, bucket, id string) (store.Entry, error) {
	if err := keys.CheckBucket(bucket); err != nil {
		return store.Entry{}, err
	}
	var r record
	err := s.read(ctx, func(ctx context.Context) error {
		return s.pool.QueryRow(ctx, `SELECT value, version, expires FROM authflow_entries WHERE bucket = $1 AND id = $2`,
			[]byte(bucket), []byte(id)).Scan(&r.value, &r.version, &r.expires)
	})
	if errors.Is(err, pgx.ErrNoRows) || err == nil && r.expired(s.clock.Now()) {
		err = store.ErrNotFound
	}
	if err != nil {
		return store.Entry{}, err
	}
	return r.entry(bucket, id), nil
}

// List answers entries in order; see store.Reader.
func (s *Store) List(ctx context.Context, bucket, prefix, after string, limit int) ([]store.Entry, error) {
	if err := keys.CheckBucket(bucket); err != nil {
		return nil, err
	}
	where, args := listed(bucket, prefix, after, store.Expiry(s.clock.Now()), limit)
	var out []store.Entry
	err := s.read(ctx, func(ctx context.Context) error {
		out = nil
		rows, err := s.pool.Query(ctx, `SELECT id, value, version, expires FROM authflow_entries WHERE `+where, args...)
		if err != nil {
			return err
		}
		var id []byte
		var r record
		_, err = pgx.ForEachRow(rows, []any{&id, &r.value, &r.version, &r.expires}, func() error {
			out = append(out, r.entry(bucket, string(id)))
			r.value = nil // the next row must not be read into it
			return nil
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// listed answers the condition and the order of List, written so that the
// primary key alone answers it.
func listed(bucket, prefix, after string, now int64, limit int) (where string, args []any) {
	if limit <= 0 {
		limit = math.MaxInt32
	}
	from, start := `id >= $2`, prefix
	if after != "" && after >= prefix {
		from, start = `id > $2`, after
	}
	args = []any{[]byte(bucket), []byte(start), now, limit}
	if end := pastPrefix(prefix); end != nil {
		from += ` AND id < $5`
		args = append(args, end)
	}
	return `bucket = $1 AND ` + from + ` AND (expires = 0 OR expires > $3) ORDER BY id LIMIT $4`, args
}

// pastPrefix answers the first id after all that begin with prefix, or nil when
// none is.
func pastPrefix(prefix string) []byte {
	end := []byte(prefix)
	for len(end) > 0 && end[len(end)-1] == 0xff {
		end = end[:len(end)-1]
	}
	if len(end) == 0 {
		return nil
	}
	end[len(end)-1]++
	return end
}

// All answers every live entry of every bucket, for those who look whether
// something is kept that must not be.
func (s *Store) All(ctx context.Context) ([]store.Entry, error) {
	var buckets [][]byte
	err := s.read(ctx, func(ctx context.Context) error {
		rows, err := s.pool.Query(ctx, `SELECT DISTINCT bucket FROM authflow_entries ORDER BY bucket`)
		if err != nil {
			return err
		}
		buckets, err = pgx.CollectRows(rows, pgx.RowTo[[]byte])
		return err
	})
	if err != nil {
		return nil, err
	}
	var out []store.Entry
	for _, b := range buckets {
		if keys.CheckBucket(string(b)) != nil {
			continue // the store's own
		}
		entries, err := s.List(ctx, string(b), "", "", 0)
		if err != nil {
			return nil, err
		}
		out = append(out, entries...)
	}
	return out, nil
}
