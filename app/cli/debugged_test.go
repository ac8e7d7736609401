package cli_test

import (
	"bytes"
	"context"
	"regexp"
	"sync/atomic"
	"testing"

	"github.com/go-json-experiment/json"

	"github.com/authflow-studio/authflow/engine/debug"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/scenario"
	benches "github.com/authflow-studio/authflow/engine/server"
	"github.com/authflow-studio/authflow/engine/store/storetest"
	"github.com/authflow-studio/authflow/engine/world"
)

// seeded gives both runs of a scenario the same randomness.
func seeded() world.Random { return storetest.NewRandom(1) }

// journalsOf runs a scenario and answers the journals of its runs.
func journalsOf(t *testing.T, c scenario.Case, mk scenario.Maker) []byte {
	t.Helper()
	res := scenario.Run(t.Context(), c, mk, true)
	if len(res.Failures) > 0 {
		t.Fatalf("%s: %s", c.Name, res.Failures[0])
	}
	var all [][]run.Entry
	for _, r := range res.Recordings {
		all = append(all, r.Journal)
	}
	text, err := json.Marshal(all, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range measured {
		text = m.ReplaceAll(text, []byte("$1*"))
	}
	return text
}

// measured is what no two runs have the same, whoever looks on: durations, which
// of its limits a runaway Action comes to first and where, and the keys that a
// virtual authenticator draws from the machine.
var measured = []*regexp.Regexp{
	regexp.MustCompile(`("ms":)[0-9.]+`),
	regexp.MustCompile(`( after )[0-9.msh]+`),
	regexp.MustCompile(`("code":")action_(?:timeout|too_deep|memory)","message":"[^"]*","line":[0-9]+,"column":[0-9]+`),
	regexp.MustCompile(`("reason":")action_(?:timeout|too_deep|memory)`),
	regexp.MustCompile(`(")[A-Za-z0-9_-]{43,}`),
}

// stepper steps into everything, each block and each line of an Action.
func stepper(blocks, lines *atomic.Int32) *debug.Debugger {
	d := debug.New()
	d.Catch(debug.Catching{Deny: true, Error: true, Timeout: true})
	d.SetBreakpoints([]debug.Breakpoint{{Kind: debug.AtValue, Path: "event", Enabled: true}, {Kind: debug.AtType, Type: "decision", Enabled: true, Condition: "size(step) > 100"}})
	started := map[string]bool{}
	d.Listen(func(e debug.Event) {
		if e.Run == nil || e.Run.Status != "paused" {
			if e.Run != nil && !started[e.Run.ID] {
				started[e.Run.ID] = true
				_ = d.Pause(e.Run.ID)
			}
			return
		}
		if blocks.Add(1); e.Run.Stack[0].File != "" {
			lines.Add(1)
		}
		_, _ = d.Scopes(context.Background(), e.Run.ID, 0)
		_ = d.StepInto(e.Run.ID)
	})
	return d
}

func TestD1_EveryTemplateRunsTheSameUnderTheDebugger(t *testing.T) {
	var blocks, lines atomic.Int32
	t.Cleanup(func() {
		if blocks.Load() < 1000 || lines.Load() < 100 {
			t.Errorf("only %d stops, %d of them in Actions", blocks.Load(), lines.Load())
		}
	})
	for _, p := range everyProject(t) {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			plain, err := benches.BenchesWith(p.project, p.world, p.pool, nil, benches.BenchOptions{Random: seeded, Uncovered: true})
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range p.suite.Cases() {
				if c.Scenario.Skip != "" {
					continue
				}
				d := stepper(&blocks, &lines)
				stepped, err := benches.BenchesWith(p.project, p.world, d.Scripts(p.pool), nil, benches.BenchOptions{Random: seeded, Uncovered: true, Hook: d})
				if err != nil {
					t.Fatal(err)
				}
				want, got := journalsOf(t, c, plain), journalsOf(t, c, stepped)
				if !bytes.Equal(want, got) {
					at := 0
					for at < len(want) && at < len(got) && want[at] == got[at] {
						at++
					}
					t.Errorf("%s differs:\nplain   …%s\nstepped …%s", c.Name, around(want, at), around(got, at))
				}
			}
		})
	}
}

func around(text []byte, at int) []byte {
	return text[max(0, at-200):min(len(text), at+200)]
}
