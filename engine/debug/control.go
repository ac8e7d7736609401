package debug

import (
	"context"
	"errors"
	"fmt"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
)

// Errors of the commands.
var (
	ErrReplay    = errors.New("debug: this is a replay: it shows what was; to try something else, go back in a run of your own")
	ErrNoRun     = errors.New("debug: there is no such run")
	ErrNotPaused = errors.New("debug: the run is not paused")
	ErrNoMoment  = errors.New("debug: there is no such moment in the history of this run, or it is too long ago")
	ErrNoWayBack = errors.New("debug: this run cannot be taken back: its engine keeps no past")
)

// stepping is where a run stops next besides at breakpoints.
type stepping struct {
	kind  string // "", over, into, out, to
	depth int    // of frames where it began
	to    Place
}

// reached tells whether a run has come to where it was to stop.
func (s stepping) reached(flow, block string, depth int) bool {
	switch s.kind {
	case "over":
		return depth <= s.depth
	case "into":
		return true
	case "out":
		return depth < s.depth
	case "to":
		return s.to.File == "" && s.to.Flow == flow && s.to.Block == block
	}
	return false
}

// Continue lets a paused run go on to the next stop.
func (d *Debugger) Continue(id string) error { return d.advance(id, stepping{}) }

// StepOver runs one block, with the flows below it, and stops before the next;
// when the block waits for the person, the stop comes after they have answered.
func (d *Debugger) StepOver(id string) error { return d.advance(id, stepping{kind: "over"}) }

// StepInto stops at the next block or line of an Action, however deep.
func (d *Debugger) StepInto(id string) error { return d.advance(id, stepping{kind: "into"}) }

// StepOut stops when the innermost flow, or function of an Action, has returned.
func (d *Debugger) StepOut(id string) error { return d.advance(id, stepping{kind: "out"}) }

// RunToLine stops at a line of an Action, once.
func (d *Debugger) RunToLine(id, file string, line int) error {
	return d.advance(id, stepping{kind: "to", to: Place{File: file, Line: line}})
}

// RunTo stops before a block, once.
func (d *Debugger) RunTo(id, flow, block string) error {
	return d.advance(id, stepping{kind: "to", to: Place{Flow: flow, Block: block}})
}

func (d *Debugger) advance(id string, step stepping) error {
	return d.withPaused(id, func(w *watched) error {
		step.depth = len(w.state.Frames)
		if w.action != nil {
			d.advanceLine(w, step)
			return nil
		}
		w.step = step
		w.release()
		return nil
	})
}

// withPaused calls f with the lock, for a run that is paused.
func (d *Debugger) withPaused(id string, f func(*watched) error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	w := d.runs[id]
	switch {
	case w == nil:
		return ErrNoRun
	case w.resume == nil:
		return ErrNotPaused
	}
	return f(w)
}

// Pause stops a run before its next block, also one that waits for a person: it
// stops when they have answered.
func (d *Debugger) Pause(id string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	w := d.runs[id]
	if w == nil {
		return ErrNoRun
	}
	w.pausing = w.resume == nil
	return nil
}

// Stop ends a run: at once when it is paused, else before its next block. A run
// that waits for the person is ended by the engine (run.Engine.Abort).
func (d *Debugger) Stop(id string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	w := d.runs[id]
	if w == nil {
		return ErrNoRun
	}
	w.stopping = true
	w.order = nil
	w.release()
	return nil
}

// Force leaves the block that a paused run stands before by a port, as if it had
// run, and stops before the next one. The journal marks it (rule D3).
func (d *Debugger) Force(id, port string, outputs map[string]any) error {
	return d.withPaused(id, func(w *watched) error {
		switch {
		case w.replay != nil:
			return ErrReplay
		case !w.standsBefore():
			return fmt.Errorf("debug: %s has run already; go back to before it to choose another way out", w.state.Top().Block)
		}
		o := w.changing()
		o.Leave = &run.Leave{Port: port, Outputs: outputs}
		w.step = stepping{kind: "over", depth: len(w.state.Frames)}
		w.release()
		return nil
	})
}

