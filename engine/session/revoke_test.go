package session_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
)

func TestS2_RevocationEndsSessions(t *testing.T) {
	h := newHouse(t)
	var secrets []string
	var sids []string
	for range 3 {
		ses, secret := h.issue(session.Spec{UserID: "usr_1"})
		secrets, sids = append(secrets, secret), append(sids, ses.ID)
		h.clock.Advance(time.Second)
	}
	_, foreign := h.issue(session.Spec{UserID: "usr_10"})
	state := func(want ...bool) {
		t.Helper()
		for i, secret := range secrets {
			h.want(secret, want[i], fmt.Sprint("session ", i))
		}
		h.want(foreign, true, "another user's session")
	}
	h.do(func(s *session.Sessions) error {
		ended, err := s.Revoke(t.Context(), sids[1])
		if ended.ID != sids[1] {
			t.Errorf("ended %+v", ended)
		}
		if _, err := s.Revoke(t.Context(), sids[1]); !errors.Is(err, session.ErrNotFound) {
			t.Errorf("revoking twice answers %v", err)
		}
		return err
	})
	state(true, false, true)
	h.do(func(s *session.Sessions) error {
		if _, err := s.RevokeOthers(t.Context(), "usr_10", sids[0]); !errors.Is(err, session.ErrNotFound) {
			t.Errorf("keeping another's session answers %v", err)
		}
		ended, err := s.RevokeOthers(t.Context(), "usr_1", sids[2])
		if len(ended) != 1 || ended[0].ID != sids[0] {
			t.Errorf("ended %+v", ended)
		}
		return err
	})
	state(false, false, true)
	fresh, secret := h.issue(session.Spec{UserID: "usr_1"})
	secrets = append(secrets, secret)
	state(false, false, true, true)
	h.do(func(s *session.Sessions) error {
		ended, err := s.RevokeUser(t.Context(), "usr_1")
		if len(ended) != 2 || ended[0].ID != sids[2] || ended[1].ID != fresh.ID {
			t.Errorf("ended %+v", ended)
		}
		return err
	})
	state(false, false, false, false)
	for _, bucket := range []string{"session", "session_id", "session_user"} {
		if left, err := h.store.List(t.Context(), bucket, "", "", 0); err != nil || len(left) != 1 {
			t.Errorf("%s holds %d entries, want that of the other user, %v", bucket, len(left), err)
		}
	}
}

// TestS2_RevocationWinsEveryRace lets each way of keeping a session alive begin
// before a revocation and commit after it.
func TestS2_RevocationWinsEveryRace(t *testing.T) {
	revocations := map[string]func(s *session.Sessions, sid string) error{
		"one": func(s *session.Sessions, sid string) error { _, err := s.Revoke(context.Background(), sid); return err },
		"all": func(s *session.Sessions, _ string) error {
			_, err := s.RevokeUser(context.Background(), "usr_1")
			return err
		},
	}
	for name, revoke := range revocations {
		for what, act := range map[string]func(s *session.Sessions, sid, secret string) (string, error){
			"touch": func(s *session.Sessions, _, secret string) (string, error) {
				_, err := s.Touch(context.Background(), secret)
				return secret, err
			},
			"client": func(s *session.Sessions, sid, secret string) (string, error) {
				return secret, s.AddClient(context.Background(), sid, "app")
			},
			"claims": func(s *session.Sessions, sid, secret string) (string, error) {
				return secret, s.SetTokenClaims(context.Background(), sid, nil, map[string]any{"a": 1})
			},
			"rotate": func(s *session.Sessions, _, secret string) (string, error) {
				_, renewed, err := s.Rotate(context.Background(), secret, session.Spec{UserID: "usr_1"})
				return renewed, err
			},
			"issue": func(s *session.Sessions, _, _ string) (string, error) {
				_, fresh, err := s.Issue(context.Background(), session.Spec{UserID: "usr_1"})
				return fresh, err
			},
		} {
			if name == "one" && what == "issue" {
				continue // ending one session says nothing of the next
			}
			t.Run(what+" against revoking "+name, func(t *testing.T) {
				h := newHouse(t)
				ses, secret := h.issue(session.Spec{UserID: "usr_1", AAL: session.AAL2})
				h.clock.Advance(10 * time.Minute)
				tx, s := h.begin()
				kept, err := act(s, ses.ID, secret)
				if err != nil {
					t.Fatal(err)
				}
				h.do(func(s *session.Sessions) error { return revoke(s, ses.ID) })
				if err := tx.Commit(t.Context()); err != nil && !store.IsConflict(err) {
					t.Fatal(err)
				}
				h.want(secret, false, "the secret")
				h.want(kept, false, "what was kept")
			})
			t.Run("revoking "+name+" against "+what, func(t *testing.T) {
				h := newHouse(t)
				ses, secret := h.issue(session.Spec{UserID: "usr_1", AAL: session.AAL2})
				h.clock.Advance(10 * time.Minute)
				tx, s := h.begin()
				if err := revoke(s, ses.ID); err != nil {
					t.Fatal(err)
				}
				var kept string
				h.do(func(s *session.Sessions) (err error) { kept, err = act(s, ses.ID, secret); return err })
				err := tx.Commit(t.Context())
				if what == "touch" && err != nil {
					t.Errorf("activity held up a revocation: %v", err)
				}
				if store.IsConflict(err) {
					h.do(func(s *session.Sessions) error { return revoke(s, ses.ID) }) // as callers do
				} else if err != nil {
					t.Fatal(err)
				}
				h.want(secret, false, "the secret")
				h.want(kept, false, "what was kept")
			})
		}
	}
}
