package dap

import (
	"context"
	"fmt"
	"slices"
	"strings"

	protocol "github.com/google/go-dap"

	"github.com/authflow-studio/authflow/engine/debug"
	"github.com/authflow-studio/authflow/engine/flow"
)

// This file sets breakpoints, and keeps clients told of what became of them.

// placed is a breakpoint of a client.
type placed struct {
	group string // the file, or what kind it is
	told  protocol.Breakpoint
}

// wish is a breakpoint as a client asks for it; why says that there is no place
// for it.
type wish struct {
	debug.Breakpoint
	line int // as the client sees it
	why  string
}

const (
	functionGroup = "functions"
	dataGroup     = "data"
)

func (c *session) setBreakpoints(ctx context.Context, a protocol.SetBreakpointsArguments) (any, error) {
	file, err := c.fileOf(a.Source)
	wishes := []wish{}
	for _, b := range a.Breakpoints {
		w := wish{line: b.Line, Breakpoint: debug.Breakpoint{Condition: b.Condition, Hit: b.HitCondition, Message: b.LogMessage}}
		if err != nil {
			w.why = err.Error()
		} else if at := c.place(ctx, &w.Breakpoint, file, c.theirLine(b.Line)); at.why != "" {
			w.why = at.why
		} else {
			w.line = c.ourLine(at.line)
		}
		wishes = append(wishes, w)
	}
	group := file
	if err != nil {
		group = a.Source.Path
	}
	return protocol.SetBreakpointsResponseBody{Breakpoints: c.put(ctx, group, wishes)}, nil
}

// where is what became of a line.
type where struct {
	line int
	why  string
}

// place finds out what a line of a file stands for.
func (c *session) place(ctx context.Context, b *debug.Breakpoint, file string, line int) where {
	p := c.Project()
	if _, there := p.Files[file]; !there || !debuggable(file) {
		return where{why: file + " is no flow, Action or page of the project"}
	}
	if slug, isFlow := slugOf(file); isFlow {
		at, found := readLines(p.Files[file]).at(line)
		if !found {
			return where{why: "this line belongs to no block"}
		}
		b.Kind, b.Flow, b.Block, b.Port = debug.AtBlock, slug, at.block, at.port
		if at.port != "" {
			b.Kind = debug.AtEdge
		}
		return where{line: at.line}
	}
	if action, isAction := strings.CutPrefix(file, flow.ActionsDir+"/"); isAction {
		at := c.bind(ctx, p, action, line)
		if at == 0 {
			return where{why: "no statement begins at this line or after it, or the Action cannot be read"}
		}
		b.Kind, b.File, b.Line = debug.AtLine, action, at
		return where{line: at}
	}
	b.Kind, b.Page = debug.AtPage, strings.TrimPrefix(file, flow.PagesDir+"/")
	return where{line: line}
}

func (c *session) setFunctionBreakpoints(ctx context.Context, a protocol.SetFunctionBreakpointsArguments) (any, error) {
	wishes := []wish{}
	for _, b := range a.Breakpoints {
		w := wish{Breakpoint: debug.Breakpoint{Kind: debug.AtType, Type: b.Name, Condition: b.Condition, Hit: b.HitCondition}}
		if slug, block, ok := c.named(b.Name); ok {
			w.Kind, w.Type, w.Flow, w.Block = debug.AtBlock, "", slug, block
		}
		wishes = append(wishes, w)
	}
	return protocol.SetFunctionBreakpointsResponseBody{Breakpoints: c.put(ctx, functionGroup, wishes)}, nil
}

// named answers the block of a name: flow.block, or the id of a block that only
// one flow has and that is no type.
func (c *session) named(name string) (slug, block string, ok bool) {
	if slug, block, ok := strings.Cut(name, "."); ok {
		return slug, block, true
	}
	found := 0
	for s, f := range c.Project().Flows {
		for id, b := range f.Blocks {
			if b.Type == name {
				return "", "", false
			}
			if id == name {
				slug, found = s, found+1
			}
		}
	}
	return slug, name, found == 1
}

func (c *session) dataBreakpointInfo(_ context.Context, a protocol.DataBreakpointInfoArguments) (any, error) {
	var path string
	var err error
	if a.VariablesReference != 0 {
		var v container
		if v, err = c.value(a.VariablesReference); err == nil {
			path, err = v.watch(a.Name)
		}
	} else if parts, ok := splitPath(a.Name); ok && slices.Contains([]string{"event", "step", "input", "claims"}, parts[0]) && len(parts) > 1 {
		path = strings.Join(parts, ".")
	} else {
		err = fmt.Errorf("%q is no path of a value, such as step.risk.score", a.Name)
	}
	if err != nil {
		return protocol.DataBreakpointInfoResponseBody{Description: err.Error()}, nil
	}
	return protocol.DataBreakpointInfoResponseBody{DataId: path, Description: path, AccessTypes: []protocol.DataBreakpointAccessType{"write"}, CanPersist: true}, nil
}

func (c *session) setDataBreakpoints(ctx context.Context, a protocol.SetDataBreakpointsArguments) (any, error) {
	wishes := []wish{}
	for _, b := range a.Breakpoints {
		w := wish{Breakpoint: debug.Breakpoint{Kind: debug.AtValue, Path: b.DataId, Condition: b.Condition, Hit: b.HitCondition}}
		if b.AccessType != "" && b.AccessType != "write" {
			w.why = "only writing can be watched"
		}
		wishes = append(wishes, w)
	}
	return protocol.SetDataBreakpointsResponseBody{Breakpoints: c.put(ctx, dataGroup, wishes)}, nil
}

