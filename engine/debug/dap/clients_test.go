package dap_test

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	protocol "github.com/google/go-dap"

	"github.com/authflow-studio/authflow/engine/debug/dap"
)

func TestD6_AClientThatVanishesLeavesTheRunGoing(t *testing.T) {
	r := newRig(t, nil)
	c := r.connect()
	c.begin("attach", nil, func() {
		c.breakpoints(loginFile, args{"line": r.line(loginFile, `"risk": {`)}, args{"line": r.line(loginFile, `"policy": {`)})
		ask[*protocol.SetExceptionBreakpointsResponse](c, "setExceptionBreakpoints", args{"filters": []string{"deny"}})
	})
	_, answer := r.ada()
	thread, _ := c.stopped("breakpoint", loginFile, `"risk": {`)
	c.send("next", args{"threadId": thread}) // it will stop again, with nobody there
	c.conn.Close()
	if page := <-answer; page.Status != 200 || r.d.Runs()[0].Status != "succeeded" {
		t.Errorf("the run is %s, the person at %s", r.d.Runs()[0].Status, page.URL)
	}
	if err := <-c.served; err != nil {
		t.Error(err)
	}
	if len(r.d.Breakpoints()) != 0 || r.d.Catching().Deny {
		t.Errorf("left: %+v %+v", r.d.Breakpoints(), r.d.Catching())
	}
}

func TestD6_ALateClientHearsOfWhatIsPaused(t *testing.T) {
	r := newRig(t, nil)
	first := r.connect()
	first.begin("attach", nil, func() { first.breakpoints(loginFile, args{"line": r.line(loginFile, `"risk": {`)}) })
	_, answer := r.ada()
	first.stopped("breakpoint", loginFile, `"risk": {`)
	ask[*protocol.DisconnectResponse](first, "disconnect", args{"suspendDebuggee": true})
	<-first.served
	late := r.connect()
	late.begin("attach", nil, nil)
	if e := event[*protocol.ThreadEvent](late, nil); e.Body.Reason != "started" {
		t.Errorf("%+v", e.Body)
	}
	thread, _ := late.stopped("breakpoint", loginFile, `"risk": {`)
	other := r.connect()
	other.begin("attach", nil, nil)
	seen, _ := other.stopped("breakpoint", loginFile, `"risk": {`)
	late.move("continue", thread)
	if e := event[*protocol.ContinuedEvent](other, nil); e.Body.ThreadId != seen {
		t.Errorf("the other client heard %+v", e.Body)
	}
	if page := <-answer; page.Status != 200 {
		t.Errorf("the person is at %s", page.URL)
	}
}

func TestD6_EachRunIsAThread(t *testing.T) {
	r := newRig(t, nil)
	c := r.connect()
	c.begin("attach", nil, func() { c.breakpoints(loginFile, args{"line": r.line(loginFile, `"risk": {`)}) })
	_, one := r.ada()
	a, frames := c.stopped("breakpoint", loginFile, `"risk": {`)
	_, two := r.ada()
	b, others := c.stopped("breakpoint", loginFile, `"risk": {`)
	if a == b || frames[0].Id == others[0].Id {
		t.Fatalf("threads %d and %d", a, b)
	}
	if words := c.refused("evaluate", args{"expression": "1"}); !strings.Contains(words, "choose a frame") {
		t.Errorf("refused with %q", words)
	}
	c.move("continue", b)
	<-two
	if got := c.evaluate(frames[0].Id, "step.password.attempts", "repl"); got == "" {
		t.Error("the first run is gone")
	}
	ask[*protocol.TerminateThreadsResponse](c, "terminateThreads", args{"threadIds": []int{a}})
	<-one
	event(c, func(e *protocol.ThreadEvent) bool { return e.Body.Reason == "exited" && e.Body.ThreadId == a })
	statuses := []string{r.d.Runs()[0].Status, r.d.Runs()[1].Status}
	if strings.Join(statuses, " ") != "succeeded stopped" {
		t.Errorf("the runs ended %v", statuses)
	}
}

