package dap

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// This file finds the lines of blocks and edges in the JSON of a flow.

// spot is a block, or with a port an edge, in the text of a flow.
type spot struct {
	block, port  string
	line, column int // where it begins
	last         int // its last line
}

// lines are the spots of a flow, in the order of the text.
type lines []spot

// readLines reads as far as the text can be read.
func readLines(text []byte) lines {
	r := lineReader{text: text, d: jsontext.NewDecoder(bytes.NewReader(text))}
	r.object(func(name string) {
		if name != "blocks" {
			r.skip()
			return
		}
		r.object(r.block)
	})
	return r.found
}

type lineReader struct {
	text  []byte
	d     *jsontext.Decoder
	found lines
	err   error
}

// object calls each for every name in the object that comes; each reads its
// value. What is no object is passed over.
func (r *lineReader) object(each func(name string)) {
	if r.err != nil || r.d.PeekKind() != '{' {
		r.skip()
		return
	}
	_, r.err = r.d.ReadToken()
	for r.err == nil && r.d.PeekKind() == '"' {
		var name jsontext.Token
		if name, r.err = r.d.ReadToken(); r.err == nil {
			each(name.String())
		}
	}
	if r.err == nil {
		_, r.err = r.d.ReadToken()
	}
}

func (r *lineReader) skip() {
	if r.err == nil {
		r.err = r.d.SkipValue()
	}
}

// block reads a block whose name was read.
func (r *lineReader) block(id string) {
	at := len(r.found)
	line, column := r.here(len(id) + 2)
	r.found = append(r.found, spot{block: id, line: line, column: column, last: line})
	r.object(func(name string) {
		if name != "next" {
			r.skip()
			return
		}
		r.object(func(port string) {
			line, column := r.here(len(port) + 2)
			r.found = append(r.found, spot{block: id, port: port, line: line, column: column, last: line})
			r.skip()
		})
	})
	r.found[at].last, _ = r.here(0)
}

// here answers the place that was read up to, less some bytes.
func (r *lineReader) here(less int) (line, column int) {
	before := r.text[:max(0, int(r.d.InputOffset())-less)]
	return 1 + bytes.Count(before, []byte("\n")), len(before) - bytes.LastIndexByte(before, '\n')
}

// at answers what a line belongs to: an edge on it, else the block around it.
func (l lines) at(line int) (spot, bool) {
	var block spot
	for _, s := range l {
		switch {
		case s.port != "" && s.line == line && (block.block != s.block || block.line != line):
			return s, true
		case s.port == "" && s.line <= line && line <= s.last && block.line != line:
			block = s
		}
	}
	return block, block.block != ""
}

// of answers the place of a block or an edge.
func (l lines) of(block, port string) (spot, bool) {
	for _, s := range l {
		if s.block == block && s.port == port {
			return s, true
		}
	}
	return spot{}, false
}
