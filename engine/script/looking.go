package script

// This file answers, in the worker, what a debugger asks of a stopped script.

import (
	"slices"
	"strconv"
	"strings"

	"github.com/dop251/goja"
	"github.com/dop251/goja/parser"
)

// shownFrame is a frame as it is told, and what is behind it.
type shownFrame struct {
	Frame
	activation *activation // nil: its variables cannot be read
}

// handle is something that can be opened: a scope, or a value.
type handle struct {
	frame int
	names []string // of a scope
	value *goja.Object
	path  string
}

const (
	beyondTrace = "the call has run for so long that only the innermost function's variables can be read"
	blindSwitch = "a switch whose cases share what they declare cannot be looked into; give each case that declares something braces of its own"
	noStatement = "it is in the default of a parameter or the value of a field, which cannot be looked into"
)

// picture works out the frames of this moment.
func (d *stepper) picture() {
	d.shown = nil
	program := d.gate.program
	for i := 1; i < len(d.frames); i++ {
		frame := d.frames[i]
		if frame.SrcName() != sourceName {
			continue
		}
		at := frame.Position()
		shown := shownFrame{Frame: Frame{Function: functionName(frame.FuncName())}}
		file, line, column := program.original(offsetOf(program.source, at.Line, at.Column), d.machine.call.Unit.Name)
		if line == 0 {
			continue
		}
		shown.Place = Place{file, line, column}
		shown.activation, shown.Unreadable = d.behind(len(d.frames)-i+1, offsetOf(program.source, at.Line, at.Column))
		if i == 1 && len(d.stack) > 0 {
			at := program.statements[d.stack[len(d.stack)-1].statement]
			shown.Place, shown.Top = at.place(), at.function == 0
		}
		d.shown = append(d.shown, shown)
	}
	d.awaiting()
}

// behind finds the activation of a frame. That the frame stands within the
// statement last come to proves that it is the one.
func (d *stepper) behind(depth, at int) (*activation, string) {
	for _, a := range d.stack {
		if a.depth != depth {
			continue
		}
		if s := d.gate.program.statements[a.statement]; s.start <= at && at <= s.end {
			if a.look == nil {
				return nil, d.whyNot()
			}
			return a, ""
		}
		return nil, noStatement
	}
	if !d.traced {
		return nil, beyondTrace
	}
	return nil, noStatement
}

// whyNot says why a statement has no evaluator.
func (d *stepper) whyNot() string {
	if d.gate.program.flavour == scopes {
		return blindSwitch
	}
	return beyondTrace
}

// awaiting adds the functions that wait for the outermost one on the stack.
func (d *stepper) awaiting() {
	if len(d.stack) == 0 {
		return
	}
	for a := d.stack[0].parent; a != nil && len(d.shown) < 100; a = a.parent {
		if d.gone(a, d.stack[len(d.stack)-1]) || slices.Contains(d.stack, a) {
			continue
		}
		s := d.gate.program.statements[a.statement]
		shown := shownFrame{Frame: Frame{Function: a.name, Place: s.place(), Awaiting: true}, activation: a}
		if a.look == nil {
			shown.activation, shown.Unreadable = nil, d.whyNot()
		}
		d.shown = append(d.shown, shown)
	}
}

// looked answers one question.
func (d *stepper) looked(l look) *seen {
	s := &seen{}
	switch l.Kind {
	case lookScopes:
		s.Scopes, s.Failed = d.scopes(l.Frame)
	case lookChildren:
		s.Variables, s.Total, s.Failed = d.children(l.Ref, max(l.Start, 0), min(max(l.Count, 0), maxPage))
	case lookEvaluate:
		s.Variables, s.Failed = d.evaluation(l.Frame, l.Expression)
		s.Changed = s.Failed == "" && changes(l.Expression)
	case lookAssign:
		s.Variables, s.Failed = d.assigned(l.Frame, l.Name, l.Expression)
	case lookWhole:
		s.Variables, s.Failed = d.whole(l.Frame, l.Expression)
		s.Changed = s.Failed == "" && changes(l.Expression)
	case lookSet:
		s.Variables, s.Failed = d.set(l.Ref, l.Name, l.Expression)
	}
	s.Logs = d.logs
	d.logs = nil
	return s
}

func (d *stepper) frame(n int) (*activation, string) {
	if n < 0 || n >= len(d.shown) {
		return nil, "there is no such frame"
	}
	if a := d.shown[n].activation; a != nil {
		return a, ""
	}
	return nil, d.shown[n].Unreadable
}

