package debug_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/debug"
	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/store"
)

// signUp makes an account, asks the person something, and counts.
const signUp = `{"format":1,"name":"Login","trigger":"login","enabled":true,"start":"make","blocks":{
"make":{"type":"identity_create","stage":"pre_login","config":{"email":"new@example.com"},"next":{"created":"ask","exists":"no"}},
"ask":{"type":"choose","stage":"pre_login","config":{"title":"Well?","options":[{"port":"yes","label":"Yes"},{"port":"not","label":"No"}]},"next":{"yes":"tell","not":"no"}},
"tell":{"type":"set_custom_claim","stage":"post_login","config":{"name":"said","value":"step.ask.chosen","into":"both"},"next":{"next":"sub"}},
"sub":{"type":"run_flow","stage":"post_login","config":{"flow":"inner","inputs":{"x":"1"}},"next":{"success":"ok","failure":"no","aborted":"no"}},
"ok":{"type":"allow","stage":"post_login"},
"no":{"type":"deny","stage":"post_login","config":{"reason":"refused"}}}}`

const inner = `{"format":1,"name":"Inner","trigger":"custom","enabled":true,"subflow_only":true,"inputs":{"x":{"type":"string","required":true}},"start":"a","blocks":{
"a":{"type":"set_value","config":{"values":{"v":"{{ input.x }}"}},"next":{"next":"b"}},
"b":{"type":"finish","config":{"success":true}}}}`

func newSignUp(t *testing.T) *rig {
	t.Helper()
	r := newRig(t, true)
	p, problems := flow.Parse(map[string][]byte{flow.SettingsFile: []byte(`{"format":1,"name":"x","version":"1"}`), "flows/login.json": []byte(signUp), "flows/inner.json": []byte(inner)})
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	r.project = p
	return r
}

func (r *rig) choose(at *run.Stop, port string) chan *run.Stop {
	answer := make(chan *run.Stop, 1)
	go func() {
		done, err := r.engine.Submit(context.Background(), at.State.ID, at.Key, r.engine.Ticket(at.State, at.Key), run.Input{Fields: map[string]any{}, Button: port}, block.Carried{})
		if err != nil {
			r.t.Error(err)
		}
		answer <- done
	}()
	return answer
}

func (r *rig) exists(email string) bool {
	r.t.Helper()
	d := directory.New(store.Begin(r.engine.Store), r.engine.World.Clock, r.engine.World.Random, r.engine.Hasher())
	all, err := d.List(context.Background(), "", 0)
	if err != nil {
		r.t.Fatal(err)
	}
	return slices.ContainsFunc(all, func(u directory.User) bool { return u.Email == email })
}

