package dsl

// This file reads what stands within a line.

import (
	"slices"
	"strconv"
)

// maxNesting bounds lists in lists: no flow needs more, and a text of brackets
// alone must not use up the stack.
const maxNesting = 50

// reserved are words that cannot name a variable.
var reserved = []string{"Basepath", "Call", "Configs", "Finish", "Flow", "Inputs", "Iterate", "Log", "Match", "Otherwise", "Override", "Quit", "Repeat", "RFAC", "RRF",
	"seconds", "times", "to", "Timeout", "Trigger", "using", "When", "and", "is", "not", "or", "true", "false", "null"}

// reader goes over the words of one line.
type reader struct {
	tokens []token
	i      int
	depth  int
}

func (r *reader) done() bool { return r.i >= len(r.tokens) }

// peek answers the word that comes; at the end, an empty sign after the last.
func (r *reader) peek() token {
	if !r.done() {
		return r.tokens[r.i]
	}
	last := r.tokens[len(r.tokens)-1]
	return token{Pos: Pos{last.Line, last.Column + len([]rune(last.text))}, kind: sign}
}

func (r *reader) next() token {
	t := r.peek()
	r.i++
	return t
}

func (r *reader) sees(k kind, s string) bool {
	return !r.done() && r.tokens[r.i].kind == k && r.tokens[r.i].text == s
}

// take goes over a word if it comes.
func (r *reader) take(k kind, s string) bool {
	if !r.sees(k, s) {
		return false
	}
	r.i++
	return true
}

// end demands that nothing follows.
func (r *reader) end() *Error {
	if r.done() {
		return nil
	}
	t := r.peek()
	return wrong(t.Pos, "take it out, or begin a new line", "%s is too much here", t.named())
}

func (t token) named() string {
	if t.text == "" && t.kind == sign {
		return "the end of the line"
	}
	if t.kind == text {
		return "the text " + strconv.Quote(t.text)
	}
	return strconv.Quote(t.text)
}

// name reads a name that is no reserved word.
func (r *reader) name(what string) (string, *Error) {
	t := r.peek()
	if t.kind != word {
		return "", wrong(t.Pos, "write a name of letters, digits and _, beginning with a letter", "%s is expected here, and not %s", what, t.named())
	}
	if slices.Contains(reserved, t.text) {
		return "", wrong(t.Pos, "take another name", "%q is a word of the language and cannot be %s", t.text, what)
	}
	r.i++
	return t.text, nil
}

// qualified reads names joined by dots.
func (r *reader) qualified(what string) (string, *Error) {
	s, err := r.name(what)
	for err == nil && r.sees(sign, ".") && r.peek().glued {
		r.i++
		var part string
		if part, err = r.name("a part of " + what); err == nil {
			s += "." + part
		}
	}
	return s, err
}

func (r *reader) variable() (*Var, *Error) {
	at := r.peek().Pos
	name, err := r.name("a variable")
	if err != nil {
		return nil, err
	}
	v := &Var{Pos: at, Name: name}
	for !r.done() && r.peek().glued {
		switch {
		case r.take(sign, "."):
			a, err := r.below()
			if err != nil {
				return nil, err
			}
			v.Path = append(v.Path, a)
		case r.sees(sign, "["):
			a, err := r.index()
			if err != nil {
				return nil, err
			}
			v.Path = append(v.Path, a)
		default:
			return v, nil
		}
	}
	return v, nil
}

// below reads what comes after a dot.
func (r *reader) below() (Access, *Error) {
	if r.take(sign, "$") {
		name, err := r.name("a variable")
		return Access{Through: name}, err
	}
	t := r.peek()
	if t.kind != word && t.kind != text || !t.glued {
		return Access{}, wrong(t.Pos, `write a name, a text in quotes, or $ and a variable`, "a key is expected after the dot, and not %s", t.named())
	}
	r.i++
	return Access{Name: t.text}, nil
}

func (r *reader) index() (Access, *Error) {
	r.i++
	t := r.next()
	if !r.take(sign, "]") || t.kind != number && t.kind != word {
		return Access{}, wrong(t.Pos, "put the number into a variable of its own, and use that", "an index is a whole number or the name of a variable, and nothing else")
	}
	if t.kind == word {
		return Access{Index: &Var{Pos: t.Pos, Name: t.text}}, nil
	}
	n, err := strconv.Atoi(t.text)
	if err != nil {
		return Access{}, wrong(t.Pos, "write a whole number from 0", "%q cannot be an index", t.text)
	}
	return Access{Index: &Literal{Pos: t.Pos, Value: float64(n)}}, nil
}

