package directory

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/authflow-studio/authflow/engine/store"
)

// This file remembers devices: each by a secret of its own, which may spare a
// second factor where the flow says so, and never signs anybody in.

// DeviceLife is how long a device is remembered unless said otherwise; browsers
// keep no cookie for longer.
const DeviceLife = 400 * 24 * time.Hour

// Device is a remembered device. LastSeen, IP and Country are of its last
// sign-in.
type Device struct {
	ID        string    `json:"id"`
	Label     string    `json:"label,omitempty"`
	UserAgent string    `json:"user_agent,omitempty"`
	IP        string    `json:"ip,omitempty"`
	Country   string    `json:"country,omitempty"`
	Created   time.Time `json:"created"`
	LastSeen  time.Time `json:"last_seen"`
	Expires   time.Time `json:"expires"`
	// Trusted is when its person last asked to be spared the second factor
	// there; zero for never.
	Trusted time.Time `json:"trusted,omitzero"`
}

// deviceRecord is a device as it is stored: with the hash of its secret, by
// which that is ended.
type deviceRecord struct {
	Device
	Key string `json:"key"`
}

func deviceKey(userID, deviceID string) string { return userID + "/" + deviceID }

// RememberDevice remembers a device and answers its secret (256 random bits) for
// its cookie; only the hash is stored. Without Expires it is DeviceLife.
func (d *Directory) RememberDevice(ctx context.Context, userID string, dev Device) (string, Device, error) {
	if _, err := d.Get(ctx, userID); err != nil {
		return "", Device{}, err
	}
	secret := base64.RawURLEncoding.EncodeToString(d.random(32))
	now := d.clock.Now().UTC()
	dev.ID, dev.Created, dev.LastSeen = d.newID("dev_"), now, now
	if dev.Expires.IsZero() {
		dev.Expires = now.Add(DeviceLife)
	}
	at, key := deviceKey(userID, dev.ID), hashOf(secret)
	d.w.Create(bucketDeviceSecrets, key, []byte(at), dev.Expires)
	return secret, dev, d.write(bucketDevices, at, deviceRecord{dev, key}, dev.Expires)
}

// KnownDevice answers the device of that secret, if it is this user's.
func (d *Directory) KnownDevice(ctx context.Context, userID, secret string) (Device, bool, error) {
	if userID == "" || secret == "" {
		return Device{}, false, nil
	}
	at, err := d.w.Get(ctx, bucketDeviceSecrets, hashOf(secret))
	var e store.Entry
	if err == nil {
		e, err = d.w.Get(ctx, bucketDevices, string(at.Value))
	}
	if errors.Is(err, store.ErrNotFound) || (err == nil && !strings.HasPrefix(e.ID, userID+"/")) {
		return Device{}, false, nil
	}
	if err != nil {
		return Device{}, false, err
	}
	dev, err := d.device(ctx, e)
	return dev, err == nil, err
}

// device answers a stored device with its last sign-in.
func (d *Directory) device(ctx context.Context, e store.Entry) (Device, error) {
	var rec deviceRecord
	if err := parse(e, &rec); err != nil {
		return Device{}, err
	}
	s, err := d.signIn(ctx, e.ID)
	if err != nil {
		return Device{}, err
	}
	if s.At.After(rec.LastSeen) {
		rec.LastSeen, rec.IP, rec.Country = s.At, s.IP, s.Country
	}
	return rec.Device, nil
}

// TrustDevice notes that its person wants to be spared the second factor there,
// from now on.
func (d *Directory) TrustDevice(ctx context.Context, userID, id string) error {
	return d.setTrust(ctx, deviceKey(userID, id), d.clock.Now().UTC())
}

// DistrustDevices ends that for all devices of a user, as when a factor has
// changed.
func (d *Directory) DistrustDevices(ctx context.Context, userID string) error {
	devices, err := d.Devices(ctx, userID)
	if err != nil {
		return err
	}
	for _, dev := range devices {
		if dev.Trusted.IsZero() {
			continue
		}
		if err := d.setTrust(ctx, deviceKey(userID, dev.ID), time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

func (d *Directory) setTrust(ctx context.Context, at string, since time.Time) error {
	var rec deviceRecord
	if err := d.read(ctx, bucketDevices, at, &rec); err != nil {
		return fmt.Errorf("directory: a device cannot be trusted: %w", err)
	}
	rec.Trusted = since
	return d.write(bucketDevices, at, rec, rec.Expires)
}

// Devices answers the remembered devices of a user.
func (d *Directory) Devices(ctx context.Context, userID string) ([]Device, error) {
	entries, err := d.w.List(ctx, bucketDevices, userID+"/", "", 0)
	if err != nil {
		return nil, err
	}
	devices := make([]Device, len(entries))
	for i, e := range entries {
		if devices[i], err = d.device(ctx, e); err != nil {
			return nil, err
		}
	}
	return devices, nil
}

// ForgetDevice ends a device's secret; one that is not there is no error.
func (d *Directory) ForgetDevice(ctx context.Context, userID, id string) error {
	var rec deviceRecord
	at := deviceKey(userID, id)
	err := d.read(ctx, bucketDevices, at, &rec)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	d.w.Delete(bucketDevices, at)
	d.w.Delete(bucketSignIns, at)
	d.w.Delete(bucketDeviceSecrets, rec.Key)
	return nil
}
