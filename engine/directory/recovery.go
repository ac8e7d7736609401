package directory

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/authflow-studio/authflow/engine/store"
)

// This file keeps recovery codes: ten that a person writes down, each good for
// one sign-in when every other factor is out of reach.

// FactorRecovery is the kind of a set of recovery codes.
const FactorRecovery = "recovery_code"

const (
	bucketRecovery        = "user_recovery"
	bucketRecoveryPending = "recovery_pending" // shown until the person has kept them
)

const (
	// RecoveryPrefix begins the ids under which new codes are shown.
	RecoveryPrefix = "rec_"
	// RecoveryCodes is how many a set has.
	RecoveryCodes = 10
	// recoveryChars carry 50 bits; slow hashing makes up for the rest (NIST SP
	// 800-63B-4, look-up secrets).
	recoveryChars = 10
	// recoveryAlphabet has no letters that are taken for digits or each other.
	recoveryAlphabet = "abcdefghjkmnpqrstvwxyz0123456789"
)

// recoveryRecord holds the hashes of the codes that are left. They share one
// salt, so that a check hashes once.
type recoveryRecord struct {
	FactorID string   `json:"factor_id"`
	Hashes   []string `json:"hashes"`
}

type recoveryPending struct {
	UserID string   `json:"user_id"`
	Codes  []string `json:"codes"`
}

// DrawRecoveryCodes gives a user a new set, which ends the old one, and answers
// the id under which it can be shown until it is kept.
func (d *Directory) DrawRecoveryCodes(ctx context.Context, userID string) (string, error) {
	rec, pending := recoveryRecord{FactorID: d.newID("fac_")}, recoveryPending{UserID: userID}
	salt := d.random(saltBytes)
	for range RecoveryCodes {
		code := d.recoveryCode()
		encoded, err := d.hasher.hash(ctx, plainRecovery(code), salt)
		if err != nil {
			return "", err
		}
		rec.Hashes, pending.Codes = append(rec.Hashes, encoded), append(pending.Codes, code)
	}
	_, err := d.Update(ctx, userID, func(u *User) error {
		u.Factors = append(without(u.Factors, FactorRecovery), Factor{ID: rec.FactorID, Kind: FactorRecovery, Label: "Recovery codes", Created: d.clock.Now().UTC()})
		return nil
	})
	if err != nil {
		return "", err
	}
	if err := d.write(bucketRecovery, userID, rec, time.Time{}); err != nil {
		return "", err
	}
	id := d.newID(RecoveryPrefix)
	return id, d.write(bucketRecoveryPending, id, pending, d.clock.Now().Add(pendingLife))
}

// recoveryCode draws one: xxxxx-xxxxx. The alphabet has 32 letters, so that each
// byte gives one evenly.
func (d *Directory) recoveryCode() string {
	raw := d.random(recoveryChars)
	var b strings.Builder
	for i, c := range raw {
		if i == recoveryChars/2 {
			b.WriteByte('-')
		}
		b.WriteByte(recoveryAlphabet[int(c)%len(recoveryAlphabet)])
	}
	return b.String()
}

// plainRecovery takes out what people add when they copy.
func plainRecovery(code string) string { return strings.ToLower(digitsOf(code)) }

// ReadRecoveryCodes answers the codes that a person is to be shown, or
// ErrNotFound when they were kept or the time is over.
func ReadRecoveryCodes(ctx context.Context, r store.Reader, id string) ([]string, error) {
	e, err := r.Get(ctx, bucketRecoveryPending, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("directory: %w", err)
	}
	var p recoveryPending
	return p.Codes, parse(e, &p)
}

// HideRecoveryCodes ends the showing: from now on there are only hashes.
func (d *Directory) HideRecoveryCodes(id string) { d.w.Remove(bucketRecoveryPending, id) }

// RecoveryCodesLeft answers how many codes a user can still use.
func (d *Directory) RecoveryCodesLeft(ctx context.Context, userID string) (int, error) {
	var rec recoveryRecord
	err := d.read(ctx, bucketRecovery, userID, &rec)
	if errors.Is(err, store.ErrNotFound) {
		return 0, nil
	}
	return len(rec.Hashes), err
}

// UseRecoveryCode checks a code and uses it up. When two use it at once, one
// commit is refused.
func (d *Directory) UseRecoveryCode(ctx context.Context, userID, code string) (bool, error) {
	var rec recoveryRecord
	u, err := d.Get(ctx, userID)
	if err == nil {
		err = d.read(ctx, bucketRecovery, userID, &rec)
	}
	if err != nil && !errors.Is(err, ErrNotFound) && !errors.Is(err, store.ErrNotFound) {
		return false, err
	}
	if len(rec.Hashes) == 0 || u.Status != Active {
		return false, d.hasher.pretend(ctx, plainRecovery(code))
	}
	first, err := parsePHC(rec.Hashes[0])
	if err != nil {
		return false, err
	}
	sum, err := d.hasher.derive(ctx, first.params, plainRecovery(code), first.salt)
	if err != nil {
		return false, err
	}
	want, match := phc{first.params, first.salt, sum}.String(), -1
	for i, h := range rec.Hashes {
		if subtle.ConstantTimeCompare([]byte(h), []byte(want)) == 1 {
			match = i
		}
	}
	if match < 0 {
		return false, nil
	}
	rec.Hashes = append(rec.Hashes[:match:match], rec.Hashes[match+1:]...)
	return true, d.write(bucketRecovery, userID, rec, time.Time{})
}
