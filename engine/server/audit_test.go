package server_test

import (
	"context"
	"testing"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
)

// lastRun answers the run that the audit record names last.
func (r *rig) lastRun() string {
	r.t.Helper()
	entries, err := audit.New(store.Begin(r.Store()), r.Clock).Read(context.Background(), 0, 0)
	if err != nil {
		r.t.Fatal(err)
	}
	run := ""
	for _, e := range entries {
		if e.RunID != "" {
			run = e.RunID
		}
	}
	return run
}

// U1: every run is recorded from its first request, also one that never reaches
// a credential, and the chain verifies.
func TestU1_EveryRunIsRecorded(t *testing.T) {
	r := newRig(t, nil, nil)
	r.begin() // and goes away
	r.begin()
	r.signIn("ada@example.com", "analytical-engine")
	entries, err := audit.New(store.Begin(r.Store()), r.Clock).Read(context.Background(), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for _, e := range entries {
		counts[e.Type]++
	}
	if counts["run.started"] != 2 || counts["run.ended"] != 1 {
		t.Errorf("records: %v", counts)
	}
	if _, _, err := audit.Verify(context.Background(), r.Store()); err != nil {
		t.Error(err)
	}
}

// sessionCount answers how many sessions are live.
func (r *rig) sessionCount() int {
	r.t.Helper()
	list, err := session.New(store.Begin(r.Store()), r.Clock, r.World.Random).ListAll(context.Background(), 0, "")
	if err != nil {
		r.t.Fatal(err)
	}
	return len(list)
}
