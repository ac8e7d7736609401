package dap_test

import (
	"strings"
	"testing"

	protocol "github.com/google/go-dap"
)

const (
	loginFile  = "flows/login.json"
	actionFile = "actions/account_kind.js"
)

func TestD6_ConditionsHitsAndMessages(t *testing.T) {
	r := newRig(t, nil)
	c := r.connect()
	c.begin("attach", nil, func() {
		c.breakpoints(loginFile,
			args{"line": r.line(loginFile, `"risk": {`), "condition": "step.password.attempts > 5"},
			args{"line": r.line(loginFile, `"find_user": {`), "hitCondition": ">1"},
			args{"line": r.line(loginFile, `"policy": {`), "logMessage": "risk {step.risk.recommendation}, {1 +"})
		c.breakpoints(actionFile, args{"line": r.line(actionFile, "let kind"), "condition": "domain === 'nowhere'"}, args{"line": r.line(actionFile, "api.log"), "logMessage": "kind {kind}"})
	})
	_, answer := r.ada()
	said := func(want string) {
		t.Helper()
		event(c, func(e *protocol.OutputEvent) bool { return strings.HasPrefix(e.Body.Output, want) })
	}
	e := event(c, func(e *protocol.OutputEvent) bool { return strings.HasPrefix(e.Body.Output, "risk allow, {1 +") })
	if e.Body.Source == nil || e.Body.Line != r.line(loginFile, `"policy": {`) {
		t.Errorf("it is said at %+v line %d", e.Body.Source, e.Body.Line)
	}
	said("kind self-serve")
	event(c, func(e *protocol.ThreadEvent) bool { return e.Body.Reason == "exited" })
	<-answer
	// A condition that fails stops, and says why.
	c.breakpoints(loginFile, args{"line": r.line(loginFile, `"risk": {`), "condition": "step.nowhere.x > 1"})
	_, answer = r.ada()
	stop := event[*protocol.StoppedEvent](c, nil)
	if !strings.Contains(stop.Body.Description, "its condition failed") {
		t.Errorf("stopped with %q", stop.Body.Description)
	}
	c.move("continue", stop.Body.ThreadId)
	<-answer
	if b := c.breakpoints(loginFile, args{"line": r.line(loginFile, `"risk": {`), "condition": "1 +"}, args{"line": r.line(loginFile, `"policy": {`), "hitCondition": "often"}); b[0].Verified || b[0].Message == "" || b[1].Verified || b[1].Message == "" {
		t.Errorf("what cannot be read is verified: %+v", b)
	}
}

func TestD6_BreakpointsMoveAndStayUnverified(t *testing.T) {
	r := newRig(t, nil)
	c := r.connect()
	c.begin("attach", nil, nil)
	first := c.breakpoints(actionFile, args{"line": 1}, args{"line": 400})
	if !first[0].Verified || first[0].Line != r.line(actionFile, "export default") || first[1].Verified || first[1].Message == "" {
		t.Errorf("breakpoints %+v", first)
	}
	if again := c.breakpoints(actionFile, args{"line": 1}); again[0].Id != first[0].Id {
		t.Errorf("the same place has the number %d, and had %d", again[0].Id, first[0].Id)
	}
	for _, file := range []string{"authflow.json", "flows/none.json", "../elsewhere.js"} {
		if b := c.breakpoints(file, args{"line": 1}); b[0].Verified || b[0].Message == "" {
			t.Errorf("%s: %+v", file, b)
		}
	}
	if b := c.breakpoints("pages/sign_in.html", args{"line": 1}); !b[0].Verified {
		t.Errorf("%+v", b)
	}
	go func() { r.person() }()
	if e := event[*protocol.StoppedEvent](c, nil); e.Body.Reason != "breakpoint" || !strings.Contains(e.Body.Text, "sign_in.html") {
		t.Errorf("stopped: %+v", e.Body)
	}
}

