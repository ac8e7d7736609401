package idp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/world"
)

// This file keeps the signing keys: of each algorithm one that signs, one that
// is published before it will sign, and those that signed before.

const bucketKeys = "signing_keys" // algorithm → ring

// States of a key.
const (
	keyNext    = "next"
	keyCurrent = "current"
	keyRetired = "retired"
)

// retiredFor is how long a key stays published after it last signed: tokens are
// long gone by then, ID tokens given back as hints mostly.
const retiredFor = 30 * 24 * time.Hour

// storedKey is a key as it is stored.
type storedKey struct {
	Kid     string    `json:"kid"`
	State   string    `json:"state"`
	Private []byte    `json:"private"` // PKCS #8
	Created time.Time `json:"created"`
	Since   time.Time `json:"since,omitzero"` // it signs
	Retired time.Time `json:"retired,omitzero"`
}

// published reports whether a key still verifies what it signed.
func (k *keyring) published(s storedKey) bool {
	return s.State != keyRetired || k.clock.Now().Before(s.Retired.Add(k.overlap()))
}

// ring is all keys of one algorithm, which change together.
type ring struct {
	Keys []storedKey `json:"keys"`

	alg     string
	version uint64
	parsed  map[string]signingKey
}

// keyring reads rings from the store each time, since another server may have
// rotated them, and parses only what changed.
type keyring struct {
	store store.Store
	clock world.Clock
	rnd   world.Random
	// overlap is how long a key stays published after it last signed.
	overlap func() time.Duration

	mu    sync.Mutex
	cache map[string]*ring
}

func newKeyring(o Options) *keyring {
	return &keyring{store: o.Store, clock: o.Clock, rnd: o.Random, overlap: func() time.Duration { return o.policy().KeyOverlap }, cache: map[string]*ring{}}
}

// prepare makes the keys of the default algorithm; the others are made when a
// client first needs one, because an RSA key takes its time.
func (k *keyring) prepare() error {
	_, err := k.signer(context.Background(), ES256)
	return err
}

// load answers the ring of an algorithm, nil when it has none yet.
func (k *keyring) load(ctx context.Context, r store.Reader, alg string) (*ring, error) {
	e, err := r.Get(ctx, bucketKeys, alg)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if have := k.cache[alg]; have != nil && have.version == e.Version {
		return have, nil
	}
	fresh := &ring{alg: alg, version: e.Version, parsed: map[string]signingKey{}}
	if err := json.Unmarshal(e.Value, fresh); err != nil {
		return nil, fmt.Errorf("idp: the signing keys of %s are not readable: %w", alg, err)
	}
	for _, s := range fresh.Keys {
		if fresh.parsed[s.Kid], err = parseKey(alg, s); err != nil {
			return nil, fmt.Errorf("idp: signing key %s is not readable: %w", s.Kid, err)
		}
	}
	k.cache[alg] = fresh
	return fresh, nil
}

// signer answers the key that signs now.
func (k *keyring) signer(ctx context.Context, alg string) (signingKey, error) {
	var found signingKey
	err := again(func() error {
		tx := store.Begin(k.store)
		r, err := k.load(ctx, tx, alg)
		if err != nil {
			return err
		}
		if r == nil {
			if err := k.turn(tx, alg, &ring{}); err != nil {
				return err
			}
			if err := tx.Commit(ctx); err != nil {
				return err
			}
			if r, err = k.load(ctx, k.store, alg); err != nil {
				return err
			}
		}
		for _, s := range r.Keys {
			if s.State == keyCurrent {
				found = r.parsed[s.Kid]
				return nil
			}
		}
		return fmt.Errorf("idp: no key signs with %s", alg)
	})
	return found, err
}

// all answers the rings there are, in the order of algorithms.
func (k *keyring) all(ctx context.Context) ([]*ring, error) {
	var rings []*ring
	for _, alg := range algorithms {
		r, err := k.load(ctx, k.store, alg)
		if err != nil {
			return nil, err
		}
		if r != nil {
			rings = append(rings, r)
		}
	}
	return rings, nil
}

// verifier answers the key with that id, as long as it is published.
func (k *keyring) verifier(ctx context.Context, kid string) (signingKey, error) {
	rings, err := k.all(ctx)
	if err != nil {
		return signingKey{}, fmt.Errorf("%w: %w", errKeys, err)
	}
	for _, r := range rings {
		for _, s := range r.Keys {
			if s.Kid == kid && k.published(s) {
				return r.parsed[kid], nil
			}
		}
	}
	return signingKey{}, fmt.Errorf("idp: no key has the id %q", kid)
}

// turn writes a ring one step further: next signs, current retires, a new next
// is published, the long retired go.
func (k *keyring) turn(w store.Writer, alg string, old *ring) error {
	now := k.clock.Now().UTC()
	var keys []storedKey
	for _, s := range old.Keys {
		switch s.State {
		case keyNext:
			s.State, s.Since = keyCurrent, now
		case keyCurrent:
			s.State, s.Retired = keyRetired, now
		}
		if k.published(s) {
			keys = append(keys, s)
		}
	}
	states := []string{keyNext}
	if len(old.Keys) == 0 {
		states = []string{keyCurrent, keyNext}
	}
	for _, state := range states {
		s, err := newKey(alg, k.rnd)
		if err != nil {
			return fmt.Errorf("idp: a key for %s cannot be made: %w", alg, err)
		}
		s.State, s.Created = state, now
		if state == keyCurrent {
			s.Since = now
		}
		keys = append(keys, s)
	}
	raw, err := json.Marshal(ring{Keys: keys})
	if err != nil {
		return fmt.Errorf("idp: the signing keys of %s cannot be written: %w", alg, err)
	}
	w.Put(bucketKeys, alg, raw, time.Time{})
	return nil
}
