package debug

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"

	"github.com/authflow-studio/authflow/engine/expr"
	"github.com/authflow-studio/authflow/engine/run"
)

// This file answers and changes the values of a run.

// SetValue changes a value of a paused run: a path below event, step, input or
// claims. The journal marks it when the run goes on (rule D3).
func (d *Debugger) SetValue(id, path string, value any) (Run, error) {
	if err := d.change(id, func(s *run.State) error { return set(s, strings.Split(path, "."), value) }); err != nil {
		return Run{}, err
	}
	r, _ := d.Run(id)
	return r, nil
}

// set changes a copy of what the path leads through; snapshots stay as they
// were.
func set(s *run.State, path []string, value any) error {
	if len(path) < 2 {
		return fmt.Errorf("debug: %q is a whole group; change one value in it", strings.Join(path, "."))
	}
	frames := slices.Clone(s.Frames)
	top := &frames[len(frames)-1]
	switch path[0] {
	case "event":
		s.Event = put(s.Event, path[1:], value)
	case "input":
		top.Input = put(top.Input, path[1:], value)
	case "claims", "step":
		if len(path) < 3 {
			return fmt.Errorf("debug: %q is a whole group; change one value in it", strings.Join(path, "."))
		}
		if path[0] == "claims" {
			s.Claims = maps.Clone(s.Claims)
			if s.Claims == nil {
				s.Claims = map[string]map[string]any{}
			}
			s.Claims[path[1]] = put(s.Claims[path[1]], path[2:], value)
			break
		}
		outputs, ok := top.Steps[path[1]].(map[string]any)
		if !ok {
			return fmt.Errorf("debug: the block %q has not run, so it has no outputs to change", path[1])
		}
		top.Steps = maps.Clone(top.Steps)
		top.Steps[path[1]] = put(outputs, path[2:], value)
	default:
		return fmt.Errorf("debug: %q cannot be changed: a path begins with event, step, input or claims", strings.Join(path, "."))
	}
	s.Frames = frames
	return nil
}

func put(m map[string]any, path []string, value any) map[string]any {
	m = maps.Clone(m)
	if m == nil {
		m = map[string]any{}
	}
	if len(path) == 1 {
		m[path[0]] = value
		return m
	}
	next, _ := m[path[0]].(map[string]any)
	m[path[0]] = put(next, path[1:], value)
	return m
}

// Scope is a group of values that a frame sees.
type Scope struct {
	Name string `json:"name"` // event, input, step, claims, session, effects
	// Values is an object; of effects a list.
	Values any `json:"values"`
	// Changeable says that SetValue takes paths below the name.
	Changeable bool `json:"changeable"`
}

// Scopes answers what a frame of a run's flows sees; frame 0 is the innermost.
func (d *Debugger) Scopes(ctx context.Context, id string, frame int) ([]Scope, error) {
	values, s, current, err := d.frame(id, 0, frame)
	if err != nil {
		return nil, err
	}
	inner := frame == 0
	out := []Scope{
		{"event", values["event"], inner}, {"input", values["input"], inner}, {"step", values["step"], inner}, {"claims", values["claims"], inner},
		{"session", plain(s.Subject), false},
	}
	effects, err := d.effects(ctx, id, current)
	if err != nil {
		return nil, err
	}
	return append(out, Scope{"effects", effects, false}), nil
}

// frame answers the values of a frame, with the state and the moment that they
// are of: one of the history, or with 0 the one that the run stands at.
func (d *Debugger) frame(id string, moment, frame int) (map[string]any, run.State, *run.Moment, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	w := d.runs[id]
	if w == nil {
		return nil, run.State{}, nil, ErrNoRun
	}
	s, m := *w.shown(), w.moments[w.view.Moment]
	if moment != 0 {
		if m = w.moments[moment]; m == nil {
			return nil, run.State{}, nil, ErrNoMoment
		}
		s = m.State
	}
	if frame < 0 || frame >= len(s.Frames) {
		return nil, s, nil, fmt.Errorf("debug: there is no frame %d", frame)
	}
	return valuesOf(&s, len(s.Frames)-1-frame), s, m, nil
}

// Effect is something that the run asked of the world, and what came back.
type Effect struct {
	N       int    `json:"n"`
	Flow    string `json:"flow"`
	Block   string `json:"block"`
	Effect  string `json:"effect"`
	Request any    `json:"request,omitempty"`
	Result  any    `json:"result,omitempty"`
	Error   string `json:"error,omitempty"`
}

// effects answers those of the run so far: what was committed, and what stands
// in the journal of the stretch that goes on.
func (d *Debugger) effects(ctx context.Context, id string, m *run.Moment) ([]any, error) {
	var entries []run.Entry
	if d.Journal != nil {
		stored, err := d.Journal(ctx, id)
		if err != nil {
			return nil, err
		}
		entries = stored
	}
	if m != nil {
		known := 0
		if n := len(entries); n > 0 {
			known = entries[n-1].N
		}
		for _, e := range m.Entries {
			if e.N > known {
				entries = append(entries, e)
			}
		}
	}
	out := []any{}
	for _, e := range entries {
		if e.Kind != run.KindEffect {
			continue
		}
		x := Effect{N: e.N, Flow: e.Flow, Block: e.Block, Effect: e.Effect, Request: decoded(e.Request), Result: decoded(e.Result)}
		if e.Error != nil {
			x.Error = e.Error.Error()
		}
		out = append(out, plain(x))
	}
	return out, nil
}

func decoded(text []byte) any {
	var v any
	if len(text) == 0 || json.Unmarshal(text, &v) != nil {
		return nil
	}
	return v
}

// plain makes a value of maps, lists, texts, numbers and booleans.
func plain(v any) any {
	text, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	return decoded(text)
}

// Evaluate computes a CEL expression over what a frame sees.
func (d *Debugger) Evaluate(id string, frame int, source string) (any, error) {
	return d.EvaluateAt(id, 0, frame, source)
}

// EvaluateAt computes a CEL expression over what a frame saw at a moment of the
// run's history; moment 0 is now.
func (d *Debugger) EvaluateAt(id string, moment, frame int, source string) (any, error) {
	values, _, _, err := d.frame(id, moment, frame)
	if err != nil {
		return nil, err
	}
	program, issues := expr.Compile(source, nil, nil)
	if len(issues) > 0 {
		return nil, fmt.Errorf("%s (column %d)", issues[0].Message, issues[0].Column)
	}
	return program.Eval(values)
}

// Complete answers the names that can stand at the end of a text.
func (d *Debugger) Complete(id string, frame int, text string) ([]string, error) {
	values, _, _, err := d.frame(id, 0, frame)
	if err != nil {
		return nil, err
	}
	from := strings.LastIndexFunc(text, func(r rune) bool {
		return !(r == '.' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z')
	}) + 1
	path := strings.Split(text[from:], ".")
	last := len(path) - 1
	v, _ := find(any(values), path[:last])
	within, _ := object(v)
	out := []string{}
	for name := range within {
		if strings.HasPrefix(name, path[last]) {
			out = append(out, name)
		}
	}
	sort.Strings(out)
	return out, nil
}

// maxShort bounds a value in a message.
const maxShort = 200

// short shows a value in a line.
func short(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	if len(text) > maxShort {
		return strings.ToValidUTF8(string(text[:maxShort]), "") + "…"
	}
	return string(text)
}
