package studio

// This file holds what the studio does for the authors of Actions: what their
// headers say, the types they are given, and trying one beside its editor.

import (
	"context"
	"fmt"
	"path"
	"slices"
	"sort"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/debug"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/scenario"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/server"
)

// ActionSummary is one file below actions/, with what its header says.
type ActionSummary struct {
	FileSummary
	// Runs is false for modules and declarations: a block cannot run them.
	Runs    bool                  `json:"runs"`
	Title   string                `json:"title,omitempty"`
	Summary string                `json:"summary,omitempty"`
	Fields  []block.Field         `json:"fields"`
	Ports   []script.HeaderPort   `json:"ports"`
	Outputs []script.HeaderOutput `json:"outputs"`
}

func actionSummaries(actions map[string]string) []ActionSummary {
	out := []ActionSummary{}
	for _, f := range summaries(flow.ActionsDir, actions) {
		name := f.Path[len(flow.ActionsDir)+1:]
		a := ActionSummary{FileSummary: f, Runs: script.Readable(name) && !script.IsModule(name)}
		if a.Runs {
			h, _ := script.ReadHeader(actions[name])
			a.Title, a.Summary, a.Fields, a.Ports, a.Outputs = h.Title, h.Summary, block.HeaderFields(h), h.Ports, h.Outputs
		}
		out = append(out, a)
	}
	return out
}

type actionArg struct{ Action string }

// ActionTypes is what an editor needs to know the types of an Action.
type ActionTypes struct {
	// Declarations of event, step and api.
	Declarations string `json:"declarations"`
	// Modules are the files that it may import, by their name below actions/.
	Modules map[string]string `json:"modules"`
}

func (s *Studio) actionTypes(_ context.Context, a actionArg) (*ActionTypes, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	p := w.current()
	t := &ActionTypes{Declarations: s.checker.ActionTypes(p, a.Action), Modules: map[string]string{}}
	for name, text := range p.Actions {
		if name != a.Action && (script.IsModule(name) || path.Ext(name) == ".ts" && !script.Readable(name)) {
			t.Modules[name] = text
		}
	}
	return t, nil
}

// ActionEvent is an event to try an Action on.
type ActionEvent struct {
	scenario.Preset
	// Step holds the outputs of the blocks before, where a run is the source.
	Step map[string]any `json:"step,omitempty"`
}

// actionEvents answers the presets, and before them what the last run knew that
// came to the Action.
func (s *Studio) actionEvents(_ context.Context, a actionArg) ([]ActionEvent, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	var out []ActionEvent
	if e, ok := lastAt(w.current(), w.debugger.Runs(), a.Action); ok {
		out = append(out, e)
	}
	for _, p := range scenario.Presets() {
		out = append(out, ActionEvent{Preset: p})
	}
	return out, nil
}

func lastAt(p *flow.Project, runs []debug.Run, action string) (ActionEvent, bool) {
	runs = slices.Clone(runs)
	sort.SliceStable(runs, func(i, j int) bool { return runs[i].StartedAt.After(runs[j].StartedAt) })
	for _, r := range runs {
		at, before, ok := placeOf(r, func(slug, id string) bool { return p.Flows[r.Flow] != nil && runsAction(p, slug, id, action) })
		event, isMap := r.Values["event"].(map[string]any)
		if !ok || !isMap {
			continue
		}
		e := ActionEvent{Preset: scenario.Preset{ID: "run", Title: "The last run", Event: event}, Step: map[string]any{}}
		e.Summary = fmt.Sprintf("What the run of %s at %s knew when it came to %s.", p.Flows[r.Flow].Name, r.StartedAt.Format("15:04:05"), at.Block)
		if r.Outcome != nil {
			e.Summary = fmt.Sprintf("What the run of %s at %s knew when it ended; it had come to %s.", p.Flows[r.Flow].Name, r.StartedAt.Format("15:04:05"), at.Block)
		}
		for _, st := range before {
			e.Step[st.Block] = st.Outputs
		}
		return e, true
	}
	return ActionEvent{}, false
}

func runsAction(p *flow.Project, slug, id, action string) bool {
	f := p.Flows[slug]
	if f == nil || f.Blocks[id] == nil {
		return false
	}
	name, _ := f.Blocks[id].Config["action"].(string)
	return name == action
}

// placeOf answers the block of a run that is meant and has run, or that the run
// stands before, and the steps of its flow until then.
func placeOf(r debug.Run, meant func(slug, id string) bool) (debug.Place, []debug.Step, bool) {
	var at debug.Place
	end := len(r.Path)
	if len(r.Stack) > 0 && meant(r.Stack[0].Flow, r.Stack[0].Block) {
		at = r.Stack[0]
	} else {
		for end--; end >= 0 && !meant(r.Path[end].Flow, r.Path[end].Block); end-- {
		}
		if end < 0 {
			return at, nil, false
		}
		at = debug.Place{Flow: r.Path[end].Flow, Block: r.Path[end].Block}
	}
	var before []debug.Step
	for _, st := range r.Path[:end] {
		if st.Flow == at.Flow {
			before = append(before, st)
		}
	}
	return at, before, true
}

func (s *Studio) tryAction(ctx context.Context, t server.Try) (*server.Tried, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	tried, err := w.harness.Try(ctx, t)
	if err != nil {
		return nil, err
	}
	s.Emit("calls", w.outside())
	return &tried, nil
}
