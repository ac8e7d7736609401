package dap

import (
	"context"
	"errors"
	"fmt"

	protocol "github.com/google/go-dap"

	"github.com/authflow-studio/authflow/engine/debug"
)

// This file moves runs: on, back, and elsewhere.

type onThread struct {
	ThreadID int `json:"threadId"`
}

// moving makes a command of a move. shown says that the run only waits for the
// person, and the client holds it for stopped.
func moving(f func(c *session, ctx context.Context, run string, shown bool) error) command {
	return on(func(c *session, ctx context.Context, a onThread) (any, error) { return nil, c.move(ctx, a.ThreadID, f) })
}

// move marks a run as one that the client has ordered to move.
func (c *session) move(ctx context.Context, id int, f func(c *session, ctx context.Context, run string, shown bool) error) error {
	t, err := c.thread(id)
	if err != nil {
		return err
	}
	c.mu.Lock()
	stopped, shown := t.stopped, t.shown
	t.moving = true
	if shown {
		t.stopped, t.shown = false, false
	}
	c.mu.Unlock()
	if !stopped {
		err = fmt.Errorf("the run is under way, or waits for the person; pause it first")
	} else {
		err = f(c, ctx, t.run, shown)
	}
	if err != nil {
		c.mu.Lock()
		t.moving, t.stopped, t.shown = false, stopped, shown
		c.mu.Unlock()
	}
	return err
}

func (c *session) goOn(ctx context.Context, a onThread) (any, error) {
	err := c.move(ctx, a.ThreadID, func(c *session, _ context.Context, run string, shown bool) error {
		if shown {
			return nil // it goes on when the person answers
		}
		return c.Debugger.Continue(run)
	})
	return protocol.ContinueResponseBody{AllThreadsContinued: false}, err
}

// forward makes a step; one from a run that waits stops when the person has
// answered.
func (c *session) forward(run string, shown bool, step func(string) error) error {
	if shown {
		return c.Debugger.Pause(run)
	}
	return step(run)
}

func (c *session) next(_ context.Context, run string, shown bool) error {
	return c.forward(run, shown, c.Debugger.StepOver)
}

func (c *session) stepIn(_ context.Context, run string, shown bool) error {
	return c.forward(run, shown, c.Debugger.StepInto)
}

func (c *session) stepOut(_ context.Context, run string, shown bool) error {
	return c.forward(run, shown, c.Debugger.StepOut)
}

// Going back outlives the request: the run may be another goroutine's.
func (c *session) stepBack(ctx context.Context, run string, _ bool) error {
	return c.Debugger.StepBack(context.WithoutCancel(ctx), run)
}

func (c *session) reverseContinue(ctx context.Context, run string, _ bool) error {
	return c.Debugger.ReverseContinue(context.WithoutCancel(ctx), run)
}

// pause stops a run before its next block. One that waits for the person stands
// still as it is: the client is shown it as stopped.
func (c *session) pause(_ context.Context, a onThread) (any, error) {
	t, err := c.thread(a.ThreadID)
	if err != nil {
		return nil, err
	}
	r, ok := c.Debugger.Run(t.run)
	if !ok {
		return nil, debug.ErrNoRun
	}
	if r.Status != "waiting" {
		return nil, c.Debugger.Pause(t.run)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !t.stopped {
		t.moment = r.Moment
		c.showWaiting(t, r)
	}
	return nil, nil
}

func (c *session) restartFrame(ctx context.Context, a protocol.RestartFrameArguments) (any, error) {
	f, err := c.frame(a.FrameId)
	if err != nil {
		return nil, err
	}
	return nil, c.move(ctx, f.thread, func(c *session, ctx context.Context, run string, _ bool) error {
		// A function of an Action cannot be run again alone: its block can.
		return c.Debugger.RestartFrame(context.WithoutCancel(ctx), run, max(f.flow, 0))
	})
}

// target is where a run can be moved to: before a block, or out of the one that
// it stands before.
type target struct{ flow, block, port string }

func (c *session) gotoTargets(_ context.Context, a protocol.GotoTargetsArguments) (any, error) {
	slug, text, err := c.flowSource(a.Source)
	if err != nil {
		return nil, err
	}
	at, found := readLines(text).at(c.theirLine(a.Line))
	targets := []protocol.GotoTarget{}
	if !found {
		return protocol.GotoTargetsResponseBody{Targets: targets}, nil
	}
	label := "before " + at.block
	if at.port != "" {
		label = fmt.Sprintf("out of %s by %s", at.block, at.port)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.targets) >= maxHandles {
		c.targets = nil
	}
	c.targets = append(c.targets, target{slug, at.block, at.port})
	targets = append(targets, protocol.GotoTarget{Id: len(c.targets), Label: label, Line: c.ourLine(at.line), Column: c.ourColumn(at.column)})
	return protocol.GotoTargetsResponseBody{Targets: targets}, nil
}

// jump is goto. The journal marks it (rule D3).
func (c *session) jump(ctx context.Context, a protocol.GotoArguments) (any, error) {
	c.mu.Lock()
	if a.TargetId < 1 || a.TargetId > len(c.targets) {
		c.mu.Unlock()
		return nil, errors.New("there is no such target; ask for gotoTargets again")
	}
	to := c.targets[a.TargetId-1]
	c.mu.Unlock()
	t, err := c.thread(a.ThreadId)
	if err != nil {
		return nil, err
	}
	r, _ := c.Debugger.Run(t.run)
	if top := r.Stack[0]; top.Flow != to.flow || to.port != "" && top.Block != to.block {
		return nil, fmt.Errorf("the run stands before %s of the flow %s; it can be moved to blocks of this flow, and out of this block", top.Block, top.Flow)
	}
	if to.port != "" {
		return nil, c.move(ctx, a.ThreadId, func(c *session, _ context.Context, run string, _ bool) error {
			return c.Debugger.Force(run, to.port, nil)
		})
	}
	p, err := c.Debugger.ProjectOf(t.run)
	if err == nil {
		err = c.Debugger.Jump(p, t.run, to.block)
	}
	return nil, err
}

func (c *session) exceptionInfo(_ context.Context, a protocol.ExceptionInfoArguments) (any, error) {
	t, err := c.thread(a.ThreadId)
	if err != nil {
		return nil, err
	}
	r, _ := c.Debugger.Run(t.run)
	if r.Status != "paused" || r.Reason != "deny" && r.Reason != "error" && r.Reason != "timeout" {
		return nil, errors.New("the run has not stopped at an error, a time-out or a denial")
	}
	details := &protocol.ExceptionDetails{Message: r.ReasonText, TypeName: r.Reason}
	if r.Error != nil {
		details.Message, details.FullTypeName = r.Error.Message, r.Error.Code
	} else if r.Outcome != nil {
		details.Message, details.FullTypeName = r.Outcome.Message, r.Outcome.Reason
	}
	return protocol.ExceptionInfoResponseBody{ExceptionId: r.Reason, Description: r.ReasonText, BreakMode: "always", Details: details}, nil
}
