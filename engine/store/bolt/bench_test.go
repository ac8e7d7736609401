package bolt_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/store/bolt"
	"github.com/authflow-studio/authflow/engine/store/storetest"
)

// BenchmarkCommit shows what the group commit gives: a lone writer pays one
// fsync a commit, many share it.
func BenchmarkCommit(b *testing.B) {
	for _, o := range []bolt.Options{{}, {NoSync: true}} {
		for _, writers := range []int{1, 8, 32} {
			b.Run(fmt.Sprintf("nosync=%t/writers=%d", o.NoSync, writers), func(b *testing.B) {
				s := open(b, filepath.Join(b.TempDir(), "data"), storetest.NewClock(), o)
				var n atomic.Int64
				b.SetParallelism(max(1, writers/2)) // times GOMAXPROCS
				if writers == 1 {
					for b.Loop() {
						commitOne(b, s, n.Add(1))
					}
					return
				}
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						commitOne(b, s, n.Add(1))
					}
				})
			})
		}
	}
}

func commitOne(b *testing.B, s *bolt.Store, n int64) {
	if err := s.Commit(context.Background(), put(fmt.Sprint(n)), put(fmt.Sprint("x", n))); err != nil {
		b.Error(err)
	}
}

// BenchmarkGet shows that expired entries nobody swept cost a look-up nothing.
func BenchmarkGet(b *testing.B) {
	for _, expired := range []int{0, 1_000_000} {
		b.Run(fmt.Sprintf("expired=%d", expired), func(b *testing.B) {
			clock := storetest.NewClock()
			s := open(b, filepath.Join(b.TempDir(), "data"), clock, bolt.Options{NoSync: true})
			fill(b, s, expired, clock.Now().Add(time.Minute))
			clock.Advance(time.Hour)
			commitOne(b, s, 7)
			for b.Loop() {
				if _, err := s.Get(context.Background(), "b", "7"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkSweep counts a thousand entries as one operation.
func BenchmarkSweep(b *testing.B) {
	clock := storetest.NewClock()
	s := open(b, filepath.Join(b.TempDir(), "data"), clock, bolt.Options{NoSync: true})
	for b.Loop() {
		b.StopTimer()
		fill(b, s, 1000, clock.Now().Add(time.Minute))
		clock.Advance(time.Hour)
		b.StartTimer()
		if n, err := s.Sweep(context.Background(), 0); n != 1000 || err != nil {
			b.Fatal(n, err)
		}
	}
}

func fill(b *testing.B, s *bolt.Store, n int, expires time.Time) {
	var ops []store.Op
	for i := range n {
		op := put(fmt.Sprintf("e%08d", i))
		op.Expires = expires
		if ops = append(ops, op); len(ops) == 10_000 || i == n-1 {
			if err := s.Commit(context.Background(), ops...); err != nil {
				b.Fatal(err)
			}
			ops = nil
		}
	}
}
