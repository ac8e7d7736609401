package server_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"

	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
)

// What a passkey is refused for: each is audited, the person is told nothing of
// it, and the page that follows has a challenge of its own.
func TestPasskeysAreRefused(t *testing.T) {
	for _, c := range []struct {
		reason string
		answer func(d *device, key *virtualwebauthn.Credential) any
	}{
		{directory.PasskeyWrongOrigin, func(d *device, key *virtualwebauthn.Credential) any {
			d.rp.Origin = "http://localhost:9401"
			return d.assert(key)
		}},
		{directory.PasskeyRefused, func(d *device, key *virtualwebauthn.Credential) any {
			d.rp.ID = "example.com"
			return d.assert(key)
		}},
		{directory.PasskeyNotVerified, func(d *device, key *virtualwebauthn.Credential) any {
			d.keys.Options.UserNotVerified = true
			return d.assert(key)
		}},
		{directory.PasskeyRefused, func(d *device, key *virtualwebauthn.Credential) any {
			d.keys.Options.UserNotPresent = true
			return d.assert(key)
		}},
		{directory.PasskeyUnknown, func(d *device, _ *virtualwebauthn.Credential) any {
			stranger := newKey()
			return d.assert(&stranger)
		}},
		{directory.PasskeyUnknown, func(d *device, key *virtualwebauthn.Credential) any {
			d.keys.Options.UserHandle = []byte("somebody else")
			return d.assert(key)
		}},
		{directory.PasskeyRefused, func(d *device, key *virtualwebauthn.Credential) any {
			forged := newKey()
			forged.ID, forged.Counter = key.ID, 9
			return d.assert(&forged)
		}},
		{directory.PasskeyCloned, func(d *device, key *virtualwebauthn.Credential) any {
			copied := *key
			copied.Counter = 0 // the page before has used 1 already
			return d.assert(&copied)
		}},
		{directory.PasskeyUnreadable, func(*device, *virtualwebauthn.Credential) any { return "{" }},
	} {
		t.Run(c.reason, func(t *testing.T) {
			d := newDevice(newRig(t, nil, passkeyFlows))
			key := d.enroll("make")
			d.open("use")
			d.send("", map[string]any{"credential": d.assert(key)})
			d.ended(true)
			before := len(d.sessions())
			d.open("use")
			first := d.options()
			d.send("", map[string]any{"credential": c.answer(d, key)})
			d.on("auth/passkey")
			d.refusedFor(c.reason)
			if d.at["problem"] == nil || d.options() == first {
				t.Errorf("problem %v, same challenge %v", d.at["problem"], d.options() == first)
			}
			if n := len(d.sessions()); n != before {
				t.Errorf("%d sessions, before %d", n, before)
			}
		})
	}
}

// An answer works once, in the run whose page asked for it.
func TestAPasskeysAnswerIsNotReplayed(t *testing.T) {
	r := newRig(t, nil, passkeyFlows)
	d := newDevice(r)
	key := d.enroll("make")
	d.open("use")
	elsewhere := newDevice(r)
	elsewhere.open("use")
	theirs := d.assert(key)
	elsewhere.send("", map[string]any{"credential": theirs})
	elsewhere.on("auth/passkey")
	d.refusedFor(directory.PasskeyStaleChallenge)
	d.send("", map[string]any{"credential": theirs})
	d.ended(true)
	d.open("use")
	for range 2 {
		d.send("", map[string]any{"credential": theirs})
		d.refusedFor(directory.PasskeyStaleChallenge)
	}
	d.ended(false) // and the attempts are counted
}

// A passkey that has not verified its user is a second factor, and no first.
func TestWithoutUserVerificationItIsASecondFactorOnly(t *testing.T) {
	d := newDevice(newRig(t, nil, passkeyFlows))
	d.keys.Options.UserNotVerified = true
	key := d.enroll("make_loose")
	d.open("use_loose")
	d.send("", map[string]any{"credential": d.assert(key)})
	d.on("auth/passkey")
	d.refusedFor(directory.PasskeyNotVerified)

	d.open("step")
	d.password("ada@example.com", "analytical-engine")
	d.on("mfa/webauthn")
	if !strings.Contains(d.options(), "allowCredentials") {
		t.Error("a person who is known is not told which passkey to use")
	}
	d.send("", map[string]any{"credential": d.assert(key)})
	d.ended(true)
	if s := d.sessions()[0]; s.AAL != session.AAL2 || strings.Join(s.AMR, " ") != "pwd hwk mfa" {
		t.Errorf("%s %v", s.AAL, s.AMR)
	}
}

// Required means required, at the making as well; the same authenticator is not
// taken twice.
func TestTheMakingOfAPasskeyIsVerified(t *testing.T) {
	d := newDevice(newRig(t, nil, passkeyFlows))
	key := d.enroll("make")
	d.open("make")
	d.password("ada@example.com", "analytical-engine")
	if !strings.Contains(d.options(), "excludeCredentials") || strings.Contains(d.options(), "usr_ada") {
		t.Errorf("options %s", d.options())
	}
	d.send("", map[string]any{"credential": d.attest(key)})
	d.refusedFor(directory.PasskeyExists)
	d.keys.Options.UserNotVerified = true
	other := newKey()
	d.send("", map[string]any{"credential": d.attest(&other)})
	d.refusedFor(directory.PasskeyNotVerified)
	d.ended(false)
}

