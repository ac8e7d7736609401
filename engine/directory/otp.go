package directory

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/authflow-studio/authflow/engine/store"
)

// This file makes and checks one-time codes that were sent to somebody.

// OTPSpec says what a code is for.
type OTPSpec struct {
	UserID  string `json:"user_id,omitempty"`
	Purpose string `json:"purpose,omitempty"`
	Channel string `json:"channel,omitempty"` // email or sms
	To      string `json:"to,omitempty"`
	// Length in digits (6), TTL (5 minutes) and MaxAttempts (5) have defaults.
	Length      int           `json:"length"`
	TTL         time.Duration `json:"ttl"`
	MaxAttempts int           `json:"max_attempts"`
}

// OTPResult says how a check ended.
type OTPResult string

// A used or unknown code is OTPFailed: nothing tells them from a wrong one.
const (
	OTPOK        OTPResult = "ok"
	OTPFailed    OTPResult = "failed"
	OTPExpired   OTPResult = "expired"
	OTPExhausted OTPResult = "exhausted"
)

// OTPCheck is the answer to a check. Spec is known unless the id is not.
type OTPCheck struct {
	Result       OTPResult
	AttemptsLeft int
	Spec         OTPSpec
}

type otpRecord struct {
	Spec     OTPSpec   `json:"spec"`
	Salt     []byte    `json:"salt"`
	MAC      []byte    `json:"mac"`
	Attempts int       `json:"attempts"`
	Expires  time.Time `json:"expires"`
}

const (
	minOTP, maxOTP = 4, 12
	// otpMemory is how long past its life a code can still be told to have
	// expired, which is kinder than "wrong".
	otpMemory = 24 * time.Hour
)

// CreateOTP makes a code. Only a keyed hash of it is stored.
func (d *Directory) CreateOTP(_ context.Context, spec OTPSpec) (id, code string, err error) {
	spec = spec.withDefaults()
	if spec.Length < minOTP || spec.Length > maxOTP || spec.TTL < 0 || spec.MaxAttempts < 0 {
		return "", "", fmt.Errorf("directory: a code of %d digits for %v with %d attempts cannot be made", spec.Length, spec.TTL, spec.MaxAttempts)
	}
	id, code = d.newID("otp_"), d.digits(spec.Length)
	rec := otpRecord{Spec: spec, Salt: d.random(32), Expires: d.clock.Now().Add(spec.TTL).UTC()}
	rec.MAC = rec.mac(code)
	return id, code, d.write(bucketOTP, id, rec, rec.Expires.Add(otpMemory))
}

func (s OTPSpec) withDefaults() OTPSpec {
	if s.Length == 0 {
		s.Length = 6
	}
	if s.TTL == 0 {
		s.TTL = 5 * time.Minute
	}
	if s.MaxAttempts == 0 {
		s.MaxAttempts = 5
	}
	return s
}

// digits draws a number evenly: 64 spare bits leave no digit measurably
// likelier than another.
func (d *Directory) digits(n int) string {
	limit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
	v := new(big.Int).SetBytes(d.random(16))
	return fmt.Sprintf("%0*s", n, v.Mod(v, limit).String())
}

func (r otpRecord) mac(code string) []byte {
	h := hmac.New(sha256.New, r.Salt)
	h.Write([]byte(code))
	return h.Sum(nil)
}

// VerifyOTP checks a code and uses it up: a right one works once, a wrong one
// costs an attempt.
func (d *Directory) VerifyOTP(ctx context.Context, id, code string) (OTPCheck, error) {
	if id == "" {
		return OTPCheck{Result: OTPFailed}, nil
	}
	var rec otpRecord
	err := d.read(ctx, bucketOTP, id, &rec)
	if errors.Is(err, store.ErrNotFound) {
		return OTPCheck{Result: OTPFailed}, nil
	}
	if err != nil {
		return OTPCheck{Result: OTPFailed}, err
	}
	left := rec.Spec.MaxAttempts - rec.Attempts
	if left <= 0 {
		return OTPCheck{OTPExhausted, 0, rec.Spec}, nil
	}
	if !d.clock.Now().Before(rec.Expires) {
		return OTPCheck{OTPExpired, left, rec.Spec}, nil
	}
	if hmac.Equal(rec.mac(digitsOf(code)), rec.MAC) {
		d.w.Delete(bucketOTP, id)
		return OTPCheck{OTPOK, left, rec.Spec}, nil
	}
	rec.Attempts++
	check := OTPCheck{OTPFailed, left - 1, rec.Spec}
	if check.AttemptsLeft == 0 {
		check.Result = OTPExhausted
	}
	return check, d.write(bucketOTP, id, rec, rec.Expires.Add(otpMemory))
}

// digitsOf takes out what people type between digits, and knows the wide digits
// of eastern keyboards.
func digitsOf(code string) string {
	if len(code) > 64 {
		return ""
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' {
			return -1
		}
		return r
	}, norm.NFKC.String(code))
}
