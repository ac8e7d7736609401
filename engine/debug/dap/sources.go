package dap

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"

	protocol "github.com/google/go-dap"

	"github.com/authflow-studio/authflow/engine/debug"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/script"
)

// This file knows the files of the project as sources.

// snapshot is a file as a run has it, when it is not so on disk any more.
type snapshot struct {
	name string
	text []byte
}

// fileOf answers the path in the project of a file that a client names.
func (c *session) fileOf(s protocol.Source) (string, error) {
	at := s.Path
	if strings.HasPrefix(at, "file:") {
		u, err := url.Parse(at)
		if err != nil {
			return "", fmt.Errorf("%q is no address of a file: %w", at, err)
		}
		at = filepath.FromSlash(u.Path)
	}
	if s.SourceReference != 0 || at == "" {
		return "", fmt.Errorf("this is the file as the run has it; set it in the file of the project")
	}
	for _, dir := range [][2]string{{c.Dir, at}, {real(c.Dir), real(at)}} {
		rel, err := filepath.Rel(dir[0], dir[1])
		if rel = filepath.ToSlash(rel); err == nil && filepath.IsLocal(rel) && rel != "." {
			return rel, nil
		}
	}
	return "", fmt.Errorf("%s is not in the project %s", at, c.Dir)
}

// real follows links as far as that is possible.
func real(name string) string {
	if to, err := filepath.EvalSymlinks(name); err == nil {
		return to
	}
	return name
}

// sourceOf answers a file of the project as a client is to open it.
func (c *session) sourceOf(file string) *protocol.Source {
	at := filepath.Join(c.Dir, filepath.FromSlash(file))
	if c.client.PathFormat == "uri" {
		at = (&url.URL{Scheme: "file", Path: filepath.ToSlash(at)}).String()
	}
	return &protocol.Source{Name: path.Base(file), Path: at}
}

// sourceIn answers a file as a version of the project has it. It needs the lock.
func (c *session) sourceIn(p *flow.Project, file string) (*protocol.Source, []byte) {
	text := p.Files[file]
	if now := c.Project(); now != nil && bytes.Equal(now.Files[file], text) {
		return c.sourceOf(file), text
	}
	at := slices.IndexFunc(c.sources, func(s snapshot) bool { return s.name == file && bytes.Equal(s.text, text) })
	if at < 0 {
		at = len(c.sources)
		c.sources = append(c.sources, snapshot{file, text})
	}
	return &protocol.Source{Name: path.Base(file), SourceReference: at + 1, Origin: "as the run has it", PresentationHint: "deemphasize"}, text
}

// placeOf answers where a place of a run is. It needs the lock.
func (c *session) placeOf(run string, p debug.Place) (source *protocol.Source, line, column int) {
	project, err := c.Debugger.ProjectOf(run)
	if err != nil {
		return nil, 0, 0
	}
	if p.File != "" {
		source, _ = c.sourceIn(project, flow.ActionsDir+"/"+p.File)
		return source, c.ourLine(p.Line), c.ourColumn(max(p.Column, 1))
	}
	source, text := c.sourceIn(project, flow.FlowPath(p.Flow))
	at, _ := readLines(text).of(p.Block, "")
	return source, c.ourLine(max(at.line, 1)), c.ourColumn(max(at.column, 1))
}

// Clients count lines and columns from 1 or from 0; we count from 1.
func (c *session) ourLine(line int) int {
	if c.client.LinesStartAt1 {
		return line
	}
	return line - 1
}

func (c *session) theirLine(line int) int {
	if c.client.LinesStartAt1 {
		return line
	}
	return line + 1
}

func (c *session) ourColumn(column int) int {
	if c.client.ColumnsStartAt1 {
		return column
	}
	return column - 1
}

// flowSource answers the flow that a source is, with its text.
func (c *session) flowSource(s protocol.Source) (slug string, text []byte, err error) {
	file, err := c.fileOf(s)
	if err != nil {
		return "", nil, err
	}
	slug, isFlow := slugOf(file)
	if !isFlow {
		return "", nil, fmt.Errorf("%s is no flow", file)
	}
	return slug, c.Project().Files[file], nil
}

func slugOf(file string) (string, bool) {
	slug, ok := strings.CutPrefix(file, flow.FlowsDir+"/")
	if !ok || !strings.HasSuffix(slug, ".json") || !flow.Runs(file) {
		return "", false
	}
	return strings.TrimSuffix(slug, ".json"), true
}

// debuggable tells the files that runs can stop in.
func debuggable(file string) bool {
	_, isFlow := slugOf(file)
	return isFlow || strings.HasPrefix(file, flow.ActionsDir+"/") && script.Readable(file) || strings.HasPrefix(file, flow.PagesDir+"/")
}

