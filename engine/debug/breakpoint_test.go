package debug_test

import (
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/debug"
	"github.com/authflow-studio/authflow/engine/run"
)

// stopsAt sets one breakpoint and answers where a sign-in stops first, "" for
// nowhere.
func (r *rig) stopsAt(b debug.Breakpoint) (debug.Run, *run.Stop) {
	r.t.Helper()
	b.Enabled = true
	r.d.SetBreakpoints([]debug.Breakpoint{b})
	answer := r.submit(r.begin())
	for {
		select {
		case v := <-r.changes:
			if v.Status == "paused" {
				r.do(r.d.Continue(v.ID))
				return v, <-answer
			}
		case done := <-answer:
			return debug.Run{Stack: []debug.Place{{}}}, done
		}
	}
}

func TestD2_EveryKindOfBreakpoint(t *testing.T) {
	for name, c := range map[string]struct {
		b      debug.Breakpoint
		block  string
		reason string
	}{
		"block":              {debug.Breakpoint{Kind: debug.AtBlock, Flow: "login", Block: "pick"}, "pick", "breakpoint"},
		"edge":               {debug.Breakpoint{Kind: debug.AtEdge, Flow: "login", Block: "pick", Port: "default"}, "claim", "breakpoint"},
		"edge not taken":     {debug.Breakpoint{Kind: debug.AtEdge, Flow: "login", Block: "pick", Port: "high"}, "", ""},
		"type":               {debug.Breakpoint{Kind: debug.AtType, Type: "decision"}, "pick", "breakpoint"},
		"output":             {debug.Breakpoint{Kind: debug.AtValue, Path: "step.risk.score"}, "pick", "breakpoint"},
		"claim":              {debug.Breakpoint{Kind: debug.AtValue, Path: "claims.id_token.risk"}, "in", "breakpoint"},
		"claim of any token": {debug.Breakpoint{Kind: debug.AtValue, Path: "claims"}, "in", "breakpoint"},
		"event":              {debug.Breakpoint{Kind: debug.AtValue, Path: "event.user"}, "risk", "breakpoint"},
		"never written":      {debug.Breakpoint{Kind: debug.AtValue, Path: "claims.id_token.other"}, "", ""},
		"condition met":      {debug.Breakpoint{Flow: "login", Block: "pick", Condition: "step.risk.score >= 0"}, "pick", "breakpoint"},
		"condition not met":  {debug.Breakpoint{Flow: "login", Block: "pick", Condition: "step.risk.score > 1000"}, "", ""},
		"hit once":           {debug.Breakpoint{Flow: "login", Block: "pick", Hit: "1"}, "pick", "breakpoint"},
		"hit later":          {debug.Breakpoint{Flow: "login", Block: "pick", Hit: ">1"}, "", ""},
		"message":            {debug.Breakpoint{Flow: "login", Block: "pick", Message: "score {step.risk.score}, {step.gone.x}"}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, true)
			v, done := r.stopsAt(c.b)
			if v.Stack[0].Block != c.block || v.Reason != c.reason {
				t.Errorf("stopped at %q (%s: %s)", v.Stack[0].Block, v.Reason, v.ReasonText)
			}
			if done.State.Outcome() != "succeeded" {
				t.Errorf("outcome %s", done.State.Outcome())
			}
			if c.b.Message != "" {
				if said := <-r.logs; !strings.HasPrefix(said.Text, "score ") || !strings.Contains(said.Text, "is not there") || said.Place.Block != "pick" {
					t.Errorf("said %+v", said)
				}
			}
		})
	}
}

func TestD2_APageStopsBeforeItIsShown(t *testing.T) {
	r := newSignUp(t)
	r.d.SetBreakpoints([]debug.Breakpoint{{Kind: debug.AtPage, Page: "choose.html", Enabled: true}})
	started := make(chan *run.Stop, 1)
	go func() { started <- r.begin() }()
	v := r.until("paused")
	if v.Stack[0].Block != "ask" || v.Reason != "breakpoint" || r.exists("new@example.com") {
		t.Errorf("paused %+v", v) // nothing is committed before the page is shown
	}
	r.do(r.d.Continue(v.ID))
	if at := <-started; at.State.Status != run.Waiting {
		t.Errorf("status %s", at.State.Status)
	}
}

