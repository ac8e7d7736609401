package directory

import (
	"context"
	"crypto/subtle"
	"encoding/base32"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp/hotp"

	"github.com/authflow-studio/authflow/engine/store"
)

// This file keeps and checks time-based codes (RFC 6238): six digits, thirty
// seconds, SHA-1, as every authenticator app has them.

// FactorTOTP is the kind of an authenticator app.
const FactorTOTP = "totp"

const (
	totpStep       = 30 // seconds
	totpSecretSize = 20 // bytes, as RFC 4226 recommends
)

var totpEncoding = base32.StdEncoding.WithPadding(base32.NoPadding)

type totpRecord struct {
	FactorID string `json:"factor_id"`
	Secret   string `json:"secret"`
	LastStep int64  `json:"last_step"` // the step of the last accepted code
}

// EnrollTOTP gives a user an authenticator app, in place of an earlier one, and
// answers the secret and the address that its QR code holds. Without a secret
// (base32) one is drawn.
func (d *Directory) EnrollTOTP(ctx context.Context, userID, issuer, secret string) (string, string, error) {
	raw := d.random(totpSecretSize)
	if secret != "" {
		var err error
		clean := strings.ToUpper(strings.TrimRight(strings.ReplaceAll(secret, " ", ""), "="))
		if raw, err = totpEncoding.DecodeString(clean); err != nil || len(raw) < 10 {
			return "", "", &InvalidError{"totp secret", "is not base32 of at least 10 bytes"}
		}
	}
	rec := totpRecord{FactorID: d.newID("fac_"), Secret: totpEncoding.EncodeToString(raw)}
	u, err := d.Update(ctx, userID, func(u *User) error {
		u.Factors = append(without(u.Factors, FactorTOTP), Factor{
			ID: rec.FactorID, Kind: FactorTOTP, Label: "Authenticator app", Created: d.clock.Now().UTC(),
		})
		return nil
	})
	if err != nil {
		return "", "", err
	}
	return rec.Secret, otpauth(issuer, accountName(u), rec.Secret), d.write(bucketTOTP, userID, rec, time.Time{})
}

// otpauth answers the address that authenticator apps read from a QR code. The
// library's own leaves & in names as it is, which breaks the address.
func otpauth(issuer, account, secret string) string {
	escape := func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
	label := escape(account)
	query := "secret=" + secret + "&algorithm=SHA1&digits=6&period=30"
	if issuer != "" {
		label, query = escape(issuer)+":"+label, query+"&issuer="+escape(issuer)
	}
	return "otpauth://totp/" + label + "?" + query
}

// RemoveTOTP takes the authenticator app away.
func (d *Directory) RemoveTOTP(ctx context.Context, userID string) error {
	d.w.Delete(bucketTOTP, userID)
	_, err := d.Update(ctx, userID, func(u *User) error {
		u.Factors = without(u.Factors, FactorTOTP)
		return nil
	})
	return err
}

func without(factors []Factor, kind string) []Factor {
	var rest []Factor
	for _, f := range factors {
		if f.Kind != kind {
			rest = append(rest, f)
		}
	}
	return rest
}

func accountName(u User) string {
	for _, name := range []string{u.Email, u.Username, u.Phone} {
		if name != "" {
			return name
		}
	}
	return u.ID
}

// VerifyTOTP checks a code, one step early or late. A code, or one older than
// it, is never accepted again: when two use it at once, one commit is refused.
func (d *Directory) VerifyTOTP(ctx context.Context, userID, code string) (bool, error) {
	u, err := d.Get(ctx, userID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return false, err
	}
	var rec totpRecord
	if u.ID != "" {
		err = d.read(ctx, bucketTOTP, userID, &rec)
	}
	if err != nil && !errors.Is(err, ErrNotFound) && !errors.Is(err, store.ErrNotFound) {
		return false, err
	}
	known := err == nil
	if !known { // the same work for who has none
		rec.Secret = totpEncoding.EncodeToString(make([]byte, totpSecretSize))
	}
	step, err := matchingStep(rec, digitsOf(code), d.clock.Now())
	if err != nil || step == 0 || !known || u.Status != Active {
		return false, err
	}
	rec.LastStep = step
	return true, d.write(bucketTOTP, userID, rec, time.Time{})
}

// matchingStep answers the latest fresh step with that code, or 0. It compares
// all of them, so that its time does not tell which.
func matchingStep(rec totpRecord, code string, now time.Time) (int64, error) {
	current, match := now.Unix()/totpStep, int64(0)
	for step := max(current-1, 0); step <= current+1; step++ {
		want, err := hotp.GenerateCode(rec.Secret, uint64(step))
		if err != nil {
			return 0, fmt.Errorf("directory: a stored authenticator secret is not readable: %w", err)
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && step > rec.LastStep {
			match = step
		}
	}
	return match, nil
}

// AppCode answers the code that a person's authenticator app shows now, and when
// it changes. It is for harnesses, which show their testers what no server shows
// to anybody.
func (d *Directory) AppCode(ctx context.Context, userID string) (code string, until time.Time, err error) {
	var rec totpRecord
	if err := d.read(ctx, bucketTOTP, userID, &rec); err != nil {
		return "", time.Time{}, err
	}
	step := d.clock.Now().Unix() / totpStep
	code, err = hotp.GenerateCode(rec.Secret, uint64(step)) // #nosec G115 -- the clock is after 1970
	return code, time.Unix((step+1)*totpStep, 0), err
}
