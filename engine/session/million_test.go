package session_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/store/bolt"
	"github.com/authflow-studio/authflow/engine/store/storetest"
)

// BenchmarkAMillionExpired looks a session up among a million expired ones, then
// records their ends and sweeps them away, and says how long others wait for a
// look-up or a durable write meanwhile.
func BenchmarkAMillionExpired(b *testing.B) {
	h := newExpired(b, 1_000_000)
	_, secret := h.issue(session.Spec{UserID: "usr_alive"})
	for b.Loop() {
		if !h.live(secret) {
			b.Fatal("gone")
		}
	}
	recording, waits := h.meanwhile(secret, func() error {
		for {
			tx, s := h.begin()
			ended, err := s.CollectExpired(context.Background(), 100)
			if err != nil || len(ended) == 0 {
				return err
			}
			if err := tx.Commit(context.Background()); err != nil && !store.IsConflict(err) {
				return err
			}
		}
	})
	b.ReportMetric(recording.Seconds(), "record-s")
	b.ReportMetric(waits.write.Seconds()*1000, "write-while-recording-p99-ms")
	sweeping, waits := h.meanwhile(secret, func() error {
		_, err := h.store.Sweep(context.Background(), 0)
		return err
	})
	b.ReportMetric(sweeping.Seconds(), "sweep-s")
	b.ReportMetric(waits.find.Seconds()*1000, "find-while-sweeping-p99-ms")
	b.ReportMetric(waits.write.Seconds()*1000, "write-while-sweeping-p99-ms")
}

// newExpired fills a store without syncing it, and opens it again as a server
// does.
func newExpired(b *testing.B, n int) *house {
	file := filepath.Join(b.TempDir(), "data")
	h := &house{b, nil, storetest.NewClock(), storetest.NewRandom(1)}
	var opened *bolt.Store
	open := func(o bolt.Options) {
		s, err := bolt.OpenWith(file, h.clock, o)
		if err != nil {
			b.Fatal(err)
		}
		h.store, opened = s, s
	}
	open(bolt.Options{NoSync: true})
	for i := range n / 10_000 {
		h.do(func(s *session.Sessions) error {
			for k := range 10_000 {
				if _, _, err := s.Issue(context.Background(), session.Spec{UserID: fmt.Sprintf("usr_%d_%d", i, k/10), Absolute: time.Minute}); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := opened.Close(); err != nil {
		b.Fatal(err)
	}
	open(bolt.Options{})
	b.Cleanup(func() { opened.Close() })
	h.clock.Advance(time.Hour)
	return h
}

// waited is how long others waited: of all look-ups and of all writes, the time
// that 99 of 100 stayed below.
type waited struct{ find, write time.Duration }

func p99(all []time.Duration) time.Duration {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[len(all)*99/100]
}

// meanwhile does work and, until it is done, looks up and writes beside it.
func (h *house) meanwhile(secret string, work func() error) (took time.Duration, w waited) {
	var finds, writes []time.Duration
	done := make(chan error, 1)
	began := time.Now()
	go func() { done <- work() }()
	for {
		select {
		case err := <-done:
			if err != nil {
				h.t.Fatal(err)
			}
			return time.Since(began), waited{p99(finds), p99(writes)}
		default:
		}
		at := time.Now()
		if !h.live(secret) {
			h.t.Fatal("gone")
		}
		finds = append(finds, time.Since(at))
		at = time.Now()
		if err := h.store.Commit(context.Background(), store.Op{Kind: store.OpPut, Bucket: "other", ID: "x", Value: []byte("1"), Expect: store.ExpectAny}); err != nil {
			h.t.Fatal(err)
		}
		writes = append(writes, time.Since(at))
	}
}
