package script

// This file makes the nodes that are added to a script.

import (
	"reflect"
	"slices"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/token"
	"github.com/dop251/goja/unistring"
)

// announced tells that a function has begun, and of one that can be left and
// come back to, that it has ended. The declaration also keeps goja from failing
// on an eval below parameters that are not simple.
func announced(body *ast.BlockStatement, n int, ends bool) []ast.Statement {
	at := body.LeftBrace
	begin := constant(meName, at, cell(callsName, at, number(n, at)))
	if !ends {
		return append([]ast.Statement{begin}, body.List...)
	}
	end := &ast.ExpressionStatement{Expression: cell(endsName, at, ident(meName, at))}
	return []ast.Statement{begin, &ast.TryStatement{
		Try:     at,
		Body:    &ast.BlockStatement{LeftBrace: at, List: body.List, RightBrace: body.RightBrace},
		Finally: &ast.BlockStatement{LeftBrace: at, List: []ast.Statement{end}, RightBrace: body.RightBrace},
	}}
}

// evaluator is (s, a) => eval(s). There is no eval to be found by that name but
// for the moment in which we call it ourselves; a is what the text knows the
// arguments of the function by, since goja would make it some of its own.
func evaluator(idx file.Idx) ast.Expression {
	call := &ast.CallExpression{Callee: ident("eval", idx), LeftParenthesis: idx, ArgumentList: []ast.Expression{ident(textName, idx)}, RightParenthesis: idx}
	return &ast.ArrowFunctionLiteral{
		Start:         idx,
		ParameterList: &ast.ParameterList{Opening: idx, Closing: idx, List: []*ast.Binding{{Target: ident(textName, idx)}, {Target: ident(argumentsName, idx)}}},
		Body:          &ast.ExpressionBody{Expression: call},
	}
}

const (
	textName      = "line text"
	argumentsName = "$arguments$" // a text must be able to write it
)

func ident(name string, idx file.Idx) *ast.Identifier {
	return &ast.Identifier{Name: unistring.String(name), Idx: idx}
}

func number(n int, idx file.Idx) *ast.NumberLiteral {
	return &ast.NumberLiteral{Idx: idx, Value: int64(n)}
}

func cell(array string, idx file.Idx, index ast.Expression) ast.Expression {
	return &ast.BracketExpression{Left: ident(array, idx), Member: index, LeftBracket: idx, RightBracket: idx}
}

func constant(name string, idx file.Idx, value ast.Expression) ast.Statement {
	return &ast.LexicalDeclaration{Idx: idx, Token: token.CONST, List: []*ast.Binding{{Target: ident(name, idx), Initializer: value}}}
}

func offset(idx file.Idx) int { return int(idx) - 1 }

// braceBodies makes blocks of bodies without braces, so that a hook has its place.
func braceBodies(node any) {
	switch n := node.(type) {
	case *ast.IfStatement:
		n.Consequent = braced(n.Consequent)
		if n.Alternate != nil {
			n.Alternate = braced(n.Alternate)
		}
	case *ast.ForStatement:
		n.Body = braced(n.Body)
	case *ast.ForInStatement:
		n.Body = braced(n.Body)
	case *ast.ForOfStatement:
		n.Body = braced(n.Body)
	case *ast.WhileStatement:
		n.Body = braced(n.Body)
	case *ast.DoWhileStatement:
		n.Body = braced(n.Body)
	}
}

func braced(s ast.Statement) ast.Statement {
	if _, is := s.(*ast.BlockStatement); is || s == nil {
		return s
	}
	return &ast.BlockStatement{LeftBrace: s.Idx0(), List: []ast.Statement{s}, RightBrace: s.Idx1()}
}

// ownBlocks gives each case that declares names a block of its own, unless
// another case knows one of them.
func ownBlocks(n *ast.SwitchStatement) bool {
	for i, c := range n.Body {
		names := declaredNames(c.Consequent)
		for j, other := range n.Body {
			if mentions(other.Test, names) || j != i && slices.ContainsFunc(other.Consequent, func(s ast.Statement) bool { return mentions(s, names) }) {
				return false
			}
		}
	}
	for _, c := range n.Body {
		if len(declaredNames(c.Consequent)) > 0 {
			last := c.Consequent[len(c.Consequent)-1]
			c.Consequent = []ast.Statement{&ast.BlockStatement{LeftBrace: c.Consequent[0].Idx0(), List: c.Consequent, RightBrace: last.Idx1()}}
		}
	}
	return true
}

// mentions tells whether a node may use one of the names.
func mentions(n ast.Node, names []string) bool {
	found := false
	if n == nil || len(names) == 0 {
		return false
	}
	visit(reflect.ValueOf(n), func(node any) {
		switch n := node.(type) {
		case *ast.Identifier:
			found = found || slices.Contains(names, n.Name.String())
		case *ast.PropertyShort:
			found = found || slices.Contains(names, n.Name.Name.String())
		}
	})
	return found
}
