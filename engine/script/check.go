package script

// This file looks at a source without running it.

import (
	"reflect"
	"slices"
	"strings"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/parser"
)

const (
	severityError   = "error"
	severityWarning = "warning"
)

func checkUnit(u Unit) []Issue {
	text, origin := u.Source, (*origins)(nil)
	if u.needsBuild() {
		var issue *Issue
		if text, origin, issue = build(u); issue != nil {
			return []Issue{*issue}
		}
	}
	issues := checkSource(text, !IsModule(u.Name))
	if origin == nil {
		return issues
	}
	for i := range issues {
		origin.move(&issues[i])
	}
	return issues
}

// checkSource looks at one text; called tells whether it needs a function to
// call.
func checkSource(source string, called bool) []Issue {
	tree, _, issue := parse(source)
	if issue != nil {
		return []Issue{*issue}
	}
	if _, err := goja.CompileAST(tree, true); err != nil {
		return []Issue{*syntaxIssue(err, source)}
	}
	var issues []Issue
	if called && !hasEntry(tree) {
		issues = append(issues, Issue{Line: 1, Column: 1, Message: noEntry, Code: CodeNoEntry, Severity: severityError})
	}
	visit(reflect.ValueOf(tree), func(node any) {
		if r, ok := node.(*ast.RegExpLiteral); ok && needsTrying(r) {
			line, column := placeAt(source, min(max(int(r.Idx)-1, 0), len(source)))
			issues = append(issues, Issue{Line: line, Column: column, Code: CodeSlowRegexp, Severity: severityWarning,
				Message: "a pattern with lookaround or a back-reference can take for ever on some texts; the Action then ends as timed out"})
		}
	})
	return issues
}

const noEntry = "there is no function to call; write: export default async function (event, step, api) { … }"

// needsTrying tells whether goja cannot match the pattern in linear time.
func needsTrying(r *ast.RegExpLiteral) bool {
	_, err := parser.TransformRegExp(r.Pattern, strings.Contains(r.Flags, "s"), strings.Contains(r.Flags, "u"))
	_, incompatible := err.(parser.RegexpErrorIncompatible)
	return incompatible
}

// hasEntry tells whether the source defines, at its top level, what machine.entry looks for.
func hasEntry(tree *ast.Program) bool {
	return slices.ContainsFunc(tree.Body, func(s ast.Statement) bool {
		switch s := s.(type) {
		case *ast.FunctionDeclaration:
			return s.Function.Name != nil && isEntryName(string(s.Function.Name.Name))
		case *ast.VariableStatement:
			return bindsEntry(s.List)
		case *ast.LexicalDeclaration:
			return bindsEntry(s.List)
		case *ast.ExpressionStatement:
			a, ok := s.Expression.(*ast.AssignExpression)
			return ok && exportsTo(a.Left)
		default:
			return true // an export within a condition or a block is found at run time
		case *ast.EmptyStatement, *ast.ClassDeclaration:
			return false
		}
	})
}

func bindsEntry(list []*ast.Binding) bool {
	return slices.ContainsFunc(list, func(b *ast.Binding) bool {
		name, ok := b.Target.(*ast.Identifier)
		return ok && (name.Name == defaultExport || isEntryName(string(name.Name)))
	})
}

// exportsTo recognises exports.x and module.exports.
func exportsTo(e ast.Expression) bool {
	dot, ok := e.(*ast.DotExpression)
	if !ok {
		return false
	}
	if root, ok := dot.Left.(*ast.Identifier); ok {
		return root.Name == "exports" && (isEntryName(string(dot.Identifier.Name)) || dot.Identifier.Name == "default") ||
			root.Name == "module" && dot.Identifier.Name == "exports"
	}
	return exportsTo(dot.Left)
}

// visit calls fn for every node of a tree. goja's trees have no walker of their own.
func visit(v reflect.Value, fn func(node any)) {
	switch v.Kind() {
	case reflect.Interface:
		visit(v.Elem(), fn)
	case reflect.Pointer:
		if v.IsNil() || v.Type().Elem().PkgPath() != astPath {
			return
		}
		fn(v.Interface())
		visit(v.Elem(), fn)
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Type().Field(i); field.IsExported() && field.Name != "DeclarationList" {
				visit(v.Field(i), fn)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			visit(v.Index(i), fn)
		}
	}
}

// eachNode calls fn for the nodes that are next below a value, and not for those
// within them.
func eachNode(v reflect.Value, fn func(node any)) {
	switch v.Kind() {
	case reflect.Interface:
		eachNode(v.Elem(), fn)
	case reflect.Pointer:
		if !v.IsNil() && v.Type().Elem().PkgPath() == astPath {
			fn(v.Interface())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Type().Field(i); field.IsExported() && field.Name != "DeclarationList" {
				eachNode(v.Field(i), fn)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachNode(v.Index(i), fn)
		}
	}
}

var astPath = reflect.TypeFor[ast.Program]().PkgPath()
