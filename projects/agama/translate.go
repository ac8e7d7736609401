package agama

// This file turns the statements of a flow into blocks.

import (
	"fmt"
	"strings"

	"github.com/authflow-studio/authflow/projects/agama/dsl"
)

// unit is one flow of the source and what becomes of it.
type unit struct {
	file string
	text []string
	tree *dsl.Flow
	slug string
	// login marks the flow that clients run.
	login       bool
	subflowOnly bool
	g           *graph
	inputs      map[string]string // the name of an input in the source → ours
	// proves is worked out once: whether every successful end has proven who the
	// person is.
	proves *bool
}

// builder translates one flow.
type builder struct {
	*importer
	u     *unit
	g     *graph
	vars  env
	loops []loop
	// conf is the block that holds the flow's configuration.
	conf *node
	logs []dsl.Pos
	uses usage
}

// loop is one that the statements stand in.
type loop struct {
	n    *node
	over bool
}

func (b *builder) tell(kind string, at dsl.Pos, do, format string, args ...any) {
	b.report.add(Entry{Kind: kind, File: b.u.file, Line: at.Line, Column: at.Column, What: fmt.Sprintf(format, args...), Do: do})
}

// flow translates the whole body.
func (b *builder) flow() {
	b.configure()
	for _, name := range b.u.tree.Inputs {
		id := b.u.inputs[name]
		b.vars[name] = raw{below("input", id)}
	}
	b.statements(b.u.tree.Body)
	if b.g.reached() {
		n := b.g.add("finish", "no_finish", b.u.tree.Pos)
		n.label = "The source ends here without Finish"
		n.end = &end{err: lit{"the flow ended without Finish"}}
		b.tell(Check, b.u.tree.Pos, "Add a Finish to the source, or lead the ways to no_finish where they belong.", "On some way %s ends without Finish; there it crashes in Agama, and ends unsuccessful here.", b.u.tree.Name)
	}
	if len(b.logs) > 0 {
		lines := make([]string, len(b.logs))
		for i, at := range b.logs {
			lines[i] = fmt.Sprint(at.Line)
		}
		b.tell(Note, b.logs[0], "To write something of your own into the audit record, put a block Log event there.", "Log was left out (lines %s): every step of a run stands in its journal and in the timeline anyway.", strings.Join(lines, ", "))
	}
	b.forget()
	b.g.prune()
}

func (b *builder) statements(list []dsl.Stmt) {
	for i, s := range list {
		if !b.g.reached() {
			b.tell(Note, list[i].At(), "", "What follows from here is never run in the source either, and was left out.")
			return
		}
		before := len(b.g.nodes)
		b.statement(s)
		b.note(s, b.g.nodes[min(before, len(b.g.nodes)):])
	}
}

// note keeps which blocks came of a statement, without those of the statements
// in it.
func (b *builder) note(s dsl.Stmt, made []*node) {
	l := Line{File: b.u.file, Line: s.At().Line, Text: b.lineOf(s.At().Line), Flow: b.u.slug}
	for _, n := range made {
		if n.at == s.At() && !n.kept {
			l.Blocks = append(l.Blocks, n.id)
		}
	}
	b.report.Lines = append(b.report.Lines, l)
}

func (b *builder) lineOf(n int) string {
	if n < 1 || n > len(b.u.text) {
		return ""
	}
	return strings.TrimSpace(b.u.text[n-1])
}

func (b *builder) statement(s dsl.Stmt) {
	switch s := s.(type) {
	case *dsl.Assign:
		b.set(s.Target, b.value(s.Value))
	case *dsl.Render:
		b.render(s)
	case *dsl.Redirect:
		b.redirect(s)
	case *dsl.Call:
		b.call(s)
	case *dsl.Trigger:
		b.trigger(s)
	case *dsl.When:
		b.when(s)
	case *dsl.Match:
		b.match(s)
	case *dsl.Loop:
		b.loop(s)
	case *dsl.Log:
		b.logs = append(b.logs, s.Pos)
	case *dsl.Finish:
		b.finish(s.Pos, b.value(s.Value))
	}
}

// set gives a variable, or something in it, a value.
func (b *builder) set(target *dsl.Var, v value) {
	if target == nil {
		return
	}
	names, fixed := fixedPath(target)
	if !fixed {
		b.gap(target.Pos, "Write it in an Action that gives the whole value back.", "%s writes to a place that only a run knows", b.lineOf(target.Line))
		return
	}
	b.vars[target.Name] = written(b.vars[target.Name], names, v)
	if weight(b.vars[target.Name], mostWritten) > mostWritten {
		b.hold([]string{target.Name}, mostWritten, target.Pos)
	}
}

