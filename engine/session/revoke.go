package session

import (
	"context"
	"errors"
	"time"
)

// This file ends sessions. Each way answers what it ended. What is removed here
// is removed whoever touched it meanwhile; a touch that comes too late is
// refused and brings nothing back.

// Reasons for which a session ends, as the record tells them.
const (
	ReasonLogout          = "logout"
	ReasonRevoked         = "revoked"
	ReasonDeactivated     = "deactivated"
	ReasonPasswordChanged = "password_changed"
	ReasonFactorChanged   = "factor_changed"
	ReasonReplaced        = "another_user_signed_in"
	ReasonCap             = "too_many_sessions"
	ReasonIdle            = "idle"
	ReasonExpired         = "expired"
)

// Revoke ends one session; ErrNotFound says that it had ended before.
func (s *Sessions) Revoke(ctx context.Context, sid string) (Session, error) {
	return s.End(ctx, sid, ReasonRevoked)
}

// End ends one session and all its refresh families.
func (s *Sessions) End(ctx context.Context, sid, reason string) (Session, error) {
	return s.end(ctx, sid, reason, "", func(Family) bool { return true })
}

// Logout ends one session as its person wishes. The families that may outlive a
// session stay, but for those of the client that asked.
func (s *Sessions) Logout(ctx context.Context, sid, clientID string) (Session, error) {
	return s.end(ctx, sid, ReasonLogout, clientID, func(f Family) bool { return !f.Offline || f.ClientID == clientID })
}

func (s *Sessions) end(ctx context.Context, sid, reason, clientID string, with func(Family) bool) (Session, error) {
	r, hash, err := s.byID(ctx, sid)
	if err != nil {
		return Session{}, err
	}
	// With a condition: a rotation or a new family meanwhile would live on.
	s.w.Delete(bucketIDs, sid)
	if err := s.endFamilies(ctx, r.UserID, reason, func(f Family) bool { return f.SessionID == sid && with(f) }); err != nil {
		return Session{}, err
	}
	return r.Session, s.bury(r, hash, reason, clientID)
}

// bury removes a session's entries, tells the record and leaves a notice for the
// clients.
func (s *Sessions) bury(r record, hash, reason, clientID string) error {
	s.w.Remove(bucketSessions, hash)
	s.w.Remove(bucketUsers, userKey(r.UserID, r.ID))
	s.w.Remove(bucketDue, r.Due)
	if err := s.leaveNotice(r.Session); err != nil {
		return err
	}
	return s.note("session.ended", r.Session, clientID, map[string]any{"reason": reason})
}

// RevokeUser ends all sessions of a user, those too whose issue is not yet
// committed.
func (s *Sessions) RevokeUser(ctx context.Context, userID string) ([]Session, error) {
	return s.EndUser(ctx, userID, ReasonRevoked)
}

// EndUser ends all sessions and refresh families of a user.
func (s *Sessions) EndUser(ctx context.Context, userID, reason string) ([]Session, error) {
	return s.endAllBut(ctx, userID, "", reason)
}

// RevokeOthers ends all sessions of a user but one.
func (s *Sessions) RevokeOthers(ctx context.Context, userID, keepSID string) ([]Session, error) {
	return s.EndOthers(ctx, userID, keepSID, ReasonRevoked)
}

// EndOthers ends all sessions of a user, and their families, but one.
func (s *Sessions) EndOthers(ctx context.Context, userID, keepSID, reason string) ([]Session, error) {
	kept, hash, err := s.byID(ctx, keepSID)
	if err != nil {
		return nil, err
	}
	if kept.UserID != userID {
		return nil, ErrNotFound
	}
	ended, err := s.endAllBut(ctx, userID, keepSID, reason)
	if err != nil {
		return nil, err
	}
	kept.Epoch++
	return ended, s.rewrite(hash, kept)
}

func (s *Sessions) endAllBut(ctx context.Context, userID, keepSID, reason string) ([]Session, error) {
	sessions, err := s.List(ctx, userID)
	if err != nil {
		return nil, err
	}
	var ended []Session
	for _, ses := range sessions {
		if ses.ID == keepSID {
			continue
		}
		r, hash, err := s.byID(ctx, ses.ID)
		if errors.Is(err, ErrNotFound) {
			continue // it ended just now
		}
		if err != nil {
			return nil, err
		}
		s.w.Delete(bucketIDs, ses.ID) // with a condition: each end is recorded once
		if err := s.bury(r, hash, reason, ""); err != nil {
			return nil, err
		}
		ended = append(ended, ses)
	}
	if err := s.endFamilies(ctx, userID, reason, func(f Family) bool { return f.SessionID != keepSID }); err != nil {
		return nil, err
	}
	s.w.Add(bucketEpochs, userID, 1, time.Time{})
	return ended, nil
}

// EndAll ends at most limit (0: all) sessions and refresh families, whosever
// they are, and answers how many. With a limit it is called, each time in a unit
// of work of its own, until it ends none.
func (s *Sessions) EndAll(ctx context.Context, reason string, limit int) (int, error) {
	sessions, err := s.ListAll(ctx, limit, "")
	if err != nil {
		return 0, err
	}
	for _, ses := range sessions {
		if _, err := s.End(ctx, ses.ID, reason); err != nil && !errors.Is(err, ErrNotFound) {
			return 0, err
		}
	}
	if len(sessions) > 0 && limit > 0 {
		return len(sessions), nil
	}
	families, err := s.w.List(ctx, bucketFamilies, "", "", limit)
	if err != nil {
		return 0, err
	}
	for _, e := range families {
		if _, err := s.EndFamily(ctx, e.ID, reason); err != nil && !errors.Is(err, ErrNotFound) {
			return 0, err
		}
	}
	return len(sessions) + len(families), nil
}
