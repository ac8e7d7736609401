//go:build clustertest

package clustertest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/store/postgres"
	"github.com/authflow-studio/authflow/engine/store/storetest"
	"github.com/authflow-studio/authflow/engine/world"
)

func TestConformance(t *testing.T) {
	storetest.Run(t, func(t *testing.T, clock world.Clock) store.Store {
		return open(t, newSchema(t), clock, postgres.Options{})
	})
}

func put(id string) store.Op {
	return store.Op{Kind: store.OpPut, Bucket: "b", ID: id, Value: []byte("v"), Expect: store.ExpectAny}
}

// several opens a store as several processes have it: at once, on nothing.
func several(t *testing.T, n int, o postgres.Options) []*postgres.Store {
	t.Helper()
	schema, clock := newSchema(t), storetest.NewClock()
	stores, failed := make([]*postgres.Store, n), make([]error, n)
	var wait sync.WaitGroup
	for i := range stores {
		wait.Go(func() {
			stores[i], failed[i] = postgres.OpenWith(context.Background(), database.Address(schema, true), clock, o)
		})
	}
	wait.Wait()
	for i, s := range stores {
		if s == nil {
			t.Fatal("one of several that made the tables at once: ", failed[i])
		}
		t.Cleanup(func() { s.Close() })
	}
	return stores
}

// Whatever servers meet of each other while they make the tables, each opens.
func TestV1_ManyMakeTheTablesAtOnce(t *testing.T) {
	for range 25 {
		for _, s := range several(t, 6, postgres.Options{}) {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestV1_SeveralProcessesShareAStore lets three write, claim, count, chain and
// lock at the same moment.
func TestV1_SeveralProcessesShareAStore(t *testing.T) {
	stores := several(t, 3, postgres.Options{})
	const rounds, each = 15, 3
	var won [rounds]atomic.Int32
	for i := range rounds {
		if err := stores[0].Commit(t.Context(), put(fmt.Sprint("code", i))); err != nil {
			t.Fatal(err)
		}
	}
	turns := 0
	var wait sync.WaitGroup
	for w := range len(stores) * each {
		s := stores[w%len(stores)]
		wait.Go(func() {
			for i := range rounds {
				tx := store.Begin(s)
				if _, err := tx.Claim(t.Context(), "b", fmt.Sprint("code", i)); err == nil {
					tx.Chain("chain", fmt.Appendf(nil, `[%d,%d]`, w, i))
					if err := tx.Commit(t.Context()); err == nil {
						won[i].Add(1)
					} else if !store.IsConflict(err) {
						t.Error(err)
					}
				}
				if err := s.Commit(t.Context(), store.Op{Kind: store.OpAdd, Bucket: "b", ID: "n", Delta: 1}, store.Op{Kind: store.OpChain, Bucket: "chain", Value: []byte(`{}`)}); err != nil {
					t.Error(err)
				}
				unlock, err := s.Lock(t.Context(), "turn")
				if err != nil {
					t.Error(err)
					return
				}
				turns++ // the lock is all that guards it
				unlock()
			}
		})
	}
	wait.Wait()
	for i := range won {
		if won[i].Load() != 1 {
			t.Errorf("code %d was claimed %d times", i, won[i].Load())
		}
	}
	const all = 3 * each * rounds
	if n, err := store.Begin(stores[1]).Count(t.Context(), "b", "n"); n != all || err != nil || turns != all {
		t.Errorf("counted %d, %v; %d turns; want %d", n, err, turns, all)
	}
	wantChain(t, stores[2], all+rounds)
}

// wantChain goes through a chain of n records.
func wantChain(t *testing.T, s store.Store, n int) {
	t.Helper()
	entries, err := s.List(t.Context(), "chain", store.ChainPrefix, "", 0)
	if err != nil || len(entries) != n {
		t.Fatalf("%d records, %v; want %d", len(entries), err, n)
	}
	var last store.ChainRecord
	for _, e := range entries {
		var rec store.ChainRecord
		if err := json.Unmarshal(e.Value, &rec); err != nil {
			t.Fatal(err)
		}
		if err := store.ChainCheck(last, rec); err != nil {
			t.Fatal(err)
		}
		last = rec
	}
}

// TestLocksOfTheDead: a process that is heard of no more loses its locks, and
// writes nothing when it comes back until its work under them has ended.
func TestLocksOfTheDead(t *testing.T) {
	stores := several(t, 1, postgres.Options{Lease: 400 * time.Millisecond})
	schema := fmt.Sprint("s", schemas.Load())
	other := open(t, schema, storetest.NewClock(), postgres.Options{Lease: 400 * time.Millisecond})
	unlock, err := stores[0].Lock(t.Context(), "run/1")
	if err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
	defer cancel()
	if _, err := other.Lock(short, "run/1"); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("the lock of a process that lives was given away: %v", err)
	}
	// The process stops for a while: what it last said of itself is long ago.
	die := `UPDATE ` + schema + `.authflow_entries SET value = convert_to(regexp_replace(convert_from(value, 'UTF8'), '"until":[0-9]+', '"until":1'), 'UTF8')
		WHERE encode(bucket, 'escape') LIKE '%writers'`
	var theirs func()
	for theirs == nil { // its heartbeat may be quicker than the one who waits
		if err := database.SQL("authflow", die); err != nil {
			t.Fatal(err)
		}
		moment, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
		theirs, err = other.Lock(moment, "run/1")
		cancel()
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			t.Fatal(err)
		}
	}
	if err := stores[0].Commit(t.Context(), put("late")); !errors.Is(err, postgres.ErrLeaseLost) {
		t.Fatalf("a write under a lock that others have answers %v", err)
	}
	if _, err := other.Get(t.Context(), "b", "late"); !errors.Is(err, store.ErrNotFound) {
		t.Fatalf("it is there: %v", err)
	}
	unlock()
	if err := stores[0].Commit(t.Context(), put("again")); err != nil {
		t.Fatalf("after its work under the lost lock has ended: %v", err)
	}
	moment, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := stores[0].Lock(moment, "run/1"); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("its late unlock freed the lock of another: %v", err)
	}
	theirs()
	if unlock, err = stores[0].Lock(t.Context(), "run/1"); err != nil {
		t.Fatal(err)
	}
	unlock()
}

