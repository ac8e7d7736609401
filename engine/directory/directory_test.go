package directory_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/store/bolt"
	"github.com/authflow-studio/authflow/engine/store/storetest"
)

// house is a store with what a directory needs.
type house struct {
	t      testing.TB
	store  store.Store
	clock  *storetest.Clock
	rnd    *storetest.Random
	hasher *directory.Hasher
}

func newHouse(t testing.TB) *house {
	clock := storetest.NewClock()
	s, err := bolt.OpenWith(filepath.Join(t.TempDir(), "data"), clock, bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return &house{t, s, clock, storetest.NewRandom(1), directory.NewHasher(directory.CheapParams, 2)}
}

func (h *house) over(w store.Writer) *directory.Directory {
	return directory.New(w, h.clock, h.rnd, h.hasher)
}

// do runs one unit of work and commits it.
func (h *house) do(work func(d *directory.Directory) error) {
	h.t.Helper()
	if err := h.try(work); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) try(work func(d *directory.Directory) error) error {
	tx := store.Begin(h.store)
	if err := work(h.over(tx)); err != nil {
		return err
	}
	return tx.Commit(context.Background())
}

func (h *house) create(u directory.User) directory.User {
	h.t.Helper()
	h.do(func(d *directory.Directory) (err error) {
		u, err = d.Create(context.Background(), u)
		return err
	})
	return u
}

// everything answers all that the store holds, as text.
func (h *house) everything() string {
	var all strings.Builder
	for _, bucket := range []string{"user", "user_identifier", "user_password", "user_sign_in", "user_totp", "user_device", "device_secret", "otp", "failure"} {
		entries, err := h.store.List(context.Background(), bucket, "", "", 0)
		if err != nil {
			h.t.Fatal(err)
		}
		for _, e := range entries {
			fmt.Fprintf(&all, "%s/%s=%s\n", bucket, e.ID, e.Value)
		}
	}
	return all.String()
}

func TestUsersAreFoundByEveryIdentifier(t *testing.T) {
	h := newHouse(t)
	u := h.create(directory.User{
		Email: " Ada@Example.org", Username: "Jürgen", Phone: "+49 (30) 123-456", Name: "Ada",
		AppMetadata: map[string]any{"plan": "pro"},
	})
	if !strings.HasPrefix(u.ID, "usr_") || len(u.ID) != 4+32 || u.Status != directory.Active || u.Email != "Ada@Example.org" {
		t.Fatalf("created %+v", u)
	}
	for _, identifier := range []string{
		"ada@example.org", "ADA@EXAMPLE.ORG ", "Ａda@example.org", "jürgen", "JU\u0308RGEN", "+4930123456", "0049 30 123456",
	} {
		h.do(func(d *directory.Directory) error {
			found, err := d.FindByIdentifier(t.Context(), identifier)
			if err != nil || found.ID != u.ID || found.AppMetadata["plan"] != "pro" {
				t.Errorf("%q finds %+v, %v", identifier, found, err)
			}
			return nil
		})
	}
	for _, identifier := range []string{"", " ", "@", "ada@example", "jurgen", "+49", "email:ada@example.org", "a\x00b@x.y", strings.Repeat("a", 300)} {
		h.do(func(d *directory.Directory) error {
			if found, err := d.FindByIdentifier(t.Context(), identifier); !errors.Is(err, directory.ErrNotFound) {
				t.Errorf("%q finds %+v, %v", identifier, found, err)
			}
			return nil
		})
	}
}

func TestIdentifiersAreUnique(t *testing.T) {
	h := newHouse(t)
	h.create(directory.User{ID: "one", Email: "ada@example.org", Username: "ada", Phone: "+4930123456"})
	for field, u := range map[string]directory.User{
		"id":       {ID: "one"},
		"email":    {Email: "ADA@example.org"},
		"username": {Username: "Ada"},
		"phone":    {Phone: "+49-30-123456"},
	} {
		err := h.try(func(d *directory.Directory) error { _, err := d.Create(t.Context(), u); return err })
		if taken, ok := directory.AsTaken(err); !ok || taken.Field != field {
			t.Errorf("%+v: got %v", u, err)
		}
	}
	// Two who register the same address at once: neither sees the other, one commits.
	one, two := store.Begin(h.store), store.Begin(h.store)
	for _, tx := range []*store.Tx{one, two} {
		if _, err := h.over(tx).Create(t.Context(), directory.User{Email: "new@example.org"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := one.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if taken, ok := directory.AsTaken(two.Commit(t.Context())); !ok || taken.Field != "email" {
		t.Fatal("both registered the same address")
	}
}

func TestIdentifiersThatCannotBe(t *testing.T) {
	h := newHouse(t)
	for _, u := range []directory.User{
		{ID: "a/b"}, {ID: "-"}, {ID: "ä"},
		{Email: "no address"}, {Email: "@x"}, {Email: "x@"}, {Email: "a b@c.d"},
		{Username: "victim@example.org"}, {Username: "+49301234567"}, {Username: "a\nb"},
		{Phone: "12345"}, {Phone: "+12"}, {Phone: "+4930abc1234"}, {Email: strings.Repeat("a", 250) + "@x.org"},
		{Username: "u", Status: "asleep"},
	} {
		var invalid *directory.InvalidError
		err := h.try(func(d *directory.Directory) error { _, err := d.Create(t.Context(), u); return err })
		if !errors.As(err, &invalid) {
			t.Errorf("%+v: got %v", u, err)
		}
	}
	if all := h.everything(); all != "" {
		t.Errorf("refused users left %q", all)
	}
}

func TestUpdateMovesIdentifiers(t *testing.T) {
	h := newHouse(t)
	u := h.create(directory.User{Email: "old@example.org", EmailVerified: true, UserMetadata: map[string]any{"n": map[string]any{"a": 1}}})
	h.clock.Advance(1)
	h.do(func(d *directory.Directory) error {
		got, err := d.Update(t.Context(), u.ID, func(u *directory.User) error {
			u.Email, u.Username, u.ID = "new@example.org", "newname", "other"
			return nil
		})
		if got.ID != u.ID || got.EmailVerified || !got.Updated.After(u.Updated) || !got.Created.Equal(u.Created) {
			t.Errorf("updated to %+v", got)
		}
		return err
	})
	h.do(func(d *directory.Directory) error {
		if _, err := d.FindByIdentifier(t.Context(), "old@example.org"); !errors.Is(err, directory.ErrNotFound) {
			t.Errorf("the old address still finds somebody: %v", err)
		}
		_, err := d.FindByIdentifier(t.Context(), "newname")
		return err
	})
	h.create(directory.User{Email: "old@example.org"}) // free again
	refused := errors.New("refused")
	if err := h.try(func(d *directory.Directory) error {
		_, err := d.Update(t.Context(), u.ID, func(u *directory.User) error { u.Name = "x"; return refused })
		return err
	}); !errors.Is(err, refused) {
		t.Fatal(err)
	}
	h.do(func(d *directory.Directory) error {
		_, err := d.Update(t.Context(), u.ID, func(u *directory.User) error { u.Email, u.EmailVerified = "NEW@example.org", true; return nil })
		return err
	})
	h.do(func(d *directory.Directory) error {
		if got, err := d.Get(t.Context(), u.ID); err != nil || !got.EmailVerified || got.Name != "" {
			t.Errorf("got %+v, %v", got, err)
		}
		return nil
	})
}

func TestConcurrentChangesAreNotLost(t *testing.T) {
	h := newHouse(t)
	u := h.create(directory.User{Username: "ada"})
	one, two := store.Begin(h.store), store.Begin(h.store)
	for i, tx := range []*store.Tx{one, two} {
		if _, err := h.over(tx).Update(t.Context(), u.ID, func(u *directory.User) error { u.Name = fmt.Sprint(i); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	if err := one.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := two.Commit(t.Context()); !store.IsConflict(err) {
		t.Fatalf("the second change overwrote the first: %v", err)
	}
	// Sign-ins at the same moment are no such thing.
	one, two = store.Begin(h.store), store.Begin(h.store)
	for _, tx := range []*store.Tx{one, two} {
		d := h.over(tx)
		if _, err := d.Get(t.Context(), u.ID); err != nil {
			t.Fatal(err)
		}
		if err := d.RecordSignIn(t.Context(), u.ID, directory.SignIn{IP: "192.0.2.1", Country: "DE"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(one.Commit(t.Context()), two.Commit(t.Context())); err != nil {
		t.Fatal(err)
	}
	h.do(func(d *directory.Directory) error {
		got, err := d.Get(t.Context(), u.ID)
		if got.LastSignIn.Country != "DE" || !got.LastSignIn.At.Equal(h.clock.Now()) {
			t.Errorf("last sign-in is %+v", got.LastSignIn)
		}
		return err
	})
}

func TestDeleteLeavesNothing(t *testing.T) {
	h := newHouse(t)
	u := h.create(directory.User{Email: "ada@example.org", Username: "ada", Phone: "+4930123456"})
	var secret string
	h.do(func(d *directory.Directory) error {
		_, _, err := d.EnrollTOTP(t.Context(), u.ID, "Acme", "")
		if err != nil {
			return err
		}
		var dev directory.Device
		if secret, dev, err = d.RememberDevice(t.Context(), u.ID, directory.Device{}); err != nil {
			return err
		}
		return errors.Join(d.SetPassword(t.Context(), u.ID, "secret"), d.RecordSignIn(t.Context(), u.ID, directory.SignIn{DeviceID: dev.ID}))
	})
	h.do(func(d *directory.Directory) error { return d.Delete(t.Context(), u.ID) })
	if all := h.everything(); all != "" {
		t.Errorf("left behind: %s", all)
	}
	h.do(func(d *directory.Directory) error {
		if _, known, err := d.KnownDevice(t.Context(), u.ID, secret); known || err != nil {
			t.Errorf("a device of a deleted user is known, %v", err)
		}
		if err := d.Delete(t.Context(), u.ID); !errors.Is(err, directory.ErrNotFound) {
			t.Errorf("deleting twice answers %v", err)
		}
		return nil
	})
}

func TestListPages(t *testing.T) {
	h := newHouse(t)
	for _, id := range []string{"c", "a", "b"} {
		h.create(directory.User{ID: id})
	}
	h.do(func(d *directory.Directory) error {
		first, err := d.List(t.Context(), "", 2)
		if err != nil || len(first) != 2 || first[0].ID != "a" {
			t.Fatalf("%+v, %v", first, err)
		}
		rest, err := d.List(t.Context(), first[1].ID, 2)
		if len(rest) != 1 || rest[0].ID != "c" {
			t.Errorf("%+v", rest)
		}
		return err
	})
}

func TestFailuresCountInTheirWindow(t *testing.T) {
	h := newHouse(t)
	count := func(want int) {
		t.Helper()
		h.do(func(d *directory.Directory) error {
			n, err := d.CountFailure(t.Context(), "identifier", "ada@example.org", 10*time.Minute)
			if n != want {
				t.Errorf("counted %d, want %d", n, want)
			}
			return err
		})
	}
	count(1)
	h.clock.Advance(9 * time.Minute)
	count(2)
	h.do(func(d *directory.Directory) error {
		if n, err := d.Failures(t.Context(), "ip", "ada@example.org", 10*time.Minute); n != 0 || err != nil {
			t.Errorf("another kind counts %d, %v", n, err)
		}
		return nil
	})
	if strings.Contains(h.everything(), "ada") {
		t.Error("what was typed is in the store")
	}
	h.clock.Advance(time.Minute) // ten minutes after the first
	count(2)
	h.do(func(d *directory.Directory) error {
		return d.ClearFailures(t.Context(), "identifier", "ada@example.org")
	})
	count(1)
}

func FuzzFindByIdentifier(f *testing.F) {
	for _, s := range []string{"ada@example.org", "+49 30 1234567", "JU\u0308RGEN", "ﬁ@x", "\xff@\xfe", "İ", "ß"} {
		f.Add(s)
	}
	h := newHouse(f)
	f.Fuzz(func(t *testing.T, s string) {
		tx := store.Begin(h.store)
		d := h.over(tx)
		for _, u := range []directory.User{{ID: "x", Email: s}, {ID: "y", Username: s}, {ID: "z", Phone: s}} {
			created, err := d.Create(t.Context(), u)
			typed := created.Email + created.Username + created.Phone
			if err != nil || typed == "" {
				continue
			}
			if found, err := d.FindByIdentifier(t.Context(), s); err != nil || found.ID != u.ID {
				t.Fatalf("%q was accepted for %+v and finds %+v, %v", s, u, found, err)
			}
			if err := d.Delete(t.Context(), u.ID); err != nil {
				t.Fatal(err)
			}
		}
	})
}
