package debug

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/run"
)

// Errors of the commands.
var (
	ErrNoRun     = errors.New("debug: there is no such run")
	ErrNotPaused = errors.New("debug: the run is not paused")
)

// Continue lets a paused run go on to the next stop.
func (d *Debugger) Continue(id string) error { return d.release(id, func(*watched) {}) }

// StepOver runs one block and stops before the next; when the block waits for
// the person, the stop comes after they have answered.
func (d *Debugger) StepOver(id string) error {
	return d.release(id, func(w *watched) { w.stepping = true })
}

// Pause stops a run before its next block.
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
	w.edited = nil
	if w.resume != nil {
		close(w.resume)
		w.resume = nil
	}
	return nil
}

func (d *Debugger) release(id string, prepare func(*watched)) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	w := d.runs[id]
	if w == nil {
		return ErrNoRun
	}
	if w.resume == nil {
		return ErrNotPaused
	}
	prepare(w)
	close(w.resume)
	w.resume = nil
	return nil
}

// Close lets every run go on and stops none any more: nobody is left to resume
// them.
func (d *Debugger) Close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
	for _, w := range d.runs {
		if w.resume != nil {
			close(w.resume)
			w.resume = nil
		}
	}
}

// SetValue changes a value of a paused run: a path below event, step, input or
// claims. The journal marks it when the run goes on (rule D3).
func (d *Debugger) SetValue(id, path string, value any) (Run, error) {
	d.mu.Lock()
	w := d.runs[id]
	switch {
	case w == nil:
		d.mu.Unlock()
		return Run{}, ErrNoRun
	case w.resume == nil:
		d.mu.Unlock()
		return Run{}, ErrNotPaused
	}
	s := w.state
	if w.edited != nil {
		s = *w.edited
	}
	if err := set(&s, strings.Split(path, "."), value); err != nil {
		d.mu.Unlock()
		return Run{}, err
	}
	w.edited = &s
	d.picture(w)
	view := w.copy()
	d.mu.Unlock()
	d.tell(view)
	return view, nil
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
