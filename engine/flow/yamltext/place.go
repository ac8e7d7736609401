package yamltext

import (
	"bytes"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// This file finds where a value stands in the text: its first byte, and the one
// after its last.

func (d *document) span(n ast.Node) (start, end int, err error) {
	switch n := n.(type) {
	case *ast.MappingNode:
		if n.IsFlowStyle {
			return d.brackets(n.Start, n.End)
		}
		return d.blockSpan(n)
	case *ast.MappingValueNode:
		return d.blockSpan(n)
	case *ast.SequenceNode:
		if n.IsFlowStyle {
			return d.brackets(n.Start, n.End)
		}
		if start, end, err = d.blockSpan(n); err == nil {
			start, err = d.dash(start)
		}
		return start, end, err
	case *ast.LiteralNode:
		return d.literal(n)
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode, *ast.InfinityNode, *ast.NanNode:
		return d.scalar(n.GetToken())
	}
	return 0, 0, ErrForm
}

// blockSpan reaches from the first entry to the end of the last.
func (d *document) blockSpan(n ast.Node) (start, end int, err error) {
	entries, _ := entriesOf(n)
	if len(entries) == 0 {
		return 0, 0, ErrForm
	}
	if start, _, err = d.entrySpan(entries[0]); err != nil {
		return 0, 0, err
	}
	_, end, err = d.entrySpan(entries[len(entries)-1])
	return start, end, err
}

// entrySpan is a value with its name.
func (d *document) entrySpan(e entry) (start, end int, err error) {
	if start, end, err = d.span(e.value); err != nil || e.key == nil {
		return start, end, err
	}
	start, _, err = d.scalar(e.key.GetToken())
	return start, end, err
}

func (d *document) brackets(open, shut *token.Token) (start, end int, err error) {
	if open == nil || shut == nil {
		return 0, 0, ErrForm
	}
	start, err = d.offset(open)
	if err != nil {
		return 0, 0, err
	}
	end, err = d.offset(shut)
	if err != nil || !strings.ContainsRune("{[", rune(d.text[start])) || !strings.ContainsRune("}]", rune(d.text[end])) {
		return 0, 0, ErrForm
	}
	return start, end + 1, nil
}

// scalar is one that stands in one line.
func (d *document) scalar(t *token.Token) (start, end int, err error) {
	if start, err = d.offset(t); err != nil {
		return 0, 0, err
	}
	rest := d.text[start:d.lineEnd(start)]
	raw := []byte(t.Value)
	switch {
	case len(rest) > 0 && rest[0] == '"':
		raw = rest[:closing(rest)]
	case len(rest) > 0 && rest[0] == '\'':
		raw = rest[:closingSingle(rest)]
	}
	if len(raw) == 0 || !bytes.HasPrefix(rest, raw) {
		return 0, 0, ErrForm
	}
	return start, start + len(raw), nil
}

// closing answers the length of a text in double quotes, 0 when it does not end
// in its line.
func closing(s []byte) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return 0
}

func closingSingle(s []byte) int {
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] != '\'':
		case i+1 < len(s) && s[i+1] == '\'':
			i++
		default:
			return i + 1
		}
	}
	return 0
}

// literal reaches over the lines that are indented as its first one.
func (d *document) literal(n *ast.LiteralNode) (start, end int, err error) {
	if start, err = d.offset(n.Start); err != nil {
		return 0, 0, err
	}
	end, indent := d.lineEnd(start), -1
	for at := end; at < len(d.text); {
		next := d.lineEnd(at)
		line := d.text[at:next]
		own := len(line) - len(bytes.TrimLeft(line, " "))
		blank := len(bytes.TrimSpace(line)) == 0
		if indent < 0 && !blank {
			indent = own
		}
		if !blank && (own < indent || indent == 0) {
			break
		}
		if !blank {
			end = next
		}
		at = next
	}
	return start, len(bytes.TrimRight(d.text[:end], "\n")), nil
}

// dash answers the place of the dash before the first item of a list.
func (d *document) dash(item int) (int, error) {
	at := len(bytes.TrimRight(d.text[d.lineStart(item):item], " ")) + d.lineStart(item) - 1
	if at < d.lineStart(item) || d.text[at] != '-' {
		return 0, ErrForm
	}
	return at, nil
}

// offset of a token; the library counts columns in characters.
func (d *document) offset(t *token.Token) (int, error) {
	if t == nil || t.Position == nil || t.Position.Line < 1 || t.Position.Line > len(d.lines) {
		return 0, ErrForm
	}
	at := d.lines[t.Position.Line-1]
	line := string(d.text[at:d.lineEnd(at)])
	n := 0
	for i := range line {
		if n++; n == t.Position.Column {
			return at + i, nil
		}
	}
	return 0, ErrForm
}

func (d *document) lineStart(at int) int { return bytes.LastIndexByte(d.text[:at], '\n') + 1 }

// lineEnd is the beginning of the next line.
func (d *document) lineEnd(at int) int {
	if i := bytes.IndexByte(d.text[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(d.text)
}
