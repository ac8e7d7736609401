package script

// This file turns the forms in which an Action may be written into one program,
// leaving every line and column where it was.

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/parser"
	"github.com/dop251/goja/unistring"
)

const (
	sourceName = "action.js"
	maxSource  = 512 << 10 // bytes
	maxNesting = 1000      // brackets within brackets
)

// defaultExport is the name of the default export's binding. The space keeps
// it out of reach of any source.
const defaultExport = "default export"

// program is a compiled source.
type program struct {
	code   *goja.Program
	source string
	// twoArguments: the default export is (event, api), as its second parameter says.
	twoArguments bool
	// origins lead back to the sources of a built text; nil for a plain one.
	origins *origins
	flavour flavour
	// What a program with hooks knows of itself.
	statements []statement
	functions  []function
	places     Places
}

// checkSize refuses what would harm the parser itself.
func checkSize(source string) *Error {
	if len(source) > maxSource {
		return &Error{Code: CodeTooLarge, Message: fmt.Sprintf("the source has more than %d KiB", maxSource>>10)}
	}
	if tooDeep(source) {
		return &Error{Code: CodeTooLarge, Message: fmt.Sprintf("the source has brackets more than %d deep", maxNesting)}
	}
	return nil
}

// tooDeep counts brackets, those in texts too: it errs on the safe side.
func tooDeep(text string) bool {
	depth := 0
	for i := range len(text) {
		switch text[i] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		}
		if depth > maxNesting {
			return true
		}
	}
	return false
}

// parse reads a source. Modules are not known to goja: "export default" is
// taken out, in place, and what it exported is bound to a name of ours.
func parse(source string) (*ast.Program, bool, *Issue) {
	text, bound := source, -1
	tree, err := parser.ParseFile(nil, sourceName, text, 0, parser.WithDisableSourceMaps)
	if at, keyword := moduleKeyword(err, source); at >= 0 {
		end := exportDefault(source, at)
		if end < 0 {
			return nil, false, moduleIssue(source, at, keyword)
		}
		text, bound = withoutExport(source, at, end)
		tree, err = parser.ParseFile(nil, sourceName, text, 0, parser.WithDisableSourceMaps)
		if at2, keyword := moduleKeyword(err, source); at2 >= 0 {
			return nil, false, moduleIssue(source, at2, keyword)
		}
	}
	if err != nil {
		return nil, false, syntaxIssue(err, source)
	}
	two := false
	if bound >= 0 {
		two = bindDefault(tree, bound)
	}
	return tree, two, nil
}

// moduleKeyword is the place of an export or import that the parser stumbled on, or -1.
func moduleKeyword(err error, source string) (int, string) {
	var list parser.ErrorList
	if !errors.As(err, &list) || len(list) == 0 {
		return -1, ""
	}
	at := offsetOf(source, list[0].Position.Line, list[0].Position.Column)
	for _, keyword := range []string{"export", "import"} {
		if strings.HasPrefix(source[at:], keyword) {
			return at, keyword
		}
	}
	return -1, ""
}

func moduleIssue(source string, at int, keyword string) *Issue {
	message := "only one \"export default\" is understood here; an Action exports its function and nothing else"
	if keyword == "import" {
		message = "an Action cannot import anything: it has event, step and api"
	}
	line, column := placeAt(source, at)
	return &Issue{Line: line, Column: column, Message: message, Code: CodeSyntax, Severity: severityError}
}

// exportDefault answers where "export default" that begins at the offset ends, or -1.
func exportDefault(source string, at int) int {
	i := at + len("export")
	for i < len(source) && strings.ContainsRune(" \t\r\n", rune(source[i])) {
		i++
	}
	if i == at+len("export") || !strings.HasPrefix(source[i:], "default") {
		return -1
	}
	return i + len("default")
}

