package studio

import (
	"context"
	"errors"
	"time"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
)

// This file changes accounts and sessions of the harness as somebody who runs a
// server would.

// logoutSession ends a session as its person does who signs out: clients are
// told, and what may outlive a session does.
func (s *Studio) logoutSession(ctx context.Context, a idArg) (any, error) {
	return s.atHarness(ctx, func(_ *store.Tx, _ *directory.Directory, sessions *session.Sessions, log *audit.Log) error {
		ended, err := sessions.Logout(ctx, a.ID, "")
		if err != nil {
			return err
		}
		return log.Append(audit.Record{Type: "session.logged_out", UserID: ended.UserID, SessionID: ended.ID, Data: map[string]any{"by": "studio"}})
	})
}

type statusArg struct {
	ID     string
	Active bool
}

// setUserStatus deactivates an account, whose sessions end with it, or makes it
// usable again.
func (s *Studio) setUserStatus(ctx context.Context, a statusArg) (any, error) {
	return s.atHarness(ctx, func(_ *store.Tx, people *directory.Directory, sessions *session.Sessions, log *audit.Log) error {
		status, what := directory.Active, "user.activated"
		if !a.Active {
			status, what = directory.Deactivated, "user.deactivated"
		}
		if _, err := people.Update(ctx, a.ID, func(u *directory.User) error { u.Status = status; return nil }); err != nil {
			return err
		}
		if !a.Active {
			if _, err := sessions.EndUser(ctx, a.ID, session.ReasonDeactivated); err != nil {
				return err
			}
		}
		return log.Append(audit.Record{Type: what, UserID: a.ID, Data: map[string]any{"by": "studio"}})
	})
}

// atHarness commits what work does.
func (s *Studio) atHarness(ctx context.Context, work func(*store.Tx, *directory.Directory, *session.Sessions, *audit.Log) error) (any, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	tx, people, sessions := w.rooms()
	if err := work(tx, people, sessions, audit.New(tx, w.harness.Clock)); err != nil {
		return nil, err
	}
	if err := tx.Commit(ctx); err != nil {
		return nil, err
	}
	return nil, nil
}

// AppCode is what a person's authenticator app shows.
type AppCode struct {
	Code string `json:"code"`
	// Seconds until it changes.
	Seconds int `json:"seconds"`
}

// appCode answers the code of a person's app in the harness, whose clock may
// have been moved.
func (s *Studio) appCode(ctx context.Context, a idArg) (*AppCode, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	_, people, _ := w.rooms()
	code, until, err := people.AppCode(ctx, a.ID)
	if errors.Is(err, directory.ErrNotFound) || errors.Is(err, store.ErrNotFound) {
		return nil, &Error{Code: "no_app", Message: "This person has no authenticator app."}
	}
	if err != nil {
		return nil, err
	}
	return &AppCode{Code: code, Seconds: int(until.Sub(w.harness.Clock.Now())/time.Second) + 1}, nil
}
