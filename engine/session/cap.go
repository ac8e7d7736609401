package session

import (
	"context"
	"errors"
	"time"

	"github.com/authflow-studio/authflow/engine/store"
)

// This file bounds how many sessions a user has at once.

// OverMax says what happens when a user would have one session too many.
type OverMax string

// The oldest sessions end, or the new one is refused.
const (
	EndOldest OverMax = ""
	RefuseNew OverMax = "refuse"
)

// ErrTooMany says that the user has as many sessions as allowed.
var ErrTooMany = errors.New("session_too_many")

func (s *Sessions) makeRoom(ctx context.Context, spec Spec) error {
	if spec.Max <= 0 {
		return nil
	}
	// Read and written, so that of two issues at once one is done again and
	// counts the other.
	if _, err := s.w.Get(ctx, bucketCaps, spec.UserID); err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	s.w.Put(bucketCaps, spec.UserID, []byte("1"), s.clock.Now().Add(time.Hour))
	live, err := s.List(ctx, spec.UserID)
	if err != nil {
		return err
	}
	if len(live) < spec.Max {
		return nil
	}
	if spec.OverMax == RefuseNew {
		return ErrTooMany
	}
	for _, ses := range live[:len(live)-spec.Max+1] {
		if _, err := s.End(ctx, ses.ID, ReasonCap); err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
	}
	return nil
}