// TestTheDatabaseCrashes in the middle of commits, three times. All are
// answered, each took place exactly once.
func TestTheDatabaseCrashes(t *testing.T) {
	stores := several(t, 3, postgres.Options{})
	stop := make(chan struct{})
	var done atomic.Int64
	var wait sync.WaitGroup
	for w := range 9 {
		wait.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				id := fmt.Sprintf("%d-%d", w, i)
				once := put(id)
				once.Expect = store.ExpectAbsent // done twice, it would conflict with itself
				err := stores[w%3].Commit(t.Context(), once,
					store.Op{Kind: store.OpAdd, Bucket: "b", ID: "n", Delta: 1}, store.Op{Kind: store.OpChain, Bucket: "chain", Value: []byte(`{}`)})
				if err == nil {
					_, err = stores[(w+1)%3].Get(t.Context(), "b", id)
				}
				if err != nil {
					t.Errorf("%s: %v", id, err)
					return
				}
				done.Add(1)
			}
		})
	}
	for range 3 {
		time.Sleep(400 * time.Millisecond)
		if err := database.Crash(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(200 * time.Millisecond)
		if err := database.Start(); err != nil {
			t.Fatal(err)
		}
	}
	time.Sleep(400 * time.Millisecond)
	close(stop)
	wait.Wait()
	n, err := store.Begin(stores[0]).Count(t.Context(), "b", "n")
	if err != nil || n != done.Load() || n < 100 {
		t.Fatalf("%d commits counted, %v; %d were answered as done", n, err, done.Load())
	}
	wantChain(t, stores[0], int(n))
}

// TestADatabaseThatStaysAway is answered when patience ends, not for ever.
func TestADatabaseThatStaysAway(t *testing.T) {
	s := several(t, 1, postgres.Options{Patience: time.Second})[0]
	if err := s.Commit(t.Context(), put("a")); err != nil {
		t.Fatal(err)
	}
	if err := database.Crash(); err != nil {
		t.Fatal(err)
	}
	_, gerr := s.Get(t.Context(), "b", "a")
	cerr := s.Commit(t.Context(), put("b"))
	_, lerr := s.Lock(t.Context(), "x")
	if err := database.Start(); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{gerr, cerr, lerr} {
		if !errors.Is(err, postgres.ErrAway) {
			t.Errorf("got %v", err)
		}
	}
	if err := s.Commit(t.Context(), put("c")); err != nil {
		t.Errorf("after it came back: %v", err)
	}
	if _, err := s.Get(t.Context(), "b", "a"); err != nil {
		t.Error(err)
	}
}

func TestTablesOfAnotherVersionAreRefused(t *testing.T) {
	s := several(t, 1, postgres.Options{})[0]
	schema := fmt.Sprint("s", schemas.Load())
	if err := database.SQL("authflow", "UPDATE "+schema+".authflow_meta SET version = 2"); err != nil {
		t.Fatal(err)
	}
	if err := s.Commit(t.Context(), put("a")); !errors.Is(err, postgres.ErrSchema) {
		t.Errorf("a server that runs while the tables change answers %v", err)
	}
	if _, err := postgres.Open(t.Context(), database.Address(schema, true), storetest.NewClock()); !errors.Is(err, postgres.ErrSchema) {
		t.Errorf("a server that begins answers %v", err)
	}
}

func TestAPasswordIsNeverShown(t *testing.T) {
	wrong := strings.Replace(database.Address("public", true), "only", "0n1y", 1)
	_, err := postgres.Open(t.Context(), wrong, storetest.NewClock())
	if err == nil || strings.Contains(err.Error(), "0n1y") || errors.Is(err, postgres.ErrAway) {
		t.Errorf("a wrong password answers %v", err)
	}
}