func TestD6_ARunThatWaitsCanBeLookedAtAndTakenBack(t *testing.T) {
	r := newRig(t, nil)
	c := r.connect()
	c.begin("attach", args{"stopOnEntry": true}, nil)
	opened := make(chan *person, 1)
	go func() { opened <- r.person() }()
	thread, _ := c.stopped("entry", loginFile, `"sign_in": {`)
	c.move("continue", thread)
	event(c, func(e *protocol.OutputEvent) bool {
		return strings.Contains(e.Body.Output, "waits for the person at sign_in")
	})
	if threads := ask[*protocol.ThreadsResponse](c, "threads", nil).Body.Threads; !strings.HasSuffix(threads[0].Name, "(waits for the person)") {
		t.Errorf("threads %+v", threads)
	}
	p := <-opened
	c.refused("next", args{"threadId": thread})
	c.move("pause", thread)
	_, frames := c.stopped("pause", loginFile, `"sign_in": {`)
	if got := c.evaluate(frames[0].Id, "event.request.ip", "repl"); got != `"127.0.0.1"` {
		t.Errorf("from %s", got)
	}
	c.move("next", thread) // the stop comes when the person has answered
	answer := p.signIn("ada@example.com", "analytical-engine")
	c.stopped("pause", loginFile, `"sign_in": {`)
	c.move("next", thread)
	c.stopped("step", loginFile, `"find_user": {`)
	c.move("stepBack", thread)
	c.stopped("step", loginFile, `"sign_in": {`)
	ask[*protocol.TerminateResponse](c, "terminate", nil)
	event[*protocol.TerminatedEvent](c, nil)
	<-answer
	if v := r.d.Runs()[0]; v.Status != "stopped" {
		t.Errorf("the run is %s", v.Status)
	}
}

func TestD6_WhoHasNoTokenIsSentAway(t *testing.T) {
	r := newRig(t, func(o *dap.Options) { o.Token = "secret" })
	for _, given := range []any{nil, args{"token": "secre"}, args{"token": "secret2"}} {
		c := r.connect()
		ask[*protocol.InitializeResponse](c, "initialize", args{"adapterID": "authflow"})
		for _, early := range []string{"threads", "evaluate", "configurationDone", "source"} {
			if words := c.refused(early, args{"expression": "1"}); !strings.Contains(words, "attach") {
				t.Errorf("%s was refused with %q", early, words)
			}
		}
		if words := c.refused("attach", given); !strings.Contains(words, "token") {
			t.Errorf("refused with %q", words)
		}
		select {
		case <-c.served:
		case <-time.After(patience):
			t.Fatal("the client is still there")
		}
	}
	c := r.connect()
	c.begin("attach", args{"token": "secret"}, nil)
}

func TestD6_CancelledRequestsAreAnsweredSo(t *testing.T) {
	r := newRig(t, nil)
	c := r.connect()
	c.begin("attach", nil, func() { c.breakpoints(actionFile, args{"line": r.line(actionFile, "let kind")}) })
	_, answer := r.ada()
	thread, frames := c.stopped("breakpoint", actionFile, "let kind")
	// The first keeps the server busy for as long as evaluating may take; the
	// second is cancelled meanwhile.
	busy := c.send("evaluate", args{"expression": "(() => { for (;;) {} })()", "frameId": frames[0].Id, "context": "repl"})
	second := c.send("threads", nil)
	ask[*protocol.CancelResponse](c, "cancel", args{"requestId": second})
	if m, ok := c.wait(busy).(*protocol.ErrorResponse); !ok || m.Message == "" {
		t.Errorf("an endless loop came to %+v", m)
	}
	if m, ok := c.wait(second).(*protocol.ErrorResponse); !ok || m.Message != "cancelled" {
		t.Errorf("the cancelled request was answered %+v", m)
	}
	ask[*protocol.CancelResponse](c, "cancel", args{"requestId": 9999})
	c.move("continue", thread)
	<-answer
}