// Jump moves a paused run to another block of the flow that it is in, running
// nothing between. The journal marks it.
func (d *Debugger) Jump(p *flow.Project, id, block string) error {
	return d.change(id, func(s *run.State) error {
		top := *s.Top()
		if f := p.Flows[top.Flow]; f == nil || f.Blocks[block] == nil {
			return fmt.Errorf("debug: the flow %q has no block %q", top.Flow, block)
		}
		top.Block, top.Memory = block, nil
		s.Frames = append(append([]run.Frame{}, s.Frames[:len(s.Frames)-1]...), top)
		return nil
	})
}

// standsBefore tells whether the paused run stands before a block that has not
// run.
func (w *watched) standsBefore() bool { return w.state.Status == run.Running && w.action == nil }

// changing answers the order of a paused run, so that it can be added to.
func (w *watched) changing() *run.Order {
	if w.order == nil {
		w.order = &run.Order{}
	}
	return w.order
}

// change lets f change a copy of a paused run's state.
func (d *Debugger) change(id string, f func(*run.State) error) error {
	var view Run
	err := d.withPaused(id, func(w *watched) error {
		switch {
		case w.replay != nil:
			return ErrReplay
		case !w.standsBefore():
			return fmt.Errorf("debug: %s has run already; go back to before it to change what it works with", w.state.Top().Block)
		}
		s := *w.shown()
		if err := f(&s); err != nil {
			return err
		}
		w.changing().State = &s
		view = w.copy()
		return nil
	})
	if err == nil {
		d.tell(Event{Run: &view})
	}
	return err
}

// goBack takes a run to a moment of its past.
func (d *Debugger) goBack(ctx context.Context, id string, moment int, project *flow.Project, why stop) error {
	d.mu.Lock()
	w := d.runs[id]
	if w == nil {
		d.mu.Unlock()
		return ErrNoRun
	}
	m := w.moments[moment]
	switch {
	case m == nil:
		d.mu.Unlock()
		return ErrNoMoment
	case !m.Returnable():
		d.mu.Unlock()
		return ErrNoWayBack
	case w.resume == nil && w.view.Status == "running":
		d.mu.Unlock()
		return ErrNotPaused
	case w.replay != nil && project != nil:
		d.mu.Unlock()
		return ErrReplay
	}
	w.leave(moment)
	w.arriving, w.stopping = &why, false
	w.state = m.State
	if w.resume != nil {
		w.takeBack(&run.Order{Back: m, Project: project})
		w.release()
		d.mu.Unlock()
		return nil
	}
	if w.replay != nil {
		w.until = m.State.Journal
		w.view.Path = nil
		go d.replayAgain(w)
		d.mu.Unlock()
		return nil
	}
	d.mu.Unlock()
	if d.GoBack == nil {
		return ErrNoWayBack
	}
	go func() {
		if err := d.GoBack(context.WithoutCancel(ctx), m, project); err != nil {
			d.failedBack(id, err)
		}
	}()
	return nil
}

// takeBack gives the order to go back: at the next chance, or by breaking off
// the Action that is paused.
func (w *watched) takeBack(o *run.Order) {
	if w.action != nil {
		w.breakOff = o
		w.action.end()
		return
	}
	w.order = o
}

// leave sets the path back to before a moment, and keeps what is left.
func (w *watched) leave(moment int) {
	for i, s := range w.view.Path {
		if s.Moment >= moment {
			if left := w.view.Path[i:]; len(left) > 0 {
				w.view.Left = append(w.view.Left, append([]Step{}, left...))
			}
			w.view.Path = append([]Step{}, w.view.Path[:i]...)
			return
		}
	}
}

func (d *Debugger) failedBack(id string, err error) {
	d.mu.Lock()
	w := d.runs[id]
	if w == nil {
		d.mu.Unlock()
		return
	}
	w.arriving = nil
	w.view.ReasonText = "The run could not be taken back: " + err.Error()
	view := w.copy()
	d.mu.Unlock()
	d.tell(Event{Run: &view})
}
