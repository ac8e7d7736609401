package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/authflow-studio/authflow/engine/store"
)

// This file is the locks across processes: an entry for each lock, with the
// process that holds it, and an entry for each process, with the moment until
// which it is trusted to be alive. All commits of a process go through its
// entry: one that others took for dead finds itself marked there, and writes
// nothing until what it did under its lost locks has ended.

// Buckets of the store's own; CheckBucket keeps everybody else out of them.
const (
	writersBucket = "\x00writers"
	locksBucket   = "\x00locks"
)

// ErrLeaseLost says that this process was not heard of for so long that others
// took over its locks.
var ErrLeaseLost = errors.New("postgres: the locks of this process went to others, since it was not heard of for too long")

// errHeld says that another process holds a lock.
var errHeld = errors.New("postgres: the lock is held")

// writer is what the committing goroutine knows of its process.
type writer struct {
	id     string // empty before it has joined
	groups int64  // how many were begun
	known  bool   // its row was written at least once
	lost   bool   // others have marked it as dead
	seen   int64  // when the database answered last, by its clock
	since  int64  // since when it has answered without a gap
}

// writerRow is the entry of a process.
type writerRow struct {
	Last  int64 `json:"last"`  // the number of its last group
	Until int64 `json:"until"` // milliseconds of the database's clock
	Dead  bool  `json:"dead,omitempty"`
}

// writerKept is how long the row of a process that ended without a word stays;
// it is renewed when half of that is over, so that most commits leave the index
// of expiries alone.
const writerKept = 24 * time.Hour

// join gives this process a name that no other one ever has.
func (s *Store) join(ctx context.Context) error {
	if s.writer.lost {
		if s.leases.any() {
			return ErrLeaseLost
		}
		s.writer = writer{}
	}
	if s.writer.id != "" {
		return nil
	}
	var n int64
	if err := s.pool.QueryRow(ctx, `UPDATE authflow_meta SET sequence = sequence + 1 WHERE id = 1 RETURNING sequence`).Scan(&n); err != nil {
		return err
	}
	s.writer = writer{id: fmt.Sprint("w", n)}
	return nil
}

// leave gives everything free that this process has in the database.
func (s *Store) leave() {
	if !s.writer.known {
		return
	}
	// Without an answer the lease ends by itself.
	_ = s.patiently(context.Background(), func(ctx context.Context) error {
		_, err := s.pool.Exec(ctx, `DELETE FROM authflow_entries WHERE bucket = $1 AND id = $2`, []byte(writersBucket), []byte(s.writer.id))
		return err
	})
}

func (p *plan) readWriters(rows pgx.Rows) error {
	var id, value []byte
	var expires int64
	_, err := pgx.ForEachRow(rows, []any{&id, &value, &expires}, func() error {
		var row writerRow
		if err := json.Unmarshal(value, &row); err != nil {
			return err
		}
		p.writers[string(id)] = row
		p.slots[key{writersBucket, string(id)}] = slot{present: true, record: record{expires: expires}}
		return nil
	})
	return err
}

// setWriter plans the row of a process.
func (p *plan) setWriter(id string, row writerRow) {
	p.writers[id] = row
	k := key{writersBucket, id}
	expires := p.slots[k].expires
	if expires < store.Expiry(p.now.Add(writerKept/2)) {
		expires = store.Expiry(p.now.Add(writerKept))
	}
	value, _ := json.Marshal(row) // three plain fields
	p.set(k, slot{present: true, record: record{value: value, version: p.sequence, expires: expires}})
}

// mark says that this process lives and has done this group.
func (p *plan) mark(id string, group, lease int64) {
	p.setWriter(id, writerRow{Last: group, Until: p.serverTime + lease})
}

// acquire plans that a process takes a lock that is free, or whose holder is
// heard of no more; that one is marked as dead. A process that was cut off from
// the database itself does not judge others before they could have come back.
func (p *plan) acquire(name string, me writer, lease int64) error {
	k := key{locksBucket, name}
	if s := p.slots[k]; s.present && string(s.value) != me.id {
		holder, there := p.writers[string(s.value)]
		if there && !holder.Dead {
			if holder.Until > p.serverTime || p.serverTime-me.since < lease {
				return errHeld
			}
			holder.Dead = true
			p.setWriter(string(s.value), holder)
		}
	}
	p.sequence++
	p.set(k, slot{present: true, record: record{value: []byte(me.id), version: p.sequence}})
	return nil
}

// release plans that a process gives a lock free, if it still has it.
func (p *plan) release(name, me string) {
	k := key{locksBucket, name}
	if s := p.slots[k]; s.present && string(s.value) == me {
		p.set(k, slot{})
	}
}

// leases are the locks that this process holds in the database.
type leases struct {
	mu       sync.Mutex
	held     int
	released []string // still to be given free there
}

func (l *leases) any() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.held > 0
}

func (l *leases) hold(names []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.held += len(names)
}

func (l *leases) take() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	names := l.released
	l.released = nil
	return names
}

func (l *leases) putBack(names []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.released = append(names, l.released...)
}

// beat ticks often enough that a lease does not end while its process lives.
func (l *leases) beat(lease time.Duration) *time.Ticker { return time.NewTicker(lease / 4) }

// Lock excludes other holders of name, in this process and all others; see
// store.Store.
func (s *Store) Lock(ctx context.Context, name string) (unlock func(), err error) {
	if err := keys.CheckID(locksBucket, name); err != nil {
		return nil, err
	}
	local, err := s.named.Lock(ctx, name)
	if err != nil {
		return nil, err
	}
	release := sync.OnceFunc(func() {
		s.unlock(name)
		local()
	})
	pause := 2 * time.Millisecond
	for {
		r := &request{ctx: ctx, lock: name, done: make(chan error, 1)}
		if err = s.enqueue(ctx, r); err == nil {
			select {
			case err = <-r.done:
			case <-ctx.Done():
				// Whoever waits goes; what the database says leaves nothing locked.
				go func() { giveUp(<-r.done, release, local) }()
				return nil, ctx.Err()
			}
		}
		if err == nil {
			return release, nil
		}
		if errors.Is(err, errHeld) {
			if err = waitFor(ctx, s.closing, pause); err == nil {
				pause = min(2*pause, 50*time.Millisecond)
				continue
			}
		}
		local()
		return nil, err
	}
}

func giveUp(err error, release, local func()) {
	if err == nil {
		release()
	} else {
		local()
	}
}

func waitFor(ctx context.Context, closing <-chan struct{}, pause time.Duration) error {
	wait := time.NewTimer(pause)
	defer wait.Stop()
	select {
	case <-wait.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-closing:
		return store.ErrClosed
	}
}

// unlock lets the next transaction give the lock free.
func (s *Store) unlock(name string) {
	s.leases.mu.Lock()
	s.leases.held--
	s.leases.released = append(s.leases.released, name)
	s.leases.mu.Unlock()
	select {
	case s.free <- struct{}{}:
	default: // it is already awake
	}
}
