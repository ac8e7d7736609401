package directory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/authflow-studio/authflow/engine/store"
)

// This file keeps users.

// Status says whether an account may be used.
type Status string

// A deactivated account proves nothing and keeps its data.
const (
	Active      Status = "active"
	Deactivated Status = "deactivated"
)

// User is a person as everyone may see them: no secret is ever part of it.
type User struct {
	ID            string         `json:"id"`
	Email         string         `json:"email,omitempty"`
	Username      string         `json:"username,omitempty"`
	Phone         string         `json:"phone,omitempty"`
	Name          string         `json:"name,omitempty"`
	EmailVerified bool           `json:"email_verified,omitempty"`
	PhoneVerified bool           `json:"phone_verified,omitempty"`
	Status        Status         `json:"status"`
	AppMetadata   map[string]any `json:"app_metadata,omitempty"`
	UserMetadata  map[string]any `json:"user_metadata,omitempty"`
	Factors       []Factor       `json:"factors,omitempty"`
	Created       time.Time      `json:"created"`
	Updated       time.Time      `json:"updated"`
	LastSignIn    SignIn         `json:"last_sign_in,omitzero"`
}

// Factor is an enrolled second factor, by name.
type Factor struct {
	ID      string    `json:"id"`
	Kind    string    `json:"kind"` // totp, …
	Label   string    `json:"label,omitempty"`
	Created time.Time `json:"created"`
}

// HasFactor reports whether a factor of that kind is enrolled.
func (u User) HasFactor(kind string) bool {
	for _, f := range u.Factors {
		if f.Kind == kind {
			return true
		}
	}
	return false
}

// userID keeps ids free of what separates the parts of the store's keys.
var userID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$`)

// Create adds a user. Without an ID one is drawn; the status is active unless
// given. An identifier of somebody else answers a TakenError, here or at the
// commit (see AsTaken).
func (d *Directory) Create(ctx context.Context, u User) (User, error) {
	if u.ID == "" {
		u.ID = d.newID("usr_")
	}
	if !userID.MatchString(u.ID) {
		return User{}, &InvalidError{"id", "may hold letters, digits and _ . : - only"}
	}
	if u.Status == "" {
		u.Status = Active
	}
	if _, err := d.w.Get(ctx, bucketUsers, u.ID); err == nil {
		return User{}, &TakenError{"id"}
	} else if !errors.Is(err, store.ErrNotFound) {
		return User{}, err
	}
	if err := d.reindex(ctx, User{}, &u); err != nil {
		return User{}, err
	}
	u.Created = d.clock.Now().UTC()
	u.Updated = u.Created
	raw, err := encodeUser(u)
	if err != nil {
		return User{}, err
	}
	d.w.Create(bucketUsers, u.ID, raw, time.Time{})
	return u, nil
}

func encodeUser(u User) ([]byte, error) {
	if u.Status != Active && u.Status != Deactivated {
		return nil, &InvalidError{"status", "is active or deactivated"}
	}
	u.LastSignIn = SignIn{} // kept apart; see signin.go
	raw, err := json.Marshal(u)
	if err != nil {
		return nil, fmt.Errorf("directory: user %s cannot be written: %w", u.ID, err)
	}
	return raw, nil
}

// Get answers a user, or ErrNotFound.
func (d *Directory) Get(ctx context.Context, id string) (User, error) {
	if id == "" {
		return User{}, ErrNotFound
	}
	e, err := d.w.Get(ctx, bucketUsers, id)
	if errors.Is(err, store.ErrNotFound) {
		return User{}, ErrNotFound
	}
	if err != nil {
		return User{}, err
	}
	return d.user(ctx, e)
}

func (d *Directory) user(ctx context.Context, e store.Entry) (User, error) {
	var u User
	if err := parse(e, &u); err != nil {
		return User{}, err
	}
	var err error
	u.LastSignIn, err = d.signIn(ctx, u.ID)
	return u, err
}

// Update changes a user as change says. ID and Created stay as they are; an
// address that changes is no longer verified.
func (d *Directory) Update(ctx context.Context, id string, change func(*User) error) (User, error) {
	before, err := d.Get(ctx, id)
	if err != nil {
		return User{}, err
	}
	u, err := d.Get(ctx, id) // a copy that shares no maps with before
	if err != nil {
		return User{}, err
	}
	if err := change(&u); err != nil {
		return User{}, err
	}
	u.ID, u.Created, u.Updated = before.ID, before.Created, d.clock.Now().UTC()
	if err := d.reindex(ctx, before, &u); err != nil {
		return User{}, err
	}
	u.EmailVerified = u.EmailVerified && sameIdentifier(kindEmail, before.Email, u.Email)
	u.PhoneVerified = u.PhoneVerified && sameIdentifier(kindPhone, before.Phone, u.Phone)
	raw, err := encodeUser(u)
	if err != nil {
		return User{}, err
	}
	d.w.Put(bucketUsers, u.ID, raw, time.Time{})
	return u, nil
}

// Delete removes a user with every credential, factor and device. Ending their
// sessions is up to the caller, who knows that room.
func (d *Directory) Delete(ctx context.Context, id string) error {
	u, err := d.Get(ctx, id)
	if err != nil {
		return err
	}
	if err := d.reindex(ctx, u, &User{ID: id}); err != nil {
		return err
	}
	devices, err := d.Devices(ctx, id)
	if err != nil {
		return err
	}
	for _, dev := range devices {
		if err := d.ForgetDevice(ctx, id, dev.ID); err != nil {
			return err
		}
	}
	if err := d.forgetPasskeys(ctx, id); err != nil {
		return err
	}
	if err := d.forgetLinks(ctx, id); err != nil {
		return err
	}
	for _, bucket := range []string{bucketUsers, bucketPasswords, bucketTOTP, bucketRecovery, bucketSignIns} {
		d.w.Delete(bucket, id)
	}
	return nil
}

// List answers at most limit users (0: all) whose id comes after after.
func (d *Directory) List(ctx context.Context, after string, limit int) ([]User, error) {
	entries, err := d.w.List(ctx, bucketUsers, "", after, limit)
	if err != nil {
		return nil, err
	}
	users := make([]User, len(entries))
	for i, e := range entries {
		if users[i], err = d.user(ctx, e); err != nil {
			return nil, err
		}
	}
	return users, nil
}
