package studio

import (
	"context"
	"errors"
	"slices"

	"github.com/authflow-studio/authflow/engine/debug"
	"github.com/authflow-studio/authflow/engine/run"
)

type runArg struct{ Run string }

func (s *Studio) runs(context.Context, none) ([]debug.Run, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	return w.debugger.Runs(), nil
}

func (s *Studio) getRun(_ context.Context, a runArg) (debug.Run, error) {
	w, err := s.workspace()
	if err != nil {
		return debug.Run{}, err
	}
	r, ok := w.debugger.Run(a.Run)
	if !ok {
		return r, debug.ErrNoRun
	}
	return r, nil
}

func (s *Studio) breakpoints(context.Context, none) ([]debug.Breakpoint, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	return w.breakpointList(), nil
}

func (w *workspace) breakpointList() []debug.Breakpoint {
	return append([]debug.Breakpoint{}, w.debugger.Breakpoints()...)
}

type breakpointArg struct {
	Flow, Block string
	Enabled     bool
}

func (s *Studio) setBreakpoint(_ context.Context, a breakpointArg) ([]debug.Breakpoint, error) {
	return s.changeBreakpoints(func(list []debug.Breakpoint) []debug.Breakpoint {
		list = without(list, a)
		return append(list, debug.Breakpoint{Flow: a.Flow, Block: a.Block, Enabled: a.Enabled})
	})
}

func (s *Studio) clearBreakpoint(_ context.Context, a breakpointArg) ([]debug.Breakpoint, error) {
	return s.changeBreakpoints(func(list []debug.Breakpoint) []debug.Breakpoint { return without(list, a) })
}

func without(list []debug.Breakpoint, a breakpointArg) []debug.Breakpoint {
	return slices.DeleteFunc(list, func(b debug.Breakpoint) bool { return b.Flow == a.Flow && b.Block == a.Block })
}

func (s *Studio) changeBreakpoints(change func([]debug.Breakpoint) []debug.Breakpoint) ([]debug.Breakpoint, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	w.debugger.SetBreakpoints(change(w.debugger.Breakpoints()))
	w.verifyBreakpoints()
	list := w.breakpointList()
	s.Emit("breakpoints", list)
	return list, w.saveBreakpoints()
}

func (s *Studio) command(f func(*debug.Debugger) error) (any, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	return nil, f(w.debugger)
}

func (s *Studio) debugContinue(_ context.Context, a runArg) (any, error) {
	return s.command(func(d *debug.Debugger) error { return d.Continue(a.Run) })
}

func (s *Studio) stepOver(_ context.Context, a runArg) (any, error) {
	return s.command(func(d *debug.Debugger) error { return d.StepOver(a.Run) })
}

func (s *Studio) pause(_ context.Context, a runArg) (any, error) {
	return s.command(func(d *debug.Debugger) error { return d.Pause(a.Run) })
}

// stop ends a run wherever it is: a paused one at once, one that waits for the
// person through the engine.
func (s *Studio) stop(ctx context.Context, a runArg) (any, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	r, ok := w.debugger.Run(a.Run)
	if !ok {
		return nil, debug.ErrNoRun
	}
	if r.Status != "waiting" {
		return nil, w.debugger.Stop(a.Run)
	}
	if err := w.harness.Engine().Abort(ctx, a.Run); err != nil && !errors.Is(err, run.ErrNoRun) {
		return nil, err
	}
	return nil, nil
}

type setValueArg struct {
	Run, Path string
	Value     any
}

func (s *Studio) setValue(_ context.Context, a setValueArg) (debug.Run, error) {
	w, err := s.workspace()
	if err != nil {
		return debug.Run{}, err
	}
	return w.debugger.SetValue(a.Run, a.Path, a.Value)
}
