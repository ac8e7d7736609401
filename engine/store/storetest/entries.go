package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/store"
)

// This file checks single entries: reading, writing, expectations, expiry.

func checkGetAndPut(t *testing.T, s store.Store, _ *Clock) {
	wantAbsent(t, s, "a")
	commit(t, s, put("a", "1"))
	wantValue(t, s, "a", "1")
	if e := get(t, s, "a"); e.Version == 0 || !e.Expires.IsZero() {
		t.Fatalf("version %d, expires %v", e.Version, e.Expires)
	}
	value := []byte("2")
	op := put("a", "")
	op.Value = value
	commit(t, s, op)
	value[0] = 'x'
	wantValue(t, s, "a", "2")
	get(t, s, "a").Value[0] = 'y'
	wantValue(t, s, "a", "2")
	commit(t, s, put("a", ""))
	wantValue(t, s, "a", "")
	commit(t, s, del("a"), del("never there"))
	wantAbsent(t, s, "a")
	commit(t, s)
}

func checkBinary(t *testing.T, s store.Store, _ *Clock) {
	for _, id := range []string{"\x00", "a\x00b", "\xff\xfe", "ä/ö ü", "n1"} {
		commit(t, s, put(id, "v\x00"+id))
		wantValue(t, s, id, "v\x00"+id)
	}
	large := string(make([]byte, 1<<20))
	commit(t, s, put("large", large))
	wantValue(t, s, "large", large)
	other := put("a\x00b", "elsewhere")
	other.Bucket = "other"
	commit(t, s, other)
	wantValue(t, s, "a\x00b", "v\x00a\x00b")
}

func checkRefusedNames(t *testing.T, s store.Store, _ *Clock) {
	for _, bad := range [][2]string{{"", "a"}, {"b", ""}, {"b\x00c", "a"}} {
		op := put(bad[1], "v")
		op.Bucket = bad[0]
		if err := s.Commit(t.Context(), put("with it", "v"), op); err == nil || store.IsConflict(err) {
			t.Errorf("Commit to %q/%q answers %v", bad[0], bad[1], err)
		}
	}
	wantAbsent(t, s, "with it")
}

func checkExpectations(t *testing.T, s store.Store, _ *Clock) {
	commit(t, s, expecting(put("a", "1"), store.ExpectAbsent))
	wantConflict(t, s.Commit(t.Context(), expecting(put("a", "2"), store.ExpectAbsent)), "a")
	first := get(t, s, "a").Version
	commit(t, s, expecting(put("a", "2"), first))
	wantConflict(t, s.Commit(t.Context(), expecting(put("a", "3"), first)), "a")
	wantConflict(t, s.Commit(t.Context(), expecting(del("a"), first)), "a")
	wantConflict(t, s.Commit(t.Context(), expecting(del("a"), store.ExpectAbsent)), "a")
	wantValue(t, s, "a", "2")
	commit(t, s, expecting(del("a"), get(t, s, "a").Version))
	wantConflict(t, s.Commit(t.Context(), expecting(put("a", "3"), first)), "a")
	wantConflict(t, s.Commit(t.Context(), expecting(del("a"), first)), "a")
	commit(t, s, expecting(del("a"), store.ExpectAbsent))
}