func written(v value, names []string, to value) value {
	if len(names) == 0 {
		return to
	}
	if v == nil {
		v = lit{}
	}
	return with(v, names[0], written(part(v, names[0]), names[1:], to))
}

// fixedPath answers the names of a path without variables and indexes.
func fixedPath(v *dsl.Var) ([]string, bool) {
	var names []string
	for _, a := range v.Path {
		if a.Name == "" || a.Name == "length" {
			return nil, false
		}
		names = append(names, a.Name)
	}
	return names, true
}

func (b *builder) value(e dsl.Expr) value {
	switch e := e.(type) {
	case *dsl.Literal:
		return lit{e.Value}
	case *dsl.Var:
		return b.variable(e)
	case *dsl.Negative:
		return minus{b.variable(e.Of)}
	case *dsl.List:
		var out items
		for _, i := range e.Items {
			out.list = append(out.list, b.value(i))
		}
		return out
	case *dsl.Map:
		out := object{of: map[string]value{}}
		for i, k := range e.Keys {
			if _, there := out.of[k]; !there {
				out.keys = append(out.keys, k)
			}
			out.of[k] = b.value(e.Values[i])
		}
		return out
	}
	return lit{}
}

func (b *builder) variable(e *dsl.Var) value {
	if e.Name == "idx" {
		return b.index(e)
	}
	v, ok := b.vars[e.Name]
	if !ok || v == nil {
		v = lit{}
	}
	for _, a := range e.Path {
		v = b.below(v, a)
	}
	return v
}

func (b *builder) below(v value, a dsl.Access) value {
	if a.Name != "" {
		return part(v, a.Name)
	}
	by := b.key(a)
	l, fixed := by.(lit)
	switch at := l.v.(type) {
	case string:
		return part(v, at)
	case float64:
		if list, ok := v.(items); ok {
			if int(at) < len(list.list) {
				return list.list[int(at)]
			}
			return lit{}
		}
		if _, ok := v.(object); ok {
			return part(v, fmt.Sprint(at))
		}
	}
	if fixed && l.v == nil {
		return lit{}
	}
	if o, ok := v.(object); ok && o.rest != nil {
		if whole, changed := entire(o); len(changed.keys) == 0 {
			v = whole
		}
	}
	return member{of: v, by: by}
}

func (b *builder) key(a dsl.Access) value {
	if a.Through != "" {
		return b.variable(&dsl.Var{Name: a.Through})
	}
	return b.value(a.Index)
}

// index answers idx[n]: the round of a loop, the outermost first.
func (b *builder) index(e *dsl.Var) value {
	n := 0
	if len(e.Path) > 0 {
		if l, ok := e.Path[0].Index.(*dsl.Literal); ok {
			f, _ := l.Value.(float64)
			n = int(f)
		}
	}
	if n >= len(b.loops) {
		return lit{}
	}
	if l := b.loops[n]; l.over {
		return output{l.n, []string{"index"}}
	}
	return plus{output{b.loops[n].n, []string{"round"}}, -1}
}

// gap puts an Action in the place of something that has no block: it ends the
// run as denied and says what is missing.
func (b *builder) gap(at dsl.Pos, do, format string, args ...any) {
	what := fmt.Sprintf(format, args...)
	n := b.g.add("run_custom_action", "to_write", at)
	n.label = "To write"
	n.note = what + ". " + do
	n.config["action"] = b.gapAction()
	n.config["config"] = map[string]any{"what": strings.ReplaceAll(what, "{{", `\{{`)}
	b.g.open(n, "next")
	b.tell(Todo, at, do, "%s. In its place is an Action that refuses (block %s of %s).", what, n.id, b.u.slug)
}

// exprText is a simple value about as it was written.
func exprText(e dsl.Expr) string {
	switch e := e.(type) {
	case *dsl.Literal:
		if e.Value == nil {
			return "null"
		}
		return fmt.Sprint(e.Value)
	case *dsl.Negative:
		return "minus " + exprText(e.Of)
	case *dsl.Var:
		s := e.Name
		for _, a := range e.Path {
			switch {
			case a.Name != "":
				s += "." + a.Name
			case a.Through != "":
				s += ".$" + a.Through
			default:
				s += "[" + exprText(a.Index) + "]"
			}
		}
		return s
	}
	return "value"
}
