package debug

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"sort"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/script"
)

// This file looks into the past of a run, and leads back there.

// Look answers what a run was like at a moment of its history, also one that it
// was taken back from. Nothing is changed by looking.
func (d *Debugger) Look(id string, moment int) (Look, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	w := d.runs[id]
	if w == nil {
		return Look{}, ErrNoRun
	}
	m := w.moments[moment]
	if m == nil {
		return Look{}, ErrNoMoment
	}
	return Look{Moment: moment, Type: m.Type, Journal: m.State.Journal, Stack: stackOf(&m.State), Values: valuesOf(&m.State, len(m.State.Frames)-1), Returnable: m.Returnable()}, nil
}

// Look is a run at a moment.
type Look struct {
	Moment int `json:"moment"`
	// Type of the block that was to run.
	Type string `json:"type"`
	// Journal is how many entries the run's journal had.
	Journal int            `json:"journal"`
	Stack   []Place        `json:"stack"`
	Values  map[string]any `json:"values"`
	// Returnable says that the run can be taken back here.
	Returnable bool `json:"returnable"`
}

// Difference is a value that is not the same at two moments.
type Difference struct {
	Path   string `json:"path"`
	Before any    `json:"before"`
	After  any    `json:"after"`
	// Kind is added, removed or changed.
	Kind string `json:"kind"`
}

// Compare answers what differs between two moments of a run.
func (d *Debugger) Compare(id string, a, b int) ([]Difference, error) {
	one, err := d.Look(id, a)
	if err != nil {
		return nil, err
	}
	two, err := d.Look(id, b)
	if err != nil {
		return nil, err
	}
	out := []Difference{}
	differences("", one.Values, two.Values, &out)
	return out, nil
}

