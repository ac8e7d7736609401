package expr

// This file puts CEL's reports into our words and places.

import (
	"fmt"
	"sort"
	"strings"
	"unicode"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common"
	"cel.dev/cel-go/common/ast"

	"github.com/authflow-studio/authflow/engine/flow"
)

func syntaxIssues(iss *cel.Issues) []Issue {
	var out []Issue
	for _, e := range iss.Errors() {
		message := strings.TrimPrefix(firstLine(e), "Syntax error: ")
		code := CodeSyntax
		if strings.Contains(message, "limit") {
			code = CodeTooLarge
		}
		out = append(out, at(e.Location, syntaxWords(message), code))
	}
	return tidy(out)
}

// syntaxWords shortens a parser's report to what a person can act on.
func syntaxWords(message string) string {
	for _, report := range []string{"mismatched input ", "extraneous input ", "token recognition error at: ", "no viable alternative at input "} {
		rest, ok := strings.CutPrefix(message, report)
		if !ok {
			continue
		}
		found, _, _ := strings.Cut(rest, " expecting ")
		if strings.Contains(found, "<EOF>") {
			return "the expression ends too early"
		}
		return "unexpected " + found
	}
	return message
}

// checkIssues translates the reports of the type checker.
func checkIssues(iss *cel.Issues, tree *ast.AST, src string, s *Schema) []Issue {
	nodes := map[int64]ast.Expr{}
	ast.PreOrderVisit(tree.Expr(), ast.NewExprVisitor(func(e ast.Expr) { nodes[e.ID()] = e }))
	var out []Issue
	for _, e := range iss.Errors() {
		message := firstLine(e)
		switch {
		case strings.HasPrefix(message, "undefined field "):
			out = append(out, unknownField(e, nodes[e.ExprID], tree, src, s))
		case strings.HasPrefix(message, "undeclared reference to "):
			out = append(out, unknownName(e.Location, quoted(message)))
		case strings.HasPrefix(message, "found no matching overload for "):
			out = append(out, at(e.Location, noOverload(message), CodeWrongType))
		case strings.HasPrefix(message, "invalid "):
			out = append(out, at(e.Location, message, CodeBadLiteral))
		case strings.Contains(message, "limit"):
			out = append(out, at(e.Location, message, CodeTooLarge))
		default:
			out = append(out, at(e.Location, message, CodeWrongType))
		}
	}
	return tidy(out)
}

func unknownField(e *common.Error, node ast.Expr, tree *ast.AST, src string, s *Schema) Issue {
	field := quoted(e.Message)
	issue := at(fieldLocation(e, node, tree, src), fmt.Sprintf("there is no field %s here", field), CodeUnknownField)
	if node == nil || s == nil {
		return issue
	}
	path, ok := pathOf(node)
	if !ok || len(path) < 2 {
		return issue
	}
	parent := path[:len(path)-1]
	issue.Message = fmt.Sprintf("%s has no field %s", strings.Join(parent, "."), field)
	if len(parent) == 1 && parent[0] == "step" {
		issue.Message = fmt.Sprintf("there is no block %s", field)
	}
	if t := s.at(parent); t != nil {
		issue.suggest(flow.Nearest(field, sortedNames(t.Fields)))
	}
	return issue
}

func unknownName(l common.Location, name string) Issue {
	if strings.Contains(name, ".") {
		name = name[strings.LastIndex(name, ".")+1:]
	}
	issue := at(l, "there is no variable or function named "+name, CodeUnknownName)
	issue.suggest(flow.Nearest(name, variables))
	return issue
}

func (i *Issue) suggest(name string) {
	if name != "" {
		i.Suggestion = name
		i.Message += "; did you mean " + name + "?"
	}
}

// noOverload says in words which values do not go together.
func noOverload(message string) string {
	operator := quoted(message)
	types := message
	if i := strings.Index(message, "applied to "); i >= 0 {
		types = strings.Trim(message[i+len("applied to "):], "'")
	}
	return fmt.Sprintf("%s cannot be used on %s", strings.Trim(operator, "_"), types)
}

// fieldLocation is where the name of a selected field stands: after the dot
// that CEL reports, or, for has(), after the last name before it.
func fieldLocation(e *common.Error, node ast.Expr, tree *ast.AST, src string) common.Location {
	if node == nil || node.Kind() != ast.SelectKind {
		return e.Location
	}
	id := node.ID()
	if node.AsSelect().IsTestOnly() {
		id = node.AsSelect().Operand().ID()
	}
	span, ok := tree.SourceInfo().GetOffsetRange(id)
	if !ok {
		return e.Location
	}
	source := []rune(src)
	from := int(span.Start)
	if node.AsSelect().IsTestOnly() {
		from = skip(source, from, func(r rune) bool { return !isNameRune(r) })
		from = skip(source, from, isNameRune)
	}
	from = skip(source, from, func(r rune) bool { return !isNameRune(r) })
	if from >= len(source) {
		return e.Location
	}
	line, column := placeOf(src, len(string(source[:from])))
	return common.NewLocation(line, column-1)
}

func skip(source []rune, from int, while func(rune) bool) int {
	for from < len(source) && while(source[from]) {
		from++
	}
	return from
}

func isNameRune(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

func at(l common.Location, message, code string) Issue {
	line, column := 1, 1
	if l != nil && l.Line() >= 1 {
		line, column = l.Line(), max(l.Column()+1, 1)
	}
	return Issue{Line: line, Column: column, Message: message, Code: code}
}

// quoted is the first part of a message within single quotes.
func quoted(message string) string {
	_, rest, _ := strings.Cut(message, "'")
	inner, _, _ := strings.Cut(rest, "'")
	return inner
}

func firstLine(e *common.Error) string {
	line, _, _ := strings.Cut(e.Message, "\n")
	return strings.ReplaceAll(line, typeMark, "")
}

// tidy orders issues by place and drops the repetitions that expanded macros cause.
func tidy(issues []Issue) []Issue {
	sort.SliceStable(issues, func(i, j int) bool {
		a, b := issues[i], issues[j]
		return a.Line < b.Line || a.Line == b.Line && a.Column < b.Column
	})
	out := issues[:0]
	for i, issue := range issues {
		if i == 0 || issue != issues[i-1] {
			out = append(out, issue)
		}
	}
	return out
}
