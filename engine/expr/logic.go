package expr

// This file takes a condition apart for those who reason about it without
// running it: and, or, not, and below them comparisons of a term with a
// constant (rule K3).

import (
	"fmt"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/parser"
)

// LogicKind says what a node of a condition is.
type LogicKind string

// The kinds of nodes.
const (
	LogicAnd   LogicKind = "and"
	LogicOr    LogicKind = "or"
	LogicNot   LogicKind = "not"
	LogicIf    LogicKind = "if"      // Args: condition, then, else
	LogicConst LogicKind = "const"   // Value is a bool
	LogicIs    LogicKind = "compare" // Term Op Value
	LogicHas   LogicKind = "has"     // Term is there
	LogicTruth LogicKind = "truth"   // Term itself; without a path it cannot be looked into
)

// Logic is a condition as a tree.
type Logic struct {
	Kind LogicKind
	Args []*Logic
	// Term is the text of what is compared or asked for, in one form however it
	// was written. Path is set where it is a plain path, Size where it is the
	// size of one.
	Term string
	Path []string
	Size bool
	// Op is one of == != < <= > >=; Value is a string, a float64 or a bool.
	Op    string
	Value any
	// Reads are the paths that the term reads.
	Reads [][]string
}

// LogicOf takes a condition apart. It is the caller's to check its types.
func LogicOf(src string) (*Logic, []Issue) {
	env, err := runEnv()
	if err != nil {
		return nil, internal(err)
	}
	parsed, iss := env.Parse(src)
	if iss.Err() != nil {
		return nil, syntaxIssues(iss)
	}
	d := dissector{tree: parsed.NativeRep()}
	return d.node(d.tree.Expr()), nil
}

type dissector struct{ tree *ast.AST }

func (d dissector) node(e ast.Expr) *Logic {
	switch e.Kind() {
	case ast.LiteralKind:
		if b, ok := e.AsLiteral().(types.Bool); ok {
			return &Logic{Kind: LogicConst, Value: bool(b)}
		}
	case ast.SelectKind:
		if e.AsSelect().IsTestOnly() {
			if c, ok := chainOf(e, nil); ok && !c.ended {
				return &Logic{Kind: LogicHas, Term: strings.Join(c.path, "."), Path: c.path, Reads: [][]string{c.path}}
			}
		}
	case ast.CallKind:
		if n := d.call(e.AsCall()); n != nil {
			return n
		}
	}
	if c, ok := plainPath(e); ok {
		return &Logic{Kind: LogicTruth, Term: strings.Join(c, "."), Path: c, Reads: [][]string{c}}
	}
	return &Logic{Kind: LogicTruth, Term: d.text(e), Reads: d.reads(e)}
}

func (d dissector) call(c ast.CallExpr) *Logic {
	args := c.Args()
	switch c.FunctionName() {
	case operators.LogicalAnd:
		return &Logic{Kind: LogicAnd, Args: d.nodes(args)}
	case operators.LogicalOr:
		return &Logic{Kind: LogicOr, Args: d.nodes(args)}
	case operators.LogicalNot:
		return &Logic{Kind: LogicNot, Args: d.nodes(args)}
	case operators.Conditional:
		return &Logic{Kind: LogicIf, Args: d.nodes(args)}
	case operators.In:
		return d.in(args[0], args[1])
	}
	if op, ok := comparisons[c.FunctionName()]; ok {
		return d.compare(args[0], op, args[1])
	}
	return nil
}

func (d dissector) nodes(list []ast.Expr) []*Logic {
	out := make([]*Logic, len(list))
	for i, e := range list {
		out[i] = d.node(e)
	}
	return out
}

var comparisons = map[string]string{operators.Equals: "==", operators.NotEquals: "!=", operators.Less: "<", operators.LessEquals: "<=",
	operators.Greater: ">", operators.GreaterEquals: ">="}

// mirrored are the comparisons with their sides exchanged.
var mirrored = map[string]string{"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

// compare answers nil where no side is a constant.
func (d dissector) compare(left ast.Expr, op string, right ast.Expr) *Logic {
	v, ok := constant(right)
	if !ok {
		if v, ok = constant(left); !ok {
			return nil
		}
		left, op = right, mirrored[op]
	}
	if _, text := v.(string); text && op != "==" && op != "!=" {
		return nil // texts in order are not worth a theory of their own
	}
	n := &Logic{Kind: LogicIs, Term: d.text(left), Op: op, Value: v, Reads: d.reads(left)}
	if n.Path, n.Size = d.term(left); n.Size {
		n.Term = "size(" + strings.Join(n.Path, ".") + ")"
	}
	return n
}

// term answers the path that a term is, or is the size of.
func (d dissector) term(e ast.Expr) (path []string, size bool) {
	if p, ok := plainPath(e); ok {
		return p, false
	}
	if e.Kind() != ast.CallKind || e.AsCall().FunctionName() != "size" {
		return nil, false
	}
	of := e.AsCall().Args()
	if e.AsCall().IsMemberFunction() {
		of = []ast.Expr{e.AsCall().Target()}
	}
	if len(of) != 1 {
		return nil, false
	}
	p, ok := plainPath(of[0])
	return p, ok
}

// in is a membership in a list of constants, as comparisons.
func (d dissector) in(e, list ast.Expr) *Logic {
	if list.Kind() != ast.ListKind || len(list.AsList().Elements()) == 0 {
		return nil
	}
	or := &Logic{Kind: LogicOr}
	for _, item := range list.AsList().Elements() {
		is := d.compare(e, "==", item)
		if is == nil {
			return nil
		}
		or.Args = append(or.Args, is)
	}
	return or
}

func constant(e ast.Expr) (any, bool) {
	if e.Kind() == ast.CallKind && e.AsCall().FunctionName() == operators.Negate {
		v, ok := constant(e.AsCall().Args()[0])
		f, number := v.(float64)
		return -f, ok && number
	}
	if e.Kind() != ast.LiteralKind {
		return nil, false
	}
	switch v := e.AsLiteral().(type) {
	case types.String:
		return string(v), true
	case types.Bool:
		return bool(v), true
	case types.Int:
		return float64(v), true
	case types.Uint:
		return float64(v), true
	case types.Double:
		return float64(v), true
	}
	return nil, false
}

// plainPath answers the path of an expression that is one and nothing else.
func plainPath(e ast.Expr) ([]string, bool) {
	c, ok := chainOf(e, nil)
	return c.path, ok && !c.ended && c.optional < 0
}

func (d dissector) text(e ast.Expr) string {
	if p, ok := plainPath(e); ok {
		return strings.Join(p, ".")
	}
	text, err := parser.Unparse(e, d.tree.SourceInfo())
	if err != nil {
		// What has no text is only ever the same as itself.
		return fmt.Sprintf("expression %p", e)
	}
	return text
}

func (d dissector) reads(e ast.Expr) [][]string {
	r := &reader{tree: d.tree}
	r.walk(e, scope{})
	var out [][]string
	for _, ref := range r.refs {
		out = append(out, ref.Path)
	}
	return out
}
