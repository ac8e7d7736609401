package session_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
)

func (h *house) collect() {
	h.t.Helper()
	h.do(func(s *session.Sessions) error { _, err := s.CollectExpired(context.Background(), 0); return err })
}

// records counts what the audit record tells, ends by their reason too.
func (h *house) records() map[string]int {
	h.t.Helper()
	entries, err := audit.New(store.Begin(h.store), h.clock).Read(context.Background(), 0, 0)
	if err != nil {
		h.t.Fatal(err)
	}
	n := map[string]int{}
	for _, e := range entries {
		n[e.Type]++
		if reason, ok := e.Data["reason"].(string); ok {
			n[reason]++
		}
	}
	return n
}

func (h *house) liveCount() int {
	h.t.Helper()
	_, s := h.begin()
	all, err := s.ListAll(context.Background(), 0, "")
	if err != nil {
		h.t.Fatal(err)
	}
	return len(all)
}

func TestU1_CreatedIsEndedAndLive(t *testing.T) {
	h := newHouse(t)
	balance := func(when string) {
		t.Helper()
		n := h.records()
		if live := h.liveCount(); n["session.created"] != n["session.ended"]+live {
			t.Errorf("%s: created %d, ended %d, live %d", when, n["session.created"], n["session.ended"], live)
		}
	}
	var sids, secrets []string
	for i := range 12 {
		spec := session.Spec{UserID: fmt.Sprint("usr_", i%3)}
		if i%2 == 0 {
			spec.AAL = session.AAL2
		}
		ses, secret := h.issue(spec)
		sids, secrets = append(sids, ses.ID), append(secrets, secret)
	}
	balance("after issuing")
	h.do(func(s *session.Sessions) error { _, err := s.Logout(t.Context(), sids[0], "app"); return err })
	h.do(func(s *session.Sessions) error { _, err := s.RevokeUser(t.Context(), "usr_1"); return err })
	h.do(func(s *session.Sessions) error {
		_, _, err := s.Rotate(t.Context(), secrets[2], session.Spec{UserID: "usr_2", AAL: session.AAL3})
		return err
	})
	balance("after logout, revocation and step-up")
	h.clock.Advance(50 * time.Minute)
	h.touch(secrets[8]) // aal2 of usr_2: prolonged by an hour
	h.collect()
	balance("after the idle limit of aal3")
	h.clock.Advance(20 * time.Minute)
	h.collect()
	h.collect()
	balance("after the idle limit of aal2")
	for _, bucket := range []string{"session_id", "session_user"} {
		if left, err := h.store.List(t.Context(), bucket, "", "", 0); err != nil || len(left) != h.liveCount() {
			t.Errorf("%s holds %d entries of %d living sessions, %v", bucket, len(left), h.liveCount(), err)
		}
	}
	if !h.live(secrets[8]) {
		t.Error("collecting ended a living session")
	}
	h.clock.Advance(31 * 24 * time.Hour)
	h.collect()
	balance("after all")
	if n := h.records(); h.liveCount() != 0 || n["session.created"] != 12 || n["session.rotated"] != 1 || n["session.extended"] != 1 ||
		n["logout"] != 1 || n["revoked"] != 4 || n["idle"] == 0 || n["expired"] == 0 {
		t.Errorf("recorded %v", n)
	}
	if left, err := h.store.List(t.Context(), "session_due", "", "", 0); err != nil || len(left) != 0 {
		t.Errorf("%d ends are still awaited, %v", len(left), err)
	}
	if _, _, err := audit.Verify(t.Context(), h.store); err != nil {
		t.Error(err)
	}
}

// TestU1_ASessionThatARevocationOvertookIsRecordedToo: its issue was committed
// after all sessions of its user were ended.
func TestU1_ASessionThatARevocationOvertookIsRecordedToo(t *testing.T) {
	h := newHouse(t)
	tx, s := h.begin()
	if _, _, err := s.Issue(t.Context(), session.Spec{UserID: "usr_1"}); err != nil {
		t.Fatal(err)
	}
	h.do(func(s *session.Sessions) error { _, err := s.RevokeUser(t.Context(), "usr_1"); return err })
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.clock.Advance(31 * 24 * time.Hour)
	h.collect()
	if n := h.records(); n["session.created"] != 1 || n["session.ended"] != 1 {
		t.Errorf("recorded %v", n)
	}
}

