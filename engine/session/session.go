// Package session keeps what a successful sign-in leaves behind.
//
// It owns: sessions, their secrets (as hashes), their limits by assurance
// level, every way in which they end, and the families of refresh tokens that
// end with them.
// It delegates: keeping and conditions, to the unit of work it writes through;
// the record of beginnings and ends, to audit; telling clients of an end, to
// whoever takes the notices.
// The law: a session is found only by a secret that was issued here; activity
// moves its idle limit and never its absolute one; whoever ends all sessions of
// a user ends those that are just being issued as well; no session begins or
// ends unrecorded, whoever asks for it.
package session

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/world"
)

// Buckets of the store that this room writes.
const (
	bucketSessions = "session"       // hash of the secret → session
	bucketIDs      = "session_id"    // sid → hash
	bucketUsers    = "session_user"  // user id/sid → hash
	bucketEpochs   = "session_epoch" // user id → how often all sessions were ended
	bucketDue      = "session_due"   // time/sid → what to record should it end then
	bucketCaps     = "session_cap"   // user id → so that two issues see each other
	bucketNotices  = "session_ended" // sid → notice
)

// Shows reports whether entries of a bucket are seen in a list of sessions.
func Shows(bucket string) bool { return bucket == bucketSessions || bucket == bucketEpochs }

// ErrNotFound says that no live session is meant: unknown, expired and revoked
// are the same to the outside.
var ErrNotFound = errors.New("session_not_found")

// AAL is an authenticator assurance level of NIST SP 800-63B, and the acr of
// tokens.
type AAL string

// One factor; two; two of which one is hardware that cannot be phished.
const (
	AAL1 AAL = "aal1"
	AAL2 AAL = "aal2"
	AAL3 AAL = "aal3"
)

// AtLeast reports whether a is as strong as other. What is no level never is,
// and nothing is as strong as it.
func (a AAL) AtLeast(other AAL) bool {
	need, known := limitsOf[other]
	return known && limitsOf[a].rank >= need.rank
}

// limitsOf are the limits that NIST SP 800-63B-4 recommends; no idle limit at
// the first level.
var limitsOf = map[AAL]struct {
	rank           int
	idle, absolute time.Duration
}{
	AAL1: {rank: 1, absolute: 30 * 24 * time.Hour},
	AAL2: {rank: 2, idle: time.Hour, absolute: 24 * time.Hour},
	AAL3: {rank: 3, idle: 15 * time.Minute, absolute: 12 * time.Hour},
}

// Session is a live session as everyone may see it; ID (the sid of tokens) is
// not what finds it for a browser.
type Session struct {
	ID         string    `json:"id"`
	UserID     string    `json:"user_id"`
	AAL        AAL       `json:"aal"`
	AMR        []string  `json:"amr,omitempty"`
	AuthTime   time.Time `json:"auth_time"`
	Created    time.Time `json:"created"`
	LastActive time.Time `json:"last_active"`
	// IdleExpires is zero for a session without an idle limit.
	IdleExpires time.Time     `json:"idle_expires,omitzero"`
	Expires     time.Time     `json:"expires"`
	Idle        time.Duration `json:"idle,omitempty"`

	DeviceID  string `json:"device_id,omitempty"`
	IP        string `json:"ip,omitempty"`
	UserAgent string `json:"user_agent,omitempty"`

	// Claims are the session's own; the other two are what the run that began
	// it put into tokens, for tokens that are issued without a run.
	Claims            map[string]any `json:"claims,omitempty"`
	IDTokenClaims     map[string]any `json:"id_token_claims,omitempty"`
	AccessTokenClaims map[string]any `json:"access_token_claims,omitempty"`

	Clients []Client `json:"clients,omitempty"`
}

// Client is a client that was signed in through the session.
type Client struct {
	ID    string    `json:"id"`
	Since time.Time `json:"since"`
}

// ends answers the earlier of both limits.
func (s Session) ends() time.Time {
	if !s.IdleExpires.IsZero() && s.IdleExpires.Before(s.Expires) {
		return s.IdleExpires
	}
	return s.Expires
}

// record is a session as it is stored.
type record struct {
	Session
	Epoch int64 `json:"epoch,omitempty"`
	// Due is the entry that will record the session's end by time.
	Due string `json:"due,omitempty"`
}

// Sessions is the sessions as one unit of work sees them; it costs nothing to
// make.
type Sessions struct {
	w     store.Writer
	clock world.Clock
	rnd   world.Random
	log   *audit.Log
}

// New looks at the sessions through w.
func New(w store.Writer, clock world.Clock, rnd world.Random) *Sessions {
	return &Sessions{w: w, clock: clock, rnd: rnd, log: audit.New(w, clock)}
}

// note records what happened to a session.
func (s *Sessions) note(kind string, ses Session, clientID string, data map[string]any) error {
	return s.log.Append(audit.Record{Type: kind, UserID: ses.UserID, SessionID: ses.ID, ClientID: clientID, IP: ses.IP, Data: data})
}

// secretBytes gives secrets 256 random bits.
const secretBytes = 32

func (s *Sessions) newSecret() string {
	p := make([]byte, secretBytes)
	s.rnd.Read(p)
	return base64.RawURLEncoding.EncodeToString(p)
}

func (s *Sessions) newID() string {
	p := make([]byte, 16)
	s.rnd.Read(p)
	return "ses_" + hex.EncodeToString(p)
}

func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

func userKey(userID, sid string) string { return userID + "/" + sid }

func encode(r record) ([]byte, error) {
	raw, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("session: %s cannot be written: %w", r.ID, err)
	}
	return raw, nil
}