func (c *session) setExceptionBreakpoints(_ context.Context, a protocol.SetExceptionBreakpointsArguments) (any, error) {
	out := protocol.SetExceptionBreakpointsResponseBody{Breakpoints: []protocol.Breakpoint{}}
	var catching debug.Catching
	filters := slices.Clone(a.Filters)
	for _, o := range a.FilterOptions {
		filters = append(filters, o.FilterId)
	}
	for _, f := range filters {
		b := protocol.Breakpoint{Verified: !c.launched.NoDebug}
		switch f {
		case "deny":
			catching.Deny = true
		case "error":
			catching.Error = true
		case "timeout":
			catching.Timeout = true
		default:
			b = protocol.Breakpoint{Message: fmt.Sprintf("there is no filter %q", f)}
		}
		out.Breakpoints = append(out.Breakpoints, b)
	}
	if c.launched.NoDebug {
		catching = debug.Catching{}
	}
	c.mu.Lock()
	c.catching = catching
	c.mu.Unlock()
	c.setting.Lock()
	defer c.setting.Unlock()
	c.catch()
	return out, nil
}

// catch lets runs stop at what any client wants to see. It needs setting.
func (s *Server) catch() {
	var all debug.Catching
	clients, _ := s.attached()
	for _, o := range clients {
		o.mu.Lock()
		all.Deny, all.Error, all.Timeout = all.Deny || o.catching.Deny, all.Error || o.catching.Error, all.Timeout || o.catching.Timeout
		o.mu.Unlock()
	}
	s.Debugger.Catch(all)
}

// put replaces the breakpoints of a group by those that are wished for, and
// answers what became of them, in that order.
func (c *session) put(ctx context.Context, group string, wishes []wish) []protocol.Breakpoint {
	c.setting.Lock()
	defer c.setting.Unlock()
	var kept, old []debug.Breakpoint
	for _, b := range c.Debugger.Breakpoints() {
		if p := c.ownedBy(b.ID); p != nil && p.group == group {
			old = append(old, b)
		} else {
			kept = append(kept, b)
		}
	}
	first := len(kept)
	for i := range wishes {
		w := &wishes[i]
		w.Enabled = !c.launched.NoDebug
		if w.why != "" {
			continue
		}
		if at := slices.IndexFunc(old, func(o debug.Breakpoint) bool { return samePlace(o, w.Breakpoint) }); at >= 0 {
			w.ID = old[at].ID
			old = slices.Delete(old, at, at+1)
		}
		kept = append(kept, w.Breakpoint)
	}
	c.number(kept[first:], wishes, c.Debugger.SetBreakpoints(kept))
	c.verify(ctx)
	return c.answerFor(group, wishes)
}

// number finds the numbers that the debugger has given.
func (c *session) number(added []debug.Breakpoint, wishes []wish, all []debug.Breakpoint) {
	taken := map[int]bool{}
	for _, b := range added {
		taken[b.ID] = true
	}
	for i := range wishes {
		if wishes[i].why != "" || wishes[i].ID != 0 {
			continue
		}
		for _, b := range all {
			if !taken[b.ID] && samePlace(b, wishes[i].Breakpoint) && !c.owned(b.ID) {
				wishes[i].ID = b.ID
				taken[b.ID] = true
				break
			}
		}
	}
}

// answerFor takes down what the client is told of a group.
func (c *session) answerFor(group string, wishes []wish) []protocol.Breakpoint {
	all := c.Debugger.Breakpoints()
	out := []protocol.Breakpoint{}
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, p := range c.placed {
		if p.group == group {
			delete(c.placed, id)
		}
	}
	for _, w := range wishes {
		if w.why != "" {
			out = append(out, protocol.Breakpoint{Message: w.why, Line: w.line})
			continue
		}
		b := protocol.Breakpoint{Id: w.ID, Line: w.line}
		if at := slices.IndexFunc(all, func(b debug.Breakpoint) bool { return b.ID == w.ID }); at >= 0 {
			b.Verified, b.Message = all[at].Verified, all[at].Why
		}
		if w.line != 0 {
			b.Source = c.sourceOf(group)
		}
		c.placed[w.ID] = &placed{group, b}
		out = append(out, b)
	}
	return out
}

func samePlace(a, b debug.Breakpoint) bool {
	return a.Kind == b.Kind && a.Flow == b.Flow && a.Block == b.Block && a.Port == b.Port && a.Type == b.Type && a.Page == b.Page && a.File == b.File && a.Line == b.Line && a.Path == b.Path
}

// ownedBy answers what this client knows of a breakpoint; nil if it is not its.
func (c *session) ownedBy(id int) *placed {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.placed[id]
}

// owned tells whether a breakpoint is any client's.
func (s *Server) owned(id int) bool {
	clients, _ := s.attached()
	return slices.ContainsFunc(clients, func(c *session) bool { return c.ownedBy(id) != nil })
}

// verify needs setting.
func (s *Server) verify(ctx context.Context) {
	p := s.Project()
	s.Debugger.Verify(p, func(file string, line int) int { return s.bind(ctx, p, file, line) })
}

// drop takes a client's breakpoints out.
func (s *Server) drop(c *session) {
	s.setting.Lock()
	defer s.setting.Unlock()
	s.Debugger.SetBreakpoints(slices.DeleteFunc(s.Debugger.Breakpoints(), func(b debug.Breakpoint) bool { return c.ownedBy(b.ID) != nil }))
	s.catch()
}
