package dap

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	protocol "github.com/google/go-dap"

	"github.com/authflow-studio/authflow/engine/debug"
)

// This file shows runs as threads: their begin, their stops and their end.

// thread is a run as a client knows it.
type thread struct {
	id  int
	run string
	// stopped: the client holds it for stopped. shown: it is so although the run
	// only waits for the person.
	stopped, shown bool
	// moving: the client has ordered it to move, and need not be told.
	moving bool
	waits  bool
	gone   bool
	moment int
	top    debug.Place
}

func over(r debug.Run) bool {
	return r.Outcome != nil || r.Replay && r.Error != nil && r.Status != "paused"
}

func (c *session) told(e debug.Event) {
	if e.Log != nil {
		c.logged(*e.Log)
	}
	if e.Run != nil {
		c.see(e.Run.ID, false)
	}
}

// see looks at a run that has changed, and tells the client what is new. Late is
// for one that has been there before the client.
func (c *session) see(id string, late bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r, ok := c.Debugger.Run(id)
	if !c.configured || !ok {
		return
	}
	t := c.threads[id]
	if over(r) && r.Status != "paused" && (t == nil || t.gone) {
		return
	}
	if t == nil || t.gone {
		t = c.begins(t, r, late)
	}
	c.handles.stale(id)
	switch {
	case r.Status == "paused":
		c.isPaused(t, r)
	case over(r):
		c.ended(t, r)
	default:
		c.goesOn(t, r)
	}
	t.moment, t.top = r.Moment, r.Stack[0]
}

// begins needs the lock.
func (c *session) begins(t *thread, r debug.Run, late bool) *thread {
	if t == nil {
		t = &thread{id: len(c.threads) + 1, run: r.ID}
		c.threads[r.ID], c.byID[t.id] = t, t
		if c.launched.StopOnEntry && !late && r.Status == "running" {
			_ = c.Debugger.Pause(r.ID)
		}
	}
	t.gone, t.stopped, t.shown = false, false, false
	c.out.event("thread", protocol.ThreadEventBody{Reason: "started", ThreadId: t.id})
	return t
}

// isPaused needs the lock. A run that is paused still was changed by somebody.
func (c *session) isPaused(t *thread, r debug.Run) {
	if t.stopped && !t.shown {
		if t.top != r.Stack[0] {
			c.stopped(t, "goto", r, "Moved to "+r.Stack[0].Block+".")
		} else if c.client.SupportsInvalidatedEvent {
			c.out.event("invalidated", protocol.InvalidatedEventBody{Areas: []protocol.InvalidatedAreas{"variables"}, ThreadId: t.id})
		}
		return
	}
	t.shown, t.waits = false, false
	c.stopped(t, c.reason(r), r, r.ReasonText)
}

// stopped needs the lock.
func (c *session) stopped(t *thread, reason string, r debug.Run, words string) {
	c.handles.drop(r.ID)
	t.stopped, t.moving = true, false
	body := protocol.StoppedEventBody{Reason: reason, Description: words, Text: words, ThreadId: t.id}
	if r.Breakpoint != 0 {
		body.HitBreakpointIds = []int{r.Breakpoint}
	}
	c.out.event("stopped", body)
}

// reason says why a run is paused in the protocol's words.
func (c *session) reason(r debug.Run) string {
	switch r.Reason {
	case "breakpoint", "page", "value":
		for _, b := range c.Debugger.Breakpoints() {
			if b.ID == r.Breakpoint && b.Kind == debug.AtValue {
				return "data breakpoint"
			} else if b.ID == r.Breakpoint && b.Kind == debug.AtType {
				return "function breakpoint"
			}
		}
		return "breakpoint"
	case "deny", "error", "timeout":
		return "exception"
	case "back":
		return "step"
	case "pause":
		if len(r.Path) == 0 {
			return "entry"
		}
	}
	return r.Reason
}

// goesOn is told of a run that is under way, or waits. It needs the lock.
func (c *session) goesOn(t *thread, r debug.Run) {
	waits := r.Status == "waiting"
	if t.stopped && (!t.shown || !waits || t.moment != r.Moment) {
		t.stopped, t.shown = false, false
		c.handles.drop(r.ID)
		if !t.moving {
			c.out.event("continued", protocol.ContinuedEventBody{ThreadId: t.id})
		}
	}
	if waits && t.moving && r.ReasonText != "" {
		c.say("stderr", r.ReasonText)
		c.showWaiting(t, r)
		return
	}
	if waits == t.waits && t.moment == r.Moment {
		return
	}
	t.waits = waits
	if !waits {
		return
	}
	c.say("console", fmt.Sprintf("Run %s waits for the person at %s.", r.ID, r.Stack[0].Block))
	if c.client.SupportsInvalidatedEvent {
		c.out.event("invalidated", protocol.InvalidatedEventBody{Areas: []protocol.InvalidatedAreas{"threads"}})
	}
	if c.launched.StopOnWait {
		c.showWaiting(t, r)
	}
}

// showWaiting shows a run that waits for the person as one that has stopped, so
// that it can be looked at and taken back. It needs the lock.
func (c *session) showWaiting(t *thread, r debug.Run) {
	t.shown, t.waits = true, true
	words := "It waits for the person at " + r.Stack[0].Block + "."
	if r.ReasonText != "" {
		words = r.ReasonText
	}
	c.stopped(t, "pause", r, words)
}

// ended needs the lock.
func (c *session) ended(t *thread, r debug.Run) {
	t.gone, t.stopped, t.shown, t.moving, t.waits = true, false, false, false, false
	c.handles.drop(r.ID)
	category, words := "console", fmt.Sprintf("Run %s has ended: %s", r.ID, r.Status)
	if o := r.Outcome; o != nil && o.Reason != "" && o.Reason != r.Status {
		words += ", " + o.Reason
	}
	if r.Error != nil {
		category, words = "stderr", words+": "+r.Error.Message
	}
	c.say(category, words+".")
	c.out.event("thread", protocol.ThreadEventBody{Reason: "exited", ThreadId: t.id})
}

// logged shows what a breakpoint with a message says.
func (c *session) logged(l debug.Log) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.configured {
		return
	}
	body := protocol.OutputEventBody{Category: "console", Output: l.Text + "\n"}
	body.Source, body.Line, body.Column = c.placeOf(l.Run, l.Place)
	c.out.event("output", body)
}

// thread answers one by the client's number.
func (c *session) thread(id int) (*thread, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.byID[id]
	if t == nil || t.gone {
		return nil, fmt.Errorf("there is no thread %d: its run has ended, or was never there", id)
	}
	return t, nil
}

func (c *session) allThreads(context.Context, nothing) (any, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := []protocol.Thread{}
	for _, t := range c.byID {
		r, ok := c.Debugger.Run(t.run)
		if t.gone || !ok {
			continue
		}
		name := r.Flow + " " + r.ID
		switch {
		case r.Replay:
			name += " (replay)"
		case r.Status == "waiting":
			name += " (waits for the person)"
		}
		out = append(out, protocol.Thread{Id: t.id, Name: name})
	}
	slices.SortFunc(out, func(a, b protocol.Thread) int { return cmp.Compare(a.Id, b.Id) })
	return protocol.ThreadsResponseBody{Threads: out}, nil
}
