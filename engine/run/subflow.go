package run

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/block"
)

// This file runs flows in flows: entering, returning, page overrides and
// cancellation (group C of the rules).

// maxDepth bounds how deep flows run in flows.
const maxDepth = 32

// Kinds of journal entries for flows in flows.
const (
	KindCall   = "call"
	KindReturn = "return"
)

// enter begins another flow in this run (rules C1, G8).
func (a *advance) enter(c *block.Call, r *block.FlowRequest) error {
	def := a.Project.Flows[r.Flow]
	switch {
	case def == nil:
		return block.Fail("no_flow", "there is no flow %q", r.Flow).In("flow")
	case len(a.s.Frames) >= maxDepth:
		return block.Fail("too_deep", "flows run %d deep in flows", maxDepth).In("flow")
	case slices.ContainsFunc(a.s.Frames, func(f Frame) bool { return f.Flow == r.Flow }):
		return block.Fail("circular_flow", "the flow %q is running already: a flow cannot run itself, directly or in a circle", r.Flow).In("flow")
	}
	for name := range r.Input {
		if _, known := def.Inputs[name]; !known {
			return block.Fail("unknown_input", "the flow %q has no input %q", r.Flow, name).In("inputs")
		}
	}
	for name, in := range def.Inputs {
		if v, given := r.Input[name]; in.Required && (!given || v == nil) {
			return block.Fail("missing_input", "the flow %q needs the input %q", r.Flow, name).In("inputs")
		}
	}
	a.keep(c)
	a.journal.add(Entry{Kind: KindCall, Data: map[string]any{"flow": r.Flow, "input": r.Input}})
	a.s.Frames = append(slices.Clone(a.s.Frames), Frame{Flow: r.Flow, Block: def.Start, Input: r.Input, Overrides: r.Overrides})
	return nil
}

// finishFlow ends the innermost flow; the run ends with the outermost, or when
// something was issued.
func (a *advance) finishFlow(e block.End) {
	if len(a.s.Frames) == 1 || e.Whole {
		a.end(e)
		return
	}
	res := block.FlowResult{Success: e.Success, Data: e.Data}
	if !e.Success {
		res.Error = e.Reason
	}
	a.returnTo(len(a.s.Frames)-1, res)
}

// raise takes an error that no port takes to the flow that ran this one; in the
// outermost flow it ends the run as denied (rule X5).
func (a *advance) raise(err *block.Error) {
	if len(a.s.Frames) == 1 {
		a.fail(err)
		return
	}
	a.returnTo(len(a.s.Frames)-1, block.FlowResult{Error: err.Code, Failed: err})
}

// returnTo leaves all flows from depth on, running nothing more of them, and
// answers the block that ran the outermost of them.
func (a *advance) returnTo(depth int, res block.FlowResult) {
	a.s.Frames = slices.Clone(a.s.Frames[:depth])
	a.s.Returned = &res
	a.journal.add(Entry{Kind: KindReturn, Data: map[string]any{"success": res.Success, "error": res.Error, "aborted": res.Aborted}})
}

// abort cancels the flow that shows the page. The parent whose overrides hold
// the page goes on at aborted; with no such parent the run ends (rules C4, C5).
func (a *advance) abort(page *block.PageRequest, in *Input) {
	owner := a.s.PageOwner
	a.s.PageOwner = 0
	if page == nil || owner <= 0 || owner >= len(a.s.Frames) {
		a.end(block.End{Success: false, Reason: "aborted"})
		return
	}
	a.returnTo(owner, block.FlowResult{Aborted: true, Data: in.Fields, URL: PagePath(page.Template)})
}

// wait stores what the person is asked for, or where they were sent.
func (a *advance) wait(c *block.Call, page *block.PageRequest, away string) error {
	data := map[string]any{"away": away}
	a.s.PageOwner = 0
	if page != nil {
		resolved := *page
		resolved.Template, a.s.PageOwner = a.s.override(page.Template)
		if !validPage(resolved.Template) {
			return block.Fail("page_outside", "the page %q is not below pages/", resolved.Template).In("template")
		}
		page = &resolved
		data = map[string]any{"template": page.Template}
	}
	a.keep(c)
	a.s.Status, a.s.Page, a.s.Away = Waiting, page, away
	a.journal.add(Entry{Kind: KindWait, Data: data})
	return nil
}

// keep takes over what a block remembers while it waits or another flow runs.
func (a *advance) keep(c *block.Call) {
	if m := c.Changes().Memory; m != nil {
		top := *a.s.Top()
		top.Memory = m
		a.s.setTop(top)
	}
}

// override looks a page up from the innermost flow outwards, each hit replacing
// the page for the next look-up (rule C3); owner is the last hit.
func (s *State) override(template string) (resolved string, owner int) {
	for i := len(s.Frames) - 1; i > 0; i-- {
		if with, ok := s.Frames[i].Overrides[template]; ok {
			template, owner = with, i
		}
	}
	return template, owner
}

// validPage refuses paths that lead out of pages/ (rule N7).
func validPage(p string) bool {
	return p != "" && path.Clean(p) == p && !path.IsAbs(p) && p != ".." && !strings.HasPrefix(p, "../") && !strings.ContainsAny(p, "\\?#%\x00")
}

// PagePath is a template's path without extension, as in the page's URL (rule
// N1).
func PagePath(template string) string {
	return strings.TrimSuffix(template, path.Ext(template))
}

// applyKept takes over what a block keeps for its next visit.
func (s *State) applyKept(id string, kept map[string]any) {
	if kept == nil {
		return
	}
	top := *s.Top()
	top.Kept = maps.Clone(top.Kept)
	if top.Kept == nil {
		top.Kept = map[string]map[string]any{}
	}
	if len(kept) == 0 {
		delete(top.Kept, id)
	} else {
		top.Kept[id] = kept
	}
	s.setTop(top)
}