func TestD2_OnDenyAndOnError(t *testing.T) {
	r := newSignUp(t)
	r.d.Catch(debug.Catching{Deny: true})
	answer := r.choose(r.begin(), "not")
	v := r.until("paused")
	if v.Reason != "deny" || v.Stack[0].Block != "no" || v.Outcome == nil {
		t.Errorf("paused %+v", v)
	}
	// The end is not yet the end: one step back, and the other way.
	r.do(r.d.StepBack(t.Context(), v.ID))
	v = r.until("paused")
	r.do(r.d.Jump(r.project, v.ID, "ok"))
	r.do(r.d.Continue(v.ID))
	if done := <-answer; done.State.Outcome() != "succeeded" {
		t.Errorf("outcome %s", done.State.Outcome())
	}

	r = newSignUp(t)
	r.d.Catch(debug.Catching{Error: true})
	r.project.Flows["inner"].Blocks["a"].Config["values"] = map[string]any{"v": "{{ input.gone }}"}
	answer = r.choose(r.begin(), "yes")
	v = r.until("paused")
	if v.Reason != "error" || !strings.Contains(v.ReasonText, "gone") {
		t.Errorf("paused %+v", v)
	}
	r.d.Close() // the flow above fails by it, too
	<-answer
}

// A condition that cannot be computed stops there and shows why; it is never
// silently "not met".
func TestD2_AConditionThatFailsStopsAndSaysWhy(t *testing.T) {
	for _, condition := range []string{"step.gone.x == 1", "1 +", "'text'", "[1,2,3,4,5,6,7,8,9,10].all(a, [1,2,3,4,5,6,7,8,9,10].all(b, [1,2,3,4,5,6,7,8,9,10].all(c, [1,2,3,4,5,6,7,8,9,10].all(d, [1,2,3,4,5,6,7,8,9,10].all(e, [1,2,3,4,5,6,7,8,9,10].all(f, a+b+c+d+e+f < 100))))))"} {
		r := newRig(t, true)
		v, _ := r.stopsAt(debug.Breakpoint{Flow: "login", Block: "pick", Condition: condition})
		if v.Stack[0].Block != "pick" || !strings.Contains(v.ReasonText, "condition failed") {
			t.Errorf("%.30s: %+v", condition, v.ReasonText)
		}
	}
}

func TestD2_APlaceThatIsGoneIsShownAsUnverified(t *testing.T) {
	r := newSignUp(t)
	for why, b := range map[string]debug.Breakpoint{
		"":                          {Kind: debug.AtEdge, Flow: "login", Block: "ask", Port: "yes"},
		"no block \"gone\"":         {Flow: "login", Block: "gone"},
		"no flow \"gone\"":          {Flow: "gone", Block: "ask"},
		"no edge leaves":            {Kind: debug.AtEdge, Flow: "login", Block: "ask", Port: "perhaps"},
		"no actions/x.js":           {Kind: debug.AtLine, File: "x.js", Line: 3},
		"no flow has a block":       {Kind: debug.AtType, Type: "mfa"},
		"is no value":               {Kind: debug.AtValue, Path: "secrets.key"},
		"is none of >5":             {Flow: "login", Block: "ask", Hit: "often"},
		"the condition: ":           {Flow: "login", Block: "ask", Condition: "1 +"},
		"can never be met":          {Flow: "login", Block: "ask", Hit: "%0"},
		"the flow \"login\" has no": {Flow: "login", Block: "nobody"},
	} {
		r.d.SetBreakpoints([]debug.Breakpoint{b})
		r.d.Verify(r.project, func(string, int) int { return 0 })
		if got := r.d.Breakpoints()[0]; got.Verified != (why == "") || !strings.Contains(got.Why, why) {
			t.Errorf("%+v", got)
		}
	}
	r.d.SetBreakpoints([]debug.Breakpoint{{Flow: "login", Block: "ask"}, {Kind: debug.AtValue, Path: "step.ask.chosen"}})
	r.d.Renamed("login", "ask", "question")
	for _, b := range r.d.Breakpoints() {
		if b.Block == "ask" || b.Path == "step.ask.chosen" {
			t.Errorf("%+v stayed behind", b)
		}
	}
}

func TestD2_HitCounts(t *testing.T) {
	for hit, want := range map[string]string{"": "pppp", "2": " p  ", "==3": "  p ", ">2": "  pp", ">=2": " ppp", "<3": "pp  ", "<=1": "p   ", "%2": " p p"} {
		r := newRig(t, true)
		r.d.SetBreakpoints([]debug.Breakpoint{{Flow: "login", Block: "pick", Hit: hit, Enabled: true}, {Flow: "login", Block: "claim", Enabled: true}})
		answer := r.submit(r.begin())
		got := ""
		for range 4 { // pick, then claim, then back to pick
			v := r.until("paused")
			if v.Stack[0].Block == "pick" {
				got += "p"
				r.do(r.d.Continue(v.ID))
				v = r.until("paused")
			} else {
				got += " "
			}
			if len(got) < 4 {
				r.do(r.d.BackTo(t.Context(), v.ID, v.Path[1].Moment, nil))
				r.until("paused")
			}
			r.do(r.d.Continue(v.ID))
		}
		if <-answer; got != want {
			t.Errorf("%q: %q, want %q", hit, got, want)
		}
	}
}
