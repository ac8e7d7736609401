package studio

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"

	"github.com/authflow-studio/authflow/engine/debug"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/script"
)

// This file keeps the breakpoints: beside the project, not in it (rule D2).

// stateDir holds what belongs to a project on this machine. It is hidden, so
// that it is neither loaded nor exported.
const stateDir = ".authflow"

func (w *workspace) breakpointsFile() string {
	return filepath.Join(w.disk.Dir(), stateDir, "breakpoints.json")
}

// Stops are all places and happenings at which runs stop, and the outcomes that
// blocks are held to.
type Stops struct {
	Breakpoints []debug.Breakpoint `json:"breakpoints"`
	Catching    debug.Catching     `json:"catching"`
	Pins        []debug.Pin        `json:"pins"`
}

func (w *workspace) stops() Stops {
	return Stops{append([]debug.Breakpoint{}, w.debugger.Breakpoints()...), w.debugger.Catching(), w.debugger.All()}
}

func (w *workspace) readBreakpoints() {
	text, err := os.ReadFile(w.breakpointsFile())
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	var kept Stops
	if err == nil {
		err = json.Unmarshal(text, &kept)
	}
	if err != nil {
		w.s.Log.Warn("the breakpoints of last time cannot be read", "file", w.breakpointsFile(), "error", err)
		return
	}
	w.debugger.SetBreakpoints(kept.Breakpoints)
	w.debugger.Catch(kept.Catching)
	w.debugger.Set(kept.Pins)
	w.verifyBreakpoints()
}

func (w *workspace) saveBreakpoints() error {
	text, err := json.MarshalIndent(w.stops(), "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(w.breakpointsFile()), 0o755); err != nil {
		return err
	}
	return replaceFile(w.breakpointsFile(), text, 0o644)
}

// verifyBreakpoints marks those whose place is gone.
func (w *workspace) verifyBreakpoints() {
	p := w.current()
	lines := lineFinder{w.s, p, map[string]script.Places{}}
	w.debugger.Verify(p, lines.bind)
}

// lineFinder finds where breakpoints in Actions can stand.
type lineFinder struct {
	s     *Studio
	p     *flow.Project
	known map[string]script.Places
}

// bind answers the line of a statement at a line or after it, 0 for none.
func (l *lineFinder) bind(file string, line int) int {
	for _, unit := range l.units(file) {
		places, known := l.known[unit.Name]
		if !known {
			places = l.s.places(unit)
			l.known[unit.Name] = places
		}
		if at, err := places.Bind(script.Place{File: file, Line: line}); err == nil {
			return at.Line
		}
	}
	return 0
}

