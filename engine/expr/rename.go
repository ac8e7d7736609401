package expr

// This file renames a block in the sources that refer to it (rule G2).

import (
	"slices"
	"sort"
	"strings"
	"unicode"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
)

// RenameStep replaces the block id from by to in every reference step.<from>
// of an expression, step["<from>"] included. Everything else, comments and
// texts among it, stays as it is. It tells whether anything changed; a source
// that does not parse is left alone.
func RenameStep(src, from, to string) (string, bool) {
	base, err := runEnv()
	if err != nil || len(src) > 4*maxSource {
		return src, false
	}
	parsed, iss := base.Parse(src)
	if iss.Err() != nil {
		return src, false
	}
	runes := []rune(src)
	r := &renamer{tree: parsed.NativeRep(), source: runes, from: []rune(from), at: map[int]bool{}}
	r.visit(r.tree.Expr(), nil)
	if len(r.at) == 0 {
		return src, false
	}
	places := make([]int, 0, len(r.at))
	for at := range r.at {
		places = append(places, at)
	}
	sort.Ints(places)
	var b strings.Builder
	done := 0
	for _, at := range places {
		b.WriteString(string(runes[done:at]))
		b.WriteString(to)
		done = at + len(r.from)
	}
	b.WriteString(string(runes[done:]))
	return b.String(), true
}

// RenameStepInTemplate does the same in the {{ … }} parts of a text.
func RenameStepInTemplate(text, from, to string) (string, bool) {
	pieces, _ := splitTemplate(text)
	var b strings.Builder
	done, changed := 0, false
	for _, p := range pieces {
		if !p.expression {
			continue
		}
		renamed, ok := RenameStep(p.text, from, to)
		changed = changed || ok
		b.WriteString(text[done:p.offset])
		b.WriteString(renamed)
		done = p.offset + len(p.text)
	}
	b.WriteString(text[done:])
	return b.String(), changed
}

// renamer collects the places of a name, counted in characters.
type renamer struct {
	tree   *ast.AST
	source []rune
	from   []rune
	at     map[int]bool
}

// visit looks for step.<from> below e; hidden names belong to a macro around it.
func (r *renamer) visit(e ast.Expr, hidden []string) {
	switch e.Kind() {
	case ast.SelectKind:
		s := e.AsSelect()
		if s.FieldName() == string(r.from) && isStep(s.Operand(), hidden) {
			r.markAfter(s.Operand())
		}
		r.visit(s.Operand(), hidden)
	case ast.CallKind:
		c := e.AsCall()
		r.index(c, hidden)
		if c.IsMemberFunction() {
			r.visit(c.Target(), hidden)
		}
		for _, arg := range c.Args() {
			r.visit(arg, hidden)
		}
	case ast.ComprehensionKind:
		c := e.AsComprehension()
		r.visit(c.IterRange(), hidden)
		r.visit(c.AccuInit(), hidden)
		inner := append(slices.Clip(hidden), c.IterVar(), c.IterVar2(), c.AccuVar())
		r.visit(c.LoopCondition(), inner)
		r.visit(c.LoopStep(), inner)
		r.visit(c.Result(), inner)
	default:
		for _, item := range itemsOf(e) {
			r.visit(item, hidden)
		}
	}
}

// itemsOf lists the parts of a list, map or object literal.
func itemsOf(e ast.Expr) []ast.Expr {
	switch e.Kind() {
	case ast.ListKind:
		return e.AsList().Elements()
	case ast.MapKind:
		var out []ast.Expr
		for _, entry := range e.AsMap().Entries() {
			out = append(out, entry.AsMapEntry().Key(), entry.AsMapEntry().Value())
		}
		return out
	case ast.StructKind:
		var out []ast.Expr
		for _, field := range e.AsStruct().Fields() {
			out = append(out, field.AsStructField().Value())
		}
		return out
	}
	return nil
}

func isStep(e ast.Expr, hidden []string) bool {
	return e.Kind() == ast.IdentKind && e.AsIdent() == "step" && !slices.Contains(hidden, "step")
}

// index handles step["name"], step[?"name"] and step.?name.
func (r *renamer) index(c ast.CallExpr, hidden []string) {
	name, args := c.FunctionName(), c.Args()
	if name != operators.Index && name != operators.OptIndex && name != operators.OptSelect || !isStep(args[0], hidden) {
		return
	}
	if key, ok := literalText(args[1]); !ok || key != string(r.from) {
		return
	}
	span, ok := r.tree.SourceInfo().GetOffsetRange(args[1].ID())
	if !ok || int(span.Stop) > len(r.source) {
		return
	}
	literal := string(r.source[span.Start:span.Stop])
	if before, _, found := strings.Cut(literal, string(r.from)); found {
		r.at[int(span.Start)+len([]rune(before))] = true
	}
}

// markAfter finds the name that follows the dot after a node, past spaces and comments.
func (r *renamer) markAfter(operand ast.Expr) {
	span, ok := r.tree.SourceInfo().GetOffsetRange(operand.ID())
	if !ok {
		return
	}
	i := int(span.Stop)
	for i < len(r.source) {
		switch c := r.source[i]; {
		case c == '/' && i+1 < len(r.source) && r.source[i+1] == '/':
			for i < len(r.source) && r.source[i] != '\n' {
				i++
			}
		case unicode.IsSpace(c) || c == '.' || c == '?' || c == '`':
			i++
		default:
			if slices.Equal(r.source[i:min(i+len(r.from), len(r.source))], r.from) {
				r.at[i] = true
			}
			return
		}
	}
}