func checkVersions(t *testing.T, s store.Store, clock *Clock) {
	seen := map[uint64]bool{}
	last := uint64(0)
	again := func(op store.Op) {
		t.Helper()
		commit(t, s, op)
		v := get(t, s, "a").Version
		if seen[v] || v <= last {
			t.Fatalf("version %d follows %d", v, last)
		}
		seen[v], last = true, v
	}
	again(put("a", "1"))
	again(put("a", "1"))
	commit(t, s, del("a"))
	again(put("a", "1"))
	again(expiring(put("a", "1"), clock.Now().Add(time.Second)))
	clock.Advance(time.Minute)
	again(put("a", "1"))
	again(expiring(put("a", "1"), clock.Now().Add(time.Second)))
	clock.Advance(time.Minute)
	if _, err := s.Sweep(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	again(put("a", "1"))
	commit(t, s, del("a"))
	again(add("a", 1))
	again(add("a", 1))
}

func checkAllOrNothing(t *testing.T, s store.Store, _ *Clock) {
	commit(t, s, put("a", "1"))
	err := s.Commit(t.Context(), put("a", "2"), put("new", "1"), add("n", 1), expecting(put("b", "1"), 77),
		store.Op{Kind: store.OpChain, Bucket: "chain", Value: []byte(`{}`)})
	wantConflict(t, err, "b")
	wantValue(t, s, "a", "1")
	wantAbsent(t, s, "new")
	wantAbsent(t, s, "n")
	if _, err := s.Get(t.Context(), "chain", store.ChainHead); err == nil {
		t.Fatal("the chain has a record of a refused commit")
	}
	if err := s.Commit(t.Context(), put("a", "2"), add("a", 1), add("a", 1), put("x", "not a number"), add("x", 1)); err == nil {
		t.Fatal("counting on what is no number succeeds")
	}
	wantValue(t, s, "a", "1")
	if err := s.Commit(t.Context(), put("a", "2"), store.Op{Kind: 99, Bucket: "b", ID: "a"}); err == nil {
		t.Fatal("an unknown operation succeeds")
	}
	wantValue(t, s, "a", "1")
}

func checkOrder(t *testing.T, s store.Store, _ *Clock) {
	commit(t, s, put("a", "1"))
	commit(t, s, del("a"), expecting(put("a", "2"), store.ExpectAbsent), put("c", "5"), add("c", 2), add("c", -1))
	wantValue(t, s, "a", "2")
	wantValue(t, s, "c", "6")
	wantConflict(t, s.Commit(t.Context(), put("d", "1"), expecting(put("d", "2"), store.ExpectAbsent)), "d")
	commit(t, s, put("a", "3"), del("a"))
	wantAbsent(t, s, "a")
}

func checkExpiry(t *testing.T, s store.Store, clock *Clock) {
	at := clock.Now().Add(time.Minute)
	commit(t, s, expiring(put("a", "1"), at), put("forever", "1"))
	if got := get(t, s, "a").Expires; !got.Equal(at) {
		t.Fatalf("expires %v, want %v", got, at)
	}
	version := get(t, s, "a").Version
	clock.Advance(time.Minute - time.Nanosecond)
	wantValue(t, s, "a", "1")
	clock.Advance(time.Nanosecond)
	wantAbsent(t, s, "a")
	entries, err := s.List(t.Context(), "b", "", "", 0)
	wantIDs(t, entries, err, "forever")
	wantConflict(t, s.Commit(t.Context(), expecting(put("a", "2"), version)), "a")
	wantConflict(t, s.Commit(t.Context(), expecting(del("a"), version)), "a")
	commit(t, s, expecting(put("a", "2"), store.ExpectAbsent))
	wantValue(t, s, "a", "2")
	commit(t, s, expiring(put("a", "3"), clock.Now().Add(time.Hour)))
	commit(t, s, put("a", "4")) // a write without an expiry takes it off
	clock.Advance(1000 * time.Hour)
	wantValue(t, s, "a", "4")
	commit(t, s, expiring(put("gone", "1"), clock.Now().Add(-time.Second)))
	wantAbsent(t, s, "gone")
	for _, far := range []time.Time{time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2300, 1, 1, 0, 0, 0, 0, time.UTC)} {
		commit(t, s, expiring(put("far", "1"), far))
		wantValue(t, s, "far", "1")
	}
	commit(t, s, expiring(put("far", "1"), time.Unix(0, 0)))
	wantAbsent(t, s, "far")
}

func checkList(t *testing.T, s store.Store, _ *Clock) {
	entries, err := s.List(t.Context(), "b", "", "", 0)
	wantIDs(t, entries, err)
	for _, id := range []string{"u/2", "u/10", "u", "v/1", "u/1", "\xff", "u/\x00"} {
		commit(t, s, put(id, "v"+id))
	}
	list := func(prefix, after string, limit int, want ...string) {
		t.Helper()
		entries, err := s.List(t.Context(), "b", prefix, after, limit)
		wantIDs(t, entries, err, want...)
		for _, e := range entries {
			if e.Bucket != "b" || string(e.Value) != "v"+e.ID || e.Version == 0 {
				t.Fatalf("List answers %+v", e)
			}
		}
	}
	list("", "", 0, "u", "u/\x00", "u/1", "u/10", "u/2", "v/1", "\xff")
	list("u/", "", 0, "u/\x00", "u/1", "u/10", "u/2")
	list("u/", "", 2, "u/\x00", "u/1")
	list("u/", "u/1", 2, "u/10", "u/2")
	list("u/", "u/15", 0, "u/2") // after need not exist
	list("u/", "a", 1, "u/\x00")
	list("u/", "u/2", 0)
	list("u/", "v", 0)
	list("w", "", 0)
	entries, err = s.List(t.Context(), "another", "", "", 0)
	wantIDs(t, entries, err)
}

func checkSweep(t *testing.T, s store.Store, clock *Clock) {
	soon, later := clock.Now().Add(time.Minute), clock.Now().Add(time.Hour)
	var ops []store.Op
	for i := range 2500 {
		ops = append(ops, expiring(put(fmt.Sprintf("s%04d", i), "v"), soon))
	}
	commit(t, s, append(ops, expiring(put("later", "v"), later), put("never", "v"))...)
	commit(t, s, put("s0001", "stays"), expiring(put("s0002", "stays"), later), del("s0003"))
	sweep := func(limit, want int) {
		t.Helper()
		if n, err := s.Sweep(t.Context(), limit); n != want || err != nil {
			t.Fatalf("Sweep(%d) removes %d, %v; want %d", limit, n, err, want)
		}
	}
	sweep(0, 0)
	clock.Advance(2 * time.Minute)
	sweep(10, 10)
	sweep(0, 2487)
	sweep(0, 0)
	entries, err := s.List(t.Context(), "b", "", "", 0)
	wantIDs(t, entries, err, "later", "never", "s0001", "s0002")
}
