package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/authflow-studio/authflow/engine/store"
)

// This file records the sessions that time ended. They are dead without it: it
// only sees to it that the record tells of each end.

// due is what will be recorded of a session should it have ended by then.
type due struct {
	UserID  string    `json:"user_id"`
	Expires time.Time `json:"expires"`
}

const dueForm = "20060102T150405.000000000"

func dueKey(ses Session) string { return ses.ends().UTC().Format(dueForm) + "/" + ses.ID }

// schedule does not follow activity, which would write twice each time: an entry
// that comes due for a living session is put off then.
func (s *Sessions) schedule(r record) error {
	raw, err := json.Marshal(due{r.UserID, r.Expires})
	if err != nil {
		return fmt.Errorf("session: %s cannot be written: %w", r.ID, err)
	}
	s.w.Put(bucketDue, r.Due, raw, time.Time{})
	return nil
}

// CollectExpired records at most limit (0: all) sessions that an idle or absolute limit
// ended, and answers what it could tell of them.
func (s *Sessions) CollectExpired(ctx context.Context, limit int) ([]Session, error) {
	now := s.clock.Now().UTC()
	entries, err := s.w.List(ctx, bucketDue, "", "", limit)
	if err != nil {
		return nil, err
	}
	var ended []Session
	for _, e := range entries {
		at, sid, _ := strings.Cut(e.ID, "/")
		if at > now.Format(dueForm) {
			break
		}
		ses, dead, err := s.collect(ctx, e, sid, now)
		if err != nil {
			return nil, err
		}
		if dead {
			ended = append(ended, ses)
		}
	}
	return ended, nil
}

func (s *Sessions) collect(ctx context.Context, e store.Entry, sid string, now time.Time) (Session, bool, error) {
	s.w.Delete(bucketDue, e.ID) // of two that collect at once one is refused
	r, hash, err := s.byID(ctx, sid)
	if err == nil {
		r.Due = dueKey(r.Session)
		return Session{}, false, errors.Join(s.schedule(r), s.rewrite(hash, r))
	}
	if !errors.Is(err, ErrNotFound) {
		return Session{}, false, err
	}
	var d due
	if err := json.Unmarshal(e.Value, &d); err != nil {
		return Session{}, false, fmt.Errorf("session: the end of %s is not readable: %w", sid, err)
	}
	reason := ReasonExpired
	if now.Before(d.Expires) {
		reason = ReasonIdle
	}
	s.w.Remove(bucketIDs, sid)
	s.w.Remove(bucketUsers, userKey(d.UserID, sid))
	ses := Session{ID: sid, UserID: d.UserID, Expires: d.Expires}
	err = s.endFamilies(ctx, d.UserID, reason, func(f Family) bool { return f.SessionID == sid && !f.Offline })
	return ses, true, errors.Join(err, s.note("session.ended", ses, "", map[string]any{"reason": reason}))
}
