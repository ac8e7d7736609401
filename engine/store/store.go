// Package store is the key-value contract under everything the engine keeps:
// runs, users, sessions, codes, refresh families, the outbox, the audit chain.
//
// It owns: the contract (Store), the unit of work built on it (Tx), and the
// conformance suite that every implementation passes (store/storetest).
// It delegates: keeping bytes, to store/bolt and store/postgres.
// The law: what one Commit carries becomes visible whole or not at all; an
// entry past its expiry is never answered, swept or not.
package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ErrNotFound says that no live entry has that bucket and id.
var ErrNotFound = errors.New("store: not found")

// ErrClosed says that the store was closed before the call, or during it.
var ErrClosed = errors.New("store: closed")

// ConflictError says which entry was not in the state a Commit expected; the
// whole Commit was then refused and nothing of it is visible.
type ConflictError struct{ Bucket, ID string }

func (e *ConflictError) Error() string {
	return fmt.Sprintf("store: %s/%s was changed by somebody else", e.Bucket, e.ID)
}

// IsConflict reports whether err is, or wraps, a ConflictError.
func IsConflict(err error) bool {
	var c *ConflictError
	return errors.As(err, &c)
}

// Entry is one stored value. Version is at least 1 and grows with each write of
// the key, across deletion and expiry too, so that an entry made anew is never
// taken for the one that was read. The zero Expires means that it never expires.
type Entry struct {
	Bucket, ID string
	Value      []byte
	Version    uint64
	Expires    time.Time
}

// Reader answers live entries.
type Reader interface {
	// Get answers one entry, or ErrNotFound.
	Get(ctx context.Context, bucket, id string) (Entry, error)
	// List answers at most limit entries of a bucket (0: all) whose id begins
	// with prefix and comes after after, in byte order of their ids.
	List(ctx context.Context, bucket, prefix, after string, limit int) ([]Entry, error)
}

// OpKind says what one operation of a Commit does.
type OpKind uint8

const (
	// OpPut writes Value, under the condition of Expect.
	OpPut OpKind = iota + 1
	// OpDelete removes the entry, under the condition of Expect; an entry that
	// is not there is no error unless Expect asks for a version.
	OpDelete
	// OpAdd adds Delta to a decimal counter, making it when absent. It never
	// conflicts: two runs that count the same failure both count.
	OpAdd
	// OpChain appends Value to the hash chain Bucket (see ChainRecord). The
	// store gives the sequence number, so appending never conflicts.
	OpChain
)

// Expectations other than a version number, for Op.Expect.
const (
	// ExpectAny puts no condition on what is there.
	ExpectAny uint64 = 1<<64 - 1
	// ExpectAbsent asks that no live entry is there.
	ExpectAbsent uint64 = 0
)

// Op is one operation of a Commit; the operations of one Commit see each other
// in their order. Expect holds for OpPut and OpDelete only. A bucket's name is
// not empty and holds no zero byte; an id is not empty.
type Op struct {
	Kind       OpKind
	Bucket, ID string
	Value      []byte
	Delta      int64
	Expect     uint64
	// Expires of the zero time: never. For OpAdd it is set only when the
	// counter is made, so a window begins with its first count.
	Expires time.Time
}

// Store keeps entries. All methods may be called concurrently.
type Store interface {
	Reader
	// Commit applies all operations atomically, or none: a ConflictError names
	// the first entry that was not as expected.
	Commit(ctx context.Context, ops ...Op) error
	// Lock excludes every other holder of the same name, on all processes that
	// share the store, until unlock is called or ctx ends while waiting.
	Lock(ctx context.Context, name string) (unlock func(), err error)
	// Sweep removes expired entries, at most limit of them (0: all).
	Sweep(ctx context.Context, limit int) (removed int, err error)
	Close() error
}
