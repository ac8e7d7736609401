package directory

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/authflow-studio/authflow/engine/store"
)

// This file enrols an authenticator app in two steps: a secret is shown, and
// counts only after a code made with it has come back.

const bucketTOTPPending = "totp_pending"

// pendingLife is how long a person may take to scan and type.
const pendingLife = 15 * time.Minute

// PendingTOTP is an authenticator app that is not enrolled yet.
type PendingTOTP struct {
	UserID string `json:"user_id"`
	Secret string `json:"secret"`
	// URI is what its QR code holds.
	URI string `json:"uri"`
}

// BeginTOTP draws a secret for a user and answers the id under which it waits
// to be confirmed.
func (d *Directory) BeginTOTP(ctx context.Context, userID, issuer string) (string, error) {
	u, err := d.Get(ctx, userID)
	if err != nil {
		return "", err
	}
	p := PendingTOTP{UserID: userID, Secret: totpEncoding.EncodeToString(d.random(totpSecretSize))}
	p.URI = otpauth(issuer, accountName(u), p.Secret)
	id := d.newID("pen_")
	return id, d.write(bucketTOTPPending, id, p, d.clock.Now().Add(pendingLife))
}

// ReadPendingTOTP answers what a person is to be shown, or ErrNotFound when the
// time is over.
func ReadPendingTOTP(ctx context.Context, r store.Reader, id string) (PendingTOTP, error) {
	e, err := r.Get(ctx, bucketTOTPPending, id)
	if errors.Is(err, store.ErrNotFound) {
		return PendingTOTP{}, ErrNotFound
	}
	if err != nil {
		return PendingTOTP{}, fmt.Errorf("directory: %w", err)
	}
	var p PendingTOTP
	return p, parse(e, &p)
}

// ConfirmTOTP enrols the app when the code fits. The code is used up by it.
func (d *Directory) ConfirmTOTP(ctx context.Context, id, userID, code string) (bool, error) {
	p, err := ReadPendingTOTP(ctx, d.w, id)
	if errors.Is(err, ErrNotFound) || err == nil && p.UserID != userID {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	step, err := matchingStep(totpRecord{Secret: p.Secret}, digitsOf(code), d.clock.Now())
	if err != nil || step == 0 {
		return false, err
	}
	if _, _, err := d.EnrollTOTP(ctx, userID, "", p.Secret); err != nil {
		return false, err
	}
	var rec totpRecord
	if err := d.read(ctx, bucketTOTP, userID, &rec); err != nil {
		return false, err
	}
	rec.LastStep = step
	d.w.Delete(bucketTOTPPending, id)
	return true, d.write(bucketTOTP, userID, rec, time.Time{})
}
