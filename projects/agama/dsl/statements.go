package dsl

// This file reads statements.

import (
	"slices"
	"strings"
)

// statement reads the one that a line begins, with its blocks.
func (p *parser) statement(l line) (Stmt, *Error) {
	p.i++
	switch first := l.tokens[0]; {
	case first.kind == word && first.text == "When":
		return p.when(l)
	case first.kind == word && first.text == "Match":
		return p.match(l)
	case first.kind == word && first.text == "Log":
		args, err := arguments(&reader{tokens: l.tokens, i: 1})
		return &Log{l.at(), args}, err
	case first.kind == word && first.text == "Finish":
		return finish(l)
	case first.kind == word && first.text == "Otherwise":
		return nil, wrong(first.Pos, "put it in the column of the When or Match that it belongs to, right after its block", "there is nothing that this Otherwise belongs to")
	case first.kind == word && first.text == "Quit":
		return nil, wrong(first.Pos, "put it into the block of a Repeat or Iterate over, and not into a When there", "Quit is not in a loop")
	case first.kind == word && first.text == "Flow":
		return nil, wrong(first.Pos, "put the other flow into a file of its own", "a file holds one flow")
	}
	target, caught, r, err := assigned(l)
	if err != nil {
		return nil, err
	}
	return p.valued(l, r, target, caught)
}

// assigned reads what stands before the equals sign, if there is one.
func assigned(l line) (target *Var, caught string, r *reader, err *Error) {
	r = &reader{tokens: l.tokens}
	if !slices.ContainsFunc(l.tokens, func(t token) bool { return t.kind == sign && t.text == "=" }) {
		return nil, "", r, nil
	}
	if !r.sees(sign, "|") {
		if target, err = r.variable(); err != nil {
			return nil, "", nil, err
		}
	}
	if r.take(sign, "|") {
		if caught, err = r.name("the variable for the error"); err != nil {
			return nil, "", nil, err
		}
	}
	if !r.take(sign, "=") {
		return nil, "", nil, wrong(r.peek().Pos, "write variable = value", "an equals sign is expected here, and not %s", r.peek().named())
	}
	return target, caught, r, nil
}

// valued reads the statements that may give a value to a variable.
func (p *parser) valued(l line, r *reader, target *Var, caught string) (Stmt, *Error) {
	t := r.peek()
	if caught != "" && t.text != "Call" && t.text != "Trigger" {
		return nil, wrong(t.Pos, "take | and the variable out", "only Call and Trigger can give an error to a variable")
	}
	if t.kind == word {
		r.i++
		switch t.text {
		case "Call":
			return call(l, r, target, caught)
		case "Trigger":
			return p.trigger(l, r, target, caught)
		case "RRF":
			return p.render(l, r, target)
		case "RFAC":
			return redirect(l, r, target)
		case "Repeat", "Iterate":
			return p.loop(l, r, target, t.text)
		}
		r.i--
	}
	if target == nil {
		return nil, wrong(t.Pos, "a statement is an assignment, or begins with When, Match, Repeat, Iterate over, RRF, RFAC, Call, Trigger, Log or Finish", "%s begins no statement", t.named())
	}
	v, err := r.value()
	if err == nil {
		err = r.end()
	}
	return &Assign{l.at(), target, v}, err
}

