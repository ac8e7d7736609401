package directory_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"

	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/store"
)

// ceremonies is a house with Ada and an authenticator.
type ceremonies struct {
	*house
	user  directory.User
	party directory.RelyingParty
	rp    virtualwebauthn.RelyingParty
	keys  virtualwebauthn.Authenticator
}

func newCeremonies(t testing.TB) *ceremonies {
	h := newHouse(t)
	party, ok := directory.RelyingPartyOf("https://id.example.com", "Example")
	if !ok {
		t.Fatal("a name with TLS has no relying party")
	}
	return &ceremonies{house: h, user: h.create(directory.User{Email: "ada@example.com"}), party: party, keys: virtualwebauthn.NewAuthenticator(),
		rp: virtualwebauthn.RelyingParty{Name: "Example", ID: "id.example.com", Origin: "https://id.example.com"}}
}

func (c *ceremonies) begin(kind directory.CeremonyKind, listed bool) (string, string) {
	c.t.Helper()
	var made directory.Ceremony
	c.do(func(d *directory.Directory) (err error) {
		made, err = d.BeginCeremony(context.Background(), directory.CeremonySpec{Kind: kind, RunID: "run_1", UserID: c.user.ID, Listed: listed, RP: c.party, UserVerification: directory.VerifyUserRequired})
		return err
	})
	text, err := json.Marshal(map[string]any{"publicKey": made.PublicKey})
	if err != nil {
		c.t.Fatal(err)
	}
	return made.ID, string(text)
}

func (c *ceremonies) finish(id, runID, response string) directory.CeremonyResult {
	c.t.Helper()
	var r directory.CeremonyResult
	c.do(func(d *directory.Directory) (err error) {
		r, err = d.FinishCeremony(context.Background(), id, runID, response, "")
		return err
	})
	return r
}

func (c *ceremonies) register() *virtualwebauthn.Credential {
	c.t.Helper()
	key := newKey()
	id, options := c.begin(directory.RegisterPasskey, false)
	o, err := virtualwebauthn.ParseAttestationOptions(options)
	if err != nil {
		c.t.Fatal(err)
	}
	c.keys.Options.UserHandle = []byte(o.UserID)
	if r := c.finish(id, "run_1", virtualwebauthn.CreateAttestationResponse(c.rp, c.keys, key, *o)); r.Problem != "" {
		c.t.Fatalf("refused: %+v", r)
	}
	return &key
}

func (c *ceremonies) sign(key *virtualwebauthn.Credential, options string) string {
	c.t.Helper()
	o, err := virtualwebauthn.ParseAssertionOptions(options)
	if err != nil {
		c.t.Fatal(err)
	}
	return virtualwebauthn.CreateAssertionResponse(c.rp, c.keys, *key, *o)
}

func TestAChallengeIsAnsweredOnceByItsRunInTime(t *testing.T) {
	c := newCeremonies(t)
	// A synced passkey does not count, so that nothing but the challenge keeps
	// the second use out.
	c.keys.Options.BackupEligible = true
	key := c.register()
	id, options := c.begin(directory.AssertPasskey, true)
	answer := c.sign(key, options)
	if r := c.finish(id, "run_2", answer); r.Problem != directory.PasskeyStaleChallenge {
		t.Errorf("another run: %+v", r)
	}
	if r := c.finish(id, "run_1", answer); r.Problem != "" || r.UserID != c.user.ID || !r.UserVerified || !r.Synced {
		t.Errorf("%+v", r)
	}
	if r := c.finish(id, "run_1", answer); r.Problem != directory.PasskeyStaleChallenge {
		t.Errorf("the second time: %+v", r)
	}
	id, options = c.begin(directory.AssertPasskey, true)
	answer = c.sign(key, options)
	c.clock.Advance(time.Hour)
	if r := c.finish(id, "run_1", answer); r.Problem != directory.PasskeyStaleChallenge {
		t.Errorf("too late: %+v", r)
	}
}

// Of two who use one answer at the same moment, one commits.
func TestAChallengeWinsOnce(t *testing.T) {
	c := newCeremonies(t)
	c.keys.Options.BackupEligible = true
	key := c.register()
	id, options := c.begin(directory.AssertPasskey, true)
	answer, ctx := c.sign(key, options), context.Background()
	one, two := store.Begin(c.store), store.Begin(c.store)
	for _, tx := range []*store.Tx{one, two} {
		if r, err := c.over(tx).FinishCeremony(ctx, id, "run_1", answer, ""); err != nil || r.Problem != "" {
			t.Fatal(r, err)
		}
	}
	if err := one.Commit(ctx); err != nil {
		t.Error(err)
	}
	if err := two.Commit(ctx); !store.IsConflict(err) {
		t.Errorf("the second: %v", err)
	}
}

