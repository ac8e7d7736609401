package session

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// This file begins sessions: issue and step-up.

// Spec says what a session begins with.
type Spec struct {
	UserID string
	AAL    AAL // aal1 unless given
	AMR    []string
	// AuthTime is when the person last proved who they are; now unless given.
	AuthTime time.Time
	// Idle and Absolute take the defaults of the level when zero; a negative
	// Idle means no idle limit.
	Idle, Absolute time.Duration

	DeviceID, IP, UserAgent string

	// Max bounds how many live sessions the user may have with this one, 0 not
	// at all; OverMax says what happens to those above it.
	Max     int
	OverMax OverMax

	Claims, IDTokenClaims, AccessTokenClaims map[string]any
}

// Issue begins a session and answers it with its secret, for the cookie and
// nowhere else.
func (s *Sessions) Issue(ctx context.Context, spec Spec) (Session, string, error) {
	now := s.clock.Now().UTC()
	base := Session{ID: s.newID(), UserID: spec.UserID, Created: now}
	if spec.UserID == "" {
		return Session{}, "", errors.New("session: a session needs a user")
	}
	if err := s.makeRoom(ctx, spec); err != nil {
		return Session{}, "", err
	}
	epoch, err := s.w.Count(ctx, bucketEpochs, spec.UserID)
	if err != nil {
		return Session{}, "", err
	}
	ses, secret, err := s.begin(base, spec, epoch)
	if err != nil {
		return Session{}, "", err
	}
	return ses, secret, s.note("session.created", ses, "", ses.facts())
}

// facts are what the record tells of a session.
func (s Session) facts() map[string]any {
	return map[string]any{"aal": s.AAL, "amr": s.AMR, "device_id": s.DeviceID, "until": s.Expires}
}

// Rotate gives a session a new secret and what a new proof brought (a second
// factor, a fresh sign-in); the old secret is dead. The sid stays, since clients
// know the session by it. Claims that spec does not name stay as well.
func (s *Sessions) Rotate(ctx context.Context, secret string, spec Spec) (Session, string, error) {
	old, err := s.find(ctx, hashOf(secret))
	if err != nil {
		return Session{}, "", err
	}
	if spec.UserID != old.UserID {
		return Session{}, "", fmt.Errorf("session: %s cannot pass from one user to another", old.ID)
	}
	s.w.Delete(bucketSessions, hashOf(secret))
	s.w.Remove(bucketDue, old.Due)
	if spec.Claims == nil {
		spec.Claims = old.Claims
	}
	if spec.IDTokenClaims == nil {
		spec.IDTokenClaims = old.IDTokenClaims
	}
	if spec.AccessTokenClaims == nil {
		spec.AccessTokenClaims = old.AccessTokenClaims
	}
	ses, secret, err := s.begin(Session{ID: old.ID, UserID: old.UserID, Created: old.Created, Clients: old.Clients}, spec, old.Epoch)
	if err != nil {
		return Session{}, "", err
	}
	return ses, secret, s.note("session.rotated", ses, "", ses.facts())
}

// begin writes a session under a new secret.
func (s *Sessions) begin(ses Session, spec Spec, epoch int64) (Session, string, error) {
	if spec.AAL == "" {
		spec.AAL = AAL1
	}
	limits, known := limitsOf[spec.AAL]
	if !known {
		return Session{}, "", fmt.Errorf("session: %q is no assurance level", spec.AAL)
	}
	now := s.clock.Now().UTC()
	ses.AAL, ses.AMR, ses.AuthTime, ses.LastActive = spec.AAL, spec.AMR, spec.AuthTime.UTC(), now
	if spec.AuthTime.IsZero() {
		ses.AuthTime = now
	}
	ses.DeviceID, ses.IP, ses.UserAgent = spec.DeviceID, spec.IP, spec.UserAgent
	ses.Claims, ses.IDTokenClaims, ses.AccessTokenClaims = spec.Claims, spec.IDTokenClaims, spec.AccessTokenClaims
	ses.Idle, ses.Expires = limits.idle, now.Add(limits.absolute)
	if spec.Idle != 0 {
		ses.Idle = max(0, spec.Idle)
	}
	if spec.Absolute > 0 {
		ses.Expires = now.Add(spec.Absolute)
	}
	if ses.Idle > 0 {
		ses.IdleExpires = now.Add(ses.Idle)
	}
	r := record{Session: ses, Epoch: epoch, Due: dueKey(ses)}
	raw, err := encode(r)
	if err != nil {
		return Session{}, "", err
	}
	if err := s.schedule(r); err != nil {
		return Session{}, "", err
	}
	secret := s.newSecret()
	hash := hashOf(secret)
	s.w.Create(bucketSessions, hash, raw, ses.ends())
	s.w.Put(bucketIDs, ses.ID, []byte(hash), ses.Expires)
	s.w.Put(bucketUsers, userKey(ses.UserID, ses.ID), []byte(hash), ses.Expires)
	return ses, secret, nil
}
