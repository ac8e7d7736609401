package session

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/store"
)

// This file keeps families of refresh tokens: every token of a family was given
// for the one before, and one that comes a second time ends them all (rule T2).

const (
	bucketTokens   = "refresh_token"  // hash → family id, past the token's use
	bucketFamilies = "refresh_family" // family id → family
	bucketOwners   = "refresh_user"   // user id/family id → sid
)

// ReasonReuse is why a family ends whose token came a second time.
const ReasonReuse = "reuse"

// Family is what a client may renew its tokens with.
type Family struct {
	ID        string   `json:"id"`
	ClientID  string   `json:"client_id"`
	UserID    string   `json:"user_id"`
	SessionID string   `json:"session_id"`
	Scopes    []string `json:"scopes"`
	// Offline families outlive the logout and the limits of their session, but
	// no revocation.
	Offline  bool      `json:"offline,omitempty"`
	Created  time.Time `json:"created"`
	LastUsed time.Time `json:"last_used"`
	// Expires is absolute: rotation does not move it.
	Expires time.Time     `json:"expires"`
	Idle    time.Duration `json:"idle,omitempty"`
	// Grace is how long a used token is still taken, for clients that lose an
	// answer; 0 takes none.
	Grace time.Duration `json:"grace,omitempty"`
	// Data is what tokens are made of; it belongs to the provider.
	Data json.RawMessage `json:"data,omitempty"`
}

func (f Family) ends() time.Time {
	if idle := f.LastUsed.Add(f.Idle); f.Idle > 0 && idle.Before(f.Expires) {
		return idle
	}
	return f.Expires
}

type familyRecord struct {
	Family
	// Live are the hashes of tokens that were given and not used: one, or more
	// after a grace. Used are those used within the grace.
	Live []string `json:"live"`
	Used []used   `json:"used,omitempty"`
}

type used struct {
	Hash string    `json:"hash"`
	At   time.Time `json:"at"`
}

// FamilySpec says what a family begins with. Life is absolute; Idle of 0 means
// no idle limit. ID is drawn unless given.
type FamilySpec struct {
	ID, ClientID, UserID, SessionID string
	Scopes                          []string
	Offline                         bool
	Life, Idle, Grace               time.Duration
	Data                            json.RawMessage
}

// FamilyUse says how a token of a living family may be taken.
type FamilyUse int

// A token is fresh once; within the grace after that it is graced; then it is
// reused, which tells that two have it.
const (
	FamilyFresh FamilyUse = iota + 1
	FamilyGraced
	FamilyReused
)

// BeginFamily begins a family in a living session and answers its first token.
func (s *Sessions) BeginFamily(ctx context.Context, spec FamilySpec) (Family, string, error) {
	_, hash, err := s.byID(ctx, spec.SessionID)
	if err != nil {
		return Family{}, "", err
	}
	if spec.ID == "" {
		spec.ID = s.newFamilyID()
	}
	now := s.clock.Now().UTC()
	f := familyRecord{Family: Family{ID: spec.ID, ClientID: spec.ClientID, UserID: spec.UserID, SessionID: spec.SessionID,
		Scopes: spec.Scopes, Offline: spec.Offline, Created: now, LastUsed: now, Expires: now.Add(spec.Life), Idle: spec.Idle, Grace: spec.Grace, Data: spec.Data}}
	if spec.Offline {
		// Written, so that whoever ends the session at the same moment, which ends
		// its families, meets a conflict and sees this one.
		ses, err := s.find(ctx, hash)
		if err != nil {
			return Family{}, "", err
		}
		s.w.Put(bucketIDs, spec.SessionID, []byte(hash), ses.Expires)
	}
	token := s.newSecret()
	f.Live = []string{hashOf(token)}
	s.w.Put(bucketOwners, userKey(f.UserID, f.ID), []byte(f.SessionID), f.Expires)
	s.w.Create(bucketTokens, f.Live[0], []byte(f.ID), f.Expires)
	return f.Family, token, s.writeFamily(f)
}

func (s *Sessions) newFamilyID() string {
	p := make([]byte, 16)
	s.rnd.Read(p)
	return hex.EncodeToString(p)
}

func (s *Sessions) writeFamily(f familyRecord) error {
	raw, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("session: family %s cannot be written: %w", f.ID, err)
	}
	s.w.Put(bucketFamilies, f.ID, raw, f.ends())
	return nil
}

// Family answers a living family, or ErrNotFound.
func (s *Sessions) Family(ctx context.Context, id string) (Family, error) {
	f, err := s.family(ctx, id)
	return f.Family, err
}

func (s *Sessions) family(ctx context.Context, id string) (familyRecord, error) {
	f, err := s.readFamily(ctx, id)
	if err != nil {
		return familyRecord{}, err
	}
	if !s.clock.Now().Before(f.ends()) {
		return familyRecord{}, ErrNotFound
	}
	if !f.Offline {
		_, _, err = s.byID(ctx, f.SessionID)
	}
	return f, err
}