// A passkey that is synced all at once, or no longer, is another one.
func TestAPasskeyStaysWhereItIs(t *testing.T) {
	c := newCeremonies(t)
	key := c.register()
	key.Counter++
	c.keys.Options.BackupEligible = true
	id, options := c.begin(directory.AssertPasskey, true)
	if r := c.finish(id, "run_1", c.sign(key, options)); r.Problem != directory.PasskeyRefused {
		t.Errorf("%+v", r)
	}
}

func TestPasskeysGoWithTheirPerson(t *testing.T) {
	ctx := context.Background()
	c := newCeremonies(t)
	first, second := c.register(), c.register()
	var list []directory.Passkey
	c.do(func(d *directory.Directory) (err error) {
		list, err = d.Passkeys(ctx, c.user.ID, "id.example.com")
		return err
	})
	if len(list) != 2 || list[0].Name != "This device" {
		t.Fatalf("%+v", list)
	}
	c.do(func(d *directory.Directory) error { return d.RemovePasskey(ctx, "usr_other", list[0].ID) })
	c.do(func(d *directory.Directory) error { return d.RemovePasskey(ctx, c.user.ID, list[0].ID) })
	c.do(func(d *directory.Directory) error {
		u, err := d.Get(ctx, c.user.ID)
		if len(u.Factors) != 1 {
			t.Errorf("factors %+v", u.Factors)
		}
		return err
	})
	works := 0
	for _, key := range []*virtualwebauthn.Credential{first, second} {
		key.Counter++
		id, options := c.begin(directory.AssertPasskey, true)
		if r := c.finish(id, "run_1", c.sign(key, options)); r.Problem == "" {
			works++
		}
	}
	if works != 1 {
		t.Errorf("%d of two work, one was removed", works)
	}
	c.do(func(d *directory.Directory) error { return d.Delete(ctx, c.user.ID) })
	for _, bucket := range []string{"user_passkey", "passkey_id", "passkey_handle", "passkey_user", "user_recovery"} {
		left, err := c.store.List(ctx, bucket, "", "", 0)
		if err != nil || len(left) != 0 {
			t.Errorf("%s: %d entries are left, %v", bucket, len(left), err)
		}
	}
}

func TestPasskeysAreBoundToNames(t *testing.T) {
	for origin, want := range map[string]string{
		"https://id.example.com": "id.example.com", "https://id.example.com:8443": "id.example.com", "http://localhost:9400": "localhost",
		"http://127.0.0.1:9400": "", "https://[::1]:9400": "", "http://id.example.com": "", "": "", "::": "",
	} {
		if p, ok := directory.RelyingPartyOf(origin, ""); p.ID != want || ok != (want != "") {
			t.Errorf("%q: %+v %v", origin, p, ok)
		}
	}
}

// FuzzFinishCeremony: whatever a browser sends is refused, never a crash.
func FuzzFinishCeremony(f *testing.F) {
	c := newCeremonies(f)
	key := c.register()
	_, options := c.begin(directory.AssertPasskey, true)
	f.Add(c.sign(key, options), true)
	f.Add(`{"id":"AA","rawId":"AA","type":"public-key","response":{}}`, false)
	f.Add("", false)
	f.Fuzz(func(t *testing.T, response string, assert bool) {
		kind := directory.RegisterPasskey
		if assert {
			kind = directory.AssertPasskey
		}
		tx := store.Begin(c.store)
		made, err := c.over(tx).BeginCeremony(context.Background(), directory.CeremonySpec{Kind: kind, RunID: "run_1", UserID: c.user.ID, RP: c.party, UserVerification: directory.VerifyUserRequired})
		if err != nil {
			t.Fatal(err)
		}
		if r, err := c.over(tx).FinishCeremony(context.Background(), made.ID, "run_1", response, ""); err != nil || r.Problem == "" {
			t.Fatalf("%+v %v", r, err)
		}
	})
}

// newKey answers a key whose coordinates both have 32 bytes: the library leaves
// leading zeros out, which the specification forbids and we refuse.
func newKey() virtualwebauthn.Credential {
	for {
		key := virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
		if len(key.Key.AttestationData()) == 77 {
			return key
		}
	}
}