func differences(path string, a, b any, out *[]Difference) {
	from, isMap := object(a)
	to, both := object(b)
	if !isMap || !both {
		if !reflect.DeepEqual(a, b) {
			*out = append(*out, Difference{Path: path, Before: a, After: b, Kind: "changed"})
		}
		return
	}
	names := []string{}
	for name := range from {
		names = append(names, name)
	}
	for name := range to {
		if _, known := from[name]; !known {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	for _, name := range names {
		below := name
		if path != "" {
			below = path + "." + name
		}
		x, had := from[name]
		y, has := to[name]
		switch {
		case !had:
			*out = append(*out, Difference{Path: below, After: y, Kind: "added"})
		case !has:
			*out = append(*out, Difference{Path: below, Before: x, Kind: "removed"})
		default:
			differences(below, x, y, out)
		}
	}
}

func object(v any) (map[string]any, bool) {
	switch m := v.(type) {
	case map[string]any:
		return m, true
	case map[string]map[string]any:
		out := map[string]any{}
		for name, v := range m {
			out[name] = v
		}
		return out, true
	}
	return nil, false
}

// StepBack takes a run back by one step, the world with it (rule D3); inside an
// Action by one line.
func (d *Debugger) StepBack(ctx context.Context, id string) error {
	if done, err := d.lineBack(id, script.StepBack); done {
		return err
	}
	moment, err := d.previous(id)
	if err != nil {
		return err
	}
	return d.goBack(ctx, id, moment, nil, stop{reason: "back", text: "Stepped back."})
}

// previous answers the moment of the step before where a run stands: of the
// block itself when it has run, or its Action is paused.
func (d *Debugger) previous(id string) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	w := d.runs[id]
	if w == nil {
		return 0, ErrNoRun
	}
	if w.action != nil {
		return w.view.Moment, nil
	}
	last := len(w.view.Path) - 1
	if last < 0 {
		return 0, fmt.Errorf("debug: this is the first block of the run; there is nothing before it")
	}
	return w.view.Path[last].Moment, nil
}

// Restart takes a run back to before the block that it is in.
func (d *Debugger) Restart(ctx context.Context, id string) error {
	r, ok := d.Run(id)
	if !ok {
		return ErrNoRun
	}
	return d.goBack(ctx, id, r.Moment, nil, stop{reason: "back", text: "Back before the block."})
}

// BackTo takes a run, and the world with it, to a moment of its history; from
// there it goes on with a version of the project, nil for its own (rule X8).
func (d *Debugger) BackTo(ctx context.Context, id string, moment int, project *flow.Project) error {
	text := "Went back in the history of the run."
	if project != nil {
		text = "Went back; the run goes on with the edited flow."
	}
	return d.goBack(ctx, id, moment, project, stop{reason: "back", text: text})
}

// RestartFrame takes a run back to before the block that a frame of its stack is
// in; frame 0 is the innermost flow.
func (d *Debugger) RestartFrame(ctx context.Context, id string, frame int) error {
	r, ok := d.Run(id)
	if !ok {
		return ErrNoRun
	}
	flows := slices.DeleteFunc(slices.Clone(r.Stack), func(p Place) bool { return p.File != "" })
	if frame < 0 || frame >= len(flows) {
		return fmt.Errorf("debug: there is no frame %d", frame)
	}
	if frame == 0 {
		return d.Restart(ctx, id)
	}
	for i := len(r.Path) - 1; i >= 0; i-- {
		if s := r.Path[i]; s.Flow == flows[frame].Flow && s.Block == flows[frame].Block {
			return d.goBack(ctx, id, s.Moment, nil, stop{reason: "back", text: "Back before " + s.Block + "."})
		}
	}
	return ErrNoMoment
}

// ReverseContinue takes a run back to the breakpoint before, or to its start.
func (d *Debugger) ReverseContinue(ctx context.Context, id string) error {
	if done, err := d.lineBack(id, script.ReverseContinue); done {
		return err
	}
	moment, why, err := d.breakpointBefore(id)
	if err != nil {
		return err
	}
	return d.goBack(ctx, id, moment, nil, why)
}

func (d *Debugger) breakpointBefore(id string) (int, stop, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	w := d.runs[id]
	if w == nil {
		return 0, stop{}, ErrNoRun
	}
	for i := len(w.view.Path) - 1; i >= 0; i-- {
		s := w.view.Path[i]
		m := w.moments[s.Moment]
		if m == nil {
			break
		}
		if b := d.hitInPast(w, i, m); b != nil {
			return s.Moment, stop{reason: "breakpoint", breakpoint: b.ID, text: fmt.Sprintf("Went back to %s.", b.words())}, nil
		}
	}
	if len(w.view.Path) == 0 {
		return 0, stop{}, fmt.Errorf("debug: this is the first block of the run; there is nothing before it")
	}
	return w.view.Path[0].Moment, stop{reason: "entry", text: "Went back to the start of the run."}, nil
}

// hitInPast answers the breakpoint that a step was at, whatever its hit count.
func (d *Debugger) hitInPast(w *watched, i int, m *run.Moment) *bound {
	s := w.view.Path[i]
	for _, b := range d.breakpoints {
		if !b.Enabled || b.Message != "" {
			continue
		}
		at := false
		switch b.Kind {
		case AtBlock:
			at = b.Flow == s.Flow && b.Block == s.Block
		case AtType:
			at = b.Type == s.Type
		case AtEdge:
			at = i > 0 && w.view.Path[i-1].Block == b.Block && w.view.Path[i-1].Flow == b.Flow && w.view.Path[i-1].Port == b.Port
		}
		if holds, err := b.holds(&m.State); at && (holds || err != nil) {
			return b
		}
	}
	return nil
}

// MomentAt answers the moment at which a run's journal had that many entries.
func (d *Debugger) MomentAt(id string, journal int) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	w := d.runs[id]
	if w == nil {
		return 0, ErrNoRun
	}
	for n := w.numbers; n > 0; n-- {
		if m := w.moments[n]; m != nil && m.State.Journal == journal {
			return n, nil
		}
	}
	return 0, ErrNoMoment
}

// ProjectOf answers the version of the project that a run is on.
func (d *Debugger) ProjectOf(id string) (*flow.Project, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	w := d.runs[id]
	if w == nil {
		return nil, ErrNoRun
	}
	m := w.moments[w.view.Moment]
	if m == nil {
		return nil, ErrNoMoment
	}
	return m.Project, nil
}
