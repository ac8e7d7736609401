package dsl

// This file reads the header and the blocks of statements.

import (
	"fmt"
	"math"
	"strconv"
)

// MaxErrors is how many errors of one file are told.
const MaxErrors = 20

// maxBlocks bounds blocks in blocks.
const maxBlocks = 60

// Parse reads a flow. File is the name that errors bear.
func Parse(file, source string) (*Flow, []*Error) {
	lines, errs := cut(source)
	p := &parser{lines: lines, errs: errs}
	f := p.flow()
	if len(p.errs) > 0 {
		if len(p.errs) > MaxErrors {
			p.errs = p.errs[:MaxErrors]
		}
		for _, e := range p.errs {
			e.File = file
		}
		return nil, p.errs
	}
	return f, nil
}

type parser struct {
	lines []line
	i     int
	depth int
	errs  []*Error
}

func (p *parser) fail(e *Error) { p.errs = append(p.errs, e) }

func (p *parser) done() bool { return p.i >= len(p.lines) }

// comes reports whether a line at that indentation begins with a word.
func (p *parser) comes(indent int, w string) bool {
	return !p.done() && p.lines[p.i].indent == indent && p.lines[p.i].is(w)
}

func (p *parser) flow() *Flow {
	if p.done() {
		p.fail(wrong(Pos{1, 1}, "begin with: Flow com.example.Name", "the file holds no flow"))
		return nil
	}
	first := p.lines[0]
	if !first.is("Flow") {
		p.fail(wrong(first.at(), "begin with: Flow com.example.Name", "a flow begins with the word Flow, and not with %s", first.tokens[0].named()))
		return nil
	}
	f := &Flow{Pos: first.at()}
	r := &reader{tokens: first.tokens, i: 1}
	name, err := r.qualified("the name of the flow")
	if err == nil {
		err = r.end()
	}
	if err != nil {
		p.fail(err)
	}
	f.Name = name
	p.i++
	p.header(f, first.indent)
	f.Body = p.block(first.indent)
	for !p.done() { // only a line left of the header ends the body early
		p.fail(wrong(p.lines[p.i].at(), "begin all statements in the column of the word Flow", "this line stands left of the flow's header"))
		p.i++
		p.block(first.indent)
	}
	if len(f.Body) == 0 && len(p.errs) == 0 {
		p.fail(wrong(f.Pos, "add at least a Finish", "the flow has no statements"))
	}
	return f
}

func (p *parser) header(f *Flow, indent int) {
	seen := map[string]bool{}
	for !p.done() && p.lines[p.i].indent > indent {
		l := p.lines[p.i]
		p.i++
		key := l.tokens[0].text
		if seen[key] {
			p.fail(wrong(l.at(), "leave one of them out", "%s stands twice in the header", key))
			continue
		}
		seen[key] = true
		if err := f.declare(key, &reader{tokens: l.tokens, i: 1}); err != nil {
			p.fail(err)
		}
	}
	if !seen["Basepath"] {
		p.fail(wrong(f.Pos, `add an indented line: Basepath "folder"`, "the header names no Basepath"))
	}
}

func (f *Flow) declare(key string, r *reader) *Error {
	at := r.tokens[0].Pos
	switch key {
	case "Basepath":
		t := r.next()
		if t.kind != text {
			return wrong(t.Pos, `write it as in: Basepath "folder"`, "Basepath needs a text in quotes")
		}
		f.Basepath = t.text
	case "Timeout":
		t := r.next()
		n, err := strconv.Atoi(t.text)
		if t.kind != number || err != nil || n <= 0 || n > math.MaxInt32 || !r.take(word, "seconds") {
			return wrong(t.Pos, "write it as in: Timeout 120 seconds", "Timeout needs a whole number of seconds")
		}
		f.Timeout = n
	case "Configs":
		name, err := r.name("the variable for the configuration")
		if err != nil {
			return err
		}
		f.Configs = name
	case "Inputs":
		for first := true; first || !r.done(); first = false {
			name, err := r.name("an input")
			if err != nil {
				return err
			}
			f.Inputs = append(f.Inputs, name)
		}
	default:
		return wrong(at, "a header holds Basepath, Timeout, Configs and Inputs; statements begin in the column of the word Flow", "%q has no place in a header", key)
	}
	return r.end()
}

// block reads the statements at one indentation, or deeper.
func (p *parser) block(indent int) []Stmt {
	if p.depth++; p.depth > maxBlocks {
		p.fail(wrong(p.lines[p.i].at(), "move a part into a flow of its own", "blocks are nested too deep here"))
		p.skip(indent - 1)
		p.depth--
		return nil
	}
	defer func() { p.depth-- }()
	return p.until(indent, "")
}

// until reads statements at one indentation, up to a line that begins with a
// word; deeper lines that belong to none of them are reported.
func (p *parser) until(indent int, stop string) []Stmt {
	var out []Stmt
	for !p.done() && p.lines[p.i].indent >= indent && (stop == "" || !p.comes(indent, stop)) {
		l := p.lines[p.i]
		if l.indent > indent {
			p.fail(wrong(l.at(), "begin it in the column of the statement before it", "this line is indented, and nothing before it has a block"))
			p.skip(indent)
			continue
		}
		s, err := p.statement(l)
		if err != nil {
			p.fail(err)
			p.skip(indent)
			continue
		}
		out = append(out, s)
	}
	return out
}

// skip leaves out the lines that are indented deeper, those of a statement that
// cannot be read.
func (p *parser) skip(indent int) {
	for !p.done() && p.lines[p.i].indent > indent {
		p.i++
	}
}

// body reads the indented block of a statement.
func (p *parser) body(of line) ([]Stmt, *Error) {
	if p.done() || p.lines[p.i].indent <= of.indent {
		return nil, wrong(of.at(), "indent what belongs to it in the lines below", "%q has no block", of.tokens[0].text)
	}
	return p.block(p.lines[p.i].indent), p.level(of.indent)
}

// level demands that what follows a block stands at a column that is in use.
func (p *parser) level(indent int) *Error {
	if !p.done() && p.lines[p.i].indent > indent {
		l := p.lines[p.i]
		p.skip(indent)
		return wrong(l.at(), fmt.Sprintf("begin it in column %d, or in that of the block before it", indent+1), "this line stands in a column where no block began")
	}
	return nil
}
