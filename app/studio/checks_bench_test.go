package studio_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"testing"

	"github.com/authflow-studio/authflow/app/studio"
	"github.com/authflow-studio/authflow/engine/script"
)

// A keystroke in a flow as the studio hears of it: the whole flow as text, read,
// checked for what depends on the change, the answer written.
func BenchmarkFlowCheck(b *testing.B) {
	pool := script.NewPool(script.Options{Workers: 1})
	defer pool.Close()
	s := studio.New(studio.Options{Version: "test", Mode: "browser", ConfigDir: b.TempDir(), HarnessAddr: "127.0.0.1:0", Scripts: pool, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Emit: func(string, any) {}})
	defer s.Close()
	call := func(name string, arg any) {
		text, err := json.Marshal(arg)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := s.Call(b.Context(), name, text); err != nil {
			b.Fatal(err)
		}
	}
	call("project.create", map[string]any{"template": "starter", "dir": filepath.Join(b.TempDir(), "acme"), "name": "Acme"})
	for _, n := range []int{100, 1000, 3000} {
		b.Run(fmt.Sprintf("%d_blocks", n), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				b.StopTimer()
				text, err := json.Marshal(map[string]any{"slug": "big", "flow": typed(n, i)})
				if err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
				found, err := s.Call(b.Context(), "flow.check", text)
				if err == nil {
					_, err = json.Marshal(found)
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// typed is a flow of n blocks in which the first condition has another number each
// time.
func typed(n, number int) map[string]any {
	blocks := map[string]any{"done": map[string]any{"type": "finish", "stage": "main"}}
	for i := range n / 2 {
		next, limit := fmt.Sprintf("risk_%d", i+1), i
		if i == n/2-1 {
			next = "done"
		}
		if i == 0 {
			limit = number
		}
		blocks[fmt.Sprintf("risk_%d", i)] = map[string]any{"type": "risk_evaluate", "stage": "main", "next": map[string]any{"next": fmt.Sprintf("which_%d", i)}}
		blocks[fmt.Sprintf("which_%d", i)] = map[string]any{"type": "decision", "stage": "main", "next": map[string]any{"high": next, "default": next},
			"config": map[string]any{"rows": []any{map[string]any{"port": "high", "when": fmt.Sprintf("step.risk_%d.score > %d", i, limit)}}}}
	}
	return map[string]any{"format": 1, "name": "big", "trigger": "custom", "stages": []string{"main"}, "enabled": true, "start": "risk_0", "blocks": blocks}
}