func (s *Sessions) readFamily(ctx context.Context, id string) (familyRecord, error) {
	e, err := s.w.Get(ctx, bucketFamilies, id)
	if errors.Is(err, store.ErrNotFound) {
		return familyRecord{}, ErrNotFound
	}
	if err != nil {
		return familyRecord{}, err
	}
	var f familyRecord
	if err := json.Unmarshal(e.Value, &f); err != nil {
		return familyRecord{}, fmt.Errorf("session: family %s is not readable: %w", id, err)
	}
	return f, nil
}

// FamilyOf answers the living family of a token and how the token may be taken.
func (s *Sessions) FamilyOf(ctx context.Context, token string) (Family, FamilyUse, error) {
	f, err := s.familyOf(ctx, token)
	return f.Family, f.use(hashOf(token), s.clock.Now()), err
}

func (s *Sessions) familyOf(ctx context.Context, token string) (familyRecord, error) {
	e, err := s.w.Get(ctx, bucketTokens, hashOf(token))
	if errors.Is(err, store.ErrNotFound) {
		return familyRecord{}, ErrNotFound
	}
	if err != nil {
		return familyRecord{}, err
	}
	return s.family(ctx, string(e.Value))
}

func (f familyRecord) use(hash string, now time.Time) FamilyUse {
	if slices.Contains(f.Live, hash) {
		return FamilyFresh
	}
	for _, u := range f.Used {
		if u.Hash == hash && f.Grace > 0 && now.Sub(u.At) <= f.Grace {
			return FamilyGraced
		}
	}
	return FamilyReused
}

// NewRefreshToken draws a token for RotateFamily.
func (s *Sessions) NewRefreshToken() string { return s.newSecret() }

// RotateFamily uses a token up and gives next for it. Of two that rotate one
// token at once, one commit is refused. Asked again for the same next it changes
// nothing.
func (s *Sessions) RotateFamily(ctx context.Context, token, next string) (Family, error) {
	f, err := s.familyOf(ctx, token)
	if err != nil {
		return Family{}, err
	}
	now, hash, fresh := s.clock.Now().UTC(), hashOf(token), hashOf(next)
	if slices.Contains(f.Live, fresh) {
		return f.Family, nil
	}
	if f.use(hash, now) == FamilyReused {
		return Family{}, fmt.Errorf("session: a token of family %s was used before", f.ID)
	}
	f.Used = slices.DeleteFunc(f.Used, func(u used) bool { return now.Sub(u.At) > f.Grace })
	if f.Live = slices.DeleteFunc(f.Live, func(h string) bool { return h == hash }); f.Grace > 0 && f.use(hash, now) == FamilyReused {
		f.Used = append(f.Used, used{hash, now})
	}
	f.Live, f.LastUsed = append(f.Live, fresh), now
	s.w.Create(bucketTokens, fresh, []byte(f.ID), f.Expires)
	return f.Family, s.writeFamily(f)
}

// EndFamily ends one family; ErrNotFound says that it had ended before.
func (s *Sessions) EndFamily(ctx context.Context, id, reason string) (Family, error) {
	f, err := s.readFamily(ctx, id)
	if err != nil {
		return Family{}, err
	}
	s.w.Remove(bucketFamilies, f.ID)
	s.w.Remove(bucketOwners, userKey(f.UserID, f.ID))
	return f.Family, s.log.Append(audit.Record{Type: "refresh.ended", UserID: f.UserID, SessionID: f.SessionID, ClientID: f.ClientID,
		Data: map[string]any{"family": f.ID, "reason": reason}})
}

// Families answers the living families of a user, in the order of their ids.
func (s *Sessions) Families(ctx context.Context, userID string) ([]Family, error) {
	index, err := s.w.List(ctx, bucketOwners, userKey(userID, ""), "", 0)
	if err != nil {
		return nil, err
	}
	var families []Family
	for _, e := range index {
		f, err := s.family(ctx, e.ID[len(userKey(userID, "")):])
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		families = append(families, f.Family)
	}
	return families, nil
}

// eachFamily goes through the stored families of a user, dead ones too.
func (s *Sessions) eachFamily(ctx context.Context, userID string, visit func(familyRecord) error) error {
	index, err := s.w.List(ctx, bucketOwners, userKey(userID, ""), "", 0)
	if err != nil {
		return err
	}
	for _, e := range index {
		f, err := s.readFamily(ctx, e.ID[len(userKey(userID, "")):])
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if err := visit(f); err != nil {
			return err
		}
	}
	return nil
}

func (s *Sessions) endFamilies(ctx context.Context, userID, reason string, which func(Family) bool) error {
	return s.eachFamily(ctx, userID, func(f familyRecord) error {
		if !which(f.Family) {
			return nil
		}
		if _, err := s.EndFamily(ctx, f.ID, reason); !errors.Is(err, ErrNotFound) {
			return err
		}
		return nil // it ended just now
	})
}
