package session

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// This file leaves word of ended sessions for those who tell clients. The notice
// is written by the unit of work that ends the session, so a crash loses none.

// Notice says that a session ended through which clients were signed in.
type Notice struct {
	SessionID string    `json:"session_id"`
	UserID    string    `json:"user_id"`
	Clients   []Client  `json:"clients"`
	At        time.Time `json:"at"`
}

// noticeLife bounds the queue where nobody takes notices.
const noticeLife = 24 * time.Hour

func (s *Sessions) leaveNotice(ses Session) error {
	if len(ses.Clients) == 0 {
		return nil
	}
	now := s.clock.Now().UTC()
	raw, err := json.Marshal(Notice{ses.ID, ses.UserID, ses.Clients, now})
	if err != nil {
		return fmt.Errorf("session: the notice of %s cannot be written: %w", ses.ID, err)
	}
	s.w.Overwrite(bucketNotices, ses.ID, raw, now.Add(noticeLife))
	return nil
}

// TakeNotices answers at most limit notices and removes them: of two that take
// at once one commit wins.
func (s *Sessions) TakeNotices(ctx context.Context, limit int) ([]Notice, error) {
	entries, err := s.w.List(ctx, bucketNotices, "", "", limit)
	if err != nil {
		return nil, err
	}
	notices := make([]Notice, len(entries))
	for i, e := range entries {
		if err := json.Unmarshal(e.Value, &notices[i]); err != nil {
			return nil, fmt.Errorf("session: the notice of %s is not readable: %w", e.ID, err)
		}
		s.w.Delete(bucketNotices, e.ID)
	}
	return notices, nil
}
