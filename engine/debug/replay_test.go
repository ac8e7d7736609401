package debug_test

import (
	"context"
	"sync"
	"testing"

	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/debug"
	"github.com/authflow-studio/authflow/engine/run"
)

// A recorded run replays under the debugger, with breakpoints and back again.
func TestD7_ARecordingIsReplayedWithBreakpoints(t *testing.T) {
	r := newSignUp(t)
	done := <-r.choose(r.begin(), "yes")
	journal, err := r.engine.JournalOf(t.Context(), done.State.ID)
	r.do(err)
	for len(r.changes) > 0 {
		<-r.changes
	}

	elsewhere := newRig(t, false)
	elsewhere.d.SetBreakpoints([]debug.Breakpoint{{Flow: "inner", Block: "b", Enabled: true}})
	id, err := elsewhere.d.Replay(debug.Recorded{Journal: journal, Project: r.project, Catalogue: catalogue.All()})
	r.do(err)
	stands := func(want string) debug.Run {
		t.Helper()
		v := elsewhere.until("paused")
		if got := v.Stack[0].Flow + "." + v.Stack[0].Block; got != want || !v.Replay {
			t.Fatalf("stands at %s (%s), not %s", got, v.ReasonText, want)
		}
		return v
	}
	stands("login.make")
	r.do(elsewhere.d.Continue(id))
	v := stands("inner.b")
	if steps := v.Values["step"].(map[string]any); steps["a"] == nil {
		t.Errorf("values %v", steps)
	}
	if _, err := elsewhere.d.SetValue(id, "input.x", "2"); err == nil {
		t.Error("a value of a replay was changed")
	}
	r.do(elsewhere.d.StepBack(t.Context(), id))
	stands("inner.a")
	r.do(elsewhere.d.Continue(id))
	stands("inner.b")
	r.do(elsewhere.d.Continue(id))
	v = elsewhere.until("succeeded")
	if v.Error != nil {
		t.Errorf("error %+v", v.Error)
	}
	r.do(elsewhere.d.BackTo(t.Context(), id, v.Path[1].Moment, nil)) // it has ended: it is replayed up to there
	stands("login.ask")
	r.do(elsewhere.d.StepOver(id))
	stands("login.tell")
	elsewhere.d.Close()
	if elsewhere.exists("new@example.com") {
		t.Error("the replay has performed something")
	}
}

// A hundred runs at once, each stopped, looked at, stepped, taken back and let go.
func TestD5_AHundredRunsAreDebuggedAtOnce(t *testing.T) {
	r := newRig(t, true)
	r.d.SetBreakpoints([]debug.Breakpoint{{Flow: "login", Block: "pick", Enabled: true, Hit: "1"}})
	const many = 100
	var mu sync.Mutex
	stops := map[string]int{}
	r.d.Listen(func(e debug.Event) {
		if e.Run == nil || e.Run.Status != "paused" {
			return
		}
		id := e.Run.ID
		mu.Lock()
		stops[id]++
		n := stops[id]
		mu.Unlock()
		go func() {
			_, _ = r.d.Look(id, e.Run.Moment)
			_, _ = r.d.Evaluate(id, 0, "size(step)")
			switch n {
			case 1:
				_ = r.d.StepOver(id)
			case 2:
				_ = r.d.StepBack(context.Background(), id)
			case 3:
				_, _ = r.d.SetValue(id, "step.risk.score", 95.0)
			default:
				_ = r.d.Continue(id)
			}
		}()
	})
	answers := make([]chan *run.Stop, many)
	for i := range many {
		answers[i] = r.submit(r.begin())
	}
	for _, a := range answers {
		if done := <-a; done.State.End.Reason != "refused" {
			t.Errorf("end %+v", done.State.End)
		}
	}
}
