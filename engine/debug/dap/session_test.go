package dap_test

import (
	"strings"
	"testing"

	protocol "github.com/google/go-dap"
)

// A whole session on the starter: from initialize to disconnect.
func TestD6_AWholeSession(t *testing.T) {
	r := newRig(t, nil)
	c := r.connect()
	c.begin("launch", args{"type": "authflow"}, func() {
		bs := c.breakpoints("flows/login.json", args{"line": r.line("flows/login.json", `"type": "risk_evaluate"`)}, args{"line": 2}, args{"line": r.line("flows/login.json", `"ok": "known_device"`)})
		if !bs[0].Verified || bs[0].Line != r.line("flows/login.json", `"risk": {`) || bs[1].Verified || bs[1].Message == "" || !bs[2].Verified || bs[2].Line != r.line("flows/login.json", `"ok": "known_device"`) {
			t.Fatalf("breakpoints %+v", bs)
		}
	})
	if said := event[*protocol.OutputEvent](c, nil).Body.Output; !strings.Contains(said, "/demo to sign in") {
		t.Errorf("it said %q", said)
	}
	_, answer := r.ada()
	thread, frames := c.stopped("breakpoint", "flows/login.json", `"known_device": {`) // the edge
	if len(frames) != 1 {
		t.Errorf("frames %+v", frames)
	}
	c.move("continue", thread)
	_, frames = c.stopped("breakpoint", "flows/login.json", `"risk": {`)
	if threads := ask[*protocol.ThreadsResponse](c, "threads", nil).Body.Threads; len(threads) != 1 || threads[0].Id != thread || !strings.HasPrefix(threads[0].Name, "login ") {
		t.Errorf("threads %+v", threads)
	}
	steps := c.scope(frames[0].Id, "Steps")
	password := c.variable(steps, "password")
	if password.VariablesReference == 0 || password.EvaluateName != "step.password" {
		t.Errorf("password is %+v", password)
	}
	c.move("next", thread)
	_, frames = c.stopped("step", "flows/login.json", `"policy": {`)
	if got := c.evaluate(frames[0].Id, "step.risk.recommendation", "hover"); got != `"allow"` {
		t.Errorf("risk recommends %s", got)
	}
	if words := c.refused("evaluate", args{"expression": "step.", "frameId": frames[0].Id}); words == "" {
		t.Error("no words")
	}
	c.move("continue", thread)
	event(c, func(e *protocol.ThreadEvent) bool { return e.Body.Reason == "exited" && e.Body.ThreadId == thread })
	if page := <-answer; page.Status != 200 {
		t.Errorf("the person is at %s (%d)", page.URL, page.Status)
	}
	ask[*protocol.DisconnectResponse](c, "disconnect", args{"terminateDebuggee": false})
	if err := <-c.served; err != nil {
		t.Error(err)
	}
	if left := r.d.Breakpoints(); len(left) != 0 {
		t.Errorf("breakpoints are left: %+v", left)
	}
}

