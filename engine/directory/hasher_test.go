package directory

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/store/bolt"
	"github.com/authflow-studio/authflow/engine/store/storetest"
)

// The pool and the text form of hashes are seen by nothing but this package, so
// they are tested from inside.

func TestHashesOfOtherImplementationsVerify(t *testing.T) {
	h := NewHasher(CheapParams, 1)
	// From the tests of the reference implementation of argon2.
	const foreign = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	for password, want := range map[string]bool{"password": true, "Password": false} {
		if ok, stale, err := h.verify(t.Context(), foreign, password); ok != want || !stale || err != nil {
			t.Errorf("%q answers %t, %t, %v", password, ok, stale, err)
		}
	}
	for _, bad := range []string{
		"", "$", "secret", strings.Replace(foreign, "argon2id", "argon2i", 1), strings.Replace(foreign, "v=19", "v=16", 1),
		strings.Replace(foreign, "m=65536", "m=99999999", 1), strings.Replace(foreign, "t=2", "t=0", 1),
		strings.Replace(foreign, "p=1", "p=0", 1), strings.Replace(foreign, "m=65536", "m=065536", 1), foreign + "A", foreign[:len(foreign)-2],
	} {
		if _, _, err := h.verify(t.Context(), bad, "password"); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

// TestN4_EveryRefusalCostsAHash takes the only worker away: whoever needs a hash
// then cannot answer, and nobody may answer without.
func TestN4_EveryRefusalCostsAHash(t *testing.T) {
	clock := storetest.NewClock()
	s, err := bolt.OpenWith(filepath.Join(t.TempDir(), "data"), clock, bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	h := NewHasher(CheapParams, 1)
	d := New(store.Begin(s), clock, storetest.NewRandom(1), h)
	for _, u := range []User{{ID: "known"}, {ID: "bare"}, {ID: "off", Status: Deactivated}} {
		if _, err := d.Create(t.Context(), u); err != nil {
			t.Fatal(err)
		}
		if u.ID != "bare" {
			if err := d.SetPassword(t.Context(), u.ID, "secret"); err != nil {
				t.Fatal(err)
			}
		}
	}
	h.workers <- struct{}{}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	d.w = readAlways{d.w}
	for _, id := range []string{"known", "bare", "off", "nobody", ""} {
		for _, password := range []string{"secret", "wrong", "", strings.Repeat("x", maxPassword+1)} {
			if result, err := d.VerifyPassword(ended, id, password); !errors.Is(err, context.Canceled) {
				t.Errorf("%q is answered %s, %v without a hash", id, result, err)
			}
		}
	}
	<-h.workers
	if result, err := d.VerifyPassword(t.Context(), "known", "secret"); result != PasswordRight || err != nil {
		t.Errorf("with a worker: %s, %v", result, err)
	}
}

// readAlways reads although the context has ended.
type readAlways struct{ store.Writer }

func (r readAlways) Get(_ context.Context, bucket, id string) (store.Entry, error) {
	return r.Writer.Get(context.Background(), bucket, id)
}

func FuzzPHC(f *testing.F) {
	f.Add("$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ")
	f.Add("$argon2id$v=19$m=64,t=1,p=1$$")
	f.Fuzz(func(t *testing.T, s string) {
		p, err := parsePHC(s)
		if err == nil && (p.String() != s || p.params.MemoryKiB > maxMemory || p.params.Passes > maxPasses) {
			t.Errorf("%q is read as %+v", s, p)
		}
	})
}
