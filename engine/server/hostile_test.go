package server_test

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/authflow-studio/authflow/engine/flow"
)

// The corpus in real flows: a run with a hostile Action ends denied, in bounded
// time, and another run passes meanwhile and sees nothing of it.
func TestA9_HostileActionsInFlows(t *testing.T) {
	files, err := filepath.Glob("../script/testdata/hostile/*.js")
	if err != nil || len(files) < 90 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	r := newRig(t, nil, func(fs fstest.MapFS) {
		fs[flow.SettingsFile].Data = []byte(strings.Replace(string(fs[flow.SettingsFile].Data), `"run_lifetime"`, `"budgets": {"action": "150ms"}, "run_lifetime"`, 1))
		for _, name := range files {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			id := flowOf(name)
			file("actions/"+id+".js", string(text))(fs)
			probe("act", map[string]any{"act": to("run_custom_action", map[string]any{"action": id + ".js"}, map[string]any{"next": "report"})}, map[string]any{"who": id, "leaked": "{{ has(step.act.leaked) }}"})(fs)
			fs[flow.FlowPath(id)] = fs[flow.FlowPath("probe")]
		}
		file("actions/plain.js", `export default (event, step, api) => { api.state.set('sum', [1, 2, 3].map((n) => n * 2).join() + ({}.polluted || '') + (globalThis.kept || '')) }`)(fs)
		probe("act", map[string]any{"act": to("run_custom_action", map[string]any{"action": "plain.js"}, map[string]any{"next": "report"})}, map[string]any{"who": "plain", "sum": "{{ step.act.sum }}"})(fs)
	})
	for _, name := range files {
		hostile := make(chan int)
		go func() {
			w := httptest.NewRecorder()
			r.ServeHTTP(w, httptest.NewRequest("GET", issuer+"/flows/"+flowOf(name), nil))
			hostile <- w.Code
		}()
		w := httptest.NewRecorder()
		r.ServeHTTP(w, httptest.NewRequest("GET", issuer+"/flows/probe", nil))
		select {
		case <-hostile:
		case <-time.After(time.Minute):
			t.Fatalf("%s holds its request for ever", name)
		}
	}
	plain := 0
	for _, report := range r.reports() {
		switch {
		case report["who"] == "plain":
			plain++
			holds(t, report, map[string]any{"sum": "2,4,6"})
		case report["leaked"] == true:
			t.Errorf("%s got hold of something", report["who"])
		case !mayPass(t, report["who"].(string), files):
			t.Errorf("the run with %s went on", report["who"])
		}
	}
	if plain != len(files) {
		t.Errorf("%d of %d harmless runs passed meanwhile", plain, len(files))
	}
}

// flowOf answers the flow that runs an Action of the corpus.
func flowOf(name string) string {
	return "x-" + strings.TrimSuffix(filepath.Base(name), ".js")
}

// mayPass tells whether an Action of the corpus may end without harm.
func mayPass(t *testing.T, id string, files []string) bool {
	t.Helper()
	for _, name := range files {
		if flowOf(name) != id {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		_, ends, _ := strings.Cut(string(text), "\n// ends: ")
		ends, _, _ = strings.Cut(ends, "\n")
		return strings.Contains(ends, "fine")
	}
	return false
}
