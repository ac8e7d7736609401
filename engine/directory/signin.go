package directory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/authflow-studio/authflow/engine/store"
)

// This file remembers last sign-ins, apart from users and devices: two sign-ins
// of one person at the same moment must not refuse each other.

// SignIn is where and with what somebody last came in.
type SignIn struct {
	At       time.Time `json:"at"`
	IP       string    `json:"ip,omitempty"`
	Country  string    `json:"country,omitempty"`
	Lat      float64   `json:"lat,omitempty"`
	Lon      float64   `json:"lon,omitempty"`
	DeviceID string    `json:"device_id,omitempty"`
}

// RecordSignIn notes a successful sign-in of a user, and of their device where
// one is named; without a time it is now.
func (d *Directory) RecordSignIn(_ context.Context, userID string, s SignIn) error {
	if s.At.IsZero() {
		s.At = d.clock.Now().UTC()
	}
	raw, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("directory: a sign-in of %s cannot be written: %w", userID, err)
	}
	d.w.Overwrite(bucketSignIns, userID, raw, time.Time{})
	if s.DeviceID != "" {
		d.w.Overwrite(bucketSignIns, deviceKey(userID, s.DeviceID), raw, s.At.Add(DeviceLife))
	}
	return nil
}

// signIn answers the last sign-in kept under id, if any.
func (d *Directory) signIn(ctx context.Context, id string) (SignIn, error) {
	var s SignIn
	err := d.read(ctx, bucketSignIns, id, &s)
	if errors.Is(err, store.ErrNotFound) {
		return SignIn{}, nil
	}
	return s, err
}
