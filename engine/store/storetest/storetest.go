// Package storetest is the conformance suite that every store.Store passes,
// and the clock and randomness that tests of the rooms above share.
//
// It owns: what the contract of package store means, as executable checks.
// It delegates: making a store, to the implementation under test.
// The law: a check uses the contract only, so that it holds for a file, a
// database server and whatever comes after.
package storetest

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/world"
)

// Open makes an empty store for one test and closes it with that test.
type Open func(t *testing.T, clock world.Clock) store.Store

// Run checks a store against the contract.
func Run(t *testing.T, open Open) {
	for _, c := range []struct {
		name  string
		check func(t *testing.T, s store.Store, clock *Clock)
	}{
		{"GetAndPut", checkGetAndPut},
		{"BinaryKeysAndValues", checkBinary},
		{"RefusedNames", checkRefusedNames},
		{"Expectations", checkExpectations},
		{"VersionsAreNeverGivenTwice", checkVersions},
		{"AllOrNothing", checkAllOrNothing},
		{"OperationsSeeEachOther", checkOrder},
		{"Expiry", checkExpiry},
		{"ListIsOrderedAndPaged", checkList},
		{"Counters", checkCounters},
		{"CountersExpireWithTheirFirstCount", checkCounterWindow},
		{"Chains", checkChain},
		{"ChainOfManyWriters", checkChainConcurrent},
		{"SweepRemovesTheExpiredOnly", checkSweep},
		{"OneOfManyWins", checkOneWins},
		{"ConflictsStayAlone", checkConflictsAlone},
		{"Locks", checkLocks},
		{"EndedContexts", checkContexts},
		{"TxShowsItsOwnWrites", checkTxOwnWrites},
		{"TxRefusesLostUpdates", checkTxLostUpdate},
		{"TxListMerges", checkTxList},
		{"TxCounts", checkTxCount},
		{"TxMarkAndRestore", checkTxRestore},
		{"TxClaims", checkTxClaim},
		{"TxAgainstAModel", checkTxModel},
	} {
		t.Run(c.name, func(t *testing.T) {
			clock := NewClock()
			c.check(t, open(t, clock), clock)
		})
	}
}

// Clock is a clock that moves only when told.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock stands at a fixed moment.
func NewClock() *Clock { return &Clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)} }

// Now answers where it stands.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves it.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Random is randomness that repeats itself from run to run.
type Random struct {
	mu  sync.Mutex
	src *rand.ChaCha8
}

// NewRandom answers the randomness of one seed.
func NewRandom(seed byte) *Random {
	return &Random{src: rand.NewChaCha8([32]byte(bytes.Repeat([]byte{seed}, 32)))}
}

// Read fills p.
func (r *Random) Read(p []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.src.Read(p)
}

func commit(t *testing.T, s store.Store, ops ...store.Op) {
	t.Helper()
	if err := s.Commit(t.Context(), ops...); err != nil {
		t.Fatalf("Commit: %v", err)
	}
}

func put(id, value string) store.Op {
	return store.Op{Kind: store.OpPut, Bucket: "b", ID: id, Value: []byte(value), Expect: store.ExpectAny}
}

func expiring(op store.Op, at time.Time) store.Op {
	op.Expires = at
	return op
}

func expecting(op store.Op, version uint64) store.Op {
	op.Expect = version
	return op
}

func del(id string) store.Op {
	return store.Op{Kind: store.OpDelete, Bucket: "b", ID: id, Expect: store.ExpectAny}
}

func add(id string, delta int64) store.Op {
	return store.Op{Kind: store.OpAdd, Bucket: "b", ID: id, Delta: delta}
}

func get(t *testing.T, r store.Reader, id string) store.Entry {
	t.Helper()
	e, err := r.Get(t.Context(), "b", id)
	if err != nil {
		t.Fatalf("Get %q: %v", id, err)
	}
	return e
}

func wantValue(t *testing.T, r store.Reader, id, value string) {
	t.Helper()
	if e := get(t, r, id); string(e.Value) != value || e.Bucket != "b" || e.ID != id {
		t.Fatalf("Get %q answers %s/%s = %q, want %q", id, e.Bucket, e.ID, e.Value, value)
	}
}

func wantAbsent(t *testing.T, r store.Reader, id string) {
	t.Helper()
	if e, err := r.Get(t.Context(), "b", id); !errors.Is(err, store.ErrNotFound) {
		t.Fatalf("Get %q answers %q, %v; want ErrNotFound", id, e.Value, err)
	}
}

func wantConflict(t *testing.T, err error, id string) {
	t.Helper()
	var c *store.ConflictError
	if !errors.As(err, &c) || c.Bucket != "b" || c.ID != id {
		t.Fatalf("got %v, want a conflict on b/%s", err, id)
	}
}

func wantIDs(t *testing.T, entries []store.Entry, err error, want ...string) {
	t.Helper()
	var got []string
	for _, e := range entries {
		got = append(got, e.ID)
	}
	if err != nil || len(got) != len(want) {
		t.Fatalf("got %q, %v; want %q", got, err, want)
	}
	for i := range got {
		if got[i] != want[i] {
			t.Fatalf("got %q; want %q", got, want)
		}
	}
}
