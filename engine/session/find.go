package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"time"

	"github.com/authflow-studio/authflow/engine/store"
)

// This file finds sessions and keeps them alive.

// Find answers the live session of a secret, or ErrNotFound.
func (s *Sessions) Find(ctx context.Context, secret string) (Session, error) {
	r, err := s.find(ctx, hashOf(secret))
	return r.Session, err
}

// Get answers the live session with that sid, or ErrNotFound.
func (s *Sessions) Get(ctx context.Context, sid string) (Session, error) {
	r, _, err := s.byID(ctx, sid)
	return r.Session, err
}

func (s *Sessions) byID(ctx context.Context, sid string) (record, string, error) {
	if sid == "" {
		return record{}, "", ErrNotFound
	}
	e, err := s.w.Get(ctx, bucketIDs, sid)
	if errors.Is(err, store.ErrNotFound) {
		return record{}, "", ErrNotFound
	}
	if err != nil {
		return record{}, "", err
	}
	hash := string(e.Value)
	r, err := s.find(ctx, hash)
	return r, hash, err
}

// find answers a session that is within both limits and was not ended with all
// the others of its user.
func (s *Sessions) find(ctx context.Context, hash string) (record, error) {
	e, err := s.w.Get(ctx, bucketSessions, hash)
	if errors.Is(err, store.ErrNotFound) {
		return record{}, ErrNotFound
	}
	if err != nil {
		return record{}, err
	}
	var r record
	if err := json.Unmarshal(e.Value, &r); err != nil {
		return record{}, fmt.Errorf("session: a stored session is not readable: %w", err)
	}
	epoch, err := s.w.Count(ctx, bucketEpochs, r.UserID)
	if err != nil {
		return record{}, err
	}
	if epoch != r.Epoch || !s.clock.Now().Before(r.ends()) {
		return record{}, ErrNotFound
	}
	return r, nil
}

// touchEvery spares writes: activity is noted at most this often, and at least
// ten times within an idle limit.
const touchEvery = time.Minute

// Touch answers the live session of a secret and notes its activity, which moves
// the idle limit. Of two that touch at once one commit may be refused; that one
// can be forgotten.
func (s *Sessions) Touch(ctx context.Context, secret string) (Session, error) {
	hash := hashOf(secret)
	r, err := s.find(ctx, hash)
	if err != nil {
		return Session{}, err
	}
	return s.touch(hash, r)
}

// TouchID is Touch for who knows the sid only: a client that refreshes.
func (s *Sessions) TouchID(ctx context.Context, sid string) (Session, error) {
	r, hash, err := s.byID(ctx, sid)
	if err != nil {
		return Session{}, err
	}
	return s.touch(hash, r)
}

func (s *Sessions) touch(hash string, r record) (Session, error) {
	now := s.clock.Now().UTC()
	every := touchEvery
	if r.Idle > 0 {
		every = min(every, r.Idle/10)
	}
	if now.Sub(r.LastActive) < every {
		return r.Session, nil
	}
	r.LastActive = now
	if r.Idle > 0 {
		r.IdleExpires = now.Add(r.Idle)
		if err := s.note("session.extended", r.Session, "", map[string]any{"until": r.ends()}); err != nil {
			return Session{}, err
		}
	}
	return r.Session, s.rewrite(hash, r)
}

// AddClient notes that a client was signed in through the session.
func (s *Sessions) AddClient(ctx context.Context, sid, clientID string) error {
	r, hash, err := s.byID(ctx, sid)
	if err != nil {
		return err
	}
	for _, c := range r.Clients {
		if c.ID == clientID {
			return nil
		}
	}
	r.Clients = append(r.Clients, Client{ID: clientID, Since: s.clock.Now().UTC()})
	return s.rewrite(hash, r)
}

// SetTokenClaims keeps what a run put into tokens, for those issued later
// without a run.
func (s *Sessions) SetTokenClaims(ctx context.Context, sid string, idToken, accessToken map[string]any) error {
	r, hash, err := s.byID(ctx, sid)
	if err != nil {
		return err
	}
	r.IDTokenClaims, r.AccessTokenClaims = idToken, accessToken
	return s.rewrite(hash, r)
}

// rewrite writes a session that was read before; ended meanwhile, it stays so.
func (s *Sessions) rewrite(hash string, r record) error {
	raw, err := encode(r)
	if err != nil {
		return err
	}
	s.w.Put(bucketSessions, hash, raw, r.ends())
	return nil
}

// List answers the live sessions of a user, the oldest first.
func (s *Sessions) List(ctx context.Context, userID string) ([]Session, error) {
	index, err := s.w.List(ctx, bucketUsers, userKey(userID, ""), "", 0)
	if err != nil {
		return nil, err
	}
	sessions, err := s.live(ctx, index)
	sort.Slice(sessions, func(i, j int) bool {
		a, b := sessions[i], sessions[j]
		if !a.Created.Equal(b.Created) {
			return a.Created.Before(b.Created)
		}
		return a.ID < b.ID
	})
	return sessions, err
}

// ListAll answers at most limit live sessions (0: all) whose sid comes after
// after, in order of their sids.
func (s *Sessions) ListAll(ctx context.Context, limit int, after string) ([]Session, error) {
	var all []Session
	for {
		want := 0
		if limit > 0 {
			want = limit - len(all)
		}
		index, err := s.w.List(ctx, bucketIDs, "", after, want)
		if err != nil {
			return nil, err
		}
		found, err := s.live(ctx, index)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
		if limit == 0 || len(all) == limit || len(index) < want {
			return all, nil
		}
		after = index[len(index)-1].ID
	}
}

// live answers the sessions that entries of an index point to and that have not
// ended.
func (s *Sessions) live(ctx context.Context, index []store.Entry) ([]Session, error) {
	var sessions []Session
	for _, e := range index {
		r, err := s.find(ctx, string(e.Value))
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		sessions = append(sessions, r.Session)
	}
	return sessions, nil
}
