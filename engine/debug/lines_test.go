package debug_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/debug"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/script"
)

func TestMain(m *testing.M) {
	script.ServeWorkerIfAsked()
	os.Exit(m.Run())
}

const scored = `export default async function (event, step, api) {
  const base = event.request.ip.length;
  let score = base * 2;
  const dice = api.random();
  score = grade(score);
  api.state.set("score", score);
  api.state.set("dice", dice);
}

function grade(n) {
  const half = n / 2;
  return half + 1;
}
`

const scoredLogin = `{"format":1,"name":"Login","trigger":"login","enabled":true,"start":"act","blocks":{
"act":{"type":"run_custom_action","stage":"pre_login","config":{"action":"score.js"},"next":{"next":"pick"}},
"pick":{"type":"decision","stage":"pre_login","config":{"rows":[{"port":"high","when":"step.act.score > 100"}]},"next":{"high":"no","default":"ok"}},
"ok":{"type":"allow","stage":"pre_login"},
"no":{"type":"deny","stage":"pre_login","config":{"reason":"refused"}}}}`

func newScored(t *testing.T) *rig {
	t.Helper()
	r := newRig(t, true)
	pool := script.NewPool(script.Options{Workers: 1})
	t.Cleanup(func() { pool.Close() })
	r.engine.Scripts = r.d.Scripts(pool)
	p, problems := flow.Parse(map[string][]byte{flow.SettingsFile: []byte(`{"format":1,"name":"x","version":"1"}`), "flows/login.json": []byte(scoredLogin), "actions/score.js": []byte(scored)})
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	r.project = p
	return r
}

func (r *rig) beginInBackground() chan *run.Stop {
	answer := make(chan *run.Stop, 1)
	go func() { answer <- r.begin() }()
	return answer
}

// at waits until the run is paused at a line, 0 for before a block.
func (r *rig) at(line int, block string) debug.Run {
	r.t.Helper()
	v := r.until("paused")
	if v.Stack[0].Line != line || v.Stack[0].Block != block {
		r.t.Fatalf("paused at line %d of %s (%s), not at line %d of %s", v.Stack[0].Line, v.Stack[0].Block, v.ReasonText, line, block)
	}
	return v
}

func (r *rig) local(id, name string) string {
	r.t.Helper()
	s, err := r.d.Action(id)
	r.do(err)
	v, err := s.Evaluate(0, name)
	r.do(err)
	return v.Value
}

func TestD2_ALineOfAnActionStopsWithItsVariables(t *testing.T) {
	r := newScored(t)
	r.d.SetBreakpoints([]debug.Breakpoint{{Kind: debug.AtLine, File: "score.js", Line: 12, Enabled: true, Condition: "half > 5"}})
	answer := r.beginInBackground()
	v := r.at(12, "act")
	if v.Reason != "breakpoint" || len(v.Stack) != 3 || v.Stack[0].Function != "grade" || v.Stack[1].Line != 5 || v.Stack[2].File != "" {
		t.Errorf("stack %+v", v.Stack)
	}
	if got := r.local(v.ID, "half"); got != "9" {
		t.Errorf("half is %s", got)
	}
	r.do(r.d.Continue(v.ID))
	if done := <-answer; done.State.Outcome() != "succeeded" {
		t.Errorf("outcome %s", done.State.Outcome())
	}
}

func TestD3_IntoAnActionLineByLineAndBack(t *testing.T) {
	r := newScored(t)
	r.d.SetBreakpoints([]debug.Breakpoint{{Flow: "login", Block: "act", Enabled: true}})
	answer := r.beginInBackground()
	id := r.at(0, "act").ID
	r.do(r.d.StepInto(id))
	r.at(2, "act")
	r.do(r.d.StepOver(id))
	r.at(3, "act")
	r.do(r.d.RunToLine(id, "score.js", 5))
	r.at(5, "act")
	dice := r.local(id, "dice")
	r.do(r.d.StepInto(id))
	r.at(11, "act")
	r.do(r.d.StepOut(id))
	r.at(6, "act")
	r.do(r.d.StepBack(t.Context(), id))
	r.at(5, "act")
	r.do(r.d.StepBack(t.Context(), id))
	r.at(4, "act")
	r.do(r.d.StepOver(id))
	r.at(5, "act")
	if again := r.local(id, "dice"); again != dice {
		t.Errorf("the second time the dice showed %s, not %s", again, dice)
	}
	r.do(r.d.Restart(t.Context(), id))
	r.at(0, "act")
	r.do(r.d.StepOver(id))
	r.at(0, "pick")
	r.do(r.d.StepBack(t.Context(), id))
	r.at(0, "act")
	r.do(r.d.StepInto(id))
	r.at(2, "act")
	r.do(r.d.StepBack(t.Context(), id)) // before the first line is before the block
	r.at(0, "act")
	r.do(r.d.Continue(id))
	done := <-answer
	if done.State.Outcome() != "succeeded" {
		t.Errorf("outcome %s: %v", done.State.Outcome(), done.State.Failure)
	}
}

// A variable that is changed takes the run another way, which the journal holds.
func TestD3_AChangedVariableOfAnActionIsInTheJournal(t *testing.T) {
	r := newScored(t)
	r.d.SetBreakpoints([]debug.Breakpoint{{Kind: debug.AtLine, File: "score.js", Line: 6, Enabled: true}})
	answer := r.beginInBackground()
	v := r.at(6, "act")
	_, err := r.d.ChangeAction(v.ID, func(s *script.Stop) (script.Evaluation, error) { return s.Assign(0, "score", "500") })
	r.do(err)
	r.do(r.d.Continue(v.ID))
	done := <-answer
	if done.State.End.Reason != "refused" || !strings.Contains(string(r.journal(v.ID)), `"effect":"script.edited"`) {
		t.Errorf("end %+v", done.State.End)
	}
	if seen, _ := r.d.Run(v.ID); !slices.ContainsFunc(seen.Path, func(s debug.Step) bool { return s.Block == "act" && s.Changed }) {
		t.Errorf("the path %+v does not say that a person changed the Action", seen.Path)
	}
	r.replays(done)
}

func TestARunIsStoppedInsideOfAnAction(t *testing.T) {
	r := newScored(t)
	r.d.SetBreakpoints([]debug.Breakpoint{{Kind: debug.AtLine, File: "score.js", Line: 3, Enabled: true}})
	answer := r.beginInBackground()
	v := r.at(3, "act")
	r.do(r.d.Stop(v.ID))
	if done := <-answer; done.State.Outcome() != "stopped" {
		t.Errorf("outcome %s", done.State.Outcome())
	}
}

func TestD4_NoBudgetRunsWhileAnActionIsPaused(t *testing.T) {
	r := newScored(t)
	r.project.Settings.Budgets.Run, r.project.Settings.Budgets.Action = flow.Duration(400e6), flow.Duration(300e6)
	r.d.SetBreakpoints([]debug.Breakpoint{{Kind: debug.AtLine, File: "score.js", Line: 3, Enabled: true}})
	answer := r.beginInBackground()
	v := r.at(3, "act")
	time.Sleep(900 * time.Millisecond)
	r.do(r.d.Continue(v.ID))
	if done := <-answer; done.State.Outcome() != "succeeded" {
		t.Errorf("outcome %s: %v", done.State.Outcome(), done.State.Failure)
	}
}