// units are the Actions that a file is part of: itself, or those that import it.
func (l *lineFinder) units(file string) []script.Unit {
	if !script.IsModule(file) {
		return []script.Unit{script.NewUnit(file, l.p.Actions)}
	}
	names := []string{}
	for name := range l.p.Actions {
		if !script.IsModule(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var out []script.Unit
	for _, name := range names {
		if u := script.NewUnit(name, l.p.Actions); u.Modules[file] != "" {
			out = append(out, u)
		}
	}
	return out
}

// places answers where an Action can be stopped; one that cannot be read has no
// such place.
func (s *Studio) places(u script.Unit) script.Places {
	finder, ok := s.Scripts.(interface {
		Places(context.Context, script.Unit) (script.Places, error)
	})
	if !ok {
		return script.Places{}
	}
	places, err := finder.Places(context.Background(), u)
	if err != nil {
		return script.Places{}
	}
	return places
}

// followRename lets breakpoints, contracts and scenarios follow a block that a save has renamed: one is
// gone, one has come, and they are the same but for the name. It holds for a
// rename, for its undo, and for what an editor of texts has done.
func (w *workspace) followRename(slug string, before, after *flow.Flow) {
	if before == nil || after == nil {
		return
	}
	var gone, come []string
	for id := range before.Blocks {
		if after.Blocks[id] == nil {
			gone = append(gone, id)
		}
	}
	for id := range after.Blocks {
		if before.Blocks[id] == nil {
			come = append(come, id)
		}
	}
	if len(gone) != 1 || len(come) != 1 {
		return
	}
	a, b := before.Blocks[gone[0]], after.Blocks[come[0]]
	if a.Type == b.Type && a.Stage == b.Stage && reflect.DeepEqual(a.Config, b.Config) {
		w.debugger.Renamed(slug, gone[0], come[0])
		if err := w.saveBreakpoints(); err != nil {
			w.s.Log.Warn("the breakpoints could not be kept", "error", err)
		}
		w.s.Emit("breakpoints", w.stops())
		w.renameElsewhere(slug, gone[0], come[0])
	}
}

// renameElsewhere lets contracts and scenarios follow; what could not be changed is
// told as any problem of theirs is.
func (w *workspace) renameElsewhere(slug, from, to string) {
	changed, err := w.disk.RenameElsewhere(slug, from, to)
	if err != nil {
		w.s.Log.Warn("not everything follows the renamed block", "flow", slug, "block", to, "error", err)
	}
	for _, f := range changed {
		w.wrote(f.Path, f.Revision)
		w.s.Emit("changed", map[string]string{"path": f.Path, "revision": f.Revision})
	}
}

func (s *Studio) breakpoints(context.Context, none) (Stops, error) {
	w, err := s.workspace()
	if err != nil {
		return Stops{}, err
	}
	return w.stops(), nil
}

// setBreakpoint sets a breakpoint: in place of the one with its number, or at
// its place.
func (s *Studio) setBreakpoint(_ context.Context, b debug.Breakpoint) (Stops, error) {
	return s.changeBreakpoints(func(list []debug.Breakpoint) []debug.Breakpoint {
		at := slices.IndexFunc(list, func(o debug.Breakpoint) bool { return b.ID != 0 && o.ID == b.ID || b.ID == 0 && samePlace(o, b) })
		if at < 0 {
			b.ID = 0
			return append(list, b)
		}
		b.ID = list[at].ID
		list[at] = b
		return list
	})
}

func samePlace(a, b debug.Breakpoint) bool {
	if b.Kind == "" {
		b.Kind = debug.AtBlock
	}
	return a.Kind == b.Kind && a.Flow == b.Flow && a.Block == b.Block && a.Port == b.Port && a.Type == b.Type && a.Page == b.Page && a.File == b.File && a.Line == b.Line && a.Path == b.Path
}

type breakpointArg struct{ ID int }

func (s *Studio) clearBreakpoint(_ context.Context, a breakpointArg) (Stops, error) {
	return s.changeBreakpoints(func(list []debug.Breakpoint) []debug.Breakpoint {
		return slices.DeleteFunc(list, func(b debug.Breakpoint) bool { return b.ID == a.ID })
	})
}

func (s *Studio) changeBreakpoints(change func([]debug.Breakpoint) []debug.Breakpoint) (Stops, error) {
	w, err := s.workspace()
	if err != nil {
		return Stops{}, err
	}
	w.debugger.SetBreakpoints(change(w.debugger.Breakpoints()))
	return w.stopsChanged()
}

func (s *Studio) catch(_ context.Context, c debug.Catching) (Stops, error) {
	w, err := s.workspace()
	if err != nil {
		return Stops{}, err
	}
	w.debugger.Catch(c)
	return w.stopsChanged()
}

func (w *workspace) stopsChanged() (Stops, error) {
	w.verifyBreakpoints()
	stops := w.stops()
	w.s.Emit("breakpoints", stops)
	return stops, w.saveBreakpoints()
}

// pin holds a block to an outcome; without a port it takes the pin out.
func (s *Studio) pin(_ context.Context, p debug.Pin) (Stops, error) {
	w, err := s.workspace()
	if err != nil {
		return Stops{}, err
	}
	if p.Port == "" {
		w.debugger.Remove(p.Flow, p.Block)
	} else {
		w.debugger.Put(p)
	}
	return w.stopsChanged()
}
