package debug

import (
	"context"
	"errors"
	"fmt"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/world"
)

// This file stops inside of Actions.

// actionStop is an Action that is paused at a line.
type actionStop struct {
	stop    *script.Stop
	command script.Command
}

// ErrNoLine says that the run is not paused in an Action.
var ErrNoLine = errors.New("debug: the run is not paused at a line of an Action")

// Scripts answers what runs Actions so that the debugger can stop them.
func (d *Debugger) Scripts(inner block.Scripts) block.Scripts { return actions{inner, d} }

type actions struct {
	block.Scripts
	d *Debugger
}

// Run runs an Action, plainly unless somebody may want to stop it.
func (a actions) Run(ctx context.Context, c script.Call) (script.Result, error) {
	w, watch := a.d.lookOn(ctx, c)
	if watch == nil {
		return a.Scripts.Run(ctx, c)
	}
	watch.Stopped = func(ctx context.Context, s *script.Stop) script.Command { return a.d.lineStop(ctx, w, s) }
	c.Debug = watch
	res, err := a.Scripts.Run(ctx, c)
	a.d.mu.Lock()
	defer a.d.mu.Unlock()
	res.Edited, w.edited = w.edited, false
	return res, err
}

// lookOn answers with what an Action is to be run; nil for nothing.
func (d *Debugger) lookOn(ctx context.Context, c script.Call) (*watched, *script.Debug) {
	d.mu.Lock()
	defer d.mu.Unlock()
	w := d.runs[run.IDFrom(ctx)]
	if w == nil || d.closed || w.until > 0 {
		return nil, nil
	}
	s := &script.Debug{AtEntry: w.step.kind == "into" || w.pausing, OnThrow: d.catching.Error, OnDeny: d.catching.Deny, Answers: &script.Answers{},
		Breakpoints: d.linesOf(func(file string) bool { _, imported := c.Modules[file]; return imported || file == c.Action }, w.step)}
	if len(s.Breakpoints) == 0 && !s.AtEntry && !s.OnThrow && !s.OnDeny {
		return nil, nil
	}
	id, in := w.view.ID, stackOf(&w.state)[0]
	s.Logged = func(at script.Place, text string) {
		in.File, in.Line, in.Column = at.File, at.Line, at.Column
		d.tell(Event{Log: &Log{Run: id, Place: in, Text: text, At: world.SystemClock{}.Now().UTC()}})
	}
	return w, s
}

// linesOf answers the breakpoints in files, and the line that a run goes to. It
// needs the lock.
func (d *Debugger) linesOf(in func(file string) bool, step stepping) []script.Breakpoint {
	out := []script.Breakpoint{}
	for _, b := range d.breakpoints {
		if b.Kind == AtLine && b.Enabled && in(b.File) {
			out = append(out, script.Breakpoint{Place: script.Place{File: b.File, Line: b.Line, Column: b.Column}, Condition: b.Condition, Hits: b.Hit, Log: b.Message})
		}
	}
	if step.kind == "to" && step.to.File != "" && in(step.to.File) {
		out = append(out, script.Breakpoint{Place: script.Place{File: step.to.File, Line: step.to.Line, Column: step.to.Column}})
	}
	return out
}

// lineStop holds an Action until somebody lets it go. No budget runs meanwhile.
func (d *Debugger) lineStop(ctx context.Context, w *watched, s *script.Stop) script.Command {
	defer world.Hold(ctx)()
	d.mu.Lock()
	if d.closed || w.stopping {
		d.mu.Unlock()
		return script.Command{}
	}
	if w.backing && len(s.Frames) > 0 && s.Frames[0].Top {
		// Before the first line of the Action's function is before its block.
		w.backing = false
		w.arriving, w.breakOff = &stop{reason: "back", text: "Stepped back."}, &run.Order{Back: w.moments[w.view.Moment]}
		d.mu.Unlock()
		return script.Command{Move: script.End}
	}
	action := &actionStop{stop: s}
	w.action, w.backing = action, false
	resume := d.pause(w, d.whyLine(s))
	view := w.copy()
	d.mu.Unlock()
	d.tell(Event{Run: &view})
	select {
	case <-resume:
	case <-ctx.Done():
	}
	d.mu.Lock()
	w.action = nil
	stopping := w.stopping
	d.mu.Unlock()
	_, _ = d.resumed(w, "running")
	if stopping {
		return script.Command{Move: script.End}
	}
	return action.command
}

