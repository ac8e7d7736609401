// Package bolt keeps a store.Store in one bbolt file.
//
// It owns: the layout of the file (one bbolt bucket for each bucket, an index
// of expiries), the group commit, and the locks of its process.
// It delegates: pages, transactions and fsync, to bbolt.
// The law: each Commit succeeds or fails on its own, whatever it shared a
// transaction with; what was answered as done is on disk, unless NoSync was
// asked for.
package bolt

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"sync"

	bbolt "go.etcd.io/bbolt"

	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/world"
)

// Options change how a file is kept.
type Options struct {
	// NoSync leaves out fsync: for scratch stores, which a crash may cost.
	NoSync bool
}

// Store is a store.Store in a bbolt file, which one process has at a time.
type Store struct {
	db      *bbolt.DB
	clock   world.Clock
	locks   store.Named
	queue   chan *request
	closing chan struct{}
	stopped chan struct{}
	close   sync.Once
}

var _ store.Store = (*Store)(nil)

// Open opens the file at path, or makes it.
func Open(path string, clock world.Clock) (*Store, error) { return OpenWith(path, clock, Options{}) }

// OpenExisting is Open for a file that must be there already: to look into a
// store must not make one.
func OpenExisting(path string, clock world.Clock) (*Store, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("bolt: %w", err)
	}
	return Open(path, clock)
}

// OpenWith is Open with options.
func OpenWith(path string, clock world.Clock, o Options) (*Store, error) {
	db, err := openFile(path, o)
	if err != nil {
		return nil, err
	}
	s := &Store{
		db: db, clock: clock,
		queue: make(chan *request), closing: make(chan struct{}), stopped: make(chan struct{}),
	}
	go s.commitQueued()
	return s, nil
}

// Close waits for the commits under way and gives the file free. It may be
// called twice.
func (s *Store) Close() error {
	var err error
	s.close.Do(func() {
		close(s.closing)
		<-s.stopped
		err = s.db.Close()
	})
	return err
}

// Lock excludes other holders of name; see store.Store. It need not leave the
// process: the file has only one at a time.
func (s *Store) Lock(ctx context.Context, name string) (unlock func(), err error) {
	return s.locks.Lock(ctx, name)
}

// Get answers one entry; see store.Reader.
func (s *Store) Get(ctx context.Context, bucket, id string) (store.Entry, error) {
	e, err := store.Entry{}, store.ErrNotFound
	viewErr := s.view(ctx, bucket, func(b *bbolt.Bucket) error {
		raw := b.Get([]byte(id))
		if raw == nil {
			return nil
		}
		r, bad := decode(raw)
		if bad != nil {
			return damagedEntry(bucket, id, bad)
		}
		if !r.expired(s.clock.Now()) {
			e, err = r.entry(bucket, id), nil
		}
		return nil
	})
	if viewErr != nil {
		return store.Entry{}, viewErr
	}
	return e, err
}

// List answers entries in order; see store.Reader.
func (s *Store) List(ctx context.Context, bucket, prefix, after string, limit int) ([]store.Entry, error) {
	var out []store.Entry
	err := s.view(ctx, bucket, func(b *bbolt.Bucket) error {
		now, start := s.clock.Now(), max(prefix, after)
		c := b.Cursor()
		for k, raw := c.Seek([]byte(start)); k != nil && bytes.HasPrefix(k, []byte(prefix)); k, raw = c.Next() {
			r, bad := decode(raw)
			if bad != nil {
				return damagedEntry(bucket, string(k), bad)
			}
			if r.expired(now) || (after != "" && string(k) == after) {
				continue
			}
			out = append(out, r.entry(bucket, string(k)))
			if limit > 0 && len(out) == limit {
				break
			}
		}
		return nil
	})
	return out, err
}

// view reads one bucket, if it is there.
func (s *Store) view(ctx context.Context, bucket string, read func(*bbolt.Bucket) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := keys.CheckBucket(bucket); err != nil {
		return err
	}
	err := s.db.View(func(tx *bbolt.Tx) error {
		if b := tx.Bucket([]byte(bucket)); b != nil {
			return read(b)
		}
		return nil
	})
	return closedAs(err)
}

func damagedEntry(bucket, id string, err error) error {
	return fmt.Errorf("%w: entry %s/%s: %w", ErrDamaged, bucket, id, err)
}
