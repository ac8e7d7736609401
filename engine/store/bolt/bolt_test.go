package bolt_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/store/bolt"
	"github.com/authflow-studio/authflow/engine/store/storetest"
	"github.com/authflow-studio/authflow/engine/world"
)

func TestConformance(t *testing.T) {
	for name, o := range map[string]bolt.Options{"Sync": {}, "NoSync": {NoSync: true}} {
		t.Run(name, func(t *testing.T) {
			storetest.Run(t, func(t *testing.T, clock world.Clock) store.Store {
				return open(t, filepath.Join(t.TempDir(), "data"), clock, o)
			})
		})
	}
}

func open(t testing.TB, path string, clock world.Clock, o bolt.Options) *bolt.Store {
	t.Helper()
	s, err := bolt.OpenWith(path, clock, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func put(id string) store.Op {
	return store.Op{Kind: store.OpPut, Bucket: "b", ID: id, Value: []byte("v"), Expect: store.ExpectAny}
}

func TestContentsSurviveReopening(t *testing.T) {
	path, clock := filepath.Join(t.TempDir(), "data"), storetest.NewClock()
	s := open(t, path, clock, bolt.Options{})
	temporary := put("temporary")
	temporary.Expires = clock.Now().Add(time.Minute)
	for i := range 500 {
		if err := s.Commit(t.Context(), put(fmt.Sprint(i)), temporary); err != nil {
			t.Fatal(err)
		}
	}
	before, err := s.Get(t.Context(), "b", "499")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, path, clock, bolt.Options{})
	if after, err := s.Get(t.Context(), "b", "499"); err != nil || after.Version != before.Version {
		t.Fatalf("got %+v, %v; want %+v", after, err, before)
	}
	clock.Advance(time.Hour)
	if n, err := s.Sweep(t.Context(), 0); n != 1 || err != nil {
		t.Fatalf("Sweep after reopening removes %d, %v", n, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Fatalf("others may read the file: %v, %v", info.Mode(), err)
	}
}

// TestSecondProcess starts this test binary anew to meet the lock of the file.
// All answers what is live, of every bucket, and nothing that was taken away.
func TestAllAnswersWhatIsLive(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "all.db"), world.SystemClock{}, bolt.Options{})
	ctx := t.Context()
	if err := s.Commit(ctx, put("kept"), put("gone"), store.Op{Kind: store.OpPut, Bucket: "other", ID: "o", Value: []byte("v"), Expect: store.ExpectAny}); err != nil {
		t.Fatal(err)
	}
	gone := put("gone")
	gone.Kind, gone.Value = store.OpDelete, nil
	if err := s.Commit(ctx, gone); err != nil {
		t.Fatal(err)
	}
	all, err := s.All(ctx)
	var ids []string
	for _, e := range all {
		ids = append(ids, e.ID)
	}
	if err != nil || !slices.Contains(ids, "kept") || !slices.Contains(ids, "o") || slices.Contains(ids, "gone") {
		t.Errorf("%v, %v", ids, err)
	}
}

func TestSecondProcess(t *testing.T) {
	if path := os.Getenv("BOLT_TEST_SECOND"); path != "" {
		_, err := bolt.Open(path, storetest.NewClock())
		fmt.Printf("locked=%t %v\n", errors.Is(err, bolt.ErrLocked), err)
		return
	}
	path := filepath.Join(t.TempDir(), "data")
	s := open(t, path, storetest.NewClock(), bolt.Options{})
	if err := s.Commit(t.Context(), put("a")); err != nil {
		t.Fatal(err)
	}
	second := exec.Command(os.Args[0], "-test.run=^TestSecondProcess$", "-test.v")
	second.Env = append(os.Environ(), "BOLT_TEST_SECOND="+path)
	out, err := second.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "locked=true") || !strings.Contains(string(out), path) {
		t.Fatalf("%v: %s", err, out)
	}
}

func TestDamagedFilesAreRefused(t *testing.T) {
	dir := t.TempDir()
	whole := filepath.Join(dir, "whole")
	s := open(t, whole, storetest.NewClock(), bolt.Options{NoSync: true})
	for i := range 40 {
		ops := make([]store.Op, 100)
		for j := range ops {
			ops[j] = put(fmt.Sprintf("%d-%d", i, j))
		}
		if err := s.Commit(t.Context(), ops...); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096
	scrambled := append([]byte{}, good...)
	for i := 2 * page; i < len(scrambled); i++ {
		scrambled[i] ^= 0xa5
	}
	for name, content := range map[string][]byte{
		"no data file": []byte("#!/bin/sh\necho hello\n" + strings.Repeat("# padding\n", 1000)),
		"short":        []byte("x"),
		"cut off":      good[:len(good)/2],
		"zeroed":       make([]byte, 8*page),
		"scrambled":    scrambled,
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(dir, "bad")
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := bolt.Open(path, storetest.NewClock())
			if err == nil {
				s.Close()
				t.Fatal("it opens")
			}
			if !errors.Is(err, bolt.ErrDamaged) || !strings.Contains(err.Error(), path) {
				t.Fatalf("got %v", err)
			}
		})
	}
	if _, err := bolt.Open(filepath.Join(dir, "no", "such", "folder"), storetest.NewClock()); err == nil || errors.Is(err, bolt.ErrDamaged) {
		t.Fatalf("a missing folder answers %v", err)
	}
}

// TestCommitsDuringClose loses nothing that was answered as done.
func TestCommitsDuringClose(t *testing.T) {
	path, clock := filepath.Join(t.TempDir(), "data"), storetest.NewClock()
	s := open(t, path, clock, bolt.Options{NoSync: true})
	var done sync.Map
	var count atomic.Int32
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for i := 0; ; i++ {
				id := fmt.Sprintf("%d-%d", w, i)
				if err := s.Commit(t.Context(), put(id)); err != nil {
					if !errors.Is(err, store.ErrClosed) {
						t.Error(err)
					}
					return
				}
				done.Store(id, true)
				count.Add(1)
			}
		})
	}
	for count.Load() < 100 {
		time.Sleep(time.Millisecond)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	s = open(t, path, clock, bolt.Options{})
	done.Range(func(id, _ any) bool {
		if _, err := s.Get(t.Context(), "b", id.(string)); err != nil {
			t.Errorf("%s was answered as done: %v", id, err)
		}
		return true
	})
}
