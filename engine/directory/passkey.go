package directory

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/authflow-studio/authflow/engine/store"
)

// This file keeps passkeys: the public half of each, and the random handle by
// which authenticators know a person.

// FactorPasskey is the kind of a passkey or security key.
const FactorPasskey = "webauthn"

const (
	bucketPasskeys       = "user_passkey"    // user id/hash of the credential id
	bucketPasskeyIDs     = "passkey_id"      // hash of the credential id → user id
	bucketPasskeyHandles = "passkey_handle"  // user id → handle
	bucketPasskeyUsers   = "passkey_user"    // handle → user id
	bucketCeremonies     = "passkey_pending" // see ceremony.go
)

// maxPasskeys is how many a person may have; more is a mistake or an attack.
const maxPasskeys = 20

// Passkey is a passkey as everyone may see it.
type Passkey struct {
	// ID is the credential id, base64url.
	ID       string `json:"id"`
	FactorID string `json:"factor_id"`
	Name     string `json:"name,omitempty"`
	// RPID is the host name that it is bound to.
	RPID       string   `json:"rp_id"`
	SignCount  uint32   `json:"sign_count"`
	Transports []string `json:"transports,omitempty"`
	// Discoverable says that it can sign in without a name; nil when the
	// browser did not tell.
	Discoverable *bool `json:"discoverable,omitempty"`
	// BackupEligible and BackedUp tell a passkey that is synced from one that
	// never leaves its device.
	BackupEligible bool      `json:"backup_eligible,omitempty"`
	BackedUp       bool      `json:"backed_up,omitempty"`
	Created        time.Time `json:"created"`
	LastUsed       time.Time `json:"last_used,omitzero"`
}

// passkeyRecord is a passkey as it is stored.
type passkeyRecord struct {
	Passkey
	UserID    string `json:"user_id"`
	PublicKey []byte `json:"public_key"` // COSE
}

var passkeyEncoding = base64.RawURLEncoding

func passkeyKey(userID, id string) string { return userID + "/" + hashOf(id) }

// Passkeys answers the passkeys of a user, those of one host name or ("") all.
func (d *Directory) Passkeys(ctx context.Context, userID, rpID string) ([]Passkey, error) {
	entries, err := d.w.List(ctx, bucketPasskeys, userID+"/", "", 0)
	if err != nil {
		return nil, fmt.Errorf("directory: %w", err)
	}
	var keys []Passkey
	for _, e := range entries {
		var rec passkeyRecord
		if err := parse(e, &rec); err != nil {
			return nil, err
		}
		if rpID == "" || rec.RPID == rpID {
			keys = append(keys, rec.Passkey)
		}
	}
	return keys, nil
}

// findPasskey answers the stored passkey of a credential id, or ErrNotFound.
func (d *Directory) findPasskey(ctx context.Context, id string) (passkeyRecord, error) {
	var rec passkeyRecord
	e, err := d.w.Get(ctx, bucketPasskeyIDs, hashOf(id))
	if err == nil {
		err = d.read(ctx, bucketPasskeys, passkeyKey(string(e.Value), id), &rec)
	}
	if errors.Is(err, store.ErrNotFound) {
		return rec, ErrNotFound
	}
	return rec, err
}

// addPasskey keeps a new passkey and names it among the person's factors.
func (d *Directory) addPasskey(ctx context.Context, rec passkeyRecord) error {
	rec.FactorID, rec.Created = d.newID("fac_"), d.clock.Now().UTC()
	_, err := d.Update(ctx, rec.UserID, func(u *User) error {
		u.Factors = append(u.Factors, Factor{ID: rec.FactorID, Kind: FactorPasskey, Label: rec.Name, Created: rec.Created})
		return nil
	})
	if err != nil {
		return err
	}
	d.w.Create(bucketPasskeyIDs, hashOf(rec.ID), []byte(rec.UserID), time.Time{})
	return d.write(bucketPasskeys, passkeyKey(rec.UserID, rec.ID), rec, time.Time{})
}

// RemovePasskey takes a passkey away; one that is not there is no error.
func (d *Directory) RemovePasskey(ctx context.Context, userID, id string) error {
	rec, err := d.findPasskey(ctx, id)
	if errors.Is(err, ErrNotFound) || err == nil && rec.UserID != userID {
		return nil
	}
	if err != nil {
		return err
	}
	d.dropPasskey(rec.Passkey, userID)
	_, err = d.Update(ctx, userID, func(u *User) error {
		u.Factors = withoutFactor(u.Factors, rec.FactorID)
		return nil
	})
	return err
}

func (d *Directory) dropPasskey(p Passkey, userID string) {
	d.w.Delete(bucketPasskeyIDs, hashOf(p.ID))
	d.w.Delete(bucketPasskeys, passkeyKey(userID, p.ID))
}

func withoutFactor(factors []Factor, id string) []Factor {
	var rest []Factor
	for _, f := range factors {
		if f.ID != id {
			rest = append(rest, f)
		}
	}
	return rest
}

// passkeyHandle answers the random name by which authenticators know a person:
// the id in clear would tell whoever holds the authenticator.
func (d *Directory) passkeyHandle(ctx context.Context, userID string) (string, error) {
	e, err := d.w.Get(ctx, bucketPasskeyHandles, userID)
	if err == nil {
		return string(e.Value), nil
	}
	if !errors.Is(err, store.ErrNotFound) {
		return "", fmt.Errorf("directory: %w", err)
	}
	handle := passkeyEncoding.EncodeToString(d.random(32))
	d.w.Create(bucketPasskeyHandles, userID, []byte(handle), time.Time{})
	d.w.Create(bucketPasskeyUsers, handle, []byte(userID), time.Time{})
	return handle, nil
}

// forgetPasskeys removes everything of a user that is deleted.
func (d *Directory) forgetPasskeys(ctx context.Context, userID string) error {
	keys, err := d.Passkeys(ctx, userID, "")
	if err != nil {
		return err
	}
	for _, p := range keys {
		d.dropPasskey(p, userID)
	}
	e, err := d.w.Get(ctx, bucketPasskeyHandles, userID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("directory: %w", err)
	}
	d.w.Delete(bucketPasskeyUsers, string(e.Value))
	d.w.Delete(bucketPasskeyHandles, userID)
	return nil
}
