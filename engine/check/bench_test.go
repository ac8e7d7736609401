package check_test

import (
	"fmt"
	"testing"

	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/check"
	"github.com/authflow-studio/authflow/engine/flow"
)

// big makes a login flow of about n blocks: groups of a risk evaluation, a value, a
// decision over both with a condition of its own, a claim and a page now and then.
func big(n int) *flow.Flow {
	f := &flow.Flow{Format: 1, Name: "big", Trigger: "login", Enabled: true, SubflowOnly: true, Start: "risk_0", Blocks: map[string]*flow.Block{}}
	put := func(id, kind string, config map[string]any, next map[string]string) {
		f.Blocks[id] = &flow.Block{Type: kind, Stage: "pre_login", Config: config, Next: next}
	}
	groups := n / 5
	for i := range groups {
		at := func(kind string) string { return fmt.Sprintf("%s_%d", kind, i) }
		after := fmt.Sprintf("risk_%d", i+1)
		if i == groups-1 {
			after = "done"
		}
		put(at("risk"), "risk_evaluate", nil, map[string]string{"next": at("value")})
		put(at("value"), "set_value", map[string]any{"values": map[string]any{"from": fmt.Sprintf("{{ event.request.ip }} %d", i)}}, map[string]string{"next": at("which")})
		put(at("which"), "decision", map[string]any{"rows": []any{
			map[string]any{"port": "high", "when": fmt.Sprintf("step.risk_%d.score > %d && step.value_%d.from != ''", i, i%100, i)},
			map[string]any{"port": "low", "when": fmt.Sprintf("step.risk_%d.score < %d", max(i-1, 0), i%50)}}},
			map[string]string{"high": at("ask"), "low": at("claim"), "default": at("claim")})
		put(at("ask"), "page", map[string]any{"template": "page.html", "fields": []any{map[string]any{"name": "answer"}}}, map[string]string{"submitted": at("claim")})
		put(at("claim"), "set_custom_claim", map[string]any{"name": at("claim"), "value": fmt.Sprintf("string(step.risk_%d.score)", i)}, map[string]string{"next": after})
	}
	f.Blocks["done"] = &flow.Block{Type: "finish", Stage: "post_login"}
	return f
}

// One keystroke in a condition, a block more, and nothing but another place of the
// same blocks in memory, as after each message to the studio: looked at in full,
// and by a Checker that remembers.
func BenchmarkKeystroke(b *testing.B) {
	condition := func(f *flow.Flow, n int) {
		f.Blocks["which_5"].Config["rows"].([]any)[0].(map[string]any)["when"] = fmt.Sprintf("step.risk_5.score > %d", n)
	}
	more := func(f *flow.Flow, n int) {
		f.Blocks[fmt.Sprintf("value_more_%d", n)] = &flow.Block{Type: "set_value", Stage: "pre_login", Config: map[string]any{"values": map[string]any{"x": "1"}}, Next: map[string]string{"next": "done"}}
	}
	for _, n := range []int{100, 1000, 3000} {
		for _, edit := range []struct {
			name string
			do   func(*flow.Flow, int)
		}{{"condition", condition}, {"block", more}} {
			for name, remember := range map[string]bool{"full": false, "incremental": true} {
				b.Run(fmt.Sprintf("%d/%s/%s", n, edit.name, name), func(b *testing.B) {
					p := &flow.Project{Flows: map[string]*flow.Flow{"big": big(n)}}
					c := &check.Checker{Catalogue: catalogue.All(), Remember: remember}
					if found := c.Flow(p, "big", p.Flows["big"]); check.HasErrors(found) {
						b.Fatal(found)
					}
					for i := 0; b.Loop(); i++ {
						b.StopTimer()
						f := clone(p.Flows["big"])
						edit.do(f, i)
						b.StartTimer()
						c.Flow(p, "big", f)
					}
				})
			}
		}
	}
}