// Case 32: into the subflow, into the third line of its Action, another value,
// three steps back, and the other branch.
func TestD6_Case32OverTheProtocol(t *testing.T) {
	r := newRig(t, nil)
	c := r.connect()
	c.begin("attach", nil, func() {
		bs := c.breakpoints("flows/login.json", args{"line": r.line("flows/login.json", `"second_factor": {`), "condition": "size(event.user.factors) > 0"}, args{"line": r.line("flows/login.json", `"account_kind": {`)})
		if !bs[0].Verified || !bs[1].Verified {
			t.Fatalf("breakpoints %+v", bs)
		}
	})
	// Grace has a second factor: the condition holds. The block is passed by.
	p := r.person()
	answer := p.signIn("grace@acme.example", "nanosecond-wire")
	thread, _ := c.stopped("breakpoint", "flows/login.json", `"second_factor": {`)
	targets := ask[*protocol.GotoTargetsResponse](c, "gotoTargets", args{"source": args{"path": r.file("flows/login.json")}, "line": r.line("flows/login.json", `"ok": "department"`)}).Body.Targets
	if len(targets) != 1 || targets[0].Label != "out of second_factor by ok" {
		t.Fatalf("targets %+v", targets)
	}
	ask[*protocol.GotoResponse](c, "goto", args{"threadId": thread, "targetId": targets[0].Id})
	c.stopped("step", "flows/login.json", `"department": {`)
	c.move("continue", thread)
	c.stopped("breakpoint", "flows/login.json", `"account_kind": {`)
	c.move("stepIn", thread)
	_, frames := c.stopped("step", "flows/tag.json", `"kind": {`)
	if len(frames) != 2 || !strings.HasPrefix(frames[1].Name, "account_kind") {
		t.Fatalf("frames %+v", frames)
	}
	c.move("stepIn", thread)
	const action = "actions/account_kind.js"
	c.stopped("step", action, "let domain")
	c.move("next", thread)
	c.stopped("step", action, "let corporate")
	c.move("next", thread)
	_, frames = c.stopped("step", action, "let kind")
	if len(frames) != 3 || !strings.HasSuffix(frames[1].Source.Path, "tag.json") {
		t.Fatalf("frames %+v", frames)
	}
	locals := c.scope(frames[0].Id, "Locals")
	if v := c.variable(locals, "domain"); v.Value != `"acme.example"` || v.Type != "string" {
		t.Errorf("domain is %+v", v)
	}
	if v := ask[*protocol.SetVariableResponse](c, "setVariable", args{"variablesReference": locals, "name": "domain", "value": `"else." + "example"`}); v.Body.Value != `"else.example"` {
		t.Errorf("it is %+v now", v.Body)
	}
	c.move("next", thread)
	_, frames = c.stopped("step", action, "api.state.set")
	if got := c.evaluate(frames[0].Id, "kind", "watch"); got != `"self-serve"` {
		t.Errorf("kind is %s", got)
	}
	c.move("stepOut", thread)
	c.stopped("step", "flows/tag.json", `"sort": {`)
	for _, at := range [][2]string{{"flows/tag.json", `"kind": {`}, {"flows/login.json", `"account_kind": {`}, {"flows/login.json", `"department": {`}} {
		c.move("stepBack", thread)
		_, frames = c.stopped("step", at[0], at[1])
	}
	// Another account would have gone the other way from here.
	user := c.variable(c.scope(frames[0].Id, "Event"), "user")
	if v := ask[*protocol.SetVariableResponse](c, "setVariable", args{"variablesReference": user.VariablesReference, "name": "email", "value": `"grace@else.example"`}); v.Body.Value != `"grace@else.example"` {
		t.Errorf("it is %+v now", v.Body)
	}
	c.move("continue", thread)
	c.stopped("breakpoint", "flows/login.json", `"account_kind": {`)
	c.move("continue", thread)
	event(c, func(e *protocol.ThreadEvent) bool { return e.Body.Reason == "exited" })
	<-answer
	if v := r.d.Runs()[0]; v.Status != "succeeded" {
		t.Errorf("the run ended %s: %+v", v.Status, v.Error)
	}
	for _, mark := range []string{`"kind":"force"`, `"kind":"back"`, `"kind":"change"`} {
		if !strings.Contains(r.journal(), mark) {
			t.Errorf("the journal does not mark %s", mark)
		}
	}
}

// A frame is begun again: of an Action its block, of an outer flow the block
// that called.
func TestD6_FramesAreRestarted(t *testing.T) {
	r := newRig(t, nil)
	c := r.connect()
	c.begin("attach", nil, func() { c.breakpoints(actionFile, args{"line": r.line(actionFile, "let kind")}) })
	_, answer := r.ada()
	thread, frames := c.stopped("breakpoint", actionFile, "let kind")
	if page := ask[*protocol.StackTraceResponse](c, "stackTrace", args{"threadId": thread, "startFrame": 1, "levels": 1}).Body; page.TotalFrames != 3 || len(page.StackFrames) != 1 || page.StackFrames[0].Id != frames[1].Id {
		t.Errorf("a page of the stack is %+v", page)
	}
	for i, at := range [][2]string{{"flows/tag.json", `"kind": {`}, {"flows/tag.json", `"kind": {`}, {loginFile, `"account_kind": {`}} {
		ask[*protocol.RestartFrameResponse](c, "restartFrame", args{"frameId": frames[i].Id})
		c.stopped("step", at[0], at[1])
		c.move("continue", thread)
		_, frames = c.stopped("breakpoint", actionFile, "let kind")
	}
	c.move("stepOut", thread)
	c.stopped("step", "flows/tag.json", `"sort": {`)
	c.move("stepOut", thread)
	c.stopped("step", loginFile, `"signed_in": {`)
	c.move("continue", thread)
	if page := <-answer; page.Status != 200 || r.d.Runs()[0].Status != "succeeded" {
		t.Errorf("the run is %s", r.d.Runs()[0].Status)
	}
}
