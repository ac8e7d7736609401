package studio

import (
	"context"
	"errors"

	"github.com/authflow-studio/authflow/engine/debug"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/flow/diff"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/scenario"
	"github.com/authflow-studio/authflow/engine/script"
)

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

type replayArg struct {
	// Text of a recording.
	Text string
	// Present replays it on the project as it is now, not on its own.
	Present bool
}

// Replaying is the run under which a recording is replayed.
type Replaying struct {
	Run string `json:"run"`
}

// replay replays a recording under the debugger, from before its first block.
func (s *Studio) replay(_ context.Context, a replayArg) (out Replaying, err error) {
	w, err := s.workspace()
	if err != nil {
		return out, err
	}
	recording, err := scenario.ReadRecording([]byte(a.Text))
	if err != nil {
		return out, &Error{Code: "bad_recording", Message: err.Error(), Hint: "Choose a file that the studio or `authflow test --record` has written."}
	}
	p := w.current()
	if !a.Present {
		if p, err = recording.Own(); err != nil {
			return out, err
		}
	}
	out.Run, err = w.debugger.Replay(debug.Recorded{Journal: recording.Journal, Project: p, Versions: recording.Version, Catalogue: s.catalogue, Scripts: s.Scripts})
	return out, err
}

// Recorded is a recording as a file's text.
type Recorded struct {
	Text string `json:"text"`
}

// recording answers a run as a file that replays on any machine (rule D7).
func (s *Studio) recording(ctx context.Context, a runArg) (out Recorded, err error) {
	w, err := s.workspace()
	if err != nil {
		return out, err
	}
	r, err := w.harness.Recording(ctx, a.Run)
	if err != nil {
		return out, err
	}
	text, err := r.Encode()
	return Recorded{string(text)}, err
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

type lookArg struct {
	Run        string
	Moment, To int
}

func (s *Studio) look(_ context.Context, a lookArg) (debug.Look, error) {
	w, err := s.workspace()
	if err != nil {
		return debug.Look{}, err
	}
	return w.debugger.Look(a.Run, a.Moment)
}

func (s *Studio) compareMoments(_ context.Context, a lookArg) ([]debug.Difference, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	return w.debugger.Compare(a.Run, a.Moment, a.To)
}

// changesSince answers what has changed since the version that a run is on: what
// it would go on with when it is taken over to the edited project.
func (s *Studio) changesSince(_ context.Context, a runArg) ([]diff.Change, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	p, err := w.debugger.ProjectOf(a.Run)
	if err != nil {
		return nil, err
	}
	return append([]diff.Change{}, diff.Projects(p, w.current(), s.proves)...), nil
}

// proves tells the blocks that prove who somebody is.
func (s *Studio) proves(blockType string) bool {
	d, ok := s.catalogue.Descriptor(blockType)
	return ok && len(d.Proves) > 0
}

// Scopes are what a frame of a stack sees: of a flow its values, of an Action its
// scopes, which are opened one by one.
type Scopes struct {
	Flow   []debug.Scope  `json:"flow,omitempty"`
	Action []script.Scope `json:"action,omitempty"`
}

// scopes counts frames as the stack of the run shows them: those of the Action
// first.
func (s *Studio) scopes(ctx context.Context, a frameArg) (out Scopes, err error) {
	w, err := s.workspace()
	if err != nil {
		return out, err
	}
	inAction := 0
	if stop, noAction := w.debugger.Action(a.Run); noAction == nil {
		if inAction = len(stop.Frames); a.Frame < inAction {
			out.Action, err = stop.Scopes(a.Frame)
			return out, err
		}
	}
	out.Flow, err = w.debugger.Scopes(ctx, a.Run, a.Frame-inAction)
	return out, err
}

type evaluateArg struct {
	Run, Expression string
	Frame           int
	// Moment of the run's history; 0 is now.
	Moment int
}

// Evaluated is what an expression came to: of a flow a value, of an Action a
// variable that can be opened.
type Evaluated struct {
	Value    any                `json:"value,omitempty"`
	Variable *script.Evaluation `json:"variable,omitempty"`
}

func (s *Studio) evaluate(_ context.Context, a evaluateArg) (out Evaluated, err error) {
	w, err := s.workspace()
	if err != nil {
		return out, err
	}
	if a.Moment != 0 { // before a block: no Action has a frame there
		out.Value, err = w.debugger.EvaluateAt(a.Run, a.Moment, a.Frame, a.Expression)
		return out, err
	}
	inAction := 0
	if stop, noAction := w.debugger.Action(a.Run); noAction == nil {
		if inAction = len(stop.Frames); a.Frame < inAction {
			v, err := w.debugger.EvaluateAction(a.Run, a.Frame, a.Expression)
			return Evaluated{Variable: &v}, err
		}
	}
	out.Value, err = w.debugger.Evaluate(a.Run, a.Frame-inAction, a.Expression)
	return out, err
}

func (s *Studio) complete(_ context.Context, a evaluateArg) ([]string, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	if stop, noAction := w.debugger.Action(a.Run); noAction == nil {
		if a.Frame < len(stop.Frames) {
			return nil, nil // the names of an Action are those of its scopes
		}
		a.Frame -= len(stop.Frames)
	}
	return w.debugger.Complete(a.Run, a.Frame, a.Expression)
}

type variablesArg struct {
	Run               string
	Ref, Start, Count int
}

// Variables is a page of what is in a scope or a value of an Action.
type Variables struct {
	Variables []script.Variable `json:"variables"`
	Total     int               `json:"total"`
}

func (s *Studio) variables(_ context.Context, a variablesArg) (out Variables, err error) {
	w, err := s.workspace()
	if err != nil {
		return out, err
	}
	stop, err := w.debugger.Action(a.Run)
	if err != nil {
		return out, err
	}
	out.Variables, out.Total, err = stop.Children(a.Ref, a.Start, a.Count)
	return out, err
}

type assignArg struct {
	Run, Name, Expression string
	Ref                   int
}

// assign changes a variable of a paused Action; Ref is the scope or value that
// it is in.
func (s *Studio) assign(_ context.Context, a assignArg) (out script.Evaluation, err error) {
	w, err := s.workspace()
	if err != nil {
		return out, err
	}
	return w.debugger.ChangeAction(a.Run, func(stop *script.Stop) (script.Evaluation, error) { return stop.Set(a.Ref, a.Name, a.Expression) })
}
