package script

// This file counts which lines of an Action have run. It adds nodes to the
// syntax tree, before each statement, in place: the text and all positions stay
// as they are, so that errors say the same with and without.

import (
	"reflect"
	"slices"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
)

// hookName is the function that the added nodes call. The space keeps it out of
// reach of any source.
const hookName = "line hook"

// Lines are those of one file that hold a statement, and those of them that ran.
type Lines struct {
	All []int `json:"all"`
	Ran []int `json:"ran"`
}

// With answers both counts as one.
func (l Lines) With(o Lines) Lines {
	return Lines{All: distinct(slices.Concat(l.All, o.All)), Ran: distinct(slices.Concat(l.Ran, o.Ran))}
}

// Missed are the lines that did not run.
func (l Lines) Missed() []int {
	return slices.DeleteFunc(slices.Clone(l.All), func(n int) bool { return slices.Contains(l.Ran, n) })
}

// statement is where one stands in the sources.
type statement struct {
	file string
	line int
}

// instrument adds the nodes and answers the statements, by the number that
// their node calls the hook with.
func instrument(tree *ast.Program, at func(file.Idx) statement) []statement {
	in := &instrumenter{at: at}
	visit(reflect.ValueOf(tree), in.node)
	return in.found
}

type instrumenter struct {
	at    func(file.Idx) statement
	found []statement
}

// node puts hooks into the lists of statements that a node holds. It is called
// before the node's children are looked at.
func (in *instrumenter) node(n any) {
	switch n := n.(type) {
	case *ast.Program:
		n.Body = in.list(n.Body)
	case *ast.BlockStatement:
		n.List = in.list(n.List)
	case *ast.CaseStatement:
		n.Consequent = in.list(n.Consequent)
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

// braced makes a block of a body without braces, so that a hook has its place.
func braced(s ast.Statement) ast.Statement {
	if _, is := s.(*ast.BlockStatement); is || s == nil {
		return s
	}
	return &ast.BlockStatement{LeftBrace: s.Idx0(), List: []ast.Statement{s}, RightBrace: s.Idx1()}
}

func (in *instrumenter) list(body []ast.Statement) []ast.Statement {
	out := make([]ast.Statement, 0, 2*len(body))
	for _, s := range body {
		if counts(s) {
			if at := in.at(s.Idx0()); at.line > 0 {
				out = append(out, in.hook(s.Idx0(), at))
			}
		}
		out = append(out, s)
	}
	return out
}

// counts tells whether a statement does something when it is come to. A function
// declaration does not, and a text at the beginning is a directive.
func counts(s ast.Statement) bool {
	switch s := s.(type) {
	case *ast.FunctionDeclaration, *ast.EmptyStatement, *ast.BlockStatement:
		return false
	case *ast.ExpressionStatement:
		_, text := s.Expression.(*ast.StringLiteral)
		return !text
	}
	return true
}

func (in *instrumenter) hook(idx file.Idx, at statement) ast.Statement {
	n := len(in.found)
	in.found = append(in.found, at)
	return &ast.ExpressionStatement{Expression: &ast.CallExpression{
		Callee:           &ast.Identifier{Name: hookName, Idx: idx},
		LeftParenthesis:  idx,
		ArgumentList:     []ast.Expression{&ast.NumberLiteral{Idx: idx, Value: int64(n)}},
		RightParenthesis: idx,
	}}
}

// covering makes a program that tells its lines.
func (p *program) covering(u Unit) (*program, *Issue) {
	tree, two, issue := parse(p.source)
	if issue != nil {
		return nil, issue
	}
	out := &program{source: p.source, twoArguments: two, origins: p.origins}
	out.statements = instrument(tree, func(idx file.Idx) statement {
		line, column := placeAt(p.source, min(max(int(idx)-1, 0), len(p.source)))
		if p.origins == nil {
			return statement{u.Name, line}
		}
		name, line, _, ok := p.origins.place(line, column)
		if !ok {
			return statement{}
		}
		if name == "" {
			name = u.Name
		}
		return statement{name, line}
	})
	code, err := goja.CompileAST(tree, true)
	if err != nil {
		return nil, syntaxIssue(err, p.source)
	}
	out.code = code
	return out, nil
}

// watchLines gives the script the hook that counts.
func (m *machine) watchLines() {
	if m.program.statements == nil {
		return
	}
	m.ran = make([]bool, len(m.program.statements))
	hook := m.rt.ToValue(func(call goja.FunctionCall) goja.Value {
		if n := call.Argument(0).ToInteger(); n >= 0 && n < int64(len(m.ran)) {
			m.ran[n] = true
		}
		return goja.Undefined()
	})
	m.must(m.rt.GlobalObject().DefineDataProperty(hookName, hook, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE))
}

// lines answers what was counted, by file; also of a call that has failed.
func (m *machine) lines() map[string]Lines {
	if m.program.statements == nil {
		return nil
	}
	all, ran := map[string][]int{}, map[string][]int{}
	for n, s := range m.program.statements {
		all[s.file] = append(all[s.file], s.line)
		if m.ran != nil && m.ran[n] {
			ran[s.file] = append(ran[s.file], s.line)
		}
	}
	out := map[string]Lines{}
	for name := range all {
		out[name] = Lines{All: distinct(all[name]), Ran: distinct(ran[name])}
	}
	return out
}

func distinct(lines []int) []int {
	slices.Sort(lines)
	return slices.Compact(lines)
}
