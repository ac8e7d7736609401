package contract_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/block/control"
	"github.com/authflow-studio/authflow/engine/block/terminal"
	"github.com/authflow-studio/authflow/engine/expr"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/store/storetest"
	"github.com/authflow-studio/authflow/engine/world"
)

// This file runs small flows on the real engine with every combination of what
// its blocks may find, and judges contracts by looking at each run. It is what
// the checker is held against.

// chooser decides what blocks find: it plays a script and then the first of the
// options, and knows the next script that was not played yet.
type chooser struct{ script, sizes []int }

func (c *chooser) pick(n int) int {
	at := len(c.sizes)
	c.sizes = append(c.sizes, n)
	if at >= len(c.script) {
		c.script = append(c.script, 0)
	}
	return c.script[at]
}

// next answers whether there is a script after this one.
func (c *chooser) next() bool {
	c.script = c.script[:len(c.sizes)]
	for i := len(c.script) - 1; i >= 0; i-- {
		if c.script[i]+1 < c.sizes[i] {
			c.script = append(slices.Clone(c.script[:i]), c.script[i]+1)
			c.sizes = nil
			return true
		}
	}
	return false
}

// drawn is a block whose outcome the chooser decides.
type drawn struct {
	desc block.Descriptor
	run  func(c *chooser, call *block.Call) (block.Result, error)
	by   *chooser
}

func (d drawn) Describe() block.Descriptor { return d.desc }

func (d drawn) Run(c *block.Call) (block.Result, error) { return d.run(d.by, c) }

var people = []string{"ada", "alan"}

// drawnBlocks are blocks that look, verify and find as the real ones do.
func drawnBlocks(by *chooser) *block.Catalogue {
	next := []block.Port{{ID: "next"}}
	twoWays := []block.Port{{ID: "ok"}, {ID: "failed"}}
	sense := func(id, typ string, values ...any) drawn {
		return drawn{block.Descriptor{ID: id, Ports: next, Outputs: []block.Output{{Name: "v", Type: typ}}}, func(c *chooser, _ *block.Call) (block.Result, error) {
			return block.Go("next", map[string]any{"v": values[c.pick(len(values))]}), nil
		}, by}
	}
	asUser := func(call *block.Call, who string) { call.SetEvent("user", map[string]any{"id": who}) }
	return block.NewCatalogue(control.Decision{}, control.Repeat{}, control.RunFlow{}, terminal.Finish{}, terminal.Deny{}, terminal.Allow{},
		sense("count", "integer", 0.0, 1.0, 2.0, 3.0), sense("name", "string", "a", "b", "c"), sense("flag", "boolean", false, true),
		drawn{block.Descriptor{ID: "knows", Ports: twoWays, Effects: []string{block.VerifiesFactor}, Proves: map[string][]string{"ok": {block.ProvesPassword}},
			Gives: map[string][]string{"ok": {block.FactUser}}, Says: map[string]map[string]any{"ok": {"v": true}, "failed": {"v": false}}, Outputs: []block.Output{{Name: "v", Type: "boolean"}}},
			func(c *chooser, call *block.Call) (block.Result, error) {
				i := c.pick(3)
				if i == 2 {
					return block.Go("failed", map[string]any{"v": false}), nil
				}
				asUser(call, people[i])
				call.SetSubject(call.Subject.With(people[i], block.Password, 1))
				return block.Go("ok", map[string]any{"v": true}), nil
			}, by},
		drawn{block.Descriptor{ID: "has", Ports: twoWays, Effects: []string{block.VerifiesFactor}, Needs: []string{block.FactUser}, Proves: map[string][]string{"ok": {block.ProvesPossession}}},
			func(c *chooser, call *block.Call) (block.Result, error) {
				who := call.EventText("user.id")
				if who == "" {
					return block.Result{}, errors.New("nobody is known")
				}
				if c.pick(2) == 1 {
					return block.Go("failed", nil), nil
				}
				call.SetSubject(call.Subject.With(who, block.OneTime, 1))
				return block.Go("ok", nil), nil
			}, by},
		drawn{block.Descriptor{ID: "find", Ports: next, Gives: map[string][]string{"next": {block.FactUser}}, Changes: []string{"user"}},
			func(c *chooser, call *block.Call) (block.Result, error) {
				asUser(call, people[c.pick(2)])
				return block.Go("next", nil), nil
			}, by},
		drawn{block.Descriptor{ID: "in", Terminal: true, Effects: []string{block.IssuesSession}},
			func(c *chooser, call *block.Call) (block.Result, error) {
				if call.Subject.AAL() == "" || call.Subject.UserID != call.EventText("user.id") {
					return block.Result{}, errors.New("nobody is verified")
				}
				if c.pick(2) == 1 {
					return block.Finish(block.End{Reason: "too_many"}), nil
				}
				return block.Finish(block.End{Success: true, UserID: call.Subject.UserID, SessionID: "s", Whole: true}), nil
			}, by})
}

// claim is a contract in the words of this file: it is judged by looking at a
// run, with nothing of the checker's own.
type claim struct {
	every, never, passed, after, when, unless string
}

func (c claim) yaml() string {
	var b strings.Builder
	for _, part := range [][2]string{{"every", c.every}, {"never", c.never}, {"passed", c.passed}, {"after", c.after}, {"when", c.when}, {"unless", c.unless}} {
		if part[1] != "" {
			fmt.Fprintf(&b, "%s: %q\n", part[0], part[1])
		}
	}
	return b.String() + "on: login"
}

