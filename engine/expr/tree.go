package expr

// This file changes a parsed tree before it is planned: has() over a whole
// path, and fields read as the schema declares them.

import (
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/overloads"
	"cel.dev/cel-go/common/types"
)

// grower hands out nodes with fresh ids at the place of an existing node.
type grower struct {
	ast.ExprFactory
	tree *ast.AST
	next int64
}

func growerFor(tree *ast.AST) *grower {
	return &grower{ExprFactory: ast.NewExprFactory(), tree: tree, next: ast.MaxID(tree) + 1}
}

func (g *grower) id(beside ast.Expr) int64 {
	g.next++
	if at, ok := g.tree.SourceInfo().GetOffsetRange(beside.ID()); ok {
		g.tree.SourceInfo().SetOffsetRange(g.next, at)
	}
	return g.next
}

// expandPresence makes has(a.b.c) hold only if every step of the way is there:
// CEL asks for the last one and fails on the others, which would make has()
// useless as the guard of a block that did not run (rule E1).
func expandPresence(tree *ast.AST) {
	g := growerFor(tree)
	ast.PostOrderVisit(tree.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() != ast.SelectKind || !e.AsSelect().IsTestOnly() || !startsAtName(e) {
			return
		}
		asked := e.AsSelect()
		test := g.NewPresenceTest(g.id(e), asked.Operand(), asked.FieldName())
		for parent := asked.Operand(); parent.Kind() == ast.SelectKind; parent = parent.AsSelect().Operand() {
			s := parent.AsSelect()
			earlier := g.NewPresenceTest(g.id(parent), g.copyOf(s.Operand()), s.FieldName())
			test = g.NewCall(g.id(parent), operators.LogicalAnd, earlier, test)
		}
		e.SetKindCase(test)
	}))
}

// startsAtName tells a path of names from a selection in some other value,
// which is not worth computing more than once.
func startsAtName(e ast.Expr) bool {
	for e.Kind() == ast.SelectKind {
		e = e.AsSelect().Operand()
	}
	return e.Kind() == ast.IdentKind
}

// copyOf copies a path of names with fresh ids, since an id must stand once.
func (g *grower) copyOf(e ast.Expr) ast.Expr {
	if e.Kind() == ast.SelectKind {
		return g.NewSelect(g.id(e), g.copyOf(e.AsSelect().Operand()), e.AsSelect().FieldName())
	}
	return g.NewIdent(g.id(e), e.AsIdent())
}

// coerceFields wraps the fields that a schema declares as numbers or times, so
// that they are read as declared whatever JSON made of them.
func coerceFields(tree, checked *ast.AST) {
	g := growerFor(tree)
	ast.PostOrderVisit(tree.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() != ast.SelectKind || e.AsSelect().IsTestOnly() {
			return
		}
		name := ""
		switch checked.GetType(e.ID()).Kind() {
		case types.IntKind:
			name = asInt
		case types.DoubleKind:
			name = asDouble
		case types.TimestampKind:
			name = asTimestamp
		default:
			return
		}
		s := e.AsSelect()
		field := g.NewSelect(g.id(e), s.Operand(), s.FieldName())
		e.SetKindCase(g.NewCall(e.ID(), name, field))
	}))
}

// mixEqualities lets whole and fractional numbers be compared for equality: the
// checker refuses such a pair, and its declaration cannot be widened as those
// of arithmetic are, so the types are hidden from it. It tells whether it did so.
func mixEqualities(tree *ast.AST, iss *cel.Issues) bool {
	mixed := map[int64]bool{}
	for _, e := range iss.Errors() {
		equality := strings.Contains(e.Message, "'"+operators.Equals+"'") || strings.Contains(e.Message, "'"+operators.NotEquals+"'")
		if equality && (strings.Contains(e.Message, "(int, double)") || strings.Contains(e.Message, "(double, int)")) {
			mixed[e.ExprID] = true
		}
	}
	g := growerFor(tree)
	ast.PostOrderVisit(tree.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if !mixed[e.ID()] {
			return
		}
		c := e.AsCall()
		hidden := g.NewCall(g.id(e), overloads.TypeConvertDyn, c.Args()[1])
		e.SetKindCase(g.NewCall(e.ID(), c.FunctionName(), c.Args()[0], hidden))
	}))
	return len(mixed) > 0
}