// withoutExport replaces the two words by as many characters. A function or
// class with a name stays a declaration, since other code may use its name;
// everything else becomes the value of a variable.
func withoutExport(source string, at, end int) (string, int) {
	blank := []byte(source[at:end])
	for i, c := range blank {
		if c != '\n' && c != '\r' {
			blank[i] = ' '
		}
	}
	if !namedDeclaration(source[end:]) {
		copy(blank, "var $d")
		blank[len(blank)-1] = '='
	}
	return source[:at] + string(blank) + source[end:], at
}

// namedDeclaration tells whether the text begins with a function or class that has a name.
func namedDeclaration(text string) bool {
	words := strings.FieldsFunc(text[:min(len(text), 200)], func(r rune) bool { return strings.ContainsRune(" \t\r\n", r) })
	if len(words) > 1 && words[0] == "async" {
		words = words[1:]
	}
	if len(words) < 2 || words[0] != "function" && words[0] != "class" {
		return false
	}
	name, _, _ := strings.Cut(words[1], "(")
	name, _, _ = strings.Cut(name, "{")
	return name != "" && name != "extends" && parser.IsIdentifier(name)
}

// bindDefault gives the exported value our name. It tells whether it is a
// function of (event, api).
func bindDefault(tree *ast.Program, at int) bool {
	for i, statement := range tree.Body {
		start := int(statement.Idx0()) - 1
		if start < at {
			continue
		}
		switch s := statement.(type) {
		case *ast.VariableStatement:
			if name, ok := s.List[0].Target.(*ast.Identifier); ok && start == at {
				name.Name = defaultExport
				renameDeclared(tree, name.Idx)
				return secondIsAPI(declared(tree, s.List[0].Initializer))
			}
		case *ast.FunctionDeclaration:
			tree.Body = slices.Insert(tree.Body, i+1, bindTo(tree, s.Function.Name))
			return secondIsAPI(s.Function)
		case *ast.ClassDeclaration:
			tree.Body = slices.Insert(tree.Body, i+1, bindTo(tree, s.Class.Name))
		}
		return false
	}
	return false
}

// renameDeclared follows the renaming in the parser's list of declarations.
func renameDeclared(tree *ast.Program, idx any) {
	for _, d := range tree.DeclarationList {
		for _, b := range d.List {
			if name, ok := b.Target.(*ast.Identifier); ok && any(name.Idx) == idx {
				name.Name = defaultExport
			}
		}
	}
}

// bindTo makes the statement var <our name> = name.
func bindTo(tree *ast.Program, name *ast.Identifier) ast.Statement {
	binding := &ast.Binding{
		Target:      &ast.Identifier{Name: unistring.String(defaultExport), Idx: name.Idx},
		Initializer: &ast.Identifier{Name: name.Name, Idx: name.Idx},
	}
	list := []*ast.Binding{binding}
	tree.DeclarationList = append(tree.DeclarationList, &ast.VariableDeclaration{Var: name.Idx, List: list})
	return &ast.VariableStatement{Var: name.Idx, List: list}
}

// declared answers the function behind a name that the source declares at its
// top, or the expression itself. A build puts a name of its own before it.
func declared(tree *ast.Program, e ast.Expression) ast.Expression {
	for range 3 {
		name, ok := e.(*ast.Identifier)
		if !ok {
			break
		}
		e = declaration(tree, name)
	}
	return e
}

func declaration(tree *ast.Program, name *ast.Identifier) ast.Expression {
	for _, statement := range tree.Body {
		switch s := statement.(type) {
		case *ast.FunctionDeclaration:
			if s.Function.Name != nil && s.Function.Name.Name == name.Name {
				return s.Function
			}
		case *ast.VariableStatement:
			if f := boundTo(s.List, name); f != nil {
				return f
			}
		case *ast.LexicalDeclaration:
			if f := boundTo(s.List, name); f != nil {
				return f
			}
		}
	}
	return nil
}

func boundTo(list []*ast.Binding, name *ast.Identifier) ast.Expression {
	for _, b := range list {
		if n, ok := b.Target.(*ast.Identifier); ok && n.Name == name.Name {
			return b.Initializer
		}
	}
	return nil
}

