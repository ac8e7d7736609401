package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/store"
)

// This file checks what is shared: counters, chains, locks, many writers.

func checkCounters(t *testing.T, s store.Store, _ *Clock) {
	commit(t, s, add("n", 5), add("n", -7))
	wantValue(t, s, "n", "-2")
	const writers, each = 8, 25
	together(writers, func(int) {
		for range each {
			if err := s.Commit(t.Context(), add("n", 1)); err != nil {
				t.Error(err)
			}
		}
	})
	wantValue(t, s, "n", strconv.Itoa(writers*each-2))
}

func checkCounterWindow(t *testing.T, s store.Store, clock *Clock) {
	first := clock.Now().Add(time.Minute)
	commit(t, s, expiring(add("n", 1), first))
	clock.Advance(30 * time.Second)
	commit(t, s, expiring(add("n", 1), clock.Now().Add(time.Minute)))
	if e := get(t, s, "n"); string(e.Value) != "2" || !e.Expires.Equal(first) {
		t.Fatalf("%s until %v, want 2 until %v", e.Value, e.Expires, first)
	}
	clock.Advance(30 * time.Second)
	wantAbsent(t, s, "n")
	commit(t, s, expiring(add("n", 1), clock.Now().Add(time.Minute)))
	wantValue(t, s, "n", "1")
}

func link(value string) store.Op {
	return store.Op{Kind: store.OpChain, Bucket: "b", Value: []byte(value)}
}

// verifyChain answers the values of a chain that checks out.
func verifyChain(t *testing.T, s store.Store) []string {
	t.Helper()
	entries, err := s.List(t.Context(), "b", store.ChainPrefix, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	var prev store.ChainRecord
	var values []string
	for _, e := range entries {
		var rec store.ChainRecord
		if err := json.Unmarshal(e.Value, &rec); err != nil {
			t.Fatal(err)
		}
		if err := store.ChainCheck(prev, rec); err != nil {
			t.Fatal(err)
		}
		if e.ID != store.ChainID(rec.Seq) {
			t.Fatalf("record %d has the id %q", rec.Seq, e.ID)
		}
		prev, values = rec, append(values, string(rec.Value))
	}
	var head store.ChainRecord
	if err := json.Unmarshal(get(t, s, store.ChainHead).Value, &head); err != nil || head.Hash != prev.Hash || head.Seq != prev.Seq {
		t.Fatalf("the head is %d %s, %v; the last record is %d %s", head.Seq, head.Hash, err, prev.Seq, prev.Hash)
	}
	return values
}

func checkChain(t *testing.T, s store.Store, _ *Clock) {
	commit(t, s, link(`{"a": 1}`), link(`{ "html" : "<b>&amp;</b>" }`))
	commit(t, s, link(`"\u2028 é"`), put("x", "y"))
	for _, bad := range []string{``, `{`, `{} {}`, `nope`} {
		if err := s.Commit(t.Context(), put("x", "z"), link(bad)); err == nil {
			t.Fatalf("%q is chained although it is no JSON", bad)
		}
	}
	wantValue(t, s, "x", "y")
	values := verifyChain(t, s)
	if len(values) != 3 || values[0] != `{"a":1}` {
		t.Fatalf("chain holds %q", values)
	}
	var html struct{ HTML string }
	if err := json.Unmarshal([]byte(values[1]), &html); err != nil || html.HTML != "<b>&amp;</b>" {
		t.Fatalf("the value came back as %q, %v", html.HTML, err)
	}
}

func checkChainConcurrent(t *testing.T, s store.Store, _ *Clock) {
	together(8, func(w int) {
		for i := range 10 {
			if err := s.Commit(t.Context(), link(fmt.Sprintf(`[%d,%d]`, w, i))); err != nil {
				t.Error(err)
			}
		}
	})
	if n := len(verifyChain(t, s)); n != 80 {
		t.Fatalf("the chain has %d records, want 80", n)
	}
}

func checkOneWins(t *testing.T, s store.Store, _ *Clock) {
	for round := range 20 {
		id := strconv.Itoa(round)
		commit(t, s, put(id, "code"))
		var won atomic.Int32
		together(8, func(int) {
			tx := store.Begin(s)
			if _, err := tx.Claim(t.Context(), "b", id); err != nil {
				if !errors.Is(err, store.ErrNotFound) {
					t.Error(err)
				}
				return
			}
			switch err := tx.Commit(t.Context()); {
			case err == nil:
				won.Add(1)
			case !store.IsConflict(err):
				t.Error(err)
			}
		})
		if won.Load() != 1 {
			t.Fatalf("%d claims of one entry succeeded", won.Load())
		}
	}
}

// checkConflictsAlone lets good and bad commits arrive together: what shares a
// transaction must not share a refusal.
func checkConflictsAlone(t *testing.T, s store.Store, _ *Clock) {
	commit(t, s, put("taken", "v"))
	together(16, func(w int) {
		for i := range 10 {
			id := fmt.Sprintf("%d-%d", w, i)
			if w%2 == 0 {
				if err := s.Commit(t.Context(), put(id, "v"), put(id+"+", "v")); err != nil {
					t.Error(err)
				}
				continue
			}
			err := s.Commit(t.Context(), put(id, "v"), expecting(put("taken", "w"), store.ExpectAbsent))
			if !store.IsConflict(err) {
				t.Errorf("got %v, want a conflict", err)
			}
		}
	})
	entries, err := s.List(t.Context(), "b", "", "", 0)
	if err != nil || len(entries) != 8*10*2+1 {
		t.Fatalf("%d entries, %v; want those of the good commits and the one before", len(entries), err)
	}
	wantValue(t, s, "taken", "v")
}

func checkLocks(t *testing.T, s store.Store, _ *Clock) {
	unlock, err := s.Lock(t.Context(), "run/1")
	if err != nil {
		t.Fatal(err)
	}
	other, err := s.Lock(t.Context(), "run/2")
	if err != nil {
		t.Fatal(err)
	}
	other()
	short, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := s.Lock(short, "run/1"); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("a held lock answers %v", err)
	}
	unlock()
	unlock() // a second call must not free what another one holds meanwhile
	n := 0
	together(8, func(int) {
		for range 20 {
			unlock, err := s.Lock(t.Context(), "run/1")
			if err != nil {
				t.Error(err)
				return
			}
			n++
			unlock()
		}
	})
	if n != 160 {
		t.Fatalf("%d of 160 turns: two held the lock at once", n)
	}
}

func checkContexts(t *testing.T, s store.Store, _ *Clock) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Commit(ended, put("a", "1")); !errors.Is(err, context.Canceled) {
		t.Errorf("Commit answers %v", err)
	}
	wantAbsent(t, s, "a")
	if _, err := s.Get(ended, "b", "a"); !errors.Is(err, context.Canceled) {
		t.Errorf("Get answers %v", err)
	}
	if _, err := s.List(ended, "b", "", "", 0); !errors.Is(err, context.Canceled) {
		t.Errorf("List answers %v", err)
	}
	if _, err := s.Lock(ended, "x"); !errors.Is(err, context.Canceled) {
		t.Errorf("Lock answers %v", err)
	}
	if _, err := s.Sweep(ended, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("Sweep answers %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Commit(t.Context(), put("a", "1")); !errors.Is(err, store.ErrClosed) {
		t.Errorf("Commit after Close answers %v", err)
	}
	if _, err := s.Get(t.Context(), "b", "a"); !errors.Is(err, store.ErrClosed) {
		t.Errorf("Get after Close answers %v", err)
	}
}

// together runs do n times at once and waits.
func together(n int, do func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { do(i) })
	}
	wg.Wait()
}
