package session_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/store/bolt"
	"github.com/authflow-studio/authflow/engine/store/storetest"
)

type house struct {
	t     testing.TB
	store store.Store
	clock *storetest.Clock
	rnd   *storetest.Random
}

func newHouse(t testing.TB) *house {
	clock := storetest.NewClock()
	s, err := bolt.OpenWith(filepath.Join(t.TempDir(), "data"), clock, bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return &house{t, s, clock, storetest.NewRandom(1)}
}

func (h *house) begin() (*store.Tx, *session.Sessions) {
	tx := store.Begin(h.store)
	return tx, session.New(tx, h.clock, h.rnd)
}

// do runs one unit of work and commits it.
func (h *house) do(work func(s *session.Sessions) error) {
	h.t.Helper()
	tx, s := h.begin()
	if err := work(s); err != nil {
		h.t.Fatal(err)
	}
	if err := tx.Commit(context.Background()); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) issue(spec session.Spec) (ses session.Session, secret string) {
	h.t.Helper()
	h.do(func(s *session.Sessions) (err error) {
		ses, secret, err = s.Issue(context.Background(), spec)
		return err
	})
	return ses, secret
}

func (h *house) touch(secret string) {
	h.t.Helper()
	h.do(func(s *session.Sessions) error { _, err := s.Touch(context.Background(), secret); return err })
}

func (h *house) live(secret string) bool {
	h.t.Helper()
	_, s := h.begin()
	_, err := s.Find(context.Background(), secret)
	if err != nil && !errors.Is(err, session.ErrNotFound) {
		h.t.Fatal(err)
	}
	return err == nil
}

func (h *house) want(secret string, live bool, when string) {
	h.t.Helper()
	if h.live(secret) != live {
		h.t.Errorf("%s: live is %t, want %t", when, !live, live)
	}
}

func TestS1_SessionsCarryWhatTheyWereIssuedFor(t *testing.T) {
	h := newHouse(t)
	spec := session.Spec{
		UserID: "usr_1", AAL: session.AAL2, AMR: []string{"pwd", "otp"}, DeviceID: "dev_1", IP: "192.0.2.1", UserAgent: "Firefox",
		Claims: map[string]any{"plan": "pro"}, IDTokenClaims: map[string]any{"dep": "x"}, AccessTokenClaims: map[string]any{"cost": 7.0},
	}
	first, secret := h.issue(spec)
	second, other := h.issue(spec)
	if secret == other || first.ID == second.ID || len(secret) != 43 || strings.Contains(secret, first.ID) || first.ID == "" {
		t.Fatalf("ids %s %s, secrets of %d characters", first.ID, second.ID, len(secret))
	}
	_, s := h.begin()
	got, err := s.Find(t.Context(), secret)
	if err != nil || fmt.Sprint(got) != fmt.Sprint(first) || got.Claims["plan"] != "pro" || got.AMR[1] != "otp" ||
		got.IDTokenClaims["dep"] != "x" || got.AccessTokenClaims["cost"] != 7.0 || !got.AuthTime.Equal(h.clock.Now()) {
		t.Fatalf("found %+v, %v; want %+v", got, err, first)
	}
	if byID, err := s.Get(t.Context(), first.ID); err != nil || byID.ID != first.ID {
		t.Fatal(byID, err)
	}
	for _, foreign := range []string{"", first.ID, secret[1:], secret + "A", strings.ToUpper(secret)} {
		h.want(foreign, false, "a secret that was not issued")
		if _, err := s.Get(t.Context(), foreign); foreign != first.ID && !errors.Is(err, session.ErrNotFound) {
			t.Errorf("Get(%q) answers %v", foreign, err)
		}
	}
	for _, bad := range []session.Spec{{}, {UserID: "u", AAL: "aal9"}} {
		if _, _, err := s.Issue(t.Context(), bad); err == nil {
			t.Errorf("%+v is accepted", bad)
		}
	}
}

func TestS3_OnlyHashesAreStored(t *testing.T) {
	h := newHouse(t)
	_, secret := h.issue(session.Spec{UserID: "usr_1"})
	for _, bucket := range []string{"session", "session_id", "session_user", "session_epoch"} {
		entries, err := h.store.List(t.Context(), bucket, "", "", 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if strings.Contains(e.ID+string(e.Value), secret) {
				t.Errorf("%s holds the secret", bucket)
			}
		}
	}
}

func TestS2_IdleAndAbsoluteLimits(t *testing.T) {
	for _, c := range []struct {
		spec           session.Spec
		idle, absolute time.Duration
	}{
		{session.Spec{}, 0, 30 * 24 * time.Hour},
		{session.Spec{AAL: session.AAL2}, time.Hour, 24 * time.Hour},
		{session.Spec{AAL: session.AAL3}, 15 * time.Minute, 12 * time.Hour},
		{session.Spec{AAL: session.AAL3, Idle: -1, Absolute: time.Hour}, 0, time.Hour},
		{session.Spec{Idle: 10 * time.Minute}, 10 * time.Minute, 30 * 24 * time.Hour},
		{session.Spec{Idle: 2 * time.Hour, Absolute: time.Hour}, 2 * time.Hour, time.Hour},
	} {
		t.Run(fmt.Sprintf("%s idle %v absolute %v", c.spec.AAL, c.idle, c.absolute), func(t *testing.T) {
			h := newHouse(t)
			c.spec.UserID = "usr_1"
			begin := h.clock.Now()
			_, secret := h.issue(c.spec)
			if c.idle > 0 && c.idle < c.absolute {
				_, sleeping := h.issue(c.spec)
				h.clock.Advance(c.idle - 1)
				h.want(sleeping, true, "just before idle")
				h.touch(secret)
				h.clock.Advance(1)
				h.want(sleeping, false, "at idle")
				h.want(secret, true, "after activity")
			}
			step := 24 * time.Hour
			if c.idle > 0 {
				step = c.idle / 2
			}
			for h.clock.Now().Add(step).Before(begin.Add(c.absolute)) { // activity all the time
				h.clock.Advance(step)
				h.touch(secret)
			}
			h.clock.Advance(begin.Add(c.absolute).Sub(h.clock.Now()) - 1)
			h.want(secret, true, "just before absolute")
			h.clock.Advance(1)
			h.want(secret, false, "at absolute, in spite of activity")
		})
	}
}

func TestTouchSparesWrites(t *testing.T) {
	h := newHouse(t)
	_, secret := h.issue(session.Spec{UserID: "usr_1", AAL: session.AAL2})
	writes := func() int {
		tx, s := h.begin()
		if _, err := s.Touch(t.Context(), secret); err != nil {
			t.Fatal(err)
		}
		defer tx.Commit(context.Background())
		n := 0
		for _, op := range tx.Ops() {
			if op.Bucket == "session" {
				n++
			}
		}
		return n
	}
	h.clock.Advance(59 * time.Second)
	if n := writes(); n != 0 {
		t.Errorf("%d writes within a minute", n)
	}
	h.clock.Advance(time.Second)
	if n := writes(); n != 1 {
		t.Errorf("%d writes after a minute", n)
	}
	if n := writes(); n != 0 {
		t.Errorf("%d writes at once after", n)
	}
}

func TestS3_StepUpMakesANewSecret(t *testing.T) {
	h := newHouse(t)
	old, secret := h.issue(session.Spec{UserID: "usr_1", AMR: []string{"pwd"}, Claims: map[string]any{"plan": "pro"}})
	h.do(func(s *session.Sessions) error { return s.AddClient(t.Context(), old.ID, "app") })
	h.clock.Advance(time.Hour)
	var fresh session.Session
	var renewed string
	h.do(func(s *session.Sessions) (err error) {
		fresh, renewed, err = s.Rotate(t.Context(), secret, session.Spec{UserID: "usr_1", AAL: session.AAL2, AMR: []string{"pwd", "otp"}})
		return err
	})
	h.want(secret, false, "the old secret")
	h.want(renewed, true, "the new secret")
	if fresh.ID != old.ID || fresh.AAL != session.AAL2 || !fresh.AuthTime.After(old.AuthTime) || !fresh.Created.Equal(old.Created) ||
		fresh.Claims["plan"] != "pro" || len(fresh.Clients) != 1 || fresh.IdleExpires.IsZero() {
		t.Errorf("stepped up to %+v", fresh)
	}
	_, s := h.begin()
	if all, err := s.List(t.Context(), "usr_1"); err != nil || len(all) != 1 {
		t.Errorf("%d sessions, %v", len(all), err)
	}
	if _, _, err := s.Rotate(t.Context(), secret, session.Spec{UserID: "usr_1"}); !errors.Is(err, session.ErrNotFound) {
		t.Errorf("a dead secret steps up: %v", err)
	}
	if _, _, err := s.Rotate(t.Context(), renewed, session.Spec{UserID: "usr_2"}); err == nil {
		t.Error("a session passes to another user")
	}
}

func TestClientsAreListedOnce(t *testing.T) {
	h := newHouse(t)
	ses, secret := h.issue(session.Spec{UserID: "usr_1"})
	for _, client := range []string{"app", "shop", "app"} {
		h.do(func(s *session.Sessions) error { return s.AddClient(t.Context(), ses.ID, client) })
	}
	h.do(func(s *session.Sessions) error {
		return s.SetTokenClaims(t.Context(), ses.ID, map[string]any{"a": "b"}, nil)
	})
	_, s := h.begin()
	got, err := s.Find(t.Context(), secret)
	if err != nil || len(got.Clients) != 2 || got.Clients[0].ID != "app" || got.Clients[1].ID != "shop" || got.IDTokenClaims["a"] != "b" {
		t.Fatalf("%+v, %v", got, err)
	}
	if err := s.AddClient(t.Context(), "ses_none", "app"); !errors.Is(err, session.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestListsHoldTheLivingOnly(t *testing.T) {
	h := newHouse(t)
	for i := range 20 { // idle ends half of them; their index entries are still there
		spec := session.Spec{UserID: "usr_1"}
		if i%2 == 0 {
			spec.Idle = time.Minute
		}
		h.issue(spec)
	}
	h.clock.Advance(time.Hour)
	_, s := h.begin()
	if all, err := s.List(t.Context(), "usr_1"); err != nil || len(all) != 10 {
		t.Fatalf("%d sessions, %v", len(all), err)
	}
	if all, err := s.ListAll(t.Context(), 0, ""); err != nil || len(all) != 10 {
		t.Fatalf("%d sessions, %v", len(all), err)
	}
	var seen []string
	after := ""
	for {
		page, err := s.ListAll(t.Context(), 3, after)
		if err != nil {
			t.Fatal(err)
		}
		for _, ses := range page {
			seen = append(seen, ses.ID)
		}
		if len(page) < 3 {
			break
		}
		after = page[len(page)-1].ID
	}
	unique := map[string]bool{}
	for _, id := range seen {
		unique[id] = true
	}
	if len(seen) != 10 || len(unique) != 10 {
		t.Fatalf("pages hold %q", seen)
	}
}

func TestLevels(t *testing.T) {
	for _, c := range []struct {
		have, need session.AAL
		want       bool
	}{
		{session.AAL1, session.AAL1, true}, {session.AAL2, session.AAL1, true}, {session.AAL1, session.AAL2, false},
		{session.AAL3, session.AAL2, true}, {"", session.AAL1, false}, {session.AAL3, "", false}, {session.AAL3, "gold", false}, {"gold", "gold", false},
	} {
		if c.have.AtLeast(c.need) != c.want {
			t.Errorf("%q at least %q is %t", c.have, c.need, !c.want)
		}
	}
}

func BenchmarkFind(b *testing.B) {
	h := newHouse(b)
	_, secret := h.issue(session.Spec{UserID: "usr_1"})
	for b.Loop() {
		if !h.live(secret) {
			b.Fatal("gone")
		}
	}
}
