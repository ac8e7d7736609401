package session_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
)

const week = 7 * 24 * time.Hour

// family begins one in a session of usr_1 and answers its first token.
func (h *house) family(sid string, change func(*session.FamilySpec)) (f session.Family, token string) {
	h.t.Helper()
	spec := session.FamilySpec{ClientID: "app", UserID: "usr_1", SessionID: sid, Scopes: []string{"openid"}, Life: 4 * week, Idle: week, Data: []byte(`{"a":1}`)}
	if change != nil {
		change(&spec)
	}
	h.do(func(s *session.Sessions) (err error) {
		f, token, err = s.BeginFamily(context.Background(), spec)
		return err
	})
	return f, token
}

func offline(s *session.FamilySpec) { s.Offline = true }

// use answers how a token would be taken, 0 for not at all.
func (h *house) use(token string) session.FamilyUse {
	h.t.Helper()
	_, s := h.begin()
	_, use, err := s.FamilyOf(context.Background(), token)
	if errors.Is(err, session.ErrNotFound) {
		return 0
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return use
}

func (h *house) rotate(token string) string {
	h.t.Helper()
	var next string
	h.do(func(s *session.Sessions) error {
		next = s.NewRefreshToken()
		_, err := s.RotateFamily(context.Background(), token, next)
		return err
	})
	return next
}

func TestT2_EachTokenOfAFamilyIsGivenForTheOneBefore(t *testing.T) {
	h := newHouse(t)
	ses, _ := h.issue(session.Spec{UserID: "usr_1"})
	f, first := h.family(ses.ID, nil)
	if len(first) != 43 || f.ID == "" || string(f.Data) != `{"a":1}` {
		t.Fatalf("began %+v with a token of %d characters", f, len(first))
	}
	second := h.rotate(first)
	third := h.rotate(second)
	for token, want := range map[string]session.FamilyUse{first: session.FamilyReused, second: session.FamilyReused, third: session.FamilyFresh, "x": 0, "": 0, f.ID: 0} {
		if got := h.use(token); got != want {
			t.Errorf("a token is taken as %d, want %d", got, want)
		}
	}
	_, s := h.begin()
	if _, err := s.RotateFamily(t.Context(), first, "next"); err == nil {
		t.Error("a used token rotates")
	}
	if got, err := s.RotateFamily(t.Context(), second, third); err != nil || got.ID != f.ID {
		t.Errorf("asked again for the same next: %v", err)
	}
	for _, bucket := range []string{"refresh_token", "refresh_family", "refresh_user", "audit"} {
		entries, err := h.store.List(t.Context(), bucket, "", "", 0)
		if err != nil || len(entries) == 0 {
			t.Fatal(bucket, err)
		}
		for _, e := range entries {
			if text := e.ID + string(e.Value); strings.Contains(text, first) || strings.Contains(text, third) {
				t.Errorf("%s holds a token", bucket)
			}
		}
	}
}

func TestT2_TheAbsoluteLifeSurvivesRotation(t *testing.T) {
	h := newHouse(t)
	ses, _ := h.issue(session.Spec{UserID: "usr_1", Absolute: 52 * week})
	_, token := h.family(ses.ID, nil)
	begin := h.clock.Now()
	for h.clock.Now().Before(begin.Add(4*week - 6*24*time.Hour)) {
		h.clock.Advance(6 * 24 * time.Hour)
		token = h.rotate(token)
	}
	h.clock.Advance(begin.Add(4*week).Sub(h.clock.Now()) - 1)
	if h.use(token) != session.FamilyFresh {
		t.Error("it ended before its life was over")
	}
	h.clock.Advance(1)
	if h.use(token) != 0 {
		t.Error("rotation prolonged its life")
	}
	_, token = h.family(ses.ID, nil)
	h.clock.Advance(week)
	if h.use(token) != 0 {
		t.Error("it was idle for a week and lives")
	}
}

func TestT2_GraceTakesAUsedTokenForAWhile(t *testing.T) {
	h := newHouse(t)
	ses, _ := h.issue(session.Spec{UserID: "usr_1"})
	_, first := h.family(ses.ID, func(s *session.FamilySpec) { s.Grace = 10 * time.Second })
	second := h.rotate(first)
	h.clock.Advance(10 * time.Second)
	if h.use(first) != session.FamilyGraced || h.use(second) != session.FamilyFresh {
		t.Error("no grace")
	}
	other := h.rotate(first) // the answer with second was lost
	if h.use(second) != session.FamilyFresh || h.use(other) != session.FamilyFresh {
		t.Error("one of two that the client may hold is dead")
	}
	h.clock.Advance(1) // counted from its first use, not from the last
	if h.use(first) != session.FamilyReused {
		t.Error("the grace has no end")
	}
}

// TestT2_OfTwoRotationsOneWins lets many rotate one token at the same moment.
func TestT2_OfTwoRotationsOneWins(t *testing.T) {
	h := newHouse(t)
	ses, _ := h.issue(session.Spec{UserID: "usr_1"})
	_, token := h.family(ses.ID, nil)
	var won atomic.Int32
	var wg sync.WaitGroup
	var all []*store.Tx
	for i := range 8 {
		tx, s := h.begin()
		if _, err := s.RotateFamily(t.Context(), token, fmt.Sprint("next ", i)); err != nil {
			t.Fatal(err)
		}
		all = append(all, tx)
	}
	for _, tx := range all {
		wg.Go(func() {
			if err := tx.Commit(context.Background()); err == nil {
				won.Add(1)
			} else if !store.IsConflict(err) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		t.Errorf("%d won", won.Load())
	}
}

func TestS2_RefreshTokensEndWithTheSession(t *testing.T) {
	type end = func(h *house, sid string)
	by := func(f func(s *session.Sessions, sid string) error) end {
		return func(h *house, sid string) { h.do(func(s *session.Sessions) error { return f(s, sid) }) }
	}
	for name, c := range map[string]struct {
		end
		// survives says which of the offline families live on: of the asking
		// client and of another.
		asking, other bool
	}{
		"logout": {by(func(s *session.Sessions, sid string) error {
			_, err := s.Logout(context.Background(), sid, "app")
			return err
		}), false, true},
		"revoked": {by(func(s *session.Sessions, sid string) error { _, err := s.Revoke(context.Background(), sid); return err }), false, false},
		"deactivated": {by(func(s *session.Sessions, _ string) error {
			_, err := s.EndUser(context.Background(), "usr_1", session.ReasonDeactivated)
			return err
		}), false, false},
		"expired":               {func(h *house, _ string) { h.clock.Advance(24 * time.Hour) }, true, true},
		"expired and collected": {func(h *house, _ string) { h.clock.Advance(24 * time.Hour); h.collect() }, true, true},
		"others ended": {by(func(s *session.Sessions, _ string) error {
			keep, _, err := s.Issue(context.Background(), session.Spec{UserID: "usr_1"})
			if err == nil {
				_, err = s.EndOthers(context.Background(), "usr_1", keep.ID, session.ReasonPasswordChanged)
			}
			return err
		}), false, false},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			ses, _ := h.issue(session.Spec{UserID: "usr_1", AAL: session.AAL2, Idle: -1})
			_, bound := h.family(ses.ID, nil)
			_, asking := h.family(ses.ID, offline)
			_, other := h.family(ses.ID, func(s *session.FamilySpec) { s.Offline, s.ClientID = true, "other" })
			c.end(h, ses.ID)
			for what, want := range map[string]struct {
				token string
				lives bool
			}{"bound": {bound, false}, "offline, asking": {asking, c.asking}, "offline, other": {other, c.other}} {
				if lives := h.use(want.token) == session.FamilyFresh; lives != want.lives {
					t.Errorf("%s: lives is %t", what, lives)
				}
			}
		})
	}
}

func TestS2_EndingTheOthersKeepsOnesOwnFamilies(t *testing.T) {
	h := newHouse(t)
	kept, _ := h.issue(session.Spec{UserID: "usr_1"})
	gone, _ := h.issue(session.Spec{UserID: "usr_1"})
	_, mine := h.family(kept.ID, offline)
	_, bound := h.family(kept.ID, nil)
	_, theirs := h.family(gone.ID, offline)
	h.do(func(s *session.Sessions) error {
		_, err := s.EndOthers(t.Context(), "usr_1", kept.ID, session.ReasonPasswordChanged)
		return err
	})
	if h.use(mine) != session.FamilyFresh || h.use(bound) != session.FamilyFresh || h.use(theirs) != 0 {
		t.Errorf("taken as %d, %d and %d", h.use(mine), h.use(bound), h.use(theirs))
	}
	_, s := h.begin()
	if all, err := s.Families(t.Context(), "usr_1"); err != nil || len(all) != 2 {
		t.Errorf("%d families, %v", len(all), err)
	}
}

// TestS2_NoFamilySlipsThroughARevocation begins one before a revocation and
// commits it after.
func TestS2_NoFamilySlipsThroughARevocation(t *testing.T) {
	for name, revoke := range map[string]func(s *session.Sessions, sid string) error{
		"one": func(s *session.Sessions, sid string) error { _, err := s.Revoke(context.Background(), sid); return err },
		"all": func(s *session.Sessions, _ string) error {
			_, err := s.RevokeUser(context.Background(), "usr_1")
			return err
		},
	} {
		for _, first := range []string{"family", "revocation"} {
			h := newHouse(t)
			ses, _ := h.issue(session.Spec{UserID: "usr_1"})
			tx, s := h.begin()
			_, token, err := s.BeginFamily(t.Context(), session.FamilySpec{ClientID: "app", UserID: "usr_1", SessionID: ses.ID, Offline: true, Life: week})
			if err != nil {
				t.Fatal(err)
			}
			late, r := h.begin()
			if err := revoke(r, ses.ID); err != nil {
				t.Fatal(err)
			}
			commits := []*store.Tx{tx, late}
			if first == "revocation" {
				commits = []*store.Tx{late, tx}
			}
			for _, c := range commits {
				if err := c.Commit(t.Context()); store.IsConflict(err) && c == late {
					h.do(func(s *session.Sessions) error { return revoke(s, ses.ID) })
				} else if err != nil && !store.IsConflict(err) {
					t.Fatal(err)
				}
			}
			if h.use(token) != 0 {
				t.Errorf("revoking %s, %s first: the family lives", name, first)
			}
		}
	}
}

func TestS2_EverythingOfEverybodyEnds(t *testing.T) {
	for _, limit := range []int{0, 2} {
		h := newHouse(t)
		var tokens, secrets []string
		for i := range 5 {
			ses, secret := h.issue(session.Spec{UserID: fmt.Sprint("usr_", i%2), AAL: session.AAL2})
			_, token := h.family(ses.ID, func(s *session.FamilySpec) { s.Offline, s.UserID = i%2 == 0, ses.UserID })
			tokens, secrets = append(tokens, token), append(secrets, secret)
			if i == 2 {
				h.clock.Advance(2 * time.Hour) // the first three are idle; two families outlive that
			}
		}
		for ended := 1; ended > 0; {
			h.do(func(s *session.Sessions) (err error) {
				if ended, err = s.EndAll(t.Context(), session.ReasonRevoked, limit); limit > 0 && ended > limit {
					t.Errorf("%d ended at once", ended)
				}
				return err
			})
		}
		for i := range tokens {
			h.want(secrets[i], false, "a session")
			if h.use(tokens[i]) != 0 {
				t.Error("a refresh token lives on")
			}
		}
	}
}
