package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/store"
)

// This file checks the unit of work over the store.

var never time.Time

func checkTxOwnWrites(t *testing.T, s store.Store, clock *Clock) {
	commit(t, s, put("old", "1"))
	tx := store.Begin(s)
	tx.Put("b", "old", []byte("2"), never)
	tx.Create("b", "new", []byte("n"), clock.Now().Add(time.Hour))
	wantValue(t, tx, "old", "2")
	wantValue(t, tx, "new", "n")
	wantValue(t, s, "old", "1")
	wantAbsent(t, s, "new")
	tx.Delete("b", "old")
	wantAbsent(t, tx, "old")
	tx.Create("b", "old", []byte("3"), never)
	wantValue(t, tx, "old", "3")
	txCommit(t, tx)
	wantValue(t, s, "old", "3")
	wantValue(t, s, "new", "n")
	if len(tx.Ops()) != 0 {
		t.Fatal("a committed unit of work still holds its operations")
	}
	tx.Put("b", "new", []byte("m"), never) // it can go on, with fresh reads
	txCommit(t, tx)
	wantValue(t, s, "new", "m")
	txCommit(t, tx)
}

func txCommit(t *testing.T, tx *store.Tx) {
	t.Helper()
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatalf("Commit: %v", err)
	}
}

func checkTxLostUpdate(t *testing.T, s store.Store, _ *Clock) {
	commit(t, s, put("a", "1"), put("l", "1"))
	for name, read := range map[string]func(tx *store.Tx) error{
		"Get":  func(tx *store.Tx) error { _, err := tx.Get(t.Context(), "b", "a"); return err },
		"List": func(tx *store.Tx) error { _, err := tx.List(t.Context(), "b", "", "", 0); return err },
	} {
		for _, write := range []func(tx *store.Tx){
			func(tx *store.Tx) { tx.Put("b", "a", []byte("mine"), never) },
			func(tx *store.Tx) { tx.Delete("b", "a") },
		} {
			tx := store.Begin(s)
			if err := read(tx); err != nil {
				t.Fatal(err)
			}
			commit(t, s, put("a", "theirs "+name))
			wantValue(t, tx, "a", "theirs "+name) // a second read does not renew the condition
			write(tx)
			tx.Put("b", "a", []byte("mine again"), never)
			wantConflict(t, tx.Commit(t.Context()), "a")
			wantValue(t, s, "a", "theirs "+name)
		}
	}
	tx := store.Begin(s)
	wantAbsent(t, tx, "n")
	commit(t, s, put("n", "theirs"))
	tx.Put("b", "n", []byte("mine"), never)
	wantConflict(t, tx.Commit(t.Context()), "n")
	blind := store.Begin(s)
	blind.Put("b", "a", []byte("unread"), never)
	commit(t, s, put("a", "theirs"))
	txCommit(t, blind)
	wantValue(t, s, "a", "unread")
	last := store.Begin(s)
	wantValue(t, last, "a", "unread")
	last.Overwrite("b", "a", []byte("last"), never)
	commit(t, s, put("a", "theirs"))
	wantValue(t, last, "a", "last")
	txCommit(t, last)
	wantValue(t, s, "a", "last")
	gone := store.Begin(s)
	wantValue(t, gone, "a", "last")
	gone.Remove("b", "a")
	commit(t, s, put("a", "theirs"))
	wantAbsent(t, gone, "a")
	txCommit(t, gone)
	wantAbsent(t, s, "a")
}

func checkTxList(t *testing.T, s store.Store, _ *Clock) {
	for i := range 6 {
		commit(t, s, put(fmt.Sprintf("u/%d", i), "s"))
	}
	tx := store.Begin(s)
	tx.Delete("b", "u/0")
	tx.Delete("b", "u/1")
	tx.Put("b", "u/2", []byte("mine"), never)
	tx.Create("b", "u/25", []byte("mine"), never)
	tx.Create("b", "x", []byte("outside"), never)
	tx.Add("b", "u/9", 3, never)
	list := func(after string, limit int, want ...string) {
		t.Helper()
		entries, err := tx.List(t.Context(), "b", "u/", after, limit)
		wantIDs(t, entries, err, want...)
		for _, e := range entries {
			if direct := get(t, tx, e.ID); string(direct.Value) != string(e.Value) || e.Bucket != "b" {
				t.Fatalf("List answers %+v, Get %+v", e, direct)
			}
		}
	}
	list("", 0, "u/2", "u/25", "u/3", "u/4", "u/5", "u/9")
	list("", 3, "u/2", "u/25", "u/3")
	list("u/25", 2, "u/3", "u/4")
	list("u/5", 0, "u/9")
	txCommit(t, tx)
	entries, err := s.List(t.Context(), "b", "u/", "", 0)
	wantIDs(t, entries, err, "u/2", "u/25", "u/3", "u/4", "u/5", "u/9")
}

