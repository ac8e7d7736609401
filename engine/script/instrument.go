package script

// This file puts hooks into an Action: nodes added to the syntax tree before
// each statement, in place. The text and all positions stay as they are, so
// that errors and toString say the same with and without.
//
// What the nodes call is bound to names with a space in them, which no source
// can write, in the scope of the script and not on globalThis, where a script
// could look for it.

import (
	"reflect"
	"regexp"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/token"
)

// flavour is one of the programs that can be made of an Action.
type flavour byte

const (
	plain  flavour = iota // as it was written
	counts                // gate[n]: what ran is counted
	lines                 // gate[n] && hook(n, me): it can be stopped
	scopes                // gate[n] && hook(n, me, s => eval(s)): and looked into
)

// The names of the added bindings. me is one activation of a function.
const (
	gateName  = "line gate"
	hookName  = "line hook"
	callsName = "line calls" // calls[f] begins an activation of function f
	endsName  = "line ends"  // ends[me] ends an asynchronous one
	meName    = "line me"
)

// hostSide is the property of globalThis by which a binding is handed over; it
// removes itself as it is read, before the first statement of the script.
func hostSide(name string) string { return name + " of the host" }

// statement is where one stands in the sources, and what can be seen from it.
type statement struct {
	file         string
	line, column int
	start, end   int // offsets in the text that is run
	function     int
	scope        *lexical
	throws       bool
	onlyStop     bool // it has no line of its own to be counted: the body of x => x + 1
	onlyCount    bool // it was added, and does nothing that one would stop at
}

// function is one of the source's.
type function struct {
	name             string
	arrow, suspended bool // suspended: it is asynchronous, and can be away for a while
	hasArguments     bool // an arguments object of its own
	start, end       int
}

// instrument adds the nodes and fills in what the program knows of itself.
func (p *program) instrument(tree *ast.Program, kind flavour, name string) {
	in := &instrumenter{program: p, kind: kind, name: name}
	in.body(tree)
	p.places.sort(p.statements)
}

type instrumenter struct {
	program  *program
	kind     flavour
	name     string // of the Action
	scope    *lexical
	function int
	blind    int // how many constructs around cannot be looked into
}

// body takes the whole script, where nothing needs a name of its own.
func (in *instrumenter) body(tree *ast.Program) {
	in.program.functions = []function{{name: "", end: len(in.program.source)}}
	in.inside(&lexical{kind: moduleScope, names: append(varNames(tree.DeclarationList), declaredNames(tree.Body)...)}, func() {
		tree.Body = in.list(tree.Body)
	})
	tree.Body = append(in.bindings(), tree.Body...)
}

// bindings take over what the nodes call.
func (in *instrumenter) bindings() []ast.Statement {
	names := []string{gateName}
	if in.kind >= lines {
		names = append(names, hookName, callsName, endsName)
	}
	var out []ast.Statement
	for _, name := range names {
		out = append(out, constant(name, 1, ident(hostSide(name), 1)))
	}
	if in.kind >= lines {
		out = append(out, constant(meName, 1, cell(callsName, 1, number(0, 1))))
	}
	return out
}

// inside walks with one more scope.
func (in *instrumenter) inside(scope *lexical, walk func()) {
	outer := in.scope
	scope.outer, scope.function = outer, in.function
	in.scope = scope
	walk()
	in.scope = outer
}

// walk looks at a node and everything in it.
func (in *instrumenter) walk(node any) {
	switch n := node.(type) {
	case *ast.BlockStatement:
		in.block(n)
	case *ast.FunctionLiteral:
		in.literal(n)
	case *ast.ArrowFunctionLiteral:
		in.arrow(n)
	case *ast.ClassStaticBlock:
		in.into(function{name: "static", start: offset(n.Static), end: offset(n.Block.RightBrace)}, nil, varNames(n.DeclarationList), n.Block)
	case *ast.FieldDefinition:
		in.deaf(n.Initializer, "the value of a field")
		in.children(n)
	case *ast.SwitchStatement:
		in.cases(n)
	case *ast.CaseStatement:
		if n.Test != nil {
			in.walk(n.Test)
		}
		n.Consequent = in.list(n.Consequent)
	case *ast.CatchStatement:
		in.inside(&lexical{names: targetNames(n.Parameter)}, func() { in.children(n) })
	case *ast.ForStatement, *ast.ForInStatement, *ast.ForOfStatement:
		braceBodies(n)
		in.inside(&lexical{names: loopNames(n)}, func() { in.children(n) })
	default:
		braceBodies(n)
		in.children(n)
	}
}

