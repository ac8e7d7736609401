package debug_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/debug"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
)

// drawFlow draws a flow of blocks that compute, choose, ask and repeat.
func drawFlow(t *rapid.T) (map[string][]byte, []string) {
	n := rapid.IntRange(2, 12).Draw(t, "blocks")
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("b%d", i)
	}
	next := func(i int) string {
		if i+1 >= n {
			return "ok"
		}
		return rapid.SampledFrom(append(slices.Clone(ids[i+1:]), "ok", "no")).Draw(t, "next")
	}
	blocks := map[string]any{"ok": map[string]any{"type": "allow", "stage": "pre_login"}, "no": map[string]any{"type": "deny", "stage": "pre_login", "config": map[string]any{"reason": "drawn"}}}
	for i, id := range ids {
		b := map[string]any{"stage": "pre_login"}
		switch rapid.IntRange(0, 5).Draw(t, "type") {
		case 0:
			b["type"], b["config"], b["next"] = "set_value", map[string]any{"values": map[string]any{"v": rapid.SampledFrom([]string{"{{ event.request.ip }}", "x", "{{ input.gone }}"}).Draw(t, "value")}}, map[string]any{"next": next(i)}
		case 1:
			b["type"], b["config"] = "decision", map[string]any{"rows": []any{map[string]any{"port": "yes", "when": rapid.SampledFrom([]string{"true", "false", "size(step) > 2"}).Draw(t, "when")}}}
			b["next"] = map[string]any{"yes": next(i), "default": next(i)}
		case 2:
			b["type"], b["config"], b["next"] = "set_custom_claim", map[string]any{"name": "c", "value": "size(step)", "into": "both"}, map[string]any{"next": next(i), "error": next(i)}
		case 3:
			b["type"], b["config"] = "choose", map[string]any{"title": "?", "options": []any{map[string]any{"port": "a", "label": "A"}, map[string]any{"port": "b", "label": "B"}}}
			b["next"] = map[string]any{"a": next(i), "b": next(i)}
		case 4:
			b["type"], b["config"] = "run_flow", map[string]any{"flow": "inner", "inputs": map[string]any{"x": id}}
			b["next"] = map[string]any{"success": next(i), "failure": next(i), "aborted": next(i)}
		case 5:
			b["type"], b["config"], b["next"] = "match", map[string]any{"value": "{{ event.request.ip }}", "patterns": []any{"192.*"}}, map[string]any{"match": next(i), "no_match": next(i), "error": "no"}
		}
		blocks[id] = b
	}
	text, _ := json.Marshal(map[string]any{"format": 1, "name": "Login", "trigger": "login", "enabled": true, "start": "b0", "blocks": blocks})
	return map[string][]byte{flow.SettingsFile: []byte(`{"format":1,"name":"x","version":"1"}`), "flows/login.json": text, "flows/inner.json": []byte(inner)}, ids
}

// through takes a run to its end, answering each page by a list of buttons.
func through(r *rig, buttons []string) *run.Stop {
	at := r.begin()
	for i := 0; at.State.Status == run.Waiting; i++ {
		at2, err := r.engine.Submit(context.Background(), at.State.ID, at.Key, r.engine.Ticket(at.State, at.Key), run.Input{Fields: map[string]any{}, Button: buttons[i%len(buttons)]}, block.Carried{})
		r.do(err)
		at2.Key = at.Key
		at = at2
	}
	return at
}

// Whatever the flow and wherever one stops, looks and steps: the journal is that
// of a run that nobody has looked at.
func TestD1_RandomFlowsRunTheSameWhoeverLooksOn(t *testing.T) {
	outer := t
	rapid.Check(t, func(t *rapid.T) {
		files, ids := drawFlow(t)
		p, problems := flow.Parse(files)
		if len(problems) > 0 {
			t.Fatal(problems[0])
		}
		buttons := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b"}), 1, 4).Draw(t, "buttons")
		plain, looked := newRig(outer, false), newRig(outer, true)
		plain.project, looked.project = p, p
		want := through(plain, buttons)

		d := looked.d
		d.SetBreakpoints([]debug.Breakpoint{{Flow: "login", Block: rapid.SampledFrom(ids).Draw(t, "break"), Enabled: true}, {Kind: debug.AtValue, Path: "claims", Enabled: true},
			{Kind: debug.AtEdge, Flow: "login", Block: rapid.SampledFrom(ids).Draw(t, "edge"), Port: "next", Enabled: true}})
		d.Catch(debug.Catching{Deny: rapid.Bool().Draw(t, "deny"), Error: rapid.Bool().Draw(t, "error")})
		moves := rapid.SliceOfN(rapid.IntRange(0, 4), 60, 60).Draw(t, "moves")
		n := 0
		d.Listen(func(e debug.Event) {
			if e.Run == nil || e.Run.Status != "paused" {
				return
			}
			id := e.Run.ID
			_, _ = d.Look(id, e.Run.Moment)
			_, _ = d.Evaluate(id, 0, "size(step)")
			n++
			_ = []func(string) error{d.Continue, d.StepOver, d.StepInto, d.StepOut, func(id string) error { _ = d.Pause(id); return d.StepInto(id) }}[moves[n%len(moves)]](id)
		})
		got := through(looked, buttons)
		if a, b := plain.journal(want.State.ID), looked.journal(got.State.ID); !bytes.Equal(a, b) {
			t.Errorf("nobody looked: %s\nlooked at:     %s", a, b)
		}
		if n > 0 {
			looked.replays(got)
		}
	})
}
