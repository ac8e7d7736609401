package dsl

// This file reads the statements that hold others.

import "slices"

func (p *parser) when(l line) (Stmt, *Error) {
	r := &reader{tokens: p.joined(l), i: 1}
	c, err := r.condition()
	if err != nil {
		return nil, err
	}
	w := &When{Pos: l.at(), Cond: c}
	if w.Then, err = p.body(l); err != nil {
		return nil, err
	}
	w.Else, err = p.otherwise(l)
	return w, err
}

// joined answers the words of a condition, which may go on in lines of the same
// column.
func (p *parser) joined(l line) []token {
	tokens := slices.Clip(l.tokens)
	for !p.done() && p.lines[p.i].indent == l.indent {
		next, last := p.lines[p.i], tokens[len(tokens)-1]
		if !next.is("and") && !next.is("or") && (last.kind != word || last.text != "and" && last.text != "or") {
			break
		}
		tokens = append(tokens, next.tokens...)
		p.i++
	}
	return tokens
}

func (p *parser) otherwise(of line) ([]Stmt, *Error) {
	if !p.comes(of.indent, "Otherwise") {
		return nil, nil
	}
	l := p.lines[p.i]
	p.i++
	if err := (&reader{tokens: l.tokens, i: 1}).end(); err != nil {
		err.Hint = "Otherwise has no condition: put a When into its block"
		return nil, err
	}
	return p.body(l)
}

func (p *parser) match(l line) (Stmt, *Error) {
	r := &reader{tokens: l.tokens, i: 1}
	v, err := r.simple()
	if err != nil {
		return nil, err
	}
	if !r.take(word, "to") {
		return nil, wrong(r.peek().Pos, "write it as in: Match variable to", "the word \"to\" is expected here, and not %s", r.peek().named())
	}
	if err := r.end(); err != nil {
		return nil, err
	}
	m := &Match{Pos: l.at(), Value: v}
	if p.done() || p.lines[p.i].indent <= l.indent {
		return nil, wrong(l.at(), "indent the values below, and below each what is done then", "Match has no values")
	}
	for indent := p.lines[p.i].indent; !p.done() && p.lines[p.i].indent == indent; {
		option := p.lines[p.i]
		p.i++
		r := &reader{tokens: option.tokens}
		o := Option{Pos: option.at()}
		if o.Value, err = r.simple(); err == nil {
			err = r.end()
		}
		if err == nil {
			o.Body, err = p.body(option)
		}
		if err != nil {
			return nil, err
		}
		m.Options = append(m.Options, o)
	}
	if err := p.level(l.indent); err != nil {
		return nil, err
	}
	m.Else, err = p.otherwise(l)
	return m, err
}

func (p *parser) loop(l line, r *reader, target *Var, first string) (Stmt, *Error) {
	s := &Loop{Pos: l.at(), Target: target}
	var err *Error
	if first == "Repeat" {
		if s.Times, err = r.simple(); err == nil && !(r.take(word, "times") && r.take(word, "max")) {
			err = wrong(r.peek().Pos, "write it as in: Repeat 3 times max", "\"times max\" is expected here, and not %s", r.peek().named())
		}
	} else {
		err = s.iterate(r)
	}
	if err == nil {
		err = r.end()
	}
	if err != nil {
		return nil, err
	}
	if p.done() || p.lines[p.i].indent <= l.indent {
		return nil, wrong(l.at(), "indent what is repeated in the lines below", "%q has no block", first)
	}
	return s, p.rounds(l, s)
}

func (s *Loop) iterate(r *reader) *Error {
	if !r.take(word, "over") {
		return wrong(r.peek().Pos, "write it as in: Iterate over list using item", "\"over\" is expected here, and not %s", r.peek().named())
	}
	var err *Error
	if s.Over, err = r.variable(); err != nil {
		return err
	}
	if !r.take(word, "using") {
		return wrong(r.peek().Pos, "write it as in: Iterate over list using item", "\"using\" is expected here, and not %s", r.peek().named())
	}
	s.Using, err = r.name("the variable for the item")
	return err
}

// rounds reads the block of a loop: before Quit, Quit, and after it.
func (p *parser) rounds(of line, s *Loop) *Error {
	indent := p.lines[p.i].indent
	s.Body = p.until(indent, "Quit")
	if p.comes(indent, "Quit") {
		l := p.lines[p.i]
		p.i++
		r := &reader{tokens: p.joined(l), i: 1}
		if !r.take(word, "When") {
			return wrong(r.peek().Pos, "write it as in: Quit When answer.code is right", "\"When\" is expected after Quit, and not %s", r.peek().named())
		}
		c, err := r.condition()
		if err != nil {
			return err
		}
		s.Quit = &c
		s.After = p.until(indent, "Quit")
		if p.comes(indent, "Quit") {
			return wrong(p.lines[p.i].at(), "join the conditions by or", "a loop has one Quit")
		}
	}
	return p.level(of.indent)
}
