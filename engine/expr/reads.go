package expr

// This file finds out what an expression may read.

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
)

// Ref is a path an expression reads, such as step.risk.score.
type Ref struct {
	Path []string `json:"path"`
	// Guarded: the expression copes with its absence (has(), optional, or a
	// branch that is taken only if it is there).
	Guarded bool `json:"guarded,omitempty"`
	// Dynamic: what lies below is chosen at run time; anything under Path may be read.
	Dynamic bool `json:"dynamic,omitempty"`
	Line    int  `json:"line"`
	Column  int  `json:"column"` // where the path begins, from 1
}

// String is the path as it is written.
func (r Ref) String() string { return strings.Join(r.Path, ".") }

// scope is what holds at a place of the tree: paths known to be there, and
// names that a macro's own variable hides.
type scope struct {
	present []string
	hidden  []string
}

func (s scope) with(present []string) scope {
	return scope{append(slices.Clip(s.present), present...), s.hidden}
}

// covers tells whether a path is known to be there: it, a part of it or
// something below it was asked for.
func (s scope) covers(path []string) bool {
	p := strings.Join(path, ".") + "."
	return slices.ContainsFunc(s.present, func(known string) bool {
		known += "."
		return strings.HasPrefix(p, known) || strings.HasPrefix(known, p)
	})
}

type reader struct {
	tree *ast.AST
	refs []Ref
}

func readsOf(tree *ast.AST) []Ref {
	r := &reader{tree: tree}
	r.walk(tree.Expr(), scope{})
	sort.SliceStable(r.refs, func(i, j int) bool {
		a, b := r.refs[i], r.refs[j]
		return a.Line < b.Line || a.Line == b.Line && a.Column < b.Column
	})
	seen := map[string]bool{}
	return slices.DeleteFunc(r.refs, func(ref Ref) bool {
		key := fmt.Sprint(ref.Path, ref.Guarded, ref.Dynamic, ref.Line, ref.Column)
		again := seen[key]
		seen[key] = true
		return again
	})
}

func (r *reader) walk(e ast.Expr, s scope) {
	if c, ok := chainOf(e, s.hidden); ok {
		r.record(c, s)
		for _, index := range c.indexes {
			r.walk(index, s)
		}
		return
	}
	switch e.Kind() {
	case ast.SelectKind:
		r.walk(e.AsSelect().Operand(), s)
	case ast.CallKind:
		r.call(e.AsCall(), s)
	case ast.ComprehensionKind:
		c := e.AsComprehension()
		r.walk(c.IterRange(), s)
		r.walk(c.AccuInit(), s)
		s.hidden = append(slices.Clip(s.hidden), c.IterVar(), c.IterVar2(), c.AccuVar())
		r.walk(c.LoopCondition(), s)
		r.walk(c.LoopStep(), s)
		r.walk(c.Result(), s)
	default:
		for _, item := range itemsOf(e) {
			r.walk(item, s)
		}
	}
}

// call walks the arguments of a call, each under what the others make sure of.
// && and || take no notice of their order: a side that fails is forgiven if the
// other one decides.
func (r *reader) call(c ast.CallExpr, s scope) {
	args := c.Args()
	switch c.FunctionName() {
	case operators.LogicalAnd, operators.LogicalOr:
		holds := c.FunctionName() == operators.LogicalAnd
		r.walk(args[0], s.with(facts(args[1], holds, s.hidden)))
		r.walk(args[1], s.with(facts(args[0], holds, s.hidden)))
		return
	case operators.Conditional:
		r.walk(args[0], s)
		r.walk(args[1], s.with(facts(args[0], true, s.hidden)))
		r.walk(args[2], s.with(facts(args[0], false, s.hidden)))
		return
	}
	if c.IsMemberFunction() {
		r.walk(c.Target(), s)
	}
	for _, arg := range args {
		r.walk(arg, s)
	}
}

