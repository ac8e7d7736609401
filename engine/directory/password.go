package directory

import (
	"context"
	"errors"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/authflow-studio/authflow/engine/store"
)

// This file keeps and checks passwords.

// maxPassword is far above any real one; it bounds what an attacker can make
// the hash read.
const maxPassword = 4096

// PasswordResult says how a check ended, for the record. A person is only ever
// told whether it was right.
type PasswordResult string

// All but PasswordRight are refusals.
const (
	PasswordRight       PasswordResult = "ok"
	PasswordWrong       PasswordResult = "wrong"
	PasswordUnknownUser PasswordResult = "unknown_user"
	PasswordNotSet      PasswordResult = "no_password"
	PasswordDeactivated PasswordResult = "deactivated"
)

// SetPassword gives a user a password. What makes a good one is for a policy to
// say; here it must only be there and not be absurdly long.
func (d *Directory) SetPassword(ctx context.Context, userID, password string) error {
	if _, err := d.Get(ctx, userID); err != nil {
		return err
	}
	if password == "" || len(password) > maxPassword {
		return &InvalidError{"password", "must have 1 to 4096 bytes"}
	}
	encoded, err := d.hasher.hash(ctx, typed(password), d.random(saltBytes))
	if err != nil {
		return err
	}
	d.w.Put(bucketPasswords, userID, []byte(encoded), time.Time{})
	return nil
}

// HasPassword reports whether the user has one.
func (d *Directory) HasPassword(ctx context.Context, userID string) (bool, error) {
	if userID == "" {
		return false, nil
	}
	_, err := d.w.Get(ctx, bucketPasswords, userID)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// VerifyPassword checks a password. Nobody ("" or unknown), no password and a
// deactivated account take the time of one hash like everybody else. A right
// password whose hash has other costs than today's is hashed anew.
func (d *Directory) VerifyPassword(ctx context.Context, userID, password string) (PasswordResult, error) {
	if len(password) > maxPassword {
		password = ""
	}
	password = typed(password)
	u, err := d.Get(ctx, userID)
	if errors.Is(err, ErrNotFound) {
		return PasswordUnknownUser, d.hasher.pretend(ctx, password)
	}
	if err != nil {
		return PasswordWrong, err
	}
	e, err := d.w.Get(ctx, bucketPasswords, userID)
	if errors.Is(err, store.ErrNotFound) {
		return PasswordNotSet, d.hasher.pretend(ctx, password)
	}
	if err != nil {
		return PasswordWrong, err
	}
	ok, stale, err := d.hasher.verify(ctx, string(e.Value), password)
	switch {
	case err != nil || !ok:
		return PasswordWrong, err
	case u.Status != Active:
		return PasswordDeactivated, nil
	case stale:
		return PasswordRight, d.SetPassword(ctx, userID, password)
	}
	return PasswordRight, nil
}

// typed makes one password of what different keyboards send for it.
func typed(password string) string { return norm.NFC.String(password) }