// cases walks a switch. goja fails on an eval within one that declares names for
// all its cases: where each name is one case's own, that gets a block; else the
// switch is not looked into.
func (in *instrumenter) cases(n *ast.SwitchStatement) {
	in.walk(n.Discriminant)
	names := caseNames(n)
	blind := in.kind == scopes && len(names) > 0 && !ownBlocks(n)
	if blind {
		in.blind++
	}
	in.inside(&lexical{names: names}, func() {
		for _, c := range n.Body {
			in.walk(c)
		}
	})
	if blind {
		in.blind--
	}
}

func (in *instrumenter) block(n *ast.BlockStatement) {
	in.inside(&lexical{names: declaredNames(n.List)}, func() { n.List = in.list(n.List) })
}

func (in *instrumenter) literal(n *ast.FunctionLiteral) {
	f := function{hasArguments: true, suspended: n.Async && !n.Generator, start: offset(n.Function), end: offset(n.Body.RightBrace)}
	if n.Name != nil {
		f.name = functionName(n.Name.Name.String())
	}
	in.into(f, n.ParameterList, varNames(n.DeclarationList), n.Body, n.Async || n.Generator)
}

func (in *instrumenter) arrow(n *ast.ArrowFunctionLiteral) {
	f := function{arrow: true, suspended: n.Async, start: offset(n.Start)}
	body, ok := n.Body.(*ast.BlockStatement)
	if !ok && in.kind < lines {
		in.parameters(n.ParameterList)
		in.walk(n.Body)
		return
	}
	if !ok {
		e := n.Body.(*ast.ExpressionBody).Expression
		body = &ast.BlockStatement{LeftBrace: e.Idx0(), List: []ast.Statement{&ast.ReturnStatement{Return: e.Idx0(), Argument: e}}, RightBrace: e.Idx1()}
		n.Body = body
	}
	f.end = offset(body.RightBrace)
	in.into(f, n.ParameterList, varNames(n.DeclarationList), body, n.Async, !ok)
}

// into walks the parameters and the body of a function. flags: it needs its end
// told; its body was an expression.
func (in *instrumenter) into(f function, list *ast.ParameterList, vars []string, body *ast.BlockStatement, flags ...bool) {
	outer, number := in.function, len(in.program.functions)
	in.program.functions = append(in.program.functions, f)
	in.function = number
	in.inside(&lexical{kind: parameterScope, names: parameterNames(list)}, func() {
		in.parameters(list)
		in.inside(&lexical{kind: bodyScope, names: append(vars, declaredNames(body.List)...)}, func() {
			first := len(in.program.statements)
			body.List = in.list(body.List)
			if len(flags) > 1 && flags[1] && len(in.program.statements) > first {
				in.program.statements[first].onlyStop = true
			}
		})
	})
	in.function = outer
	if in.kind >= lines {
		body.List = announced(body, number, len(flags) > 0 && flags[0])
	}
}

func (in *instrumenter) parameters(list *ast.ParameterList) {
	if list == nil {
		return
	}
	for _, b := range list.List {
		in.deaf(b.Initializer, "the default of a parameter")
	}
	in.children(list)
}

// deaf notes where nothing can stop.
func (in *instrumenter) deaf(e ast.Expression, what string) {
	if e == nil {
		return
	}
	file, line, _ := in.program.original(offset(e.Idx0()), in.name)
	_, last, _ := in.program.original(offset(e.Idx1())-1, in.name)
	if line > 0 {
		in.program.places.Deaf = append(in.program.places.Deaf, Deaf{File: file, From: line, To: max(line, last), What: what})
	}
}