// simple reads a literal or a variable, with a minus or without.
func (r *reader) simple() (Expr, *Error) {
	t := r.peek()
	switch t.kind {
	case text:
		r.i++
		return &Literal{Pos: t.Pos, Value: t.text}, nil
	case number:
		r.i++
		return numeral(t, "")
	case word:
		return r.wordValue(t)
	}
	if r.take(sign, "-") {
		after := r.peek()
		if after.kind == number && after.glued {
			r.i++
			return numeral(after, "-")
		}
		v, err := r.variable()
		if err != nil {
			return nil, err
		}
		return &Negative{Pos: t.Pos, Of: v}, nil
	}
	return nil, wrong(t.Pos, "write a text, a number, true, false, null or a variable", "a value is expected here, and not %s", t.named())
}

func (r *reader) wordValue(t token) (Expr, *Error) {
	switch t.text {
	case "true", "false":
		r.i++
		return &Literal{Pos: t.Pos, Value: t.text == "true"}, nil
	case "null":
		r.i++
		return &Literal{Pos: t.Pos}, nil
	}
	return r.variable()
}

func numeral(t token, minus string) (Expr, *Error) {
	n, err := strconv.ParseFloat(minus+t.text, 64)
	if err != nil {
		return nil, wrong(t.Pos, "write it with fewer digits", "%q is no number", t.text)
	}
	return &Literal{Pos: t.Pos, Value: n}, nil
}

// value reads any expression: lists and maps too.
func (r *reader) value() (Expr, *Error) {
	t := r.peek()
	if t.kind != sign || t.text != "[" && t.text != "{" {
		return r.simple()
	}
	if r.depth++; r.depth > maxNesting {
		return nil, wrong(t.Pos, "give a part of it to a variable", "lists and maps are nested too deep here")
	}
	defer func() { r.depth-- }()
	r.i++
	if t.text == "[" {
		return r.list(t)
	}
	return r.mapping(t)
}

func (r *reader) list(from token) (Expr, *Error) {
	l := &List{Pos: from.Pos}
	for !r.take(sign, "]") {
		if len(l.Items) > 0 && !r.take(sign, ",") {
			return nil, unclosed(from, r.peek())
		}
		v, err := r.value()
		if err != nil {
			return nil, err
		}
		l.Items = append(l.Items, v)
	}
	return l, nil
}

func (r *reader) mapping(from token) (Expr, *Error) {
	m := &Map{Pos: from.Pos}
	for !r.take(sign, "}") {
		if len(m.Keys) > 0 && !r.take(sign, ",") {
			return nil, unclosed(from, r.peek())
		}
		key, err := r.name("a key")
		if err != nil {
			return nil, err
		}
		if !r.take(sign, ":") {
			return nil, wrong(r.peek().Pos, "write key: value", "a colon is expected after the key %q", key)
		}
		v, err := r.value()
		if err != nil {
			return nil, err
		}
		m.Keys, m.Values = append(m.Keys, key), append(m.Values, v)
	}
	return m, nil
}

func unclosed(from, t token) *Error {
	closing := map[string]string{"[": "]", "{": "}"}[from.text]
	return wrong(t.Pos, "separate the entries by commas and close with "+closing, "a comma or %q is expected here, and not %s", closing, t.named())
}

// condition reads tests joined by and and or.
func (r *reader) condition() (Cond, *Error) {
	c := Cond{Pos: r.peek().Pos, Any: [][]Test{{}}}
	for {
		t, err := r.test()
		if err != nil {
			return c, err
		}
		last := len(c.Any) - 1
		c.Any[last] = append(c.Any[last], t)
		switch {
		case r.take(word, "and"):
		case r.take(word, "or"):
			c.Any = append(c.Any, nil)
		default:
			return c, r.end()
		}
	}
}

func (r *reader) test() (Test, *Error) {
	t := Test{Pos: r.peek().Pos}
	var err *Error
	if t.Left, err = r.simple(); err != nil {
		return t, err
	}
	if !r.take(word, "is") {
		return t, wrong(r.peek().Pos, "compare with is or is not; there is no other comparison", "\"is\" is expected here, and not %s", r.peek().named())
	}
	t.Not = r.take(word, "not")
	t.Right, err = r.simple()
	return t, err
}
