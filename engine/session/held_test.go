package session_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/authflow-studio/authflow/engine/session"
)

// BenchmarkFindAmongHeld looks sessions up while 100,000 are live, and says what
// holding them costs in memory: next to nothing, they are in the store.
func BenchmarkFindAmongHeld(b *testing.B) {
	h := newHouse(b)
	const transactions, each = 100, 1000
	var secrets []string
	before := heap()
	for i := range transactions {
		tx, s := h.begin()
		for k := range each {
			_, secret, err := s.Issue(b.Context(), session.Spec{UserID: fmt.Sprintf("usr_%d_%d", i, k)})
			if err != nil {
				b.Fatal(err)
			}
			if k == 0 {
				secrets = append(secrets, secret)
			}
		}
		if err := tx.Commit(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	held := heap() - before
	for i := 0; b.Loop(); i++ {
		if !h.live(secrets[i%len(secrets)]) {
			b.Fatal("gone")
		}
	}
	b.ReportMetric(float64(held)/(1<<20), "MiB-heap")
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