func (c *session) files() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(c.Project().Files)), func(f string) bool { return !debuggable(f) })
}

func (c *session) loadedSources(context.Context, nothing) (any, error) {
	out := []protocol.Source{}
	for _, file := range c.files() {
		out = append(out, *c.sourceOf(file))
	}
	return protocol.LoadedSourcesResponseBody{Sources: out}, nil
}

func (c *session) source(_ context.Context, a protocol.SourceArguments) (any, error) {
	ref := a.SourceReference
	if a.Source != nil && a.Source.SourceReference != 0 {
		ref = a.Source.SourceReference
	}
	if ref != 0 {
		c.mu.Lock()
		defer c.mu.Unlock()
		if ref < 1 || ref > len(c.sources) {
			return nil, fmt.Errorf("there is no source %d", ref)
		}
		return protocol.SourceResponseBody{Content: string(c.sources[ref-1].text)}, nil
	}
	if a.Source == nil {
		return nil, fmt.Errorf("source needs a path or a reference")
	}
	file, err := c.fileOf(*a.Source)
	if err != nil {
		return nil, err
	}
	text, ok := c.Project().Files[file]
	if !ok || !debuggable(file) {
		return nil, fmt.Errorf("%s is no flow, Action or page of the project", file)
	}
	return protocol.SourceResponseBody{Content: string(text)}, nil
}

// modules are the flows and Actions.
func (c *session) modules(_ context.Context, a protocol.ModulesArguments) (any, error) {
	all := []protocol.Module{}
	version := c.Project().Settings.Version
	for _, file := range c.files() {
		if !strings.HasPrefix(file, flow.PagesDir+"/") {
			all = append(all, protocol.Module{Id: file, Name: strings.TrimSuffix(path.Base(file), ".json"), Path: c.sourceOf(file).Path, IsUserCode: true, Version: version})
		}
	}
	from := min(max(a.StartModule, 0), len(all))
	to := len(all)
	if a.ModuleCount > 0 {
		to = min(to, from+a.ModuleCount)
	}
	return protocol.ModulesResponseBody{Modules: all[from:to], TotalModules: len(all)}, nil
}

// bind answers where in an Action or a module a breakpoint can stand: at a line
// or after it, 0 for nowhere.
func (s *Server) bind(ctx context.Context, p *flow.Project, file string, line int) int {
	best := 0
	for _, u := range units(p, file) {
		places, err := s.Places.Places(ctx, u)
		if err != nil {
			continue // it cannot be read; the checker says why
		}
		if at, err := places.Bind(script.Place{File: file, Line: line}); err == nil && (best == 0 || at.Line < best) {
			best = at.Line
		}
	}
	return best
}

// units are the Actions that a file is part of: itself, or those that import it.
func units(p *flow.Project, file string) []script.Unit {
	if !script.IsModule(file) {
		return []script.Unit{script.NewUnit(file, p.Actions)}
	}
	var out []script.Unit
	for _, name := range slices.Sorted(maps.Keys(p.Actions)) {
		if u := script.NewUnit(name, p.Actions); !script.IsModule(name) && u.Modules[file] != "" {
			out = append(out, u)
		}
	}
	return out
}

// breakpointLocations answers the lines of a range at which a run can stop.
func (c *session) breakpointLocations(ctx context.Context, a protocol.BreakpointLocationsArguments) (any, error) {
	if a.Source.Path == "" {
		return nil, fmt.Errorf("breakpointLocations needs the path of a source")
	}
	file, err := c.fileOf(a.Source)
	if err != nil {
		return nil, err
	}
	first := c.theirLine(a.Line)
	last := max(first, c.theirLine(a.EndLine))
	out := []protocol.BreakpointLocation{}
	add := func(line, column int) {
		if first <= line && line <= last {
			out = append(out, protocol.BreakpointLocation{Line: c.ourLine(line), Column: c.ourColumn(column)})
		}
	}
	p := c.Project()
	switch action, isAction := strings.CutPrefix(file, flow.ActionsDir+"/"); {
	case isAction:
		for _, u := range units(p, action) {
			places, err := c.Places.Places(ctx, u)
			if err != nil {
				return nil, fmt.Errorf("%s cannot be read: %w", file, err)
			}
			for _, at := range places.Stops {
				if at.File == action {
					add(at.Line, max(at.Column, 1))
				}
			}
		}
	case strings.HasPrefix(file, flow.PagesDir+"/"):
		add(first, 1)
	default:
		for _, s := range readLines(p.Files[file]) {
			add(s.line, s.column)
		}
	}
	slices.SortFunc(out, func(a, b protocol.BreakpointLocation) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return protocol.BreakpointLocationsResponseBody{Breakpoints: slices.Compact(out)}, nil
}
