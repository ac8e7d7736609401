// Package yamltext changes values inside a YAML text and leaves every other
// byte of it as it was: comments, order, quotes, blank lines.
//
// It owns: finding the place of a value, and writing another in its stead.
// It delegates: reading YAML to goccy/go-yaml, and what a value means to its
// callers.
// The law: what it answers reads as what it was given with the asked change and
// no other; where it cannot be sure of that it refuses.
package yamltext

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Path leads to a value: names of members, and numbers of items from 0.
type Path []any

func (p Path) String() string {
	var b strings.Builder
	for _, step := range p {
		if i, ok := step.(int); ok {
			fmt.Fprintf(&b, "[%d]", i)
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		fmt.Fprint(&b, step)
	}
	return b.String()
}

// Below answers the path with more steps.
func (p Path) Below(steps ...any) Path { return append(slices.Clip(p), steps...) }

// Errors of places.
var (
	// ErrNoPlace says that the text has no such value.
	ErrNoPlace = errors.New("there is no such place in the file")
	// ErrShared says that a value is written once and used at several places.
	ErrShared = errors.New("it is written with an anchor or an alias, so that a change would reach other places")
	// ErrForm says that a value is written in a form that is not changed in place.
	ErrForm = errors.New("it is written in a form that cannot be changed in place")
)

// Set puts a value at a place. The last name of the path may be new.
func Set(text []byte, at Path, value any) ([]byte, error) {
	out, err := setIn(text, at, value)
	if err != nil {
		return nil, err
	}
	return sure(text, out, at, setting(value))
}

func setIn(text []byte, at Path, value any) ([]byte, error) {
	if len(at) == 0 {
		return nil, ErrNoPlace
	}
	d, err := read(text)
	if err != nil {
		return nil, err
	}
	n, err := d.find(at)
	if errors.Is(err, ErrNoPlace) {
		return d.add(at, value)
	}
	if err != nil {
		return nil, err
	}
	start, end, err := d.span(n)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", at, err)
	}
	return d.splice(start, end, flowText(value)), nil
}

// Remove takes a member or an item away.
func Remove(text []byte, at Path) ([]byte, error) {
	out, err := removeIn(text, at)
	if err != nil {
		return nil, err
	}
	return sure(text, out, at, removing)
}

func removeIn(text []byte, at Path) ([]byte, error) {
	d, err := read(text)
	if err != nil {
		return nil, err
	}
	if len(at) == 0 {
		return nil, ErrNoPlace
	}
	parent, err := d.find(at[:len(at)-1])
	if err != nil {
		return nil, err
	}
	entries, flowStyle := entriesOf(parent)
	i := slices.IndexFunc(entries, func(e entry) bool { return e.name == at[len(at)-1] })
	if i < 0 {
		return nil, fmt.Errorf("%s: %w", at, ErrNoPlace)
	}
	if len(entries) == 1 {
		start, end, err := d.span(parent)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", at, err)
		}
		if _, isMap := at[len(at)-1].(string); isMap {
			return d.replaceBlock(start, end, flowStyle, "{}"), nil
		}
		return d.replaceBlock(start, end, flowStyle, "[]"), nil
	}
	if flowStyle {
		return d.removeInLine(entries, i, at)
	}
	start, end, err := d.entrySpan(entries[i])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", at, err)
	}
	return d.splice(d.lineStart(start), d.lineEnd(end), ""), nil
}

// Insert puts an item before the one of that number of a list; a number past the
// last appends. A list that is not there yet is begun.
func Insert(text []byte, at Path, before int, value any) ([]byte, error) {
	out, err := insertIn(text, at, before, value)
	if err != nil {
		return nil, err
	}
	return sure(text, out, at, inserting(before, value))
}

func insertIn(text []byte, at Path, before int, value any) ([]byte, error) {
	if len(at) == 0 {
		return nil, ErrNoPlace
	}
	d, err := read(text)
	if err != nil {
		return nil, err
	}
	n, err := d.find(at)
	if errors.Is(err, ErrNoPlace) {
		return d.add(at, []any{value})
	}
	if err != nil {
		return nil, err
	}
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		return nil, fmt.Errorf("%s: %w", at, ErrForm)
	}
	entries, flowStyle := entriesOf(list)
	if flowStyle || len(entries) == 0 {
		return d.insertInLine(list, entries, before, value)
	}
	return d.insertLines(entries, before, value, at)
}

// document is a text with its tree.
type document struct {
	text  []byte
	lines []int // offsets at which they begin
	root  ast.Node
}

func read(text []byte) (*document, error) {
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, fmt.Errorf("the file is no YAML: %w", err)
	}
	d := &document{text: text, lines: []int{0}}
	for i, c := range text {
		if c == '\n' {
			d.lines = append(d.lines, i+1)
		}
	}
	if len(file.Docs) > 0 {
		d.root = file.Docs[0].Body
	}
	if len(file.Docs) > 1 {
		return nil, fmt.Errorf("the file holds several documents: %w", ErrForm)
	}
	return d, nil
}

// entry is a member or an item.
type entry struct {
	name  any
	key   ast.Node // nil for an item
	value ast.Node
}

// entriesOf answers what is in a mapping or a list, and whether it is written in
// one line with brackets.
func entriesOf(n ast.Node) (out []entry, flowStyle bool) {
	switch n := n.(type) {
	case *ast.MappingNode:
		for _, v := range n.Values {
			out = append(out, entry{v.Key.GetToken().Value, v.Key, v.Value})
		}
		return out, n.IsFlowStyle
	case *ast.MappingValueNode:
		return []entry{{n.Key.GetToken().Value, n.Key, n.Value}}, false
	case *ast.SequenceNode:
		for i, v := range n.Values {
			out = append(out, entry{i, nil, v})
		}
		return out, n.IsFlowStyle
	}
	return nil, false
}

func (d *document) find(at Path) (ast.Node, error) {
	n := d.root
	for i, step := range at {
		entries, _ := entriesOf(n)
		j := slices.IndexFunc(entries, func(e entry) bool { return e.name == step })
		if j < 0 {
			return nil, fmt.Errorf("%s: %w", at[:i+1], ErrNoPlace)
		}
		n = entries[j].value
		switch n.(type) {
		case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
			return nil, fmt.Errorf("%s: %w", at[:i+1], ErrShared)
		}
	}
	if n == nil {
		return nil, ErrNoPlace
	}
	return n, nil
}

// splice puts a text between two places.
func (d *document) splice(start, end int, text string) []byte {
	return slices.Concat(d.text[:start], []byte(text), d.text[end:])
}

// replaceBlock puts a text in the place of a value. What stood in lines of its
// own goes behind its name.
func (d *document) replaceBlock(start, end int, flowStyle bool, text string) []byte {
	if !flowStyle {
		start = len(bytes.TrimRight(d.text[:start], " \n"))
		text = " " + text
	}
	return d.splice(start, end, text)
}