// watch looks at one run.
type watch struct {
	claim
	p       *flow.Project
	before  run.State
	passedX bool
	afterX  bool
	labels  []string
	entered int
	// broken is the run up to where it broke the claim.
	broken []string
	length int
}

func (w *watch) Before(_ context.Context, m *run.Moment) (*run.Order, error) {
	w.before = m.State
	if s := &m.State; !m.Resumed {
		w.entered++
		top := s.Top()
		w.happens(func(word string) bool {
			return word == top.Block || word == w.p.Flows[top.Flow].Blocks[top.Block].Type
		}, func(string) bool { return false }, top.Flow+"."+top.Block)
	}
	return nil, nil
}

func (w *watch) After(_ context.Context, s *run.State, step run.Step) (*run.Order, error) {
	label := step.Flow + "." + step.Block
	b := w.p.Flows[step.Flow].Blocks[step.Block]
	if b.Next[step.Port] != "" {
		label += ":" + step.Port
		was, is := w.before.Subject, s.Subject
		w.happens(func(word string) bool {
			return word == step.Block+":"+step.Port || word == b.Type+":"+step.Port || word == "an error" && step.Port == block.ErrorPort ||
				w.shows(s, is, word) && !w.shows(&w.before, was, word)
		}, func(word string) bool {
			if word != step.Block && word != b.Type || step.Port == block.ErrorPort {
				return false
			}
			return b.Type != "knows" && b.Type != "has" || step.Port == "ok"
		}, label)
	}
	if step.Ended && s.End != nil && s.End.Success {
		w.happens(func(word string) bool { return word == "a success" || word == "a session" && s.End.SessionID != "" }, func(string) bool { return false }, label)
	}
	w.labels = append(w.labels, label)
	return nil, nil
}

// shows tells a state of the person from the real subject.
func (w *watch) shows(s *run.State, sub block.Subject, word string) bool {
	user, _ := s.Event["user"].(map[string]any)
	if sub.UserID == "" || user["id"] != sub.UserID {
		return false
	}
	switch word {
	case "a password":
		return slices.ContainsFunc(sub.Verified, func(v block.Verified) bool { return v.Method == block.Password })
	case "a factor":
		return len(sub.Verified) > 0
	case "a second factor":
		return sub.AAL() == "aal2"
	}
	return false
}

func (w *watch) happens(reached, passed func(string) bool, label string) {
	if w.broken == nil && (w.every != "" && reached(w.every) || w.never != "" && reached(w.never)) && w.applies() {
		ok := w.passed != "" && (w.passedX || w.shows(&w.before, w.before.Subject, w.passed))
		if !ok {
			w.broken, w.length = append(slices.Clone(w.labels), label), w.entered
		}
	}
	w.passedX = w.passedX || w.passed != "" && (passed(w.passed) || strings.Contains(w.passed, ":") && reached(w.passed) || w.passed == "an error" && reached(w.passed))
	w.afterX = w.afterX || w.after != "" && reached(w.after)
}

// applies asks the conditions of the real values of the flow that was started.
func (w *watch) applies() bool {
	if w.after != "" && !w.afterX {
		return false
	}
	outermost := w.before
	outermost.Frames = outermost.Frames[:1]
	holds := func(src string) bool {
		program, issues := expr.Compile(src, expr.Bool, nil)
		if len(issues) > 0 {
			panic(issues[0].Message)
		}
		is, err := program.EvalBool(outermost.View().Vars())
		return err == nil && is
	}
	return (w.when == "" || holds(w.when)) && (w.unless == "" || !holds(w.unless))
}

// verdict is what all runs together say.
type verdict struct {
	runs     int
	shortest int
	broken   map[string]bool
}

// mostRuns bounds one flow; one with more is not compared.
const mostRuns = 20_000

// allRuns runs a flow with every combination of what its blocks find and of
// faults where something takes them up.
func allRuns(p *flow.Project, c claim) (verdict, bool) {
	by := &chooser{}
	catalogue := drawnBlocks(by)
	v := verdict{broken: map[string]bool{}}
	clock := storetest.NewClock()
	for {
		w := &watch{claim: c, p: p}
		m := &run.Machine{Catalogue: catalogue, Project: p, Hook: w, Budgets: p.Settings.WithDefaults().Budgets}
		s := &run.State{Status: run.Running, Frames: []run.Frame{{Flow: "login", Block: p.Flows["login"].Start}}, Event: map[string]any{"authentication": map[string]any{"aal": "", "methods": []any{}}}}
		env := &block.Env{World: world.World{Clock: clock}, Project: p, Fault: func(slug, id string) (block.Fault, bool) {
			if p.Flows[slug].Blocks[id].Next[block.ErrorPort] == "" && slug == "login" || by.pick(2) == 0 {
				return block.Fault{}, false
			}
			return block.Fault{Error: "broken"}, true
		}}
		m.Advance(context.Background(), s, nil, env, run.NewJournal(clock, s))
		if s.Failure != nil && s.Failure.Code == "budget_blocks" {
			panic("the flow goes round for ever: " + strings.Join(w.labels, " "))
		}
		if w.broken != nil {
			v.broken[strings.Join(w.broken, " ")] = true
			if v.shortest == 0 || w.length < v.shortest {
				v.shortest = w.length
			}
		}
		if v.runs++; v.runs > mostRuns {
			return v, false
		}
		if !by.next() {
			return v, true
		}
	}
}