func (d *stepper) scopes(frame int) ([]Scope, string) {
	a, words := d.frame(frame)
	if words != "" {
		return nil, words
	}
	s := d.gate.program.statements[a.statement]
	locals, parameters, closure := s.scope.visible()
	f := d.gate.program.functions[s.function]
	if this, words := d.evaluate(a, "this"); s.function > 0 && !f.arrow && words == "" && !goja.IsUndefined(this) {
		locals = append([]string{"this"}, locals...)
	}
	var out []Scope
	add := func(name, note string, names []string) {
		if len(names) > 0 || name == "Locals" {
			out = append(out, Scope{Name: name, Ref: d.handle(handle{frame: frame, names: names}), Size: len(names), Note: note})
		}
	}
	note := ""
	if f.arrow {
		note = "an arrow function has no arguments object"
	}
	add("Locals", "", locals)
	add("Arguments", note, parameters)
	add("Closure", "", closure)
	return out, ""
}

func (d *stepper) handle(h handle) int {
	d.handles = append(d.handles, h)
	return len(d.handles)
}

func (d *stepper) children(ref, start, count int) ([]Variable, int, string) {
	if ref < 1 || ref > len(d.handles) {
		return nil, 0, "it is not there any more"
	}
	h := d.handles[ref-1]
	if h.value != nil {
		var out []Variable
		total := 0
		failed := d.bounded(func() error {
			out, total = d.inside(h, start, count)
			return nil
		})
		if failed != nil {
			return nil, 0, failed.Message
		}
		return out, total, ""
	}
	names := h.names[min(start, len(h.names)):min(start+count, len(h.names))]
	out := []Variable{}
	a, words := d.frame(h.frame)
	if words != "" {
		return nil, 0, words
	}
	for _, name := range names {
		v, words := d.evaluate(a, name)
		if words != "" {
			out = append(out, Variable{Name: name, Value: "not initialised yet", Type: "uninitialised", Uninitialised: true})
			continue
		}
		out = append(out, d.variable(name, v, h.frame, name))
	}
	return out, len(h.names), ""
}

func (d *stepper) evaluation(frame int, text string) ([]Variable, string) {
	a, words := d.frame(frame)
	if words != "" {
		return nil, words
	}
	v, words := d.evaluate(a, text)
	if words != "" {
		return nil, words
	}
	path := ""
	if changes(text) {
		d.changed(frame, text)
	} else {
		path = "(" + text + ")"
	}
	return []Variable{d.variable(text, v, frame, path)}, ""
}

// whole is an evaluation whose text, if it comes to one, is not cut at the length
// that is shown.
func (d *stepper) whole(frame int, text string) ([]Variable, string) {
	out, words := d.evaluation(frame, text)
	if words != "" || changes(text) {
		return out, words
	}
	a, _ := d.frame(frame)
	if v, words := d.evaluate(a, text); words == "" && goja.IsString(v) {
		whole := d.hidden.redact(v.String())
		out[0].Value = strings.ToValidUTF8(whole[:min(len(whole), maxWhole)], "")
	}
	return out, ""
}

func (d *stepper) changed(frame int, text string) {
	d.journey.edits = append(d.journey.edits, edit{d.gate.ordinal, frame, text})
}

func (d *stepper) assigned(frame int, target, expression string) ([]Variable, string) {
	a, words := d.frame(frame)
	if words == "" {
		words = d.assign(a, target, expression)
	}
	if words != "" {
		return nil, words
	}
	d.changed(frame, target+" = ("+expression+"\n)")
	logs := d.logs
	v, words := d.evaluate(a, target)
	d.logs = logs
	if words != "" {
		return nil, words
	}
	return []Variable{d.variable(target, v, frame, target)}, ""
}

func (d *stepper) set(ref int, name, expression string) ([]Variable, string) {
	if ref < 1 || ref > len(d.handles) {
		return nil, "it is not there any more"
	}
	h := d.handles[ref-1]
	target := name
	switch {
	case h.value == nil && !slices.Contains(h.names, name) || name == "this":
		return nil, "there is no variable " + name + " that could be changed"
	case h.value != nil && h.path == "":
		return nil, "no expression leads to this value; change it by evaluating one"
	case h.value != nil:
		target = h.path + accessor(name)
	}
	out, words := d.assigned(h.frame, target, expression)
	if words == "" {
		out[0].Name = name
	}
	return out, words
}

// accessor is how a property is written behind a value.
func accessor(name string) string {
	if _, err := strconv.ParseUint(name, 10, 32); err == nil {
		return "[" + name + "]"
	}
	if parser.IsIdentifier(name) {
		return "." + name
	}
	return "[" + strconv.Quote(name) + "]"
}