func TestD6_FunctionsValuesAndDenials(t *testing.T) {
	r := newRig(t, nil)
	c := r.connect()
	c.begin("attach", nil, func() {
		fs := ask[*protocol.SetFunctionBreakpointsResponse](c, "setFunctionBreakpoints", args{"breakpoints": []args{{"name": "login.find_user"}, {"name": "decision"}, {"name": "known_device"}, {"name": "nothing"}, {"name": "login.nothing"}}}).Body.Breakpoints
		if !fs[0].Verified || !fs[1].Verified || !fs[2].Verified || fs[3].Verified || fs[4].Verified {
			t.Errorf("functions %+v", fs)
		}
		info := ask[*protocol.DataBreakpointInfoResponse](c, "dataBreakpointInfo", args{"name": "step.known_device"}).Body
		ds := ask[*protocol.SetDataBreakpointsResponse](c, "setDataBreakpoints", args{"breakpoints": []args{{"dataId": info.DataId, "accessType": "write"}, {"dataId": "x.y"}, {"dataId": "event.user", "accessType": "read"}}}).Body.Breakpoints
		if !ds[0].Verified || ds[1].Verified || ds[2].Verified {
			t.Errorf("values %+v", ds)
		}
		xs := ask[*protocol.SetExceptionBreakpointsResponse](c, "setExceptionBreakpoints", args{"filters": []string{"deny", "odd"}}).Body.Breakpoints
		if !xs[0].Verified || xs[1].Verified {
			t.Errorf("filters %+v", xs)
		}
	})
	_, answer := r.ada()
	thread, frames := c.stopped("breakpoint", loginFile, `"find_user": {`)
	if d := ask[*protocol.DataBreakpointInfoResponse](c, "dataBreakpointInfo", args{"name": "sign_in", "variablesReference": c.scope(frames[0].Id, "Steps")}).Body; d.DataId != "step.sign_in" {
		t.Errorf("it is watched as %+v", d)
	}
	if d := ask[*protocol.DataBreakpointInfoResponse](c, "dataBreakpointInfo", args{"name": "0", "variablesReference": c.scope(frames[0].Id, "Effects")}).Body; d.DataId != nil || d.Description == "" {
		t.Errorf("an effect is watched as %+v", d)
	}
	c.move("continue", thread)
	c.stopped("breakpoint", loginFile, `"known_device": {`)
	c.move("continue", thread)
	c.stopped("data breakpoint", loginFile, `"risk": {`)
	c.move("continue", thread)
	c.stopped("function breakpoint", loginFile, `"policy": {`)
	targets := ask[*protocol.GotoTargetsResponse](c, "gotoTargets", args{"source": args{"path": r.file(loginFile)}, "line": r.line(loginFile, `"reason": "risk_too_high"`)}).Body.Targets
	ask[*protocol.GotoResponse](c, "goto", args{"threadId": thread, "targetId": targets[0].Id})
	c.stopped("goto", loginFile, `"too_risky": {`)
	if words := c.refused("exceptionInfo", args{"threadId": thread}); words == "" {
		t.Error("no words")
	}
	c.move("continue", thread)
	c.stopped("exception", loginFile, `"too_risky": {`)
	if x := ask[*protocol.ExceptionInfoResponse](c, "exceptionInfo", args{"threadId": thread}).Body; x.ExceptionId != "deny" || x.Details.FullTypeName != "risk_too_high" {
		t.Errorf("exception %+v %+v", x, x.Details)
	}
	// The denial is taken back, and with it the jump that led there.
	c.move("stepBack", thread)
	_, frames = c.stopped("step", loginFile, `"policy": {`)
	c.move("reverseContinue", thread)
	c.stopped("breakpoint", loginFile, `"known_device": {`)
	if words := c.refused("restartFrame", args{"frameId": frames[0].Id}); !strings.Contains(words, "gone on") {
		t.Errorf("a frame of before was refused with %q", words)
	}
	ask[*protocol.SetFunctionBreakpointsResponse](c, "setFunctionBreakpoints", args{"breakpoints": []args{}})
	ask[*protocol.SetDataBreakpointsResponse](c, "setDataBreakpoints", args{"breakpoints": []args{}})
	c.move("continue", thread)
	event(c, func(e *protocol.ThreadEvent) bool { return e.Body.Reason == "exited" })
	if page := <-answer; page.Status != 200 || r.d.Runs()[0].Status != "succeeded" {
		t.Errorf("the run ended %s, at %s", r.d.Runs()[0].Status, page.URL)
	}
}

// A change of the project moves what stands in it, and follows a rename.
func TestD6_BreakpointsFollowTheProject(t *testing.T) {
	r := newRig(t, nil)
	c := r.connect()
	c.begin("attach", nil, nil)
	b := c.breakpoints(loginFile, args{"line": r.line(loginFile, `"risk": {`)})[0]
	r.write(loginFile, strings.Replace(r.read(loginFile), "{\n", "{\n\n\n", 1))
	r.load()
	r.s.Changed(t.Context())
	if e := event[*protocol.BreakpointEvent](c, nil); e.Body.Breakpoint.Id != b.Id || e.Body.Breakpoint.Line != b.Line+2 || !e.Body.Breakpoint.Verified {
		t.Errorf("it is %+v now", e.Body.Breakpoint)
	}
	if e := event[*protocol.LoadedSourceEvent](c, nil); e.Body.Source.Name != "login.json" || e.Body.Reason != "changed" {
		t.Errorf("changed: %+v", e.Body)
	}
	text := strings.ReplaceAll(strings.ReplaceAll(r.read(loginFile), `"risk"`, `"danger"`), "step.risk.", "step.danger.")
	r.write(loginFile, text)
	r.load()
	r.s.Changed(t.Context())
	event[*protocol.LoadedSourceEvent](c, nil)
	_, answer := r.ada()
	thread, _ := c.stopped("breakpoint", loginFile, `"danger": {`)
	// The text is another one now than the run has: it is shown as the run has it.
	r.write(loginFile, strings.Replace(r.read(loginFile), "{\n", "{\n\n", 1))
	r.load()
	r.s.Changed(t.Context())
	top := c.stack(thread)[0]
	if top.Source.SourceReference == 0 || top.Source.Path != "" {
		t.Fatalf("source %+v", top.Source)
	}
	got := ask[*protocol.SourceResponse](c, "source", args{"sourceReference": top.Source.SourceReference}).Body.Content
	if line := strings.Split(got, "\n")[top.Line-1]; !strings.Contains(line, `"danger": {`) {
		t.Errorf("line %d is %s", top.Line, line)
	}
	if b := ask[*protocol.SetBreakpointsResponse](c, "setBreakpoints", args{"source": top.Source, "breakpoints": []args{{"line": 3}}}).Body.Breakpoints; b[0].Verified {
		t.Errorf("%+v", b)
	}
	c.move("continue", thread)
	<-answer
}
