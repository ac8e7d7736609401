// Package check finds what is wrong with a project before anybody signs in.
//
// It owns: the rules (one file each), the analyses that they share, and the list
// of values that can be used at a place.
// It delegates: expressions to engine/expr, descriptors to engine/block,
// Actions to engine/script, page templates to engine/web.
// The law: all problems at once, each with a stable code, its place, a plain
// sentence, why it matters and, where it is safe, a fix (rule K1); and what a
// Checker remembers changes how long it takes, never what it finds.
package check

import (
	"context"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/script"
)

// Checker checks projects against a catalogue.
type Checker struct {
	Catalogue *block.Catalogue
	// Scripts reads Actions without running them; without it no project with
	// an Action passes.
	Scripts ScriptChecker
	// Remember keeps what was found in flows, so that after a change only what
	// depends on it is looked at again. Flows that were given must not be changed
	// afterwards.
	Remember bool

	actions actionCache
	memory  memory
}

// ScriptChecker reports what is wrong with the source of an Action.
type ScriptChecker interface {
	Check(ctx context.Context, u script.Unit) ([]script.Issue, error)
}

// Findings are what is wrong with a project, and what it lets be.
type Findings struct {
	Problems   []Problem    `json:"problems"`
	Suppressed []Suppressed `json:"suppressed"`
}

// Project checks everything; what the project suppresses is left out.
func (c *Checker) Project(ctx context.Context, p *flow.Project, unreadable []*flow.FileError) []Problem {
	return c.Findings(ctx, p, unreadable).Problems
}

// Findings checks everything, and tells of what the project suppresses, too.
func (c *Checker) Findings(ctx context.Context, p *flow.Project, unreadable []*flow.FileError) Findings {
	var out []Problem
	for _, e := range unreadable {
		out = append(out, Problem{Code: e.Code, Severity: Error, File: e.File, Line: e.Line, Column: e.Column, Message: e.Message,
			Why: "What cannot be read cannot be run. " + e.Hint})
	}
	v := newView(c, p, "", nil)
	for _, slug := range sortedKeys(p.Flows) {
		out = append(out, v.problems(slug)...)
	}
	out = append(out, c.besides(ctx, p)...)
	settled, suppressed := settle(p.Settings.Checks, out)
	settled = append(settled, suppressedErrors(p.Settings.Checks, out)...)
	settled = append(settled, idleSuppressions(p.Settings.Checks, out)...)
	order(settled)
	c.memory.keepOnly(p)
	return Findings{settled, suppressed}
}

// Flow checks one flow, which may be another version than the project's.
func (c *Checker) Flow(p *flow.Project, slug string, f *flow.Flow) []Problem {
	out, _ := settle(p.Settings.Checks, newView(c, p, slug, f).problems(slug))
	order(out)
	return out
}
