package debug_test

import (
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/debug"
	"github.com/authflow-studio/authflow/engine/flow"
)

// A pinned block leaves as it is held to, in each run, without running; the
// journal marks it, and the run replays from it (rule D3).
func TestD3_APinnedBlockLeavesAsItIsHeldTo(t *testing.T) {
	r := newRig(t, true)
	pins := &debug.Pins{Debugger: r.d}
	r.engine.Hook = pins
	pins.Put(debug.Pin{Flow: "login", Block: "risk", Port: "next", Outputs: map[string]any{"score": 95.0}, Enabled: true})
	for range 2 {
		done := <-r.submit(r.begin())
		if done.State.End == nil || done.State.End.Reason != "refused" {
			t.Fatalf("the pinned score was not taken: %+v", done.State.End)
		}
		v, _ := r.d.Run(done.State.ID)
		if step := v.Path[1]; step.Block != "risk" || !step.Forced || step.Outputs["score"] != 95.0 {
			t.Errorf("step %+v", step)
		}
		if !strings.Contains(string(r.journal(v.ID)), `"kind":"force"`) {
			t.Error("the journal does not mark it")
		}
		r.replays(done)
	}

	t.Run("what a person orders comes first", func(t *testing.T) {
		r.d.SetBreakpoints([]debug.Breakpoint{{Flow: "login", Block: "risk", Enabled: true}})
		answer := r.submit(r.begin())
		v := r.until("paused")
		r.do(r.d.Force(v.ID, "next", map[string]any{"score": 1.0}))
		v = r.until("paused")
		r.do(r.d.Continue(v.ID))
		if done := <-answer; done.State.Outcome() != "succeeded" {
			t.Errorf("the run %s", done.State.Outcome())
		}
		r.d.SetBreakpoints(nil)
	})

	t.Run("switched off, gone, renamed", func(t *testing.T) {
		pin := pins.All()[0]
		pin.Enabled = false
		pins.Put(pin)
		if done := <-r.submit(r.begin()); done.State.Outcome() != "succeeded" {
			t.Errorf("a pin that is off holds: %s", done.State.Outcome())
		}
		pins.Renamed("login", "risk", "hazard")
		pins.Verify(r.project, func(string, int) int { return 0 })
		if pin := pins.All()[0]; pin.Block != "hazard" || !strings.Contains(pin.Why, `no block "hazard"`) {
			t.Errorf("pin %+v", pin)
		}
		pins.Remove("login", "hazard")
		if len(pins.All()) != 0 {
			t.Error("it is still there")
		}
	})
}

func TestD3_TheNextRunStopsWhereItWasToldTo(t *testing.T) {
	r := newRig(t, true)
	r.do(r.d.NextTo(r.project, "login", "pick"))
	answer := r.submit(r.begin())
	v := r.until("paused")
	if v.Stack[0].Block != "pick" || v.Reason != "step" {
		t.Fatalf("stands at %+v for %s", v.Stack, v.Reason)
	}
	r.do(r.d.Continue(v.ID))
	<-answer
	if done := <-r.submit(r.begin()); done.State.Outcome() != "succeeded" {
		t.Error("the run after it stopped as well")
	}
	if err := r.d.NextTo(&flow.Project{}, "login", "pick"); err == nil || !strings.Contains(err.Error(), "no block") {
		t.Errorf("a block that is not there: %v", err)
	}
}