func secondIsAPI(e ast.Expression) bool {
	var parameters *ast.ParameterList
	switch f := e.(type) {
	case *ast.FunctionLiteral:
		parameters = f.ParameterList
	case *ast.ArrowFunctionLiteral:
		parameters = f.ParameterList
	}
	if parameters == nil || len(parameters.List) != 2 {
		return false
	}
	name, ok := parameters.List[1].Target.(*ast.Identifier)
	return ok && name.Name == "api"
}

func syntaxIssue(err error, source string) *Issue {
	var list parser.ErrorList
	if errors.As(err, &list) && len(list) > 0 {
		line, column := place(source, list[0].Position.Line, list[0].Position.Column)
		return &Issue{Line: line, Column: column, Message: list[0].Message, Code: CodeSyntax, Severity: severityError}
	}
	var late *goja.CompilerSyntaxError
	if errors.As(err, &late) && late.File != nil {
		at := late.File.Position(late.Offset)
		line, column := place(source, at.Line, at.Column)
		return &Issue{Line: line, Column: column, Message: late.Message, Code: CodeSyntax, Severity: severityError}
	}
	return &Issue{Line: 1, Column: 1, Message: err.Error(), Code: CodeSyntax, Severity: severityError}
}

// compileUnit makes a program of an Action.
func compileUnit(u Unit) (*program, *Issue) {
	if !u.needsBuild() {
		return compileSource(u.Source)
	}
	text, origin, issue := build(u)
	if issue != nil {
		return nil, issue
	}
	p, issue := compileSource(text)
	if issue != nil {
		origin.move(issue)
		return nil, issue
	}
	p.origins = origin
	return p, nil
}

// compileSource is strict always: an assignment to event must throw (rule A4).
func compileSource(source string) (*program, *Issue) {
	tree, two, issue := parse(source)
	if issue != nil {
		return nil, issue
	}
	code, err := goja.CompileAST(tree, true)
	if err != nil {
		return nil, syntaxIssue(err, source)
	}
	return &program{code: code, source: source, twoArguments: two}, nil
}

// compileCache keeps what was compiled, by the hash of its sources.
type compileCache struct {
	entries map[[sha256.Size]byte]compiled
}

type compiled struct {
	program *program
	issue   *Issue
}

const compileCacheSize = 256

// get answers a program of a unit.
func (c *compileCache) get(u Unit, kind flavour) (*program, *Issue) {
	key := u.Digest()
	key[0] ^= byte(kind)
	if hit, ok := c.entries[key]; ok {
		return hit.program, hit.issue
	}
	var p *program
	var issue *Issue
	if kind == plain {
		p, issue = compileUnit(u)
	} else if p, issue = c.get(u, plain); issue == nil {
		p, issue = p.instrumented(u, kind)
	}
	if c.entries == nil || len(c.entries) >= compileCacheSize {
		c.entries = map[[sha256.Size]byte]compiled{}
	}
	c.entries[key] = compiled{p, issue}
	return p, issue
}

// at leads a place of goja's back to the sources, in characters.
func (p *program) at(line, column int) (file string, l, c int) {
	if p.origins == nil {
		l, c = place(p.source, line, column)
		return "", l, c
	}
	if file, l, c, ok := p.origins.place(line, column); ok {
		return file, l, c
	}
	return "", 0, 0
}

// place translates goja's columns, which count bytes, into characters.
func place(source string, line, column int) (int, int) {
	return placeAt(source, offsetOf(source, line, column))
}

func offsetOf(source string, line, column int) int {
	at := 0
	for ; line > 1; line-- {
		next := strings.IndexByte(source[at:], '\n')
		if next < 0 {
			return len(source)
		}
		at += next + 1
	}
	return min(at+max(column-1, 0), len(source))
}

func placeAt(source string, offset int) (line, column int) {
	before := source[:offset]
	start := strings.LastIndexByte(before, '\n') + 1
	return 1 + strings.Count(before, "\n"), 1 + utf8.RuneCountInString(before[start:])
}