func TestU1_TwoEndsAtOnceAreRecordedOnce(t *testing.T) {
	h := newHouse(t)
	h.issue(session.Spec{UserID: "usr_1"})
	var wg sync.WaitGroup
	var all []*store.Tx
	for range 4 {
		tx, s := h.begin()
		if _, err := s.RevokeUser(t.Context(), "usr_1"); err != nil {
			t.Fatal(err)
		}
		all = append(all, tx)
	}
	for _, tx := range all {
		wg.Go(func() {
			if err := tx.Commit(context.Background()); err != nil && !store.IsConflict(err) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := h.records(); n["session.ended"] != 1 {
		t.Errorf("recorded %v", n)
	}
}

func TestACapEndsTheOldestOrRefusesTheNew(t *testing.T) {
	h := newHouse(t)
	spec := session.Spec{UserID: "usr_1", Max: 2}
	var secrets []string
	for range 4 {
		_, secret := h.issue(spec)
		secrets = append(secrets, secret)
		h.clock.Advance(time.Second)
	}
	for i, secret := range secrets {
		h.want(secret, i >= 2, fmt.Sprint("session ", i))
	}
	if n := h.records(); n[session.ReasonCap] != 2 {
		t.Errorf("recorded %v", n)
	}
	_, s := h.begin()
	spec.OverMax = session.RefuseNew
	if _, _, err := s.Issue(t.Context(), spec); !errors.Is(err, session.ErrTooMany) {
		t.Errorf("got %v", err)
	}
	if _, _, err := s.Issue(t.Context(), session.Spec{UserID: "usr_2", Max: 2, OverMax: session.RefuseNew}); err != nil {
		t.Errorf("another user: %v", err)
	}
}

// TestTwoIssuesAtOnceDoNotPassTheCap together.
func TestTwoIssuesAtOnceDoNotPassTheCap(t *testing.T) {
	h := newHouse(t)
	spec := session.Spec{UserID: "usr_1", Max: 1}
	refused := 0
	var both []*store.Tx
	for range 2 {
		tx, s := h.begin()
		if _, _, err := s.Issue(t.Context(), spec); err != nil {
			t.Fatal(err)
		}
		both = append(both, tx)
	}
	for _, tx := range both {
		if err := tx.Commit(t.Context()); store.IsConflict(err) {
			refused++
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if refused != 1 || h.liveCount() != 1 {
		t.Errorf("%d refused, %d live", refused, h.liveCount())
	}
}

func TestNoticesAreLeftWithTheEndAndTakenOnce(t *testing.T) {
	h := newHouse(t)
	quiet, _ := h.issue(session.Spec{UserID: "usr_1"})
	ses, _ := h.issue(session.Spec{UserID: "usr_1"})
	h.do(func(s *session.Sessions) error { return s.AddClient(t.Context(), ses.ID, "app") })
	tx, s := h.begin()
	if _, err := s.Revoke(t.Context(), ses.ID); err != nil {
		t.Fatal(err)
	}
	_, other := h.begin()
	if n, err := other.TakeNotices(t.Context(), 0); err != nil || len(n) != 0 {
		t.Fatalf("%v before the commit, %v", n, err)
	}
	if _, err := s.Revoke(t.Context(), quiet.ID); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	one, s1 := h.begin()
	two, s2 := h.begin()
	for _, s := range []*session.Sessions{s1, s2} {
		if n, err := s.TakeNotices(t.Context(), 0); err != nil || len(n) != 1 || n[0].SessionID != ses.ID || n[0].Clients[0].ID != "app" {
			t.Errorf("notices are %+v, %v", n, err)
		}
	}
	if err := one.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := two.Commit(t.Context()); !store.IsConflict(err) {
		t.Errorf("taken twice: %v", err)
	}
}

// BenchmarkFindAmongExpired looks up one session among many that have expired
// and were not swept.
func BenchmarkFindAmongExpired(b *testing.B) {
	h := newHouse(b)
	for range 100 {
		tx, s := h.begin()
		for range 1000 {
			if _, _, err := s.Issue(b.Context(), session.Spec{UserID: "usr_1", Absolute: time.Minute}); err != nil {
				b.Fatal(err)
			}
		}
		if err := tx.Commit(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	h.clock.Advance(time.Hour)
	_, secret := h.issue(session.Spec{UserID: "usr_2"})
	for b.Loop() {
		if !h.live(secret) {
			b.Fatal("gone")
		}
	}
}

// TestManyEndAndCollectAtOnce: what another ended in between is no error.
func TestManyEndAndCollectAtOnce(t *testing.T) {
	h := newHouse(t)
	again := func(work func(s *session.Sessions) error) {
		for {
			tx, s := h.begin()
			if err := work(s); err != nil {
				t.Error(err)
				return
			}
			if err := tx.Commit(context.Background()); err == nil {
				return
			} else if !store.IsConflict(err) {
				t.Error(err)
				return
			}
		}
	}
	for range 10 {
		for i := range 6 {
			ses, _ := h.issue(session.Spec{UserID: "usr_1", AAL: session.AAL2})
			h.do(func(s *session.Sessions) error { return s.AddClient(t.Context(), ses.ID, "app") })
			h.family(ses.ID, offline)
			if i == 2 {
				h.clock.Advance(2 * time.Hour)
			}
		}
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				again(func(s *session.Sessions) error { _, err := s.RevokeUser(context.Background(), "usr_1"); return err })
			})
			wg.Go(func() {
				again(func(s *session.Sessions) error {
					_, err := s.EndAll(context.Background(), session.ReasonRevoked, 0)
					return err
				})
			})
			wg.Go(func() {
				again(func(s *session.Sessions) error { _, err := s.CollectExpired(context.Background(), 0); return err })
			})
			wg.Go(func() {
				again(func(s *session.Sessions) error { _, err := s.TakeNotices(context.Background(), 0); return err })
			})
		}
		wg.Wait()
	}
	if n := h.records(); n["session.created"] != 60 || n["session.ended"] != 60 || h.liveCount() != 0 {
		t.Errorf("created %d, ended %d, live %d", n["session.created"], n["session.ended"], h.liveCount())
	}
}
