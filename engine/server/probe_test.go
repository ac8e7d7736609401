package server_test

import (
	"context"
	"maps"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/go-json-experiment/json"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/store"
)

// probe is a custom flow of one stage that begins with the named block. Blocks
// without next lead to "report", which records the outputs that it was given
// and ends the flow.
func probe(start string, blocks map[string]any, report map[string]any) func(fstest.MapFS) {
	return func(files fstest.MapFS) {
		all := maps.Clone(blocks)
		for id, b := range all {
			m := maps.Clone(b.(map[string]any))
			m["stage"] = "only"
			all[id] = m
		}
		all["report"] = map[string]any{"type": "log_event", "stage": "only", "config": map[string]any{"type": "report", "data": report}, "next": map[string]any{"next": "end"}}
		all["end"] = map[string]any{"type": "finish", "stage": "only"}
		text, err := json.Marshal(map[string]any{"format": 1, "name": "Probe", "trigger": "custom", "enabled": true, "stages": []any{"only"}, "start": start, "blocks": all})
		if err != nil {
			panic(err)
		}
		files[flow.FlowPath("probe")] = &fstest.MapFile{Data: text}
	}
}

// to makes a block of a probe whose ports all lead on.
func to(typ string, config map[string]any, next map[string]any) map[string]any {
	return map[string]any{"type": typ, "config": config, "next": next}
}

// reports answers what the probes have recorded, the oldest first.
func (r *rig) reports() []map[string]any {
	r.t.Helper()
	entries, err := audit.New(store.Begin(r.Store()), r.Clock).Read(context.Background(), 0, 0)
	if err != nil {
		r.t.Fatal(err)
	}
	var out []map[string]any
	for _, e := range entries {
		if e.Type == "flow.report" {
			out = append(out, e.Data)
		}
	}
	return out
}

// report runs the probe to its end and answers what it recorded.
func (r *rig) report() map[string]any {
	r.t.Helper()
	before := len(r.reports())
	r.open(issuer + "/flows/probe")
	return r.reported(before)
}

func (r *rig) reported(before int) map[string]any {
	r.t.Helper()
	all := r.reports()
	if len(all) != before+1 {
		r.t.Fatalf("%d reports, want %d; at %s (%d)\n%s", len(all), before+1, r.page.URL, r.page.Status, r.page.HTML)
	}
	return all[before]
}

// holds fails unless the report has these values.
func holds(t *testing.T, got map[string]any, want map[string]any) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(want)) {
		g, _ := json.Marshal(got[name], json.Deterministic(true))
		w, _ := json.Marshal(want[name], json.Deterministic(true))
		if string(g) != string(w) {
			t.Errorf("%s is %s, want %s", name, g, w)
		}
	}
}

// stored answers all that runs leave behind, as one text.
func (r *rig) stored() string {
	r.t.Helper()
	var all []byte
	for _, bucket := range []string{"runs", "journal", "audit", "outbox", "users", "sessions", "limit"} {
		entries, err := r.Store().List(context.Background(), bucket, "", "", 0)
		if err != nil {
			r.t.Fatal(err)
		}
		for _, e := range entries {
			all = append(append(all, e.ID...), e.Value...)
		}
	}
	return string(all)
}

// replays fails unless the last run's journal gives the same run again (rule
// X4).
func (r *rig) replays() {
	r.t.Helper()
	digest, _ := r.journal()[0].Data["project"].(string)
	project, err := r.Engine().ProjectOf(context.Background(), &run.State{Project: digest})
	if err != nil {
		r.t.Fatal(err)
	}
	m := &run.Machine{Catalogue: r.Engine().Catalogue, Project: project, Budgets: project.Settings.WithDefaults().Budgets}
	if _, err := run.Replay(context.Background(), m, r.Engine().Scripts, r.journal()); err != nil {
		r.t.Fatal(err)
	}
}
