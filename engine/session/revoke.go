package session

import (
	"context"
	"time"
)

// This file ends sessions. Each way answers what it ended, for the record. What
// is removed here is removed whoever touched it meanwhile; a touch that comes
// too late is refused and brings nothing back.

// Revoke ends one session; ErrNotFound says that it had ended before.
func (s *Sessions) Revoke(ctx context.Context, sid string) (Session, error) {
	r, hash, err := s.byID(ctx, sid)
	if err != nil {
		return Session{}, err
	}
	s.w.Remove(bucketSessions, hash)
	// With a condition: a rotation meanwhile would leave another secret alive.
	s.w.Delete(bucketIDs, sid)
	s.w.Remove(bucketUsers, userKey(r.UserID, sid))
	return r.Session, nil
}

// RevokeUser ends all sessions of a user, those too whose issue is not yet
// committed.
func (s *Sessions) RevokeUser(ctx context.Context, userID string) ([]Session, error) {
	return s.revokeAllBut(ctx, userID, "")
}

// RevokeOthers ends all sessions of a user but one.
func (s *Sessions) RevokeOthers(ctx context.Context, userID, keepSID string) ([]Session, error) {
	kept, hash, err := s.byID(ctx, keepSID)
	if err != nil {
		return nil, err
	}
	if kept.UserID != userID {
		return nil, ErrNotFound
	}
	ended, err := s.revokeAllBut(ctx, userID, keepSID)
	if err != nil {
		return nil, err
	}
	kept.Epoch++
	return ended, s.rewrite(hash, kept)
}

func (s *Sessions) revokeAllBut(ctx context.Context, userID, keepSID string) ([]Session, error) {
	sessions, err := s.List(ctx, userID)
	if err != nil {
		return nil, err
	}
	var ended []Session
	for _, ses := range sessions {
		if ses.ID == keepSID {
			continue
		}
		e, err := s.w.Get(ctx, bucketIDs, ses.ID)
		if err != nil {
			return nil, err
		}
		s.w.Remove(bucketSessions, string(e.Value))
		s.w.Remove(bucketIDs, ses.ID)
		s.w.Remove(bucketUsers, userKey(userID, ses.ID))
		ended = append(ended, ses)
	}
	s.w.Add(bucketEpochs, userID, 1, time.Time{})
	return ended, nil
}
