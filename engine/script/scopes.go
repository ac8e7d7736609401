package script

// This file knows which names can be seen from a statement.

import (
	"slices"
	"strings"

	"github.com/dop251/goja/ast"
)

type scopeKind byte

const (
	blockScope scopeKind = iota
	bodyScope            // of a function
	parameterScope
	moduleScope
)

// lexical is one scope of the source with the names that it declares.
type lexical struct {
	outer    *lexical
	kind     scopeKind
	function int
	names    []string
}

// visible answers the names that can be seen from a scope, as a person who
// debugs wants them told apart. A name that is hidden by another is left out.
func (l *lexical) visible() (locals, parameters, closure []string) {
	seen := map[string]bool{}
	add := func(to *[]string, names []string) {
		for _, name := range names {
			if !seen[name] {
				seen[name] = true
				*to = append(*to, name)
			}
		}
	}
	own := l.function
	for ; l != nil; l = l.outer {
		switch {
		case l.function != own:
			add(&closure, l.names)
		case l.kind == parameterScope:
			add(&parameters, l.names)
		default:
			add(&locals, l.names)
		}
	}
	return locals, parameters, closure
}

// declaredNames are those that a list of statements declares for its block.
func declaredNames(list []ast.Statement) []string {
	var names []string
	for _, s := range list {
		switch s := s.(type) {
		case *ast.LexicalDeclaration:
			names = append(names, bindingNames(s.List)...)
		case *ast.FunctionDeclaration:
			if s.Function.Name != nil {
				names = append(names, s.Function.Name.Name.String())
			}
		case *ast.ClassDeclaration:
			if s.Class.Name != nil {
				names = append(names, s.Class.Name.Name.String())
			}
		}
	}
	return own(names)
}

// varNames are those of a function's var declarations.
func varNames(list []*ast.VariableDeclaration) []string {
	var names []string
	for _, d := range list {
		names = append(names, bindingNames(d.List)...)
	}
	return own(names)
}

// own leaves out names that are ours.
func own(names []string) []string {
	return slices.DeleteFunc(names, func(n string) bool { return strings.Contains(n, " ") })
}

func bindingNames(list []*ast.Binding) []string {
	var names []string
	for _, b := range list {
		names = append(names, targetNames(b.Target)...)
	}
	return names
}

func parameterNames(list *ast.ParameterList) []string {
	if list == nil {
		return nil
	}
	return append(bindingNames(list.List), targetNames(list.Rest)...)
}

// targetNames are the names that a pattern binds.
func targetNames(target any) []string {
	var names []string
	add := func(e any) { names = append(names, targetNames(e)...) }
	switch t := target.(type) {
	case *ast.Identifier:
		return []string{t.Name.String()}
	case *ast.AssignExpression:
		return targetNames(t.Left)
	case *ast.Binding:
		return targetNames(t.Target)
	case *ast.PropertyShort:
		return []string{t.Name.Name.String()}
	case *ast.PropertyKeyed:
		return targetNames(t.Value)
	case *ast.ObjectPattern:
		for _, p := range t.Properties {
			add(p)
		}
		add(t.Rest)
	case *ast.ArrayPattern:
		for _, e := range t.Elements {
			add(e)
		}
		add(t.Rest)
	}
	return names
}

func caseNames(n *ast.SwitchStatement) []string {
	var names []string
	for _, c := range n.Body {
		names = append(names, declaredNames(c.Consequent)...)
	}
	return names
}

func loopNames(n any) []string {
	switch n := n.(type) {
	case *ast.ForStatement:
		if d, ok := n.Initializer.(*ast.ForLoopInitializerLexicalDecl); ok {
			return bindingNames(d.LexicalDeclaration.List)
		}
	case *ast.ForInStatement:
		return intoNames(n.Into)
	case *ast.ForOfStatement:
		return intoNames(n.Into)
	}
	return nil
}

func intoNames(into ast.ForInto) []string {
	if d, ok := into.(*ast.ForDeclaration); ok {
		return targetNames(d.Target)
	}
	return nil
}

// bindsOwn recognises the statement that binds the default export to our name.
func bindsOwn(s ast.Statement) bool {
	v, ok := s.(*ast.VariableStatement)
	if !ok || len(v.List) != 1 {
		return false
	}
	name, ok := v.List[0].Target.(*ast.Identifier)
	if !ok || name.Name != defaultExport {
		return false
	}
	_, bare := v.List[0].Initializer.(*ast.Identifier)
	return bare
}

// lineStart is the offset at which the line of another one begins.
func lineStart(text string, at int) int {
	return strings.LastIndexByte(text[:min(max(at, 0), len(text))], '\n') + 1
}