func (r *rig) do(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// replays checks that the journal gives the same run again, what a person did in
// the debugger included.
func (r *rig) replays(done *run.Stop) {
	r.t.Helper()
	entries, err := r.engine.JournalOf(context.Background(), done.State.ID)
	r.do(err)
	text, err := json.Marshal(entries)
	r.do(err)
	r.do(json.Unmarshal(text, &entries)) // as another machine reads it
	m := &run.Machine{Catalogue: catalogue.All(), Project: r.project, Budgets: r.project.Settings.WithDefaults().Budgets}
	again, err := run.Replay(context.Background(), m, nil, entries)
	r.do(err)
	live := *done.State
	live.Key = ""
	a, _ := json.Marshal(&live, json.Deterministic(true))
	b, _ := json.Marshal(again, json.Deterministic(true))
	if !bytes.Equal(a, b) {
		r.t.Errorf("live     %s\nreplayed %s", a, b)
	}
}

func TestD3_StepBackAndTakeTheOtherBranch(t *testing.T) {
	r := newRig(t, true)
	r.d.SetBreakpoints([]debug.Breakpoint{{Flow: "login", Block: "claim", Enabled: true}})
	answer := r.submit(r.begin())
	v := r.until("paused")
	r.do(r.d.StepBack(t.Context(), v.ID))
	v = r.until("paused")
	if v.Reason != "back" || v.Stack[0].Block != "pick" || len(v.Path) != 2 || len(v.Left) != 1 || v.Left[0][0].Block != "pick" {
		t.Fatalf("stepped back: %+v", v)
	}
	if steps := v.Values["step"].(map[string]any); steps["pick"] != nil || steps["risk"] == nil {
		t.Errorf("values %v", steps)
	}
	_, err := r.d.SetValue(v.ID, "step.risk.score", 95.0)
	r.do(err)
	r.do(r.d.Continue(v.ID))
	done := <-answer
	if done.State.End.Reason != "refused" {
		t.Errorf("end %+v", done.State.End)
	}
	for _, mark := range []string{`"kind":"back"`, `"kind":"change"`} {
		if !strings.Contains(string(r.journal(v.ID)), mark) {
			t.Errorf("the journal has no %s", mark)
		}
	}
	r.replays(done)
}

func TestD3_SteppingBackRestoresTheWorld(t *testing.T) {
	r := newSignUp(t)
	at := r.begin()
	if !r.exists("new@example.com") {
		t.Fatal("no account was made")
	}
	// The run waits; nobody's request is under way.
	r.do(r.d.StepBack(t.Context(), at.State.ID)) // to before the page
	v := r.until("paused")
	r.do(r.d.StepBack(t.Context(), at.State.ID))
	v = r.until("paused")
	if v.Stack[0].Block != "make" || len(v.Path) != 0 {
		t.Fatalf("stands at %+v", v)
	}
	if r.exists("new@example.com") {
		t.Error("the account that was made after this point is still there")
	}
	r.do(r.d.Continue(v.ID))
	again := <-r.back
	if again.State.Status != run.Waiting || !r.exists("new@example.com") {
		t.Fatalf("went on to %s", again.State.Status)
	}
	if old, err := r.engine.Submit(context.Background(), at.State.ID, at.Key, r.engine.Ticket(at.State, at.Key), run.Input{Button: "yes"}, block.Carried{}); err == nil {
		t.Errorf("the page of before was taken: %+v", old)
	}
	done := <-r.choose(again, "yes")
	if done.State.Outcome() != "succeeded" {
		t.Fatalf("outcome %s", done.State.Outcome())
	}
	r.replays(done)
}

// A run that has ended is taken back across its pages: the first block runs
// again in a world without what it did.
func TestD3_AnEndedRunGoesBackAcrossItsPages(t *testing.T) {
	r := newSignUp(t)
	done := <-r.choose(r.begin(), "not")
	if done.State.End.Reason != "refused" {
		t.Fatalf("end %+v", done.State.End)
	}
	id := done.State.ID
	v, _ := r.d.Run(id)
	r.do(r.d.BackTo(t.Context(), id, v.Path[0].Moment, nil))
	r.until("paused")
	if r.exists("new@example.com") {
		t.Error("the account is still there")
	}
	r.do(r.d.Continue(id))
	again := <-r.back
	done = <-r.choose(again, "yes")
	if done.State.Outcome() != "succeeded" {
		t.Errorf("outcome %s, %v", done.State.Outcome(), done.State.Failure)
	}
	r.replays(done)
	if submits, asLived := r.lived(id); submits != 1 || !asLived {
		t.Errorf("the way that it went in the end has %d submits, as lived %v", submits, asLived)
	}
}

// lived counts the submits of the way that a run went in the end.
func (r *rig) lived(id string) (submits int, asLived bool) {
	r.t.Helper()
	entries, err := r.engine.JournalOf(context.Background(), id)
	r.do(err)
	lived, asLived := run.Effective(entries)
	for _, e := range lived {
		if e.Kind == run.KindSubmit {
			submits++
		}
	}
	return submits, asLived
}

func TestD3_OverIntoAndOutOfSubflows(t *testing.T) {
	r := newSignUp(t)
	r.d.SetBreakpoints([]debug.Breakpoint{{Flow: "login", Block: "sub", Enabled: true}})
	answer := r.choose(r.begin(), "yes")
	v := r.until("paused")
	stands := func(want string) {
		t.Helper()
		v = r.until("paused")
		if got := v.Stack[0].Flow + "." + v.Stack[0].Block; got != want {
			t.Fatalf("stands at %s, not %s", got, want)
		}
	}
	r.do(r.d.StepInto(v.ID))
	stands("inner.a")
	if len(v.Stack) != 2 || v.Stack[1].Block != "sub" {
		t.Errorf("stack %+v", v.Stack)
	}
	scopes, err := r.d.Scopes(t.Context(), v.ID, 1)
	r.do(err)
	if scopes[2].Name != "step" || scopes[2].Values.(map[string]any)["ask"] == nil || scopes[2].Changeable {
		t.Errorf("the outer frame sees %+v", scopes[2])
	}
	r.do(r.d.StepOut(v.ID))
	stands("login.ok")
	r.do(r.d.StepBack(t.Context(), v.ID))
	stands("login.sub") // takes what the flow has answered
	r.do(r.d.StepBack(t.Context(), v.ID))
	stands("inner.b")
	r.do(r.d.RestartFrame(t.Context(), v.ID, 1))
	stands("login.sub")
	r.do(r.d.StepOver(v.ID))
	stands("login.ok")
	r.do(r.d.ReverseContinue(t.Context(), v.ID))
	stands("login.sub")
	r.do(r.d.RunTo(v.ID, "login", "ok"))
	stands("login.ok")
	r.do(r.d.Continue(v.ID))
	done := <-answer
	if done.State.Outcome() != "succeeded" {
		t.Errorf("outcome %s", done.State.Outcome())
	}
	r.replays(done)
}

func TestD3_WhatIfAPortIsForcedAndABlockSkipped(t *testing.T) {
	r := newSignUp(t)
	r.d.SetBreakpoints([]debug.Breakpoint{{Flow: "login", Block: "tell", Enabled: true}})
	answer := r.choose(r.begin(), "yes")
	v := r.until("paused")
	r.do(r.d.Jump(r.project, v.ID, "sub"))
	r.until("paused")
	r.do(r.d.StepOver(v.ID))
	v = r.until("paused")
	if v.Stack[0].Block != "ok" || v.Path[len(v.Path)-1].Block != "sub" || !slices.ContainsFunc(v.Path, func(s debug.Step) bool { return s.Changed }) {
		t.Fatalf("jumped: %+v", v)
	}
	r.do(r.d.StepBack(t.Context(), v.ID)) // sub takes the answer of the flow
	r.until("paused")
	r.do(r.d.Force(v.ID, "failure", map[string]any{"error": "made up"}))
	v = r.until("paused")
	if last := v.Path[len(v.Path)-1]; v.Stack[0].Block != "no" || !last.Forced || last.Outputs["error"] != "made up" {
		t.Fatalf("forced: %+v", v)
	}
	r.do(r.d.Continue(v.ID))
	done := <-answer
	if done.State.End.Reason != "refused" || !strings.Contains(string(r.journal(v.ID)), `"kind":"force"`) {
		t.Errorf("end %+v", done.State.End)
	}
	if _, asLived := r.lived(v.ID); asLived {
		t.Error("a forced port counts as lived")
	}
	r.replays(done)
}

// A run that goes on with an edited flow keeps what it did before (rule X8).
func TestX8_ARunIsTakenOverToAnEditedFlow(t *testing.T) {
	r := newSignUp(t)
	r.d.SetBreakpoints([]debug.Breakpoint{{Flow: "login", Block: "tell", Enabled: true}})
	answer := r.choose(r.begin(), "yes")
	v := r.until("paused")
	edited, problems := flow.Parse(map[string][]byte{flow.SettingsFile: []byte(`{"format":1,"name":"x","version":"1"}`), "flows/inner.json": []byte(inner),
		"flows/login.json": []byte(strings.Replace(signUp, `"reason":"refused"`, `"reason":"edited"`, 1))})
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	r.do(r.d.BackTo(t.Context(), v.ID, v.Moment, edited))
	v = r.until("paused")
	r.do(r.d.Jump(edited, v.ID, "no"))
	r.do(r.d.Continue(v.ID))
	done := <-answer
	if done.State.End.Reason != "edited" || done.State.Project != edited.Digest {
		t.Errorf("end %+v on %s", done.State.End, done.State.Project)
	}
}

func TestAnyMomentCanBeLookedAtAndCompared(t *testing.T) {
	r := newRig(t, true)
	done := <-r.submit(r.begin())
	v, _ := r.d.Run(done.State.ID)
	first, err := r.d.Look(v.ID, v.Path[1].Moment)
	r.do(err)
	if first.Stack[0].Block != "risk" || first.Type != "risk_evaluate" || !first.Returnable {
		t.Errorf("look %+v", first)
	}
	diff, err := r.d.Compare(v.ID, v.Path[1].Moment, v.Path[4].Moment)
	r.do(err)
	var paths []string
	for _, x := range diff {
		paths = append(paths, x.Kind+" "+x.Path)
	}
	if !slices.Contains(paths, "added step.risk") || !slices.Contains(paths, "added claims.id_token") {
		t.Errorf("differences %v", paths)
	}
	if before, err := r.d.EvaluateAt(v.ID, v.Path[1].Moment, 0, "has(step.risk)"); err != nil || before != false {
		t.Errorf("before the risk its output is there: %v, %v", before, err)
	}
	if later, err := r.d.EvaluateAt(v.ID, v.Path[4].Moment, 0, "has(step.risk)"); err != nil || later != true {
		t.Errorf("after the risk its output is not there: %v, %v", later, err)
	}
	if _, err := r.d.Look(v.ID, 999); err == nil {
		t.Error("a moment that never was can be looked at")
	}
	if _, err := r.d.EvaluateAt(v.ID, 999, 0, "true"); !errors.Is(err, debug.ErrNoMoment) {
		t.Errorf("an expression is computed at a moment that never was: %v", err)
	}
	after, _ := r.d.Run(v.ID)
	if after.Moment != v.Moment || after.Status != "succeeded" {
		t.Error("looking has changed the run")
	}
}

func TestHistoryIsBounded(t *testing.T) {
	r := newRig(t, true)
	r.d.History = 3
	done := <-r.submit(r.begin())
	v, _ := r.d.Run(done.State.ID)
	if _, err := r.d.Look(v.ID, v.Path[0].Moment); err == nil {
		t.Error("the oldest moment is still kept")
	}
	_, err := r.d.Look(v.ID, v.Path[len(v.Path)-1].Moment)
	r.do(err)
}
