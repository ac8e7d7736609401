// Package check finds what is wrong with a project before anybody signs in.
//
// It owns: the rules (one file each), the analysis of what is certain at each
// block, and the list of values that can be used at a place.
// It delegates: expressions to engine/expr, descriptors to engine/block,
// Actions to engine/script, page templates to engine/web.
// The law: all problems at once, each with a stable code, its place, a plain
// sentence, why it matters and, where it is safe, a fix (rule K1).
package check

import (
	"context"
	"sort"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/script"
)

// Severity of a problem.
type Severity string

// Severities. An error keeps a project from being exported.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Info    Severity = "info"
)

// Problem is one finding.
type Problem struct {
	Code     string   `json:"code"`
	Severity Severity `json:"severity"`
	Flow     string   `json:"flow,omitempty"`
	Block    string   `json:"block,omitempty"`
	// Field is a path in the block's config: rows.0.when.
	Field   string `json:"field,omitempty"`
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Message string `json:"message"`
	Why     string `json:"why"`
	Fix     *Fix   `json:"fix,omitempty"`
}

// Fix is a safe way out, as edits of the flow document.
type Fix struct {
	Title string `json:"title"`
	Edit  []Edit `json:"edit"`
}

// Edit is one change of a flow document.
type Edit struct {
	Op    string `json:"op"` // set_config, connect, disconnect, set_stage, delete_block
	Block string `json:"block"`
	Field string `json:"field,omitempty"`
	Value any    `json:"value,omitempty"`
	Port  string `json:"port,omitempty"`
	To    string `json:"to,omitempty"`
	Stage string `json:"stage,omitempty"`
}

// Checker checks projects against a catalogue.
type Checker struct {
	Catalogue *block.Catalogue
	// Scripts reads Actions without running them; without it no project with
	// an Action passes.
	Scripts ScriptChecker

	actions actionCache
}

// ScriptChecker reports what is wrong with the source of an Action.
type ScriptChecker interface {
	Check(ctx context.Context, u script.Unit) ([]script.Issue, error)
}

// Project checks everything.
func (c *Checker) Project(ctx context.Context, p *flow.Project, unreadable []*flow.FileError) []Problem {
	var out []Problem
	for _, e := range unreadable {
		out = append(out, Problem{Code: e.Code, Severity: Error, File: e.File, Line: e.Line, Column: e.Column, Message: e.Message,
			Why: "What cannot be read cannot be run. " + e.Hint})
	}
	for _, slug := range sortedKeys(p.Flows) {
		out = append(out, c.flow(p, slug, p.Flows[slug])...)
	}
	out = append(out, c.files(ctx, p)...)
	out = append(settle(p.Settings.Checks, out), idleSuppressions(p.Settings.Checks, out)...)
	order(out)
	return out
}

// Flow checks one flow, which may be another version than the project's.
func (c *Checker) Flow(p *flow.Project, slug string, f *flow.Flow) []Problem {
	out := settle(p.Settings.Checks, c.flow(p, slug, f))
	order(out)
	return out
}

func (c *Checker) flow(p *flow.Project, slug string, f *flow.Flow) []Problem {
	x := inspect(c, p, slug, f)
	for _, rule := range rules {
		rule(x)
	}
	return x.problems
}

// rules of a flow, one file each.
var rules = []func(*inspection){
	checkIdentifiers, checkBlocks, checkEdges, checkStages, checkLoops, checkReach, checkLocks, checkConfig, checkData, checkCredentials, checkSubflows, checkIdentity, checkProviders, checkOracle, checkRedirects, checkHabits, checkUnused,
}

// HasErrors reports whether something must be mended before an export.
func HasErrors(ps []Problem) bool {
	for _, p := range ps {
		if p.Severity == Error {
			return true
		}
	}
	return false
}

var rank = map[Severity]int{Error: 0, Warning: 1, Info: 2}

func order(ps []Problem) {
	sort.SliceStable(ps, func(i, j int) bool {
		a, b := ps[i], ps[j]
		switch {
		case rank[a.Severity] != rank[b.Severity]:
			return rank[a.Severity] < rank[b.Severity]
		case a.Flow != b.Flow:
			return a.Flow < b.Flow
		case a.Block != b.Block:
			return a.Block < b.Block
		}
		return a.Code < b.Code
	})
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// inspection is what the rules of one flow share.
type inspection struct {
	*Checker
	p        *flow.Project
	slug     string
	f        *flow.Flow
	g        *flow.Graph
	desc     []*block.Descriptor // by block index; nil when the type is unknown
	problems []Problem
	// calls are the flows that are being looked into, the outermost first.
	calls []string
	reach []bool
	sure  *availability
}

func inspect(c *Checker, p *flow.Project, slug string, f *flow.Flow, calls ...string) *inspection {
	x := &inspection{Checker: c, p: p, slug: slug, f: f, g: flow.NewGraph(f), calls: append(calls, slug)}
	x.desc = make([]*block.Descriptor, len(x.g.IDs))
	for i, id := range x.g.IDs {
		if d, ok := c.Catalogue.Descriptor(f.Blocks[id].Type); ok {
			x.desc[i] = d.In(p, f.Blocks[id].Config)
		}
	}
	x.reach = x.g.Reachable()
	x.sure = analyse(x)
	return x
}

func (x *inspection) add(p Problem) {
	p.Flow = x.slug
	p.File = flow.FlowPath(x.slug)
	x.problems = append(x.problems, p)
}

// ports answers the ports of a block by id.
func (x *inspection) ports(i int) []block.Port {
	if x.desc[i] == nil {
		return nil
	}
	return x.desc[i].PortsOf(x.f.Blocks[x.g.IDs[i]].Config)
}
