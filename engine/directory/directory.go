// Package directory knows the people: who they are, how they are found, and how
// they prove it.
//
// It owns: users and the index of their identifiers, passwords, passkeys, second
// factors, recovery codes, one-time codes, remembered devices, identities at other
// providers, counts of failures.
// It delegates: keeping and conditions, to the unit of work it writes through;
// time and randomness, to the world.
// The law: a password's hash, a factor's secret, a code and a device's secret
// are never part of a User, and the last two are stored as hashes only; who
// does not exist takes as long to refuse as who does.
package directory

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/world"
)

// Buckets of the store that this room writes.
const (
	bucketUsers         = "user"
	bucketIdentifiers   = "user_identifier" // kind:normalised → user id
	bucketPasswords     = "user_password"
	bucketSignIns       = "user_sign_in" // user id, and user id/device id
	bucketTOTP          = "user_totp"
	bucketDevices       = "user_device"   // user id/device id
	bucketDeviceSecrets = "device_secret" // hash → user id/device id
	bucketOTP           = "otp"
	bucketFailures      = "failure"
)

// Shows reports whether entries of a bucket are seen in a list of users.
func Shows(bucket string) bool { return bucket == bucketUsers || bucket == bucketSignIns }

// ErrNotFound says that there is no such user.
var ErrNotFound = errors.New("user_not_found")

// TakenError says that an identifier belongs to somebody else.
type TakenError struct{ Field string }

func (e *TakenError) Error() string {
	return fmt.Sprintf("identifier_taken: this %s belongs to another user", e.Field)
}

// InvalidError says what about a user cannot be accepted.
type InvalidError struct{ Field, Why string }

func (e *InvalidError) Error() string { return fmt.Sprintf("user_invalid: %s %s", e.Field, e.Why) }

// AsTaken answers the identifier that is taken, if that is what err means. It
// knows a refused commit too: of two who register one address at the same
// moment, the second learns of it only there.
func AsTaken(err error) (*TakenError, bool) {
	var taken *TakenError
	if errors.As(err, &taken) {
		return taken, true
	}
	var conflict *store.ConflictError
	if errors.As(err, &conflict) && conflict.Bucket == bucketIdentifiers {
		return &TakenError{Field: identifierKind(conflict.ID)}, true
	}
	return nil, false
}

// Directory is the people as one unit of work sees them; it costs nothing to
// make.
type Directory struct {
	w      store.Writer
	clock  world.Clock
	rnd    world.Random
	hasher *Hasher
}

// New looks at the people through w.
func New(w store.Writer, clock world.Clock, rnd world.Random, h *Hasher) *Directory {
	return &Directory{w: w, clock: clock, rnd: rnd, hasher: h}
}

func (d *Directory) random(n int) []byte {
	p := make([]byte, n)
	d.rnd.Read(p)
	return p
}

// newID answers an id with 128 random bits.
func (d *Directory) newID(prefix string) string { return prefix + hex.EncodeToString(d.random(16)) }

func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

func (d *Directory) read(ctx context.Context, bucket, id string, into any) error {
	e, err := d.w.Get(ctx, bucket, id)
	if err != nil {
		return err
	}
	return parse(e, into)
}

func parse(e store.Entry, into any) error {
	if err := json.Unmarshal(e.Value, into); err != nil {
		return fmt.Errorf("directory: %s/%s is not readable: %w", e.Bucket, e.ID, err)
	}
	return nil
}

func (d *Directory) write(bucket, id string, value any, expires time.Time) error {
	raw, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("directory: %s/%s cannot be written: %w", bucket, id, err)
	}
	d.w.Put(bucket, id, raw, expires)
	return nil
}