// children walks the nodes that a node holds.
func (in *instrumenter) children(n any) { eachNode(reflect.ValueOf(n).Elem(), in.walk) }

// list puts a hook before each statement that is come to, and walks them.
func (in *instrumenter) list(body []ast.Statement) []ast.Statement {
	out := make([]ast.Statement, 0, 2*len(body))
	for _, s := range body {
		if isStep(s) {
			if hook := in.hook(s); hook != nil {
				out = append(out, hook)
			}
		}
		in.walk(s)
		out = append(out, s)
	}
	return out
}

// isStep tells whether a statement does something when it is come to. A function
// declaration does not, and a text at the beginning is a directive.
func isStep(s ast.Statement) bool {
	switch s := s.(type) {
	case *ast.FunctionDeclaration, *ast.EmptyStatement, *ast.BlockStatement:
		return false
	case *ast.ExpressionStatement:
		_, text := s.Expression.(*ast.StringLiteral)
		return !text
	}
	return true
}

// startOf is where a statement begins; goja's parser does not note it of an if.
func (in *instrumenter) startOf(s ast.Statement) file.Idx {
	n, ok := s.(*ast.IfStatement)
	if !ok || n.If > 0 {
		return s.Idx0()
	}
	before := min(max(offset(n.Test.Idx0()), 0), len(in.program.source))
	from := max(before-maxBeforeTest, 0)
	if at := beforeTest.FindStringIndex(in.program.source[from:before]); at != nil {
		return file.Idx(1 + from + at[0])
	}
	return n.Test.Idx0()
}

// beforeTest is an if with nothing but brackets and comments up to its test.
var beforeTest = regexp.MustCompile(`\bif(?:[\s(]|/\*(?s:.*?)\*/|//[^\n]*\n)*$`)

const maxBeforeTest = 1000

func (in *instrumenter) hook(s ast.Statement) ast.Statement {
	idx := in.startOf(s)
	file, line, column := in.program.original(offset(idx), in.name)
	if line <= 0 {
		return nil
	}
	n := len(in.program.statements)
	_, throws := s.(*ast.ThrowStatement)
	added := bindsOwn(s)
	in.program.statements = append(in.program.statements, statement{file: file, line: line, column: column,
		start: offset(idx), end: offset(s.Idx1()), function: in.function, scope: in.scope, throws: throws, onlyCount: added})
	gate := cell(gateName, idx, number(n, idx))
	if in.kind == counts || added {
		return &ast.ExpressionStatement{Expression: gate}
	}
	arguments := []ast.Expression{number(n, idx), ident(meName, idx)}
	if in.kind == scopes && in.blind == 0 {
		arguments = append(arguments, evaluator(idx))
		if in.program.functions[in.function].hasArguments {
			arguments = append(arguments, ident("arguments", idx))
		}
	}
	call := &ast.CallExpression{Callee: ident(hookName, idx), LeftParenthesis: idx, ArgumentList: arguments, RightParenthesis: idx}
	return &ast.ExpressionStatement{Expression: &ast.BinaryExpression{Operator: token.LOGICAL_AND, Left: gate, Right: call}}
}

// instrumented makes another program of a plain one.
func (p *program) instrumented(u Unit, kind flavour) (*program, *Issue) {
	tree, two, issue := parse(p.source)
	if issue != nil {
		return nil, issue
	}
	out := &program{source: p.source, twoArguments: two, origins: p.origins, flavour: kind}
	out.instrument(tree, kind, u.Name)
	code, err := goja.CompileAST(tree, true)
	if err != nil {
		return nil, syntaxIssue(err, p.source)
	}
	out.code = code
	return out, nil
}

// original leads an offset back to the sources; line is 0 for what the build
// itself has written.
func (p *program) original(at int, action string) (file string, line, column int) {
	line, column = placeAt(p.source, min(max(at, 0), len(p.source)))
	if p.origins == nil {
		return action, line, column
	}
	// The source map counts as goja does.
	row, start := line, lineStart(p.source, at)
	file, line, column, ok := p.origins.place(row, at-start+1)
	if !ok {
		return "", 0, 0
	}
	if file == "" {
		file = action
	}
	return file, line, column
}
