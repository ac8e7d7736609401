package directory_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/store"
)

func (h *house) withPassword(u directory.User, password string) directory.User {
	h.t.Helper()
	u = h.create(u)
	h.do(func(d *directory.Directory) error { return d.SetPassword(context.Background(), u.ID, password) })
	return u
}

func (h *house) password(userID, password string, want directory.PasswordResult) {
	h.t.Helper()
	h.do(func(d *directory.Directory) error {
		got, err := d.VerifyPassword(context.Background(), userID, password)
		if got != want {
			h.t.Errorf("%q is %s for %q, want %s", password, got, userID, want)
		}
		return err
	})
}

func TestPasswords(t *testing.T) {
	h := newHouse(t)
	u := h.withPassword(directory.User{Username: "ada"}, "pässword")
	bare := h.create(directory.User{Username: "bare"})
	h.password(u.ID, "pässword", directory.PasswordRight)
	h.password(u.ID, "pa\u0308ssword", directory.PasswordRight) // the same letters from another keyboard
	h.password(u.ID, "passworD", directory.PasswordWrong)
	h.password(u.ID, "", directory.PasswordWrong)
	h.password(u.ID, strings.Repeat("x", 5000), directory.PasswordWrong)
	h.password("", "pässword", directory.PasswordUnknownUser)
	h.password("usr_nobody", "pässword", directory.PasswordUnknownUser)
	h.password(bare.ID, "pässword", directory.PasswordNotSet)
	h.do(func(d *directory.Directory) error {
		has, err := d.HasPassword(t.Context(), u.ID)
		none, err2 := d.HasPassword(t.Context(), bare.ID)
		if !has || none {
			t.Error("HasPassword is wrong")
		}
		return errors.Join(err, err2)
	})
	h.do(func(d *directory.Directory) error {
		_, err := d.Update(t.Context(), u.ID, func(u *directory.User) error { u.Status = directory.Deactivated; return nil })
		return err
	})
	h.password(u.ID, "pässword", directory.PasswordDeactivated)
	h.password(u.ID, "wrong", directory.PasswordWrong)
	for _, bad := range []string{"", strings.Repeat("x", 5000)} {
		if err := h.try(func(d *directory.Directory) error { return d.SetPassword(t.Context(), u.ID, bad) }); err == nil {
			t.Errorf("a password of %d bytes is accepted", len(bad))
		}
	}
	if err := h.try(func(d *directory.Directory) error { return d.SetPassword(t.Context(), "usr_nobody", "x") }); !errors.Is(err, directory.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestPasswordsAreHashedAnewWhenTheCostsChange(t *testing.T) {
	h := newHouse(t)
	u := h.withPassword(directory.User{Username: "ada"}, "secret")
	old := h.everything()
	h.password(u.ID, "secret", directory.PasswordRight)
	if h.everything() != old {
		t.Error("the hash was written although nothing changed")
	}
	h.hasher = directory.NewHasher(directory.Params{MemoryKiB: 128, Passes: 1, Lanes: 1}, 1)
	h.password(u.ID, "wrong", directory.PasswordWrong)
	if h.everything() != old {
		t.Error("a wrong password changed the hash")
	}
	h.password(u.ID, "secret", directory.PasswordRight)
	if now := h.everything(); !strings.Contains(now, "$argon2id$v=19$m=128,t=1,p=1$") || strings.Contains(now, "m=64") {
		t.Errorf("not hashed anew: %s", now)
	}
	h.password(u.ID, "secret", directory.PasswordRight)
}

func TestTOTP(t *testing.T) {
	h := newHouse(t)
	u := h.create(directory.User{Email: "ada@example.org"})
	var secret, uri string
	h.do(func(d *directory.Directory) (err error) {
		secret, uri, err = d.EnrollTOTP(t.Context(), u.ID, "Acme & Co", "")
		return err
	})
	parsed, err := url.Parse(uri)
	if err != nil || parsed.Scheme != "otpauth" || parsed.Host != "totp" || parsed.Query().Get("secret") != secret ||
		parsed.Query().Get("issuer") != "Acme & Co" || len(secret) != 32 {
		t.Fatalf("enrolled as %q, %v", uri, err)
	}
	code := func(offset time.Duration) string {
		c, err := totp.GenerateCode(secret, h.clock.Now().Add(offset))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	verify := func(code string, want bool) {
		t.Helper()
		h.do(func(d *directory.Directory) error {
			ok, err := d.VerifyTOTP(t.Context(), u.ID, code)
			if ok != want {
				t.Errorf("%q is %t, want %t", code, ok, want)
			}
			return err
		})
	}
	verify(code(-60*time.Second), false)
	verify(code(60*time.Second), false)
	verify(code(-30*time.Second), true)
	verify(code(-30*time.Second), false) // not twice
	now := code(0)
	verify(" "+now[:3]+" "+now[3:], true)
	verify(now, false)
	verify(code(-30*time.Second), false) // nor an older one
	verify(code(30*time.Second), true)
	h.clock.Advance(30 * time.Second)
	verify(code(0), false) // used ahead of its time
	h.clock.Advance(30 * time.Second)
	verify("", false)
	verify("00000", false)
	verify(code(0), true)
	h.clock.Advance(5 * time.Minute)
	// Two submit the same code at once: one commit wins.
	same := code(0)
	one, two := store.Begin(h.store), store.Begin(h.store)
	for _, tx := range []*store.Tx{one, two} {
		if ok, err := h.over(tx).VerifyTOTP(t.Context(), u.ID, same); !ok || err != nil {
			t.Fatal(ok, err)
		}
	}
	if err := one.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := two.Commit(t.Context()); !store.IsConflict(err) {
		t.Fatalf("one code was used twice: %v", err)
	}
}

func TestTOTPEnrolment(t *testing.T) {
	h := newHouse(t)
	u := h.create(directory.User{Username: "ada"})
	given := "JBSW Y3DP EHPK 3PXP jbswy3dpehpk3pxp"
	code, err := totp.GenerateCode("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", h.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	verify := func(id string) (ok bool) {
		h.do(func(d *directory.Directory) (err error) { ok, err = d.VerifyTOTP(t.Context(), id, code); return err })
		return ok
	}
	if verify(u.ID) || verify("") || verify("usr_nobody") {
		t.Error("who is not enrolled passes")
	}
	for range 2 { // enrolling again replaces
		h.do(func(d *directory.Directory) error {
			_, _, err := d.EnrollTOTP(t.Context(), u.ID, "Acme", given)
			return err
		})
	}
	h.do(func(d *directory.Directory) error {
		got, err := d.Get(t.Context(), u.ID)
		if len(got.Factors) != 1 || !got.HasFactor(directory.FactorTOTP) || got.Factors[0].ID == "" {
			t.Errorf("factors are %+v", got.Factors)
		}
		return err
	})
	deactivate := func(s directory.Status) {
		h.do(func(d *directory.Directory) error {
			_, err := d.Update(t.Context(), u.ID, func(u *directory.User) error { u.Status = s; return nil })
			return err
		})
	}
	deactivate(directory.Deactivated)
	if verify(u.ID) {
		t.Error("a deactivated user passes")
	}
	deactivate(directory.Active)
	if !verify(u.ID) {
		t.Error("the given secret does not work")
	}
	h.do(func(d *directory.Directory) error { return d.RemoveTOTP(t.Context(), u.ID) })
	h.clock.Advance(time.Hour)
	if code, err = totp.GenerateCode("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", h.clock.Now()); err != nil || verify(u.ID) {
		t.Error("a removed factor passes", err)
	}
	for _, bad := range []string{"no base32!", "AAAA"} {
		if err := h.try(func(d *directory.Directory) error {
			_, _, err := d.EnrollTOTP(t.Context(), u.ID, "Acme", bad)
			return err
		}); err == nil {
			t.Errorf("%q is accepted as a secret", bad)
		}
	}
}

func TestOneTimeCodes(t *testing.T) {
	h := newHouse(t)
	var id, code string
	create := func(spec directory.OTPSpec) {
		t.Helper()
		h.do(func(d *directory.Directory) (err error) { id, code, err = d.CreateOTP(t.Context(), spec); return err })
	}
	verify := func(code string, want directory.OTPResult, left int) {
		t.Helper()
		h.do(func(d *directory.Directory) error {
			got, err := d.VerifyOTP(t.Context(), id, code)
			if got.Result != want || got.AttemptsLeft != left {
				t.Errorf("%q answers %+v, want %s with %d left", code, got, want, left)
			}
			return err
		})
	}
	create(directory.OTPSpec{UserID: "u", Purpose: "mfa", Channel: "email", To: "ada@example.org"})
	if len(code) != 6 || strings.Trim(code, "0123456789") != "" || strings.Contains(h.everything(), `"`+code) {
		t.Fatalf("the code is %q; the store holds %s", code, h.everything())
	}
	verify("wrong", directory.OTPFailed, 4)
	h.do(func(d *directory.Directory) error {
		got, err := d.VerifyOTP(t.Context(), id, code[:3]+" "+code[3:])
		if got.Result != directory.OTPOK || got.Spec.To != "ada@example.org" || got.Spec.Purpose != "mfa" {
			t.Errorf("got %+v", got)
		}
		return err
	})
	verify(code, directory.OTPFailed, 0) // once

	create(directory.OTPSpec{Length: 8, MaxAttempts: 2})
	verify("1", directory.OTPFailed, 1)
	verify("2", directory.OTPExhausted, 0)
	verify(code, directory.OTPExhausted, 0)

	create(directory.OTPSpec{TTL: time.Minute})
	h.clock.Advance(time.Minute - 1)
	verify("1", directory.OTPFailed, 4)
	h.clock.Advance(1)
	verify(code, directory.OTPExpired, 4)
	h.clock.Advance(48 * time.Hour)
	verify(code, directory.OTPFailed, 0)

	create(directory.OTPSpec{})
	one, two := store.Begin(h.store), store.Begin(h.store)
	for _, tx := range []*store.Tx{one, two} {
		if got, err := h.over(tx).VerifyOTP(t.Context(), id, code); got.Result != directory.OTPOK || err != nil {
			t.Fatal(got, err)
		}
	}
	if err := one.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := two.Commit(t.Context()); !store.IsConflict(err) {
		t.Fatalf("one code was used twice: %v", err)
	}
	for _, bad := range []directory.OTPSpec{{Length: 3}, {Length: 13}, {TTL: -1}, {MaxAttempts: -1}} {
		if err := h.try(func(d *directory.Directory) error { _, _, err := d.CreateOTP(t.Context(), bad); return err }); err == nil {
			t.Errorf("%+v is accepted", bad)
		}
	}
}

func TestOneTimeCodesAreEven(t *testing.T) {
	h := newHouse(t)
	d := h.over(store.Begin(h.store))
	var digits [10]int
	const codes = 3000
	for range codes {
		_, code, err := d.CreateOTP(t.Context(), directory.OTPSpec{})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range code {
			digits[c-'0']++
		}
	}
	for digit, n := range digits {
		if n < codes*6/10*8/10 || n > codes*6/10*12/10 {
			t.Errorf("the digit %d comes %d times in %d", digit, n, codes*6)
		}
	}
}

func TestS3_RememberedDevices(t *testing.T) {
	h := newHouse(t)
	ada, bob := h.create(directory.User{Username: "ada"}), h.create(directory.User{Username: "bob"})
	var secret string
	var dev directory.Device
	h.do(func(d *directory.Directory) (err error) {
		secret, dev, err = d.RememberDevice(t.Context(), ada.ID, directory.Device{UserAgent: "Firefox", IP: "192.0.2.1"})
		return err
	})
	if len(secret) != 43 || strings.Contains(h.everything(), secret) {
		t.Fatalf("a secret of %d characters; is it in the store?", len(secret))
	}
	known := func(userID, secret string) bool {
		t.Helper()
		var known bool
		h.do(func(d *directory.Directory) (err error) {
			var got directory.Device
			got, known, err = d.KnownDevice(t.Context(), userID, secret)
			if known && (got.ID != dev.ID || got.UserAgent != "Firefox") {
				t.Errorf("got %+v", got)
			}
			return err
		})
		return known
	}
	if !known(ada.ID, secret) || known(bob.ID, secret) || known(ada.ID, "") || known("", secret) || known(ada.ID, secret[1:]) {
		t.Error("the wrong devices are known")
	}
	h.clock.Advance(time.Hour)
	h.do(func(d *directory.Directory) error {
		return d.RecordSignIn(t.Context(), ada.ID, directory.SignIn{DeviceID: dev.ID, IP: "192.0.2.9"})
	})
	h.do(func(d *directory.Directory) error {
		all, err := d.Devices(t.Context(), ada.ID)
		if len(all) != 1 || all[0].IP != "192.0.2.9" || !all[0].LastSeen.Equal(h.clock.Now()) || !all[0].Created.Equal(dev.Created) {
			t.Errorf("devices are %+v", all)
		}
		return err
	})
	h.do(func(d *directory.Directory) error {
		return errors.Join(d.ForgetDevice(t.Context(), bob.ID, dev.ID), d.ForgetDevice(t.Context(), ada.ID, "dev_none"))
	})
	if !known(ada.ID, secret) {
		t.Error("somebody else's device was forgotten")
	}
	h.do(func(d *directory.Directory) error { return d.ForgetDevice(t.Context(), ada.ID, dev.ID) })
	if known(ada.ID, secret) {
		t.Error("a forgotten device is known")
	}
	h.do(func(d *directory.Directory) (err error) {
		secret, dev, err = d.RememberDevice(t.Context(), ada.ID, directory.Device{UserAgent: "Firefox", Expires: h.clock.Now().Add(time.Hour)})
		return err
	})
	h.clock.Advance(time.Hour)
	if known(ada.ID, secret) {
		t.Error("a device is known past its time")
	}
}

func BenchmarkVerifyPassword(b *testing.B) {
	h := newHouse(b)
	h.hasher = directory.NewHasher(directory.DefaultParams, 0)
	u := h.withPassword(directory.User{Username: "ada"}, "secret")
	for b.Loop() {
		h.password(u.ID, "secret", directory.PasswordRight)
	}
}
