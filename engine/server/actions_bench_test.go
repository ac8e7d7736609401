package server_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"testing"
	"testing/fstest"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/server"
	"github.com/authflow-studio/authflow/projects"
)

// benchHarness is a harness on the starter with one more flow.
func benchHarness(b *testing.B, change func(fstest.MapFS)) *server.Harness {
	b.Helper()
	fsys, err := projects.TemplateFS("starter")
	if err != nil {
		b.Fatal(err)
	}
	p, problems := flow.Load(fsys)
	if len(problems) > 0 {
		b.Fatal(problems[0])
	}
	files := fstest.MapFS{}
	for name, text := range p.Files {
		files[name] = &fstest.MapFile{Data: text}
	}
	change(files)
	if p, problems = flow.Load(files); len(problems) > 0 {
		b.Fatal(problems[0])
	}
	pool := script.NewPool(script.Options{Workers: 2})
	h, err := server.NewHarness(server.HarnessOptions{Issuer: issuer, Scripts: pool, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { h.Close(); pool.Close() })
	if err := h.Load(context.Background(), p, nil); err != nil {
		b.Fatal(err)
	}
	return h
}

// BenchmarkTwentyBlocks is a flow of 20 blocks, 3 of them Actions, from the
// request to its end.
func BenchmarkTwentyBlocks(b *testing.B) {
	blocks := map[string]any{}
	for i := range 18 {
		next := fmt.Sprintf("b%d", i+1)
		if i == 17 {
			next = "report"
		}
		blocks[fmt.Sprintf("b%d", i)] = to("set_value", map[string]any{"values": map[string]any{"x": "{{ event.request.ip }}"}}, map[string]any{"next": next})
		if i%6 == 5 {
			blocks[fmt.Sprintf("b%d", i)] = to("run_custom_action", map[string]any{"action": "bench.js"}, map[string]any{"next": next})
		}
	}
	h := benchHarness(b, both(file("actions/bench.js", `export default async (event, step, api) => { api.state.set('country', event.request.geo.country || 'unknown') }`), probe("b0", blocks, map[string]any{})))
	b.ResetTimer()
	for range b.N {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", issuer+"/flows/probe", nil))
		if w.Code >= 400 {
			b.Fatal(w.Code)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "flows/s")
}

// BenchmarkWaitingRuns is what a run that waits for its person keeps: nothing in
// memory (rule X2), and so many bytes in the store.
func BenchmarkWaitingRuns(b *testing.B) {
	h := benchHarness(b, func(fstest.MapFS) {})
	b.ResetTimer()
	for range b.N {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", issuer+"/flows/password_reset", nil))
	}
	b.StopTimer()
	entries, err := h.Store().List(context.Background(), "runs", "", "", 0)
	if err != nil || len(entries) != b.N {
		b.Fatalf("%d runs, %v", len(entries), err)
	}
	size := 0
	for _, e := range entries {
		size += len(e.Value)
	}
	b.ReportMetric(float64(size)/float64(b.N), "B/run")
}