func arguments(r *reader) ([]Expr, *Error) {
	var out []Expr
	for !r.done() {
		t := r.peek()
		if t.kind == sign && (t.text == "[" || t.text == "{") {
			v, err := r.value() // the documentation of Log shows one
			if err != nil {
				return nil, err
			}
			out = append(out, v)
			continue
		}
		v, err := r.simple()
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

func call(l line, r *reader, target *Var, caught string) (Stmt, *Error) {
	c := &Call{Pos: l.at(), Target: target, Err: caught, Source: written(l.tokens)}
	from := r.i
	class, err := r.qualified("a class or an object")
	if err == nil && r.sees(sign, "#") {
		r.i++
		c.Class = class
	} else {
		r.i = from
		if c.Object, err = r.variable(); err != nil {
			return nil, err
		}
	}
	t := r.peek()
	if t.kind != word {
		return nil, wrong(t.Pos, "write class#method for a static method, object method for that of an object", "Call needs the name of a method here, and not %s", t.named())
	}
	r.i++
	c.Method = t.text
	c.Args, err = plain(r, "Call")
	return c, err
}

// plain reads arguments, none of which is a list or a map.
func plain(r *reader, of string) ([]Expr, *Error) {
	for _, t := range r.tokens[min(r.i, len(r.tokens)):] {
		if t.kind == sign && t.text == "{" {
			return nil, wrong(t.Pos, "give it to a variable before, and pass that", "a map cannot be passed to %s as it is", of)
		}
		if t.kind == sign && t.text == "[" && !t.glued {
			return nil, wrong(t.Pos, "give it to a variable before, and pass that", "a list cannot be passed to %s as it is", of)
		}
	}
	return arguments(r)
}

func (p *parser) trigger(l line, r *reader, target *Var, caught string) (Stmt, *Error) {
	t := &Trigger{Pos: l.at(), Target: target, Err: caught}
	var err *Error
	if r.take(sign, "$") {
		t.Computed, err = r.variable()
	} else {
		t.Flow, err = r.qualified("the name of a flow")
	}
	if err != nil {
		return nil, err
	}
	if t.Args, err = plain(r, "Trigger"); err != nil {
		return nil, err
	}
	if p.done() || p.lines[p.i].indent <= l.indent {
		return t, nil
	}
	return t, p.overrides(l, t)
}

func (p *parser) overrides(of line, t *Trigger) *Error {
	l := p.lines[p.i]
	r := &reader{tokens: l.tokens}
	if !r.take(word, "Override") || !r.take(word, "templates") {
		return wrong(l.at(), "begin it in the column of the statement before it", "only \"Override templates\" can be indented below Trigger")
	}
	for !p.done() && p.lines[p.i].indent > of.indent {
		if l = p.lines[p.i]; l.tokens[0].kind != text && r.tokens[0].Pos != l.at() {
			return wrong(l.at(), "begin it in the column of the Trigger", "templates are expected here: texts in quotes, two by two")
		}
		if r.tokens[0].Pos != l.at() {
			r = &reader{tokens: l.tokens}
		}
		p.i++
		for !r.done() {
			a, b := r.next(), r.next()
			if a.kind != text || b.kind != text {
				return wrong(a.Pos, `write the template and the one that takes its place; "" keeps the file name`, "templates are overridden two by two, as texts in quotes")
			}
			t.Overrides = append(t.Overrides, Override{a.Pos, a.text, b.text})
		}
	}
	return nil
}

func (p *parser) render(l line, r *reader, target *Var) (Stmt, *Error) {
	s := &Render{Pos: l.at(), Target: target}
	t := r.next()
	if t.kind != text || t.text == "" {
		return nil, wrong(t.Pos, `write it as in: RRF "page.ftlh" data`, "RRF needs the path of a template in quotes")
	}
	s.Template = t.text
	if t = r.peek(); t.kind == word && t.text != "true" && t.text != "false" {
		v, err := r.variable()
		if err != nil {
			return nil, err
		}
		s.Data = v
	}
	if t = r.peek(); t.kind == word && (t.text == "true" || t.text == "false") {
		s.Callback = r.next().text == "true"
	}
	if err := r.end(); err != nil {
		err.Hint = "RRF takes a template, a variable with a map, and true or false; give a map literal to a variable before"
		return nil, err
	}
	if !p.done() && p.lines[p.i].indent > l.indent {
		below := p.lines[p.i]
		if len(below.tokens) < 2 || !below.is("Status") || below.tokens[1].text != "checker" {
			return nil, wrong(below.at(), "begin it in the column of the statement before it", "only \"Status checker\" can be indented below RRF")
		}
		s.Polled = true
		p.skip(l.indent)
	}
	return s, nil
}

func redirect(l line, r *reader, target *Var) (Stmt, *Error) {
	t := r.peek()
	if t.kind != text && t.kind != word {
		return nil, wrong(t.Pos, `write it as in: RFAC "https://…", or give a variable`, "RFAC needs an address, and not %s", t.named())
	}
	v, err := r.simple()
	if err == nil {
		err = r.end()
	}
	return &Redirect{l.at(), target, v}, err
}

func finish(l line) (Stmt, *Error) {
	r := &reader{tokens: l.tokens, i: 1}
	t := r.peek()
	if t.kind == sign && (t.text == "{" || t.text == "[") {
		return nil, wrong(t.Pos, "give it to a variable, and finish with that", "Finish does not take a literal of a list or a map")
	}
	v, err := r.simple()
	if err != nil {
		return nil, err
	}
	if lit, ok := v.(*Literal); ok {
		switch lit.Value.(type) {
		case string, bool:
		default:
			return nil, wrong(lit.Pos, "finish with true, false, a text or a variable", "Finish does not take a number or null")
		}
	}
	return &Finish{l.at(), v}, r.end()
}

// written answers a line about as it was written.
func written(tokens []token) string {
	var b strings.Builder
	for i, t := range tokens {
		if i > 0 && !t.glued {
			b.WriteByte(' ')
		}
		if t.kind == text {
			b.WriteString(`"` + t.text + `"`)
			continue
		}
		b.WriteString(t.text)
	}
	return b.String()
}
