package dap

import (
	"bytes"
	"context"
	"slices"

	protocol "github.com/google/go-dap"

	"github.com/authflow-studio/authflow/engine/debug"
	"github.com/authflow-studio/authflow/engine/flow"
)

// This file follows changes of the project.

// Changed is told that the project is another one now: breakpoints go where
// their blocks went, and clients hear of it.
func (s *Server) Changed(ctx context.Context) {
	s.setting.Lock()
	defer s.setting.Unlock()
	all := s.Debugger.Breakpoints()
	clients, _ := s.attached()
	for i := range all {
		for _, c := range clients {
			c.follow(ctx, &all[i])
		}
	}
	s.Debugger.SetBreakpoints(all)
	s.verify(ctx)
	all = s.Debugger.Breakpoints()
	for _, c := range clients {
		c.retell(all)
		for _, file := range c.files() {
			if before := s.was.Files[file]; !bytes.Equal(before, c.Project().Files[file]) {
				c.out.event("loadedSource", protocol.LoadedSourceEventBody{Reason: reasonOf(before), Source: *c.sourceOf(file)})
			}
		}
	}
	s.was = s.Project()
}

func reasonOf(before []byte) string {
	if before == nil {
		return "new"
	}
	return "changed"
}

// follow gives a breakpoint whose block has another name now, or is gone, what
// stands at its line.
func (c *session) follow(ctx context.Context, b *debug.Breakpoint) {
	own := c.ownedBy(b.ID)
	if own == nil || own.told.Line == 0 || b.Flow == "" {
		return
	}
	if f := c.Project().Flows[b.Flow]; f == nil || f.Blocks[b.Block] != nil && (b.Port == "" || f.Blocks[b.Block].Next[b.Port] != "") {
		return
	}
	moved := *b
	moved.Port = ""
	if at := c.place(ctx, &moved, flow.FlowPath(b.Flow), c.theirLine(own.told.Line)); at.why == "" {
		*b = moved
	}
}

// retell tells of each breakpoint that is not as the client knows it.
func (c *session) retell(all []debug.Breakpoint) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, own := range c.placed {
		at := slices.IndexFunc(all, func(b debug.Breakpoint) bool { return b.ID == id })
		if at < 0 {
			continue
		}
		b, now := all[at], own.told
		now.Verified, now.Message = b.Verified, b.Why
		switch {
		case b.Kind == debug.AtLine:
			now.Line = c.ourLine(b.Line)
		case own.told.Line != 0 && b.Flow != "":
			if spot, ok := readLines(c.Project().Files[own.group]).of(b.Block, b.Port); ok {
				now.Line = c.ourLine(spot.line)
			}
		}
		if now.Verified != own.told.Verified || now.Message != own.told.Message || now.Line != own.told.Line {
			own.told = now
			c.out.event("breakpoint", protocol.BreakpointEventBody{Reason: "changed", Breakpoint: now})
		}
	}
}