// whyLine says why an Action has stopped. It needs the lock.
func (d *Debugger) whyLine(s *script.Stop) stop {
	at := script.Place{}
	if len(s.Frames) > 0 {
		at = s.Frames[0].Place
	}
	where := fmt.Sprintf("line %d of %s", at.Line, at.File)
	why := stop{reason: "step", text: "Stepped to " + where + "."}
	switch s.Reason {
	case script.ReasonBreakpoint:
		why = stop{reason: "breakpoint", text: "Stopped at the breakpoint on " + where + "."}
		for _, b := range d.breakpoints {
			if b.Kind == AtLine && b.File == at.File && b.Line == at.Line {
				why.breakpoint = b.ID
			}
		}
	case script.ReasonEntry:
		why.text = "At the first statement, " + where + "."
	case script.ReasonThrow:
		why = stop{reason: "error", text: fmt.Sprintf("Thrown at %s: %s", where, s.Text)}
	case script.ReasonDeny:
		why = stop{reason: "deny", text: fmt.Sprintf("About to deny at %s: %s", where, s.Text)}
	case script.ReasonMoment:
		why = stop{reason: "back", text: "Went back to " + where + "."}
	}
	if s.Problem != "" {
		why.text = fmt.Sprintf("Stopped at %s: the condition of its breakpoint failed: %s", where, s.Problem)
	}
	return why
}

// places are the frames of the Action, above the block that runs it.
func (a *actionStop) places(in Place) []Place {
	var out []Place
	for _, f := range a.stop.Frames {
		p := Place{Flow: in.Flow, Block: in.Block, Function: f.Function, File: f.File, Line: f.Line, Column: f.Column, Unreadable: f.Unreadable}
		if p.Function == "" {
			p.Function = "(top level)"
		}
		out = append(out, p)
	}
	return out
}

// end breaks the Action off.
func (a *actionStop) end() { a.command.Move = script.End }

// moves of an Action for the steps of a run.
var moves = map[string]script.Move{"": script.Continue, "over": script.StepOver, "into": script.StepInto, "out": script.StepOut, "to": script.Continue}

// advanceLine lets a paused Action go on. What it is stepped out of stops before
// the next block. It needs the lock.
func (d *Debugger) advanceLine(w *watched, step stepping) {
	w.action.command = script.Command{Move: moves[step.kind]}
	lines := d.linesOf(func(string) bool { return true }, step)
	w.action.command.Breakpoints = &lines
	if step.kind == "out" || step.kind == "into" {
		step.kind = "over"
	}
	w.step = step
	w.release()
}

// lineBack goes back inside of an Action; done is false at its first statement
// and outside of Actions.
func (d *Debugger) lineBack(id string, move script.Move) (done bool, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	w := d.runs[id]
	if w == nil || w.resume == nil || w.action == nil || w.action.stop.Ordinal <= 1 {
		return false, nil
	}
	w.action.command = script.Command{Move: move}
	w.backing = true
	w.step = stepping{kind: "over", depth: len(w.state.Frames)}
	w.release()
	return true, nil
}

// Action answers the Action that a run is paused in, to be looked into.
func (d *Debugger) Action(id string) (*script.Stop, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	w := d.runs[id]
	switch {
	case w == nil:
		return nil, ErrNoRun
	case w.action == nil:
		return nil, ErrNoLine
	}
	return w.action.stop, nil
}

// ChangeAction lets f change variables of a paused Action. What the Action comes
// to is written to the journal then, since it cannot be run again.
func (d *Debugger) ChangeAction(id string, f func(*script.Stop) (script.Evaluation, error)) (script.Evaluation, error) {
	s, err := d.Action(id)
	if err != nil {
		return script.Evaluation{}, err
	}
	if r, _ := d.Run(id); r.Replay {
		return script.Evaluation{}, ErrReplay
	}
	out, err := f(s)
	if err != nil {
		return out, err
	}
	d.editedAction(id)
	return out, nil
}

// EvaluateAction computes JavaScript in a frame of a paused Action.
func (d *Debugger) EvaluateAction(id string, frame int, source string) (script.Evaluation, error) {
	s, err := d.Action(id)
	if err != nil {
		return script.Evaluation{}, err
	}
	out, err := s.Evaluate(frame, source)
	if err == nil && out.Changed {
		d.editedAction(id)
	}
	return out, err
}

func (d *Debugger) editedAction(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if w := d.runs[id]; w != nil {
		w.edited, w.markChanged = true, true
	}
}
