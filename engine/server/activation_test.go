package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/bundle"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/scenario/agent"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/server"
	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/store/bolt"
	"github.com/authflow-studio/authflow/engine/world"
)

// operated is a server on a store of its own, and how its bundles are made.
type operated struct {
	*server.Server
	t     *testing.T
	clock *world.SimulatedClock
	store *bolt.Store
	pool  *script.Pool
	drain time.Duration
}

func newOperated(t *testing.T) *operated {
	t.Helper()
	o := &operated{t: t, clock: &world.SimulatedClock{}, pool: script.NewPool(script.Options{Workers: 1})}
	t.Cleanup(func() { o.pool.Close() })
	var err error
	if o.store, err = bolt.Open(filepath.Join(t.TempDir(), "o.db"), o.clock); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.store.Close() })
	o.start(bundle.Policy{AllowUnsigned: true, Scope: "staging"})
	return o
}

// start makes a server on the store, as after a restart.
func (o *operated) start(policy bundle.Policy) {
	o.t.Helper()
	s, err := server.New(server.Options{Issuer: issuer, Store: o.store, Scripts: o.pool, Log: slog.New(slog.DiscardHandler), Policy: policy, Clock: o.clock, Drain: o.drain,
		Secret: func(context.Context, string) (string, error) { return "a-secret", nil }})
	if err != nil {
		o.t.Fatal(err)
	}
	o.Server = s
}

// version is a bundle of a flow that asks something and then ends with a word.
func (o *operated) version(word string, issue bundle.Issue) []byte {
	o.t.Helper()
	files := fstest.MapFS{
		flow.SettingsFile: {Data: []byte(`{"format":1,"name":"shop","version":"` + word + `"}`)},
		"flows/greet.json": {Data: []byte(`{"format":1,"name":"Greet","trigger":"custom","stages":["main"],"enabled":true,"start":"ask","blocks":{
			"ask":{"type":"choose","stage":"main","config":{"title":"Go on?","options":[{"port":"yes","label":"Yes"}]},"next":{"yes":"end"}},
			"end":{"type":"deny","stage":"main","config":{"reason":"done","message":"this is ` + word + `"}}}}`)},
	}
	built, err := bundle.Build(files, nil, bundle.Release{Issue: issue})
	if err != nil {
		o.t.Fatal(err)
	}
	return built.Bytes
}

func (o *operated) activate(data []byte, a server.Activation) {
	o.t.Helper()
	if err := o.Activate(o.t.Context(), data, a); err != nil {
		o.t.Fatal(err)
	}
}

func (o *operated) refused(code bundle.Code, data []byte, a server.Activation) {
	o.t.Helper()
	before, _ := o.Status(o.t.Context())
	err := o.Activate(o.t.Context(), data, a)
	var refused *server.RefusedError
	if !errors.As(err, &refused) || refused.Code != string(code) {
		o.t.Errorf("%v, want %s", err, code)
	}
	after, _ := o.Status(o.t.Context())
	if before.Active != nil && after.Active.Digest != before.Active.Digest {
		o.t.Error("the refused bundle became active")
	}
}

func (o *operated) audited(kind string) int {
	o.t.Helper()
	entries, err := audit.New(store.Begin(o.store), o.clock).Read(o.t.Context(), 0, 1000)
	if err != nil {
		o.t.Fatal(err)
	}
	n := 0
	for _, e := range entries {
		if e.Type == kind {
			n++
		}
	}
	return n
}

// begin starts the flow; end goes on and answers what is said at the end.
func begin(t *testing.T, s http.Handler) (*agent.Agent, *agent.Page) {
	t.Helper()
	a := agent.New(s, issuer)
	page, err := a.Get(t.Context(), issuer+"/flows/greet")
	if err != nil || page.Status != http.StatusOK {
		t.Fatalf("the flow begins with %v, %v", page, err)
	}
	return a, page
}

func end(t *testing.T, a *agent.Agent, page *agent.Page) string {
	t.Helper()
	page, err := a.Fill(t.Context(), page, nil, "yes")
	if err != nil {
		t.Fatal(err)
	}
	return page.HTML
}

// 36: a run that waits ends on what it began with, new ones run on the new
// bundle; a bad one is refused and changes nothing.
func TestB3_ARunEndsOnTheBundleThatItBeganWith(t *testing.T) {
	o := newOperated(t)
	o.activate(o.version("v1", bundle.Issue{Revision: 1}), server.Activation{})
	waiting, page := begin(t, o)
	o.activate(o.version("v2", bundle.Issue{Revision: 2}), server.Activation{})
	st, err := o.Status(t.Context())
	if err != nil || st.Active.Version != "v2" || st.Previous == nil || st.Previous.Version != "v1" || st.Runs[st.Previous.Digest] != 1 {
		t.Errorf("status %+v, %v", st, err)
	}
	bad := o.version("v3", bundle.Issue{Revision: 3})
	bad[len(bad)/2] ^= 1
	if err := o.Activate(t.Context(), bad, server.Activation{}); err == nil {
		t.Error("a flipped byte became active")
	}
	fresh, first := begin(t, o)
	if said := end(t, fresh, first); !strings.Contains(said, "this is v2") {
		t.Errorf("a new run says %s", said)
	}
	if said := end(t, waiting, page); !strings.Contains(said, "this is v1") {
		t.Errorf("the waiting run says %s", said)
	}
	if st, _ := o.Status(t.Context()); st.Refused == nil || !strings.HasPrefix(st.Refused.Code, "bundle_") {
		t.Errorf("status %+v", st.Refused)
	}
}