// A deactivated account has no use for its passkey.
func TestADeactivatedAccountHasNoPasskey(t *testing.T) {
	d := newDevice(newRig(t, nil, passkeyFlows))
	key := d.enroll("make")
	tx := store.Begin(d.r.Store())
	people := directory.New(tx, d.r.Clock, d.r.Engine().World.Random, directory.NewHasher(directory.CheapParams, 1))
	if _, err := people.Update(context.Background(), "usr_ada", func(u *directory.User) error { u.Status = directory.Deactivated; return nil }); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(context.Background()); err != nil {
		t.Fatal(err)
	}
	d.open("use")
	d.send("", map[string]any{"credential": d.assert(key)})
	d.refusedFor(directory.PasskeyAccountInactive)
}

// The way on: another way takes along what was typed.
func TestFromAPasskeyThereIsAnotherWay(t *testing.T) {
	d := newDevice(newRig(t, nil, passkeyFlows))
	d.open("use")
	d.send("other", map[string]any{"identifier": "ada@example.com"})
	d.on("auth/password")
	d.send("", map[string]any{"identifier": "ada@example.com", "password": "analytical-engine"})
	d.ended(true)
}

// An address that is a number has no passkeys: the page says so, runs no
// script, and offers the other way; with a name it runs ours and no other.
func TestPasskeysNeedAName(t *testing.T) {
	r := newRig(t, nil, passkeyFlows)
	p := r.open(issuer + "/flows/use")
	if !strings.Contains(p.HTML, "need a host name") || strings.Contains(p.HTML, "data-passkey-start") {
		t.Errorf("%s", p.HTML)
	}
	r.fill("other", nil)
	r.at("/fl/auth/password", 200)

	d := newDevice(r)
	d.open("use")
	for host, allowed := range map[string]bool{named: true, issuer: false} {
		res, err := d.client.Get(host + "/fl/auth/passkey")
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		policy := res.Header.Get("Content-Security-Policy")
		if strings.Contains(policy, "script-src") != allowed || allowed && !strings.HasSuffix(policy, "; script-src "+named+"/fl/passkey.js") {
			t.Errorf("%s: %s", host, policy)
		}
	}
}

// The journal of a run with a passkey replays byte for byte, challenge and all;
// what was signed is in no part of it.
func TestX4_ARunWithAPasskeyReplays(t *testing.T) {
	r := newRig(t, nil, passkeyFlows)
	d := newDevice(r)
	key := d.enroll("make")
	d.open("use")
	answer := d.assert(key)
	d.send("", map[string]any{"credential": answer})
	d.ended(true)
	journal, err := r.Engine().JournalOf(context.Background(), r.lastRun())
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(journal)
	if err != nil {
		t.Fatal(err)
	}
	var sent struct {
		Response struct{ Signature string }
	}
	if err := json.Unmarshal(answer.(json.RawMessage), &sent); err != nil || sent.Response.Signature == "" {
		t.Fatal(err)
	}
	if strings.Contains(string(text), sent.Response.Signature) || !strings.Contains(string(text), "challenge") {
		t.Error("the journal holds the signature, or not the challenge")
	}
	p, err := r.Engine().ProjectOf(context.Background(), r.lastState())
	if err != nil {
		t.Fatal(err)
	}
	m := &run.Machine{Catalogue: r.Engine().Catalogue, Project: p, Budgets: p.Settings.WithDefaults().Budgets}
	again, err := run.Replay(context.Background(), m, nil, journal)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := json.Marshal(r.lastState().Subject)
	got, _ := json.Marshal(again.Subject)
	if string(want) != string(got) || len(again.Subject.Verified) != 2 {
		t.Errorf("replayed %s, was %s", got, want)
	}
}

// lastState answers the stored state of the last run.
func (r *rig) lastState() *run.State {
	r.t.Helper()
	e, err := r.Store().Get(context.Background(), run.RunsBucket, r.lastRun())
	if err != nil {
		r.t.Fatal(err)
	}
	var s run.State
	if err := json.Unmarshal(e.Value, &s); err != nil {
		r.t.Fatal(err)
	}
	return &s
}

// What is kept of a passkey: its name, its counter, when it was used.
func TestPasskeysAreKept(t *testing.T) {
	d := newDevice(newRig(t, nil, passkeyFlows))
	key := d.enroll("make")
	d.r.Clock.Advance(time.Hour)
	d.open("use")
	d.send("", map[string]any{"credential": d.assert(key)})
	people := directory.New(store.Begin(d.r.Store()), d.r.Clock, d.r.Engine().World.Random, nil)
	keys, err := people.Passkeys(context.Background(), "usr_ada", "localhost")
	if err != nil || len(keys) != 1 {
		t.Fatal(keys, err)
	}
	if k := keys[0]; k.Name != "Ada's laptop" || k.SignCount != key.Counter || k.LastUsed.Sub(k.Created) < time.Hour {
		t.Errorf("%+v", k)
	}
	u, err := people.Get(context.Background(), "usr_ada")
	if err != nil || !u.HasFactor(directory.FactorPasskey) {
		t.Error(u.Factors, err)
	}
}
