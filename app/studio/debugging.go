package studio

import (
	"context"
	"errors"

	"github.com/authflow-studio/authflow/engine/debug"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
)

// This file is the table of the debugger's methods, and what a person orders a run
// to do.

// debugging are the methods of the debugger.
func (s *Studio) debugging() map[string]method {
	return map[string]method{
		"runs.list":              typed(s.runs),
		"run.get":                typed(s.getRun),
		"debug.breakpoints":      typed(s.breakpoints),
		"debug.set_breakpoint":   typed(s.setBreakpoint),
		"debug.clear_breakpoint": typed(s.clearBreakpoint),
		"debug.catch":            typed(s.catch),
		"debug.pin":              typed(s.pin),

		"debug.continue":         onRun(s, func(_ context.Context, d *debug.Debugger, id string) error { return d.Continue(id) }),
		"debug.step_over":        onRun(s, func(_ context.Context, d *debug.Debugger, id string) error { return d.StepOver(id) }),
		"debug.step_into":        onRun(s, func(_ context.Context, d *debug.Debugger, id string) error { return d.StepInto(id) }),
		"debug.step_out":         onRun(s, func(_ context.Context, d *debug.Debugger, id string) error { return d.StepOut(id) }),
		"debug.step_back":        onRun(s, func(ctx context.Context, d *debug.Debugger, id string) error { return d.StepBack(ctx, id) }),
		"debug.reverse_continue": onRun(s, func(ctx context.Context, d *debug.Debugger, id string) error { return d.ReverseContinue(ctx, id) }),
		"debug.restart":          onRun(s, func(ctx context.Context, d *debug.Debugger, id string) error { return d.Restart(ctx, id) }),
		"debug.pause":            onRun(s, func(_ context.Context, d *debug.Debugger, id string) error { return d.Pause(id) }),
		"debug.stop":             typed(s.stop),
		"debug.run_to":           typed(s.runTo),
		"debug.back_to":          typed(s.backTo),
		"debug.restart_frame":    typed(s.restartFrame),
		"debug.replay":           typed(s.replay),
		"debug.recording":        typed(s.recording),
		"debug.force":            typed(s.force),
		"debug.jump":             typed(s.jump),
		"debug.set_value":        typed(s.setValue),

		"debug.look":     typed(s.look),
		"debug.compare":  typed(s.compareMoments),
		"debug.changes":  typed(s.changesSince),
		"debug.scopes":   typed(s.scopes),
		"debug.evaluate": typed(s.evaluate),
		"debug.complete": typed(s.complete),
		"debug.variable": typed(s.variables),
		"debug.assign":   typed(s.assign),
	}
}

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

// onRun makes a method of a command that takes a run and nothing else.
func onRun(s *Studio, f func(ctx context.Context, d *debug.Debugger, id string) error) method {
	return typed(func(ctx context.Context, a runArg) (any, error) {
		return s.command(func(w *workspace) error { return f(ctx, w.debugger.Debugger, a.Run) })
	})
}

func (s *Studio) command(f func(*workspace) error) (any, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	return nil, f(w)
}

// stop ends a run wherever it is: a paused one at once, one that waits for the
// person through the engine.
func (s *Studio) stop(ctx context.Context, a runArg) (any, error) {
	return s.command(func(w *workspace) error {
		r, ok := w.debugger.Run(a.Run)
		if !ok {
			return debug.ErrNoRun
		}
		if r.Status != "waiting" {
			return w.debugger.Stop(a.Run)
		}
		if err := w.harness.Engine().Abort(ctx, a.Run); err != nil && !errors.Is(err, run.ErrNoRun) {
			return err
		}
		return nil
	})
}

type toArg struct {
	Run, Flow, Block, File string
	Line                   int
}

func (s *Studio) runTo(_ context.Context, a toArg) (any, error) {
	return s.command(func(w *workspace) error {
		if a.File != "" {
			return w.debugger.RunToLine(a.Run, a.File, a.Line)
		}
		return w.debugger.RunTo(a.Run, a.Flow, a.Block)
	})
}

type backArg struct {
	Run    string
	Moment int
	// Edited takes the run over to the project as it is now (rule X8).
	Edited bool
}

func (s *Studio) backTo(ctx context.Context, a backArg) (any, error) {
	return s.command(func(w *workspace) error {
		var p *flow.Project
		if a.Edited {
			p = w.current()
		}
		return w.debugger.BackTo(ctx, a.Run, a.Moment, p)
	})
}

type frameArg struct {
	Run   string
	Frame int
}

func (s *Studio) restartFrame(ctx context.Context, a frameArg) (any, error) {
	return s.command(func(w *workspace) error { return w.debugger.RestartFrame(ctx, a.Run, a.Frame) })
}

type forceArg struct {
	Run, Port string
	Outputs   map[string]any
}

func (s *Studio) force(_ context.Context, a forceArg) (any, error) {
	return s.command(func(w *workspace) error { return w.debugger.Force(a.Run, a.Port, a.Outputs) })
}

type jumpArg struct{ Run, Block string }

func (s *Studio) jump(ctx context.Context, a jumpArg) (any, error) {
	return s.command(func(w *workspace) error {
		p, err := w.debugger.ProjectOf(a.Run)
		if err != nil {
			return err
		}
		return w.debugger.Jump(p, a.Run, a.Block)
	})
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