func TestB4_RollingBackIsActivatingAnEarlierOne(t *testing.T) {
	o := newOperated(t)
	v1, v2 := o.version("v1", bundle.Issue{Revision: 1}), o.version("v2", bundle.Issue{Revision: 2})
	if err := o.Rollback(t.Context(), ""); err == nil {
		t.Error("there was something to roll back to")
	}
	o.activate(v1, server.Activation{})
	o.activate(v2, server.Activation{})
	o.refused(bundle.CodeRevision, v1, server.Activation{})
	o.refused(bundle.CodeRevision, o.version("unnumbered", bundle.Issue{}), server.Activation{})
	if err := o.Rollback(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	st, _ := o.Status(t.Context())
	if st.Active.Version != "v1" || st.Previous.Version != "v2" || o.audited("bundle.rolled_back") != 1 {
		t.Errorf("after the rollback %+v", st.Active)
	}
	// A restart finds what was rolled back to, and nothing else that is older.
	o.start(bundle.Policy{AllowUnsigned: true})
	o.activate(v1, server.Activation{})
	o.refused(bundle.CodeRevision, o.version("other", bundle.Issue{Revision: 1}), server.Activation{})
	if err := o.Rollback(t.Context(), "0000"); err == nil {
		t.Error("a bundle that never was became active")
	}
	for i := range 8 {
		o.activate(o.version("w"+string(rune('a'+i)), bundle.Issue{Revision: 10 + i}), server.Activation{})
	}
	if err := o.Rollback(t.Context(), st.Active.Digest); err == nil {
		t.Error("every bundle is kept for ever")
	}
}

func TestB3_WhatMayBecomeActive(t *testing.T) {
	o := newOperated(t)
	o.activate(o.version("v1", bundle.Issue{Scope: "staging", Expires: "2999-01-01T00:00:00Z"}), server.Activation{})
	o.refused(bundle.CodeScope, o.version("v2", bundle.Issue{Scope: "production"}), server.Activation{})
	o.refused(bundle.CodeExpired, o.version("v2", bundle.Issue{Expires: "2020-01-01T00:00:00Z"}), server.Activation{})
	o.refused(bundle.CodeExpected, o.version("v2", bundle.Issue{}), server.Activation{Expect: strings.Repeat("0", 64)})
	later := o.version("v2", bundle.Issue{Expires: time.Now().Add(time.Hour).UTC().Format(time.RFC3339)})
	o.clock.Advance(2 * time.Hour)
	o.refused(bundle.CodeExpired, later, server.Activation{})

	// A dry run changes nothing, whatever it finds.
	before, _ := o.Status(t.Context())
	notes := o.audited("bundle.refused")
	o.activate(o.version("v3", bundle.Issue{}), server.Activation{DryRun: true})
	o.refused(bundle.CodeScope, o.version("v3", bundle.Issue{Scope: "production"}), server.Activation{DryRun: true})
	after, _ := o.Status(t.Context())
	if after.Active.Digest != before.Active.Digest || after.Refused.At != before.Refused.At || o.audited("bundle.refused") != notes {
		t.Errorf("the dry run left %+v", after)
	}
}

func TestB4_TheOperatorsAddress(t *testing.T) {
	o := newOperated(t)
	admin := httptest.NewServer(o.Admin("the-token"))
	defer admin.Close()
	ask := func(method, path, token string, body []byte) (int, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, admin.URL+path, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		var text bytes.Buffer
		_, _ = text.ReadFrom(res.Body)
		return res.StatusCode, text.String()
	}
	v1 := o.version("v1", bundle.Issue{Revision: 1})
	if code, _ := ask("POST", "/activate", "wrong", v1); code != http.StatusUnauthorized {
		t.Errorf("a wrong token was answered %d", code)
	}
	if code, said := ask("POST", "/activate?dry_run=1", "the-token", v1); code != http.StatusOK || !strings.Contains(said, `"active":null`) {
		t.Errorf("dry run: %d %s", code, said)
	}
	if code, said := ask("POST", "/activate", "the-token", v1); code != http.StatusOK || !strings.Contains(said, `"version":"v1"`) {
		t.Errorf("activate: %d %s", code, said)
	}
	code, said := ask("POST", "/activate", "the-token", []byte("no bundle"))
	var refusal server.Refusal
	if err := json.Unmarshal([]byte(said), &refusal); code != http.StatusUnprocessableEntity || err != nil || refusal.Code != "bundle_not_a_bundle" {
		t.Errorf("no bundle: %d %s", code, said)
	}
	ask("POST", "/activate", "the-token", o.version("v2", bundle.Issue{Revision: 2}))
	if code, said := ask("POST", "/rollback", "the-token", nil); code != http.StatusOK || !strings.Contains(said, `"active":{"digest"`) || !strings.Contains(said, `"version":"v1","revision":1`) {
		t.Errorf("rollback: %d %s", code, said)
	}
	if code, _ := ask("POST", "/rollback?digest=abc", "the-token", nil); code != http.StatusConflict {
		t.Errorf("an unknown digest was answered %d", code)
	}
}