func TestD6_BadRequestsAreAnsweredWithWords(t *testing.T) {
	r := newRig(t, nil)
	c := r.connect()
	c.refused("threads", nil)
	c.begin("attach", nil, nil)
	for _, bad := range []struct {
		command   string
		arguments any
	}{
		{"nonsense", nil}, {"initialize", args{"adapterID": "x"}}, {"attach", nil}, {"stackTrace", args{"threadId": "one"}}, {"stackTrace", args{"threadId": 77}}, {"scopes", args{"frameId": -1}}, {"variables", args{"variablesReference": 123}},
		{"continue", args{"threadId": 5}}, {"setVariable", args{"variablesReference": 1}}, {"goto", args{"threadId": 1, "targetId": 9}}, {"gotoTargets", args{"source": args{"path": r.file("authflow.json")}, "line": 1}}, {"source", nil},
		{"source", args{"sourceReference": 8}}, {"source", args{"source": args{"path": "/etc/hosts"}}}, {"source", args{"source": args{"path": r.file("world.yaml")}}}, {"breakpointLocations", nil}, {"evaluate", args{"expression": "1"}}, {"completions", args{"text": "x", "column": -4}},
		{"exceptionInfo", args{"threadId": 0}}, {"restartFrame", nil}, {"setExpression", args{"expression": "a", "value": "1"}}, {"setInstructionBreakpoints", args{"breakpoints": []any{}}}, {"stepInTargets", nil}, {"readMemory", nil}, {"setBreakpoints", []int{1}},
	} {
		if words := c.refused(bad.command, bad.arguments); len(words) < 10 {
			t.Errorf("%s was refused with %q", bad.command, words)
		}
	}
	r.do(protocol.WriteBaseMessage(c.conn, []byte("{nonsense")))
	r.do(protocol.WriteBaseMessage(c.conn, []byte(`{"type":"event","event":"x"}`)))
	ask[*protocol.ThreadsResponse](c, "threads", nil) // it is still there
	fmt.Fprintf(c.conn, "Content-Length: lots\r\n\r\n")
	event(c, func(e *protocol.OutputEvent) bool {
		return e.Body.Category == "stderr" && strings.Contains(e.Body.Output, "lots")
	})
	if err := <-c.served; err == nil {
		t.Error("a client that cannot be understood is no error")
	}
	r.connect().begin("attach", nil, nil) // and others are served
}

// The program ends while editors are attached.
func TestD6_TheEndIsTold(t *testing.T) {
	r := newRig(t, nil)
	ended := false
	r.s.End = func() { ended = true }
	c := r.connect()
	c.begin("launch", nil, nil)
	ask[*protocol.DisconnectResponse](c, "disconnect", args{"terminateDebuggee": true})
	<-c.served
	if !ended {
		t.Error("the program was not ended")
	}
	ctx, cancel := context.WithCancel(t.Context())
	other := r.connectWith(ctx)
	other.begin("attach", nil, nil)
	cancel()
	event[*protocol.TerminatedEvent](other, nil)
}

// A client that is told much and reads nothing holds no run up.
func TestD6_AClientThatReadsNothingHoldsNobodyUp(t *testing.T) {
	r := newRig(t, nil)
	here, there := net.Pipe()
	served := make(chan error, 1)
	go func() { served <- r.s.Serve(context.Background(), there) }()
	for i, body := range []string{`"initialize","arguments":{"adapterID":"x"}`, `"attach"`, `"configurationDone"`} {
		r.do(protocol.WriteBaseMessage(here, fmt.Appendf(nil, `{"seq":%d,"type":"request","command":%s}`, i+1, body)))
	}
	for range 5 {
		_, answer := r.ada()
		select {
		case <-answer:
		case <-time.After(patience):
			t.Fatal("a sign-in is held up")
		}
	}
	here.Close()
	if err := <-served; err != nil {
		t.Error(err)
	}
}