// facts lists the paths that are there if e gives the value holds.
func facts(e ast.Expr, holds bool, hidden []string) []string {
	if c, ok := chainOf(e, hidden); ok {
		if holds && e.Kind() == ast.SelectKind && e.AsSelect().IsTestOnly() {
			return []string{strings.Join(c.path, ".")}
		}
		return nil
	}
	if e.Kind() != ast.CallKind {
		return nil
	}
	call := e.AsCall()
	switch call.FunctionName() {
	case operators.LogicalNot:
		return facts(call.Args()[0], !holds, hidden)
	case operators.LogicalAnd, operators.LogicalOr:
		if holds == (call.FunctionName() == operators.LogicalAnd) {
			return append(facts(call.Args()[0], holds, hidden), facts(call.Args()[1], holds, hidden)...)
		}
	case "hasValue":
		if c, ok := chainOf(call.Target(), hidden); ok && holds && call.IsMemberFunction() {
			return []string{strings.Join(c.path, ".")}
		}
	case operators.In:
		key, isText := literalText(call.Args()[0])
		if c, ok := chainOf(call.Args()[1], hidden); ok && holds && isText && !c.ended {
			return []string{strings.Join(append(c.path, key), ".")}
		}
	}
	return nil
}

// chain is a path of selections that starts at a variable.
type chain struct {
	root     ast.Expr
	path     []string
	optional int        // the steps from here on may be missing; -1: none
	indexes  []ast.Expr // computed keys on the way
	ended    bool       // an index closed the path
	dynamic  bool
}

func chainOf(e ast.Expr, hidden []string) (chain, bool) {
	switch e.Kind() {
	case ast.IdentKind:
		name := e.AsIdent()
		if !slices.Contains(variables, name) || slices.Contains(hidden, name) {
			return chain{}, false
		}
		return chain{root: e, path: []string{name}, optional: -1}, true
	case ast.SelectKind:
		c, ok := chainOf(e.AsSelect().Operand(), hidden)
		if e.AsSelect().IsTestOnly() {
			c.optional = 1 // has() asks for every step, see expandPresence
		}
		return c.step(e.AsSelect().FieldName()), ok
	case ast.CallKind:
		return chainOfIndex(e.AsCall(), hidden)
	}
	return chain{}, false
}

func chainOfIndex(call ast.CallExpr, hidden []string) (chain, bool) {
	name := call.FunctionName()
	if name != operators.Index && name != operators.OptIndex && name != operators.OptSelect {
		return chain{}, false
	}
	c, ok := chainOf(call.Args()[0], hidden)
	if !ok {
		return chain{}, false
	}
	if name != operators.Index && c.optional < 0 {
		c.optional = len(c.path)
	}
	key := call.Args()[1]
	if text, isText := literalText(key); isText {
		return c.step(text), true
	}
	if !c.ended {
		c.ended, c.dynamic = true, key.Kind() != ast.LiteralKind
	}
	c.indexes = append(c.indexes, key)
	return c, true
}

func (c chain) step(name string) chain {
	if !c.ended {
		c.path = append(slices.Clip(c.path), name)
	}
	return c
}

func literalText(e ast.Expr) (string, bool) {
	if e.Kind() != ast.LiteralKind {
		return "", false
	}
	s, ok := e.AsLiteral().(types.String)
	return string(s), ok
}

// pathOf is the path of a node for messages.
func pathOf(e ast.Expr) ([]string, bool) {
	c, ok := chainOf(e, nil)
	return c.path, ok
}

// record notes a path, and apart from it the part that must be there for the
// optional steps to be tried at all.
func (r *reader) record(c chain, s scope) {
	at := r.tree.SourceInfo().GetStartLocation(c.root.ID())
	ref := Ref{Path: c.path, Dynamic: c.dynamic, Line: at.Line(), Column: at.Column() + 1}
	if c.optional < 0 {
		ref.Guarded = s.covers(c.path)
		r.refs = append(r.refs, ref)
		return
	}
	if c.optional > 1 {
		needed := Ref{Path: c.path[:c.optional], Line: ref.Line, Column: ref.Column}
		needed.Guarded = s.covers(needed.Path)
		r.refs = append(r.refs, needed)
	}
	ref.Guarded = true
	r.refs = append(r.refs, ref)
}
