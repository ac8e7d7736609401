package server_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/store"
)

// This file goes the ways on which an identity must not be joined, though the
// person has proven something.

// joining is a harness with a probe that ends in link_account; robin's identity
// is grace's.
func joining(t *testing.T, start string, blocks map[string]any) *rig {
	t.Helper()
	all := map[string]any{
		"leave":   to("social_oidc_redirect", map[string]any{"provider": "example"}, map[string]any{"returned": "back", "failed": "end"}),
		"proof":   to("password_check", nil, map[string]any{"ok": "leave", "failed": "end"}),
		"session": to("session_check", nil, map[string]any{"satisfied": "leave", "not_satisfied": "end"}),
		"join":    to("link_account", nil, map[string]any{"linked": "report", "refused": "report"}),
	}
	for id, b := range blocks {
		all[id] = b
	}
	r := newRig(t, nil, func(files fstest.MapFS) {
		withProviders(files, string(files["flows/login.json"].Data))
		probe(start, all, map[string]any{
			"back":   "{{ has(step.back.reason) ? step.back.reason : '' }}",
			"join":   "{{ has(step.join.reason) ? step.join.reason : '' }}",
			"linked": "{{ has(step.join.linked) && step.join.linked }}",
		})(files)
	})
	tx := store.Begin(r.Store())
	err := directory.New(tx, r.Clock, r.World.Random, nil).Link(context.Background(), "usr_grace",
		directory.FederatedLink{Provider: "example", Issuer: issuer + "/other/example", Subject: "simulated-robin"})
	if err == nil {
		err = tx.Commit(context.Background())
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func back(ok, unlinked string) map[string]any {
	return map[string]any{"back": to("social_oidc_callback", map[string]any{"provider": "example"}, map[string]any{"ok": ok, "unlinked": unlinked, "failed": "report", "cancelled": "report"})}
}

// openProbe opens the probe and answers what it reports after do.
func (r *rig) openProbe(do func()) map[string]any {
	r.t.Helper()
	before := len(r.reports())
	r.open(issuer + "/flows/probe")
	do()
	return r.reported(before)
}

// Who has proven one account is not swapped to another by an identity.
func TestAccountsAreNotSwappedOnTheWay(t *testing.T) {
	r := joining(t, "proof", back("report", "report"))
	got := r.openProbe(func() {
		r.signIn("ada@example.com", "analytical-engine")
		r.fill("simulated-robin", nil)
	})
	holds(t, got, map[string]any{"back": "other_account"})
	if s := r.lastState(); s.Subject.UserID != "usr_ada" || s.Subject.Federated != nil {
		t.Errorf("%+v", s.Subject)
	}
	if e := r.last("social.failed"); !strings.Contains(e.Data["detail"].(string), "usr_grace") {
		t.Errorf("%+v", e)
	}
}

// An identity that proves one account is not joined to a second.
func TestTwoAccountsCannotShareOneIdentity(t *testing.T) {
	blocks := back("proof", "report")
	blocks["proof"] = to("password_check", nil, map[string]any{"ok": "join", "failed": "end"})
	r := joining(t, "leave", blocks)
	got := r.openProbe(func() {
		r.fill("simulated-robin", nil)
		r.signIn("ada@example.com", "analytical-engine")
	})
	holds(t, got, map[string]any{"join": "linked_elsewhere", "linked": false})
	if links, err := r.people().Links(context.Background(), "usr_ada"); err != nil || len(links) != 0 {
		t.Errorf("%v %v", links, err)
	}
}

// Without an identity there is nothing to join.
func TestNobodyIsLinkedWithoutAnIdentity(t *testing.T) {
	r := joining(t, "proof", map[string]any{"proof": to("password_check", nil, map[string]any{"ok": "join", "failed": "end"})})
	got := r.openProbe(func() { r.signIn("ada@example.com", "analytical-engine") })
	holds(t, got, map[string]any{"join": "no_identity", "linked": false})
}

// Who finds a browser open cannot join an identity of their own to the account.
func TestAnOldSessionIsNoProof(t *testing.T) {
	r := joining(t, "session", back("report", "join"))
	r.begin()
	r.signIn("ada@example.com", "analytical-engine")
	r.at("/demo/callback", 200)
	r.Clock.Advance(16 * time.Minute)
	got := r.openProbe(func() { r.fill("simulated-kim", nil) })
	holds(t, got, map[string]any{"join": "too_old", "linked": false})
	r.agent.Forget()
	r.begin()
	r.signIn("ada@example.com", "analytical-engine")
	got = r.openProbe(func() { r.fill("simulated-kim", nil) })
	holds(t, got, map[string]any{"join": "", "linked": true})
}
