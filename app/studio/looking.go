package studio

import (
	"context"

	"github.com/authflow-studio/authflow/engine/debug"
	"github.com/authflow-studio/authflow/engine/flow/diff"
	"github.com/authflow-studio/authflow/engine/script"
)

// This file looks at runs as they are and as they were: moments, what lies between
// them, the values of frames; and changes variables of a paused Action.

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
