package dap

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	protocol "github.com/google/go-dap"

	"github.com/authflow-studio/authflow/engine/debug"
	"github.com/authflow-studio/authflow/engine/flow"
)

// This file shows where a run stands: frames and scopes.

// maxHandles bounds what one client can hold open.
const maxHandles = 100_000

// frame is a frame of a stack. It belongs to a stop: when the run goes on it is
// gone.
type frame struct {
	run    string
	thread int
	index  int // in the whole stack
	// flow counts frames of flows only, the innermost first; below 0 it is a
	// function of an Action.
	flow int
}

func (f frame) inAction() bool { return f.flow < 0 }

// handles are the numbers that a client has for frames and values.
type handles struct {
	last   int
	frames map[int]frame
	values map[int]container
	// seen are the scopes of flows' frames, until something changes.
	seen map[frame][]debug.Scope
}

func newHandles() handles {
	return handles{frames: map[int]frame{}, values: map[int]container{}, seen: map[frame][]debug.Scope{}}
}

// stale forgets what was read of a run.
func (h *handles) stale(run string) {
	for f := range h.seen {
		if f.run == run {
			delete(h.seen, f)
		}
	}
}

// drop forgets a run's handles: it has gone on.
func (h *handles) drop(run string) {
	h.stale(run)
	for id, f := range h.frames {
		if f.run == run {
			delete(h.frames, id)
		}
	}
	for id, v := range h.values {
		if v.of() == run {
			delete(h.values, id)
		}
	}
}

// open gives a value a number.
func (c *session) open(v container) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.handles.values) >= maxHandles {
		return 0
	}
	c.handles.last++
	c.handles.values[c.handles.last] = v
	return c.handles.last
}

func (c *session) frame(id int) (frame, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f, ok := c.handles.frames[id]
	if !ok {
		return frame{}, fmt.Errorf("there is no frame %d any more: its run has gone on", id)
	}
	return f, nil
}

func (c *session) value(id int) (container, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	v, ok := c.handles.values[id]
	if !ok {
		return nil, fmt.Errorf("there is no value %d any more: its run has gone on", id)
	}
	return v, nil
}

func (c *session) stackTrace(_ context.Context, a protocol.StackTraceArguments) (any, error) {
	t, err := c.thread(a.ThreadId)
	if err != nil {
		return nil, err
	}
	r, ok := c.Debugger.Run(t.run)
	if !ok {
		return nil, debug.ErrNoRun
	}
	from := min(max(a.StartFrame, 0), len(r.Stack))
	to := len(r.Stack)
	if a.Levels > 0 {
		to = min(to, from+a.Levels)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	out := []protocol.StackFrame{}
	for i := from; i < to; i++ {
		out = append(out, c.stackFrame(t, r.Stack, i))
	}
	return protocol.StackTraceResponseBody{StackFrames: out, TotalFrames: len(r.Stack)}, nil
}

// stackFrame needs the lock.
func (c *session) stackFrame(t *thread, stack []debug.Place, i int) protocol.StackFrame {
	f := frame{run: t.run, thread: t.id, index: i, flow: i}
	for _, p := range stack {
		if p.File != "" {
			f.flow--
		}
	}
	at := stack[i]
	out := protocol.StackFrame{Name: at.Block + " · " + at.Flow, CanRestart: true, ModuleId: flow.FlowPath(at.Flow)}
	if at.File != "" {
		f.flow = -1
		out.Name, out.ModuleId = at.Function, flow.ActionsDir+"/"+at.File
		if at.Unreadable != "" {
			out.PresentationHint = "subtle"
		}
	}
	out.Id = c.handles.frame(f)
	out.Source, out.Line, out.Column = c.placeOf(t.run, at)
	return out
}

// frame answers the number of a frame, the same at each question.
func (h *handles) frame(f frame) int {
	for id, known := range h.frames {
		if known == f {
			return id
		}
	}
	h.last++
	h.frames[h.last] = f
	return h.last
}

func (c *session) scopes(ctx context.Context, a protocol.ScopesArguments) (any, error) {
	f, err := c.frame(a.FrameId)
	if err != nil {
		return nil, err
	}
	if f.inAction() {
		return c.actionScopes(f)
	}
	scopes, err := c.flowScopes(ctx, f)
	if err != nil {
		return nil, err
	}
	out := []protocol.Scope{}
	for _, s := range scopes {
		n := &node{c: c, frame: f, root: s.Name, changeable: s.Changeable}
		named, indexed := count(s.Values)
		out = append(out, protocol.Scope{Name: titles[s.Name], VariablesReference: c.open(n), NamedVariables: named, IndexedVariables: indexed, Expensive: s.Name == "effects"})
	}
	return protocol.ScopesResponseBody{Scopes: out}, nil
}

var titles = map[string]string{"event": "Event", "input": "Inputs", "step": "Steps", "claims": "Claims", "session": "Session", "effects": "Effects"}

// flowScopes reads what a frame of a flow sees.
func (c *session) flowScopes(ctx context.Context, f frame) ([]debug.Scope, error) {
	c.mu.Lock()
	seen, ok := c.handles.seen[f]
	c.mu.Unlock()
	if ok {
		return seen, nil
	}
	scopes, err := c.Debugger.Scopes(ctx, f.run, f.flow)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.handles.seen[f] = scopes
	return scopes, nil
}

func (c *session) actionScopes(f frame) (any, error) {
	stop, err := c.Debugger.Action(f.run)
	if err != nil {
		return nil, err
	}
	scopes, err := stop.Scopes(f.index)
	if err != nil {
		return nil, err
	}
	out := []protocol.Scope{}
	for _, s := range scopes {
		name := s.Name
		if s.Note != "" {
			name += " (" + s.Note + ")"
		}
		out = append(out, protocol.Scope{Name: name, PresentationHint: cmp.Or(map[string]string{"Locals": "locals", "Arguments": "arguments"}[s.Name], ""),
			VariablesReference: c.open(&members{c: c, frame: f, ref: s.Ref, total: s.Size}), NamedVariables: s.Size})
	}
	return protocol.ScopesResponseBody{Scopes: out}, nil
}

// splitPath splits a path as one writes it in an expression: a.b, a["b c"], a[0].
func splitPath(text string) ([]string, bool) {
	var out []string
	for text = strings.TrimSpace(text); text != ""; {
		end := len(text)
		switch {
		case strings.HasPrefix(text, "["):
			close := strings.IndexByte(text, ']')
			if close < 2 || len(out) == 0 {
				return nil, false
			}
			out = append(out, strings.Trim(text[1:close], `"'`))
			text = text[close+1:]
			continue
		case strings.HasPrefix(text, ".") && len(out) > 0:
			text = text[1:]
			end--
		case len(out) > 0:
			return nil, false
		}
		if at := strings.IndexAny(text, ".["); at >= 0 {
			end = at
		}
		if end == 0 || strings.ContainsAny(text[:end], " \t\n\"'(){}+-*/=<>!&|?:,") {
			return nil, false
		}
		out = append(out, text[:end])
		text = text[end:]
	}
	return out, len(out) > 0
}