func checkTxCount(t *testing.T, s store.Store, clock *Clock) {
	count := func(tx *store.Tx, want int64) {
		t.Helper()
		if n, err := tx.Count(t.Context(), "b", "n"); n != want || err != nil {
			t.Fatalf("Count answers %d, %v; want %d", n, err, want)
		}
	}
	window := clock.Now().Add(time.Minute)
	one, two := store.Begin(s), store.Begin(s)
	count(one, 0)
	one.Add("b", "n", 2, window)
	two.Add("b", "n", 3, window)
	count(one, 2)
	count(two, 3)
	wantValue(t, one, "n", "2")
	txCommit(t, one)
	count(two, 5) // what others count shows, and does not conflict
	txCommit(t, two)
	wantValue(t, s, "n", "5")
	three := store.Begin(s)
	three.Add("b", "n", 1, never)
	three.Delete("b", "n")
	count(three, 0)
	three.Add("b", "n", 1, window)
	three.Add("b", "n", 1, window)
	count(three, 2)
	txCommit(t, three)
	if e := get(t, s, "n"); string(e.Value) != "2" || !e.Expires.Equal(window) {
		t.Fatalf("%s until %v", e.Value, e.Expires)
	}
	clock.Advance(time.Hour)
	count(store.Begin(s), 0)
	commit(t, s, put("n", "no number"))
	if _, err := store.Begin(s).Count(t.Context(), "b", "n"); err == nil {
		t.Fatal("what is no number can be counted")
	}
}

func checkTxRestore(t *testing.T, s store.Store, _ *Clock) {
	commit(t, s, put("a", "1"))
	tx := store.Begin(s)
	tx.Put("b", "kept", []byte("k"), never)
	tx.Add("b", "n", 1, never)
	before := tx.Position()
	tx.Put("b", "kept", []byte("changed"), never)
	tx.Add("b", "n", 1, never)
	wantValue(t, tx, "a", "1")
	tx.Delete("b", "a")
	inner := tx.Position()
	tx.Create("b", "dropped", nil, never)
	tx.Chain("b", []byte(`{}`))
	tx.Return(inner)
	wantAbsent(t, tx, "dropped")
	wantAbsent(t, tx, "a")
	wantValue(t, tx, "n", "2")
	tx.Return(before)
	wantValue(t, tx, "kept", "k")
	wantValue(t, tx, "n", "1")
	commit(t, s, put("a", "2")) // the read that was undone must not conflict now
	wantValue(t, tx, "a", "2")
	tx.Put("b", "a", []byte("3"), never)
	tx.Return(before)
	tx.Put("b", "a", []byte("4"), never)
	txCommit(t, tx)
	wantValue(t, s, "a", "4")
	wantValue(t, s, "kept", "k")
	wantAbsent(t, s, store.ChainHead)
}

func checkTxClaim(t *testing.T, s store.Store, _ *Clock) {
	commit(t, s, put("code", "c"))
	one, two := store.Begin(s), store.Begin(s)
	for _, tx := range []*store.Tx{one, two} {
		if e, err := tx.Claim(t.Context(), "b", "code"); err != nil || string(e.Value) != "c" {
			t.Fatalf("Claim answers %q, %v", e.Value, err)
		}
		if _, err := tx.Claim(t.Context(), "b", "code"); !errors.Is(err, store.ErrNotFound) {
			t.Fatalf("a second Claim in one unit of work answers %v", err)
		}
	}
	two.Put("b", "issued", []byte("by two"), never)
	txCommit(t, one)
	wantConflict(t, two.Commit(t.Context()), "code")
	wantAbsent(t, s, "issued")
	commit(t, s, put("code", "made anew"))
	wantConflict(t, two.Commit(t.Context()), "code")
}

// checkTxModel runs random operations against a Tx and against a plain map.
func checkTxModel(t *testing.T, s store.Store, _ *Clock) {
	const keys = 6
	r := rand.New(rand.NewPCG(1, 2))
	committed := map[string]string{}
	for range 60 {
		tx, view := store.Begin(s), clone(committed)
		type saved struct {
			mark store.Position
			view map[string]string
		}
		var marks []saved
		for range r.IntN(20) {
			id := fmt.Sprintf("k%d", r.IntN(keys))
			switch r.IntN(6) {
			case 0, 1:
				value := fmt.Sprint(r.IntN(1000))
				tx.Put("b", id, []byte(value), never)
				view[id] = value
			case 2:
				tx.Delete("b", id)
				delete(view, id)
			case 3:
				var n int64
				fmt.Sscan(view[id], &n)
				tx.Add("b", id, 7, never)
				view[id] = fmt.Sprint(n + 7)
			case 4:
				marks = append(marks, saved{tx.Position(), clone(view)})
			case 5:
				if len(marks) > 0 {
					i := r.IntN(len(marks))
					tx.Return(marks[i].mark)
					view = clone(marks[i].view)
				}
			}
			wantView(t, tx, view)
		}
		txCommit(t, tx)
		committed = view
		wantView(t, s, committed)
	}
}

func clone(m map[string]string) map[string]string {
	c := map[string]string{}
	for k, v := range m {
		c[k] = v
	}
	return c
}

func wantView(t *testing.T, r store.Reader, view map[string]string) {
	t.Helper()
	entries, err := r.List(t.Context(), "b", "", "", 0)
	if err != nil || len(entries) != len(view) {
		t.Fatalf("%d entries, %v; want %d", len(entries), err, len(view))
	}
	for _, e := range entries {
		if v, there := view[e.ID]; !there || v != string(e.Value) {
			t.Fatalf("%s is %q, want %q", e.ID, e.Value, v)
		}
		wantValue(t, r, e.ID, view[e.ID])
	}
}
