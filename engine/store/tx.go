package store

import (
	"context"
	"errors"
	"time"
)

// Writer is what the services (directory, session, audit, …) write through: a
// view that already shows its own writes, applied only by Commit.
type Writer interface {
	Reader
	// Put writes an entry. If this unit of work has read the entry before, by
	// Get or List, the commit is refused when somebody else changed it meanwhile.
	Put(bucket, id string, value []byte, expires time.Time)
	// Overwrite writes an entry whatever is there and whoever wrote it: for what
	// the last one may win, such as the time of the last sign-in.
	Overwrite(bucket, id string, value []byte, expires time.Time)
	// Create writes an entry that must not exist when the commit happens.
	Create(bucket, id string, value []byte, expires time.Time)
	// Delete removes an entry, with the same condition as Put.
	Delete(bucket, id string)
	// Remove removes an entry whatever is there and whoever wrote it: for what must
	// end in any case, such as a revoked session.
	Remove(bucket, id string)
	// Claim removes an entry that must still be there when the commit happens:
	// of two that claim it (a code, a ticket) one commit wins.
	Claim(ctx context.Context, bucket, id string) (Entry, error)
	// Add counts; expires is used when the counter is new.
	Add(bucket, id string, delta int64, expires time.Time)
	// Count answers a counter with the additions of this unit of work; one that
	// is not there counts 0.
	Count(ctx context.Context, bucket, id string) (int64, error)
	// Chain appends to a hash chain. The value must be JSON.
	Chain(bucket string, value []byte)
}

// Tx is a unit of work over a Store: reads see the writes, nothing reaches the
// store before Commit. One goroutine uses it at a time. A Position taken before a
// block and returned to later undoes what the block read and wrote, which is how
// stepping back leaves no trace. Values given to it must not be changed
// afterwards.
type Tx struct {
	base  Store
	ops   []Op
	own   map[entryKey]ownEntry // what ops amount to
	reads []readVersion
	seen  map[entryKey]uint64 // the version of each entry at its first read
}

type entryKey struct{ bucket, id string }

type readVersion struct {
	key     entryKey
	version uint64
}

// Begin starts a unit of work on s.
func Begin(s Store) *Tx {
	t := &Tx{base: s}
	t.reset()
	return t
}

var _ Writer = (*Tx)(nil)

func (t *Tx) reset() {
	t.ops, t.reads = nil, nil
	t.own, t.seen = map[entryKey]ownEntry{}, map[entryKey]uint64{}
}

// Get answers the entry as this unit of work sees it.
func (t *Tx) Get(ctx context.Context, bucket, id string) (Entry, error) {
	k := entryKey{bucket, id}
	own, written := t.own[k]
	if written && own.kind != ownAdded {
		return own.over(k, Entry{}, false)
	}
	e, err := t.base.Get(ctx, bucket, id)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Entry{}, err
	}
	t.note(k, e, err == nil)
	if written {
		return own.over(k, e, err == nil)
	}
	return e, err
}

// note remembers the version of the first read only: a decision may rest on it.
func (t *Tx) note(k entryKey, e Entry, found bool) {
	if _, known := t.seen[k]; known {
		return
	}
	version := ExpectAbsent
	if found {
		version = e.Version
	}
	t.seen[k] = version
	t.reads = append(t.reads, readVersion{k, version})
}

func (t *Tx) expect(k entryKey) uint64 {
	if _, written := t.own[k]; written {
		return ExpectAny // the first write carries the condition, and changes the version
	}
	if v, known := t.seen[k]; known {
		return v
	}
	return ExpectAny
}

func (t *Tx) do(op Op) {
	t.ops = append(t.ops, op)
	t.apply(op)
}

// Put writes an entry; see Writer.
func (t *Tx) Put(bucket, id string, value []byte, expires time.Time) {
	t.do(Op{Kind: OpPut, Bucket: bucket, ID: id, Value: value, Expires: expires, Expect: t.expect(entryKey{bucket, id})})
}

// Overwrite writes an entry without a condition; see Writer.
func (t *Tx) Overwrite(bucket, id string, value []byte, expires time.Time) {
	t.do(Op{Kind: OpPut, Bucket: bucket, ID: id, Value: value, Expires: expires, Expect: ExpectAny})
}

// Create writes an entry that must not exist; see Writer.
func (t *Tx) Create(bucket, id string, value []byte, expires time.Time) {
	t.do(Op{Kind: OpPut, Bucket: bucket, ID: id, Value: value, Expires: expires, Expect: ExpectAbsent})
}

// Delete removes an entry; see Writer.
func (t *Tx) Delete(bucket, id string) {
	t.do(Op{Kind: OpDelete, Bucket: bucket, ID: id, Expect: t.expect(entryKey{bucket, id})})
}

// Remove removes an entry without a condition; see Writer.
func (t *Tx) Remove(bucket, id string) {
	t.do(Op{Kind: OpDelete, Bucket: bucket, ID: id, Expect: ExpectAny})
}

// Claim removes an entry that must still be there; see Writer.
func (t *Tx) Claim(ctx context.Context, bucket, id string) (Entry, error) {
	e, err := t.Get(ctx, bucket, id)
	if err != nil {
		return Entry{}, err
	}
	t.Delete(bucket, id)
	return e, nil
}

// Add counts; see Writer.
func (t *Tx) Add(bucket, id string, delta int64, expires time.Time) {
	t.do(Op{Kind: OpAdd, Bucket: bucket, ID: id, Delta: delta, Expires: expires, Expect: ExpectAny})
}

// Count answers a counter; see Writer. Unlike Get it puts no condition on a
// later write, since counting must not conflict with counting.
func (t *Tx) Count(ctx context.Context, bucket, id string) (int64, error) {
	k := entryKey{bucket, id}
	own, written := t.own[k]
	var e Entry
	err := ErrNotFound
	if !written || own.kind == ownAdded {
		e, err = t.base.Get(ctx, bucket, id)
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return 0, err
	}
	if written {
		e, err = own.over(k, e, err == nil)
	}
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return CounterValue(e)
}

// Chain appends to a hash chain; see Writer.
func (t *Tx) Chain(bucket string, value []byte) {
	t.do(Op{Kind: OpChain, Bucket: bucket, Value: value, Expect: ExpectAny})
}

// Ops answers the operations gathered so far.
func (t *Tx) Ops() []Op { return t.ops }

// Commit applies the unit of work with one Commit of the store. With nothing
// written it does nothing. After a success the Tx is empty and can go on.
func (t *Tx) Commit(ctx context.Context) error {
	if len(t.ops) > 0 {
		if err := t.base.Commit(ctx, t.ops...); err != nil {
			return err
		}
	}
	t.reset()
	return nil
}
