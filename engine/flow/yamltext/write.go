package yamltext

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// This file writes values, and puts new ones beside those that are there.

// wide is the length past which a new mapping is written in several lines.
const wide = 100

// add puts a new member into a mapping.
func (d *document) add(at Path, value any) ([]byte, error) {
	name, ok := at[len(at)-1].(string)
	if !ok {
		return nil, fmt.Errorf("%s: %w", at, ErrNoPlace)
	}
	if len(at) == 1 && (d.root == nil || d.root.Type() == ast.NullType) {
		return slices.Concat(ended(d.text), []byte(member(name, value, ""))), nil
	}
	parent, err := d.find(at[:len(at)-1])
	if err != nil {
		return nil, err
	}
	entries, flowStyle := entriesOf(parent)
	if _, isList := parent.(*ast.SequenceNode); isList {
		return nil, fmt.Errorf("%s: %w", at, ErrNoPlace)
	}
	start, end, err := d.span(parent)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", at, err)
	}
	if flowStyle || len(entries) == 0 {
		text := scalarText(name) + ": " + flowText(value)
		if len(entries) > 0 {
			text = ", " + text
		}
		end = len(bytes.TrimRight(d.text[:end-1], " "))
		return d.splice(end, end, text), nil
	}
	indent := strings.Repeat(" ", start-d.lineStart(start))
	whole := d.lineEnd(end)
	return slices.Concat(ended(d.text[:whole]), []byte(member(name, value, indent)), d.text[whole:]), nil
}

// ended makes sure that a text ends with its line.
func ended(text []byte) []byte {
	if len(text) == 0 || text[len(text)-1] == '\n' {
		return slices.Clone(text)
	}
	return append(slices.Clone(text), '\n')
}

// member writes a new member in lines of its own; a list has a line an item.
func member(name string, value any, indent string) string {
	list, ok := value.([]any)
	if !ok || len(list) == 0 || !isMapping(list[0]) {
		return indent + scalarText(name) + ": " + flowText(value) + "\n"
	}
	out := indent + scalarText(name) + ":\n"
	for _, v := range list {
		out += item(v, indent+"  ")
	}
	return out
}

func isMapping(v any) bool {
	switch v.(type) {
	case map[string]any, yaml.MapSlice:
		return true
	}
	return false
}

// item writes an item in lines of its own.
func item(v any, indent string) string {
	text := flowText(v)
	ordered, ok := v.(yaml.MapSlice)
	if len(text) <= wide || !ok || len(ordered) == 0 {
		return indent + "- " + text + "\n"
	}
	var b strings.Builder
	lead := indent + "- "
	for _, e := range ordered {
		fmt.Fprintf(&b, "%s%s: %s\n", lead, scalarText(fmt.Sprint(e.Key)), flowText(e.Value))
		lead = indent + "  "
	}
	return b.String()
}

func (d *document) removeInLine(entries []entry, i int, at Path) ([]byte, error) {
	start, end, err := d.entrySpan(entries[i])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", at, err)
	}
	if i > 0 {
		_, start, err = d.entrySpan(entries[i-1])
	} else {
		end, _, err = d.entrySpan(entries[1])
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", at, err)
	}
	return d.splice(start, end, ""), nil
}

func (d *document) insertInLine(list *ast.SequenceNode, entries []entry, before int, value any) ([]byte, error) {
	start, end, err := d.span(list)
	if err != nil {
		return nil, err
	}
	if len(entries) == 0 {
		return d.splice(start, end, "["+flowText(value)+"]"), nil
	}
	if before < len(entries) {
		if start, _, err = d.entrySpan(entries[before]); err != nil {
			return nil, err
		}
		return d.splice(start, start, flowText(value)+", "), nil
	}
	if _, end, err = d.entrySpan(entries[len(entries)-1]); err != nil {
		return nil, err
	}
	return d.splice(end, end, ", "+flowText(value)), nil
}

// insertLines puts an item between lines; comments that stand right above an
// item stay with it.
func (d *document) insertLines(entries []entry, before int, value any, at Path) ([]byte, error) {
	e := entries[min(before, len(entries)-1)]
	start, end, err := d.entrySpan(e)
	if err == nil {
		start, err = d.firstDash(e, start)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", at, err)
	}
	indent := string(bytes.Repeat([]byte(" "), start-d.lineStart(start)))
	place := d.lineEnd(end)
	if before < len(entries) {
		place = d.lineStart(start)
		for place > 0 && bytes.HasPrefix(bytes.TrimSpace(d.text[d.lineStart(place-1):place]), []byte("#")) {
			place = d.lineStart(place - 1)
		}
	}
	return slices.Concat(ended(d.text[:place]), []byte(item(value, indent)), d.text[place:]), nil
}

// firstDash answers the dash before an item.
func (d *document) firstDash(e entry, start int) (int, error) {
	if e.key != nil {
		return start, nil
	}
	return d.dash(start)
}

// flowText writes a value in one line.
func flowText(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return scalarText(v)
	case map[string]any:
		var out []string
		for _, name := range slices.Sorted(maps.Keys(v)) {
			out = append(out, scalarText(name)+": "+flowText(v[name]))
		}
		return "{" + strings.Join(out, ", ") + "}"
	case yaml.MapSlice:
		var out []string
		for _, e := range v {
			out = append(out, scalarText(fmt.Sprint(e.Key))+": "+flowText(e.Value))
		}
		return "{" + strings.Join(out, ", ") + "}"
	case []any:
		var out []string
		for _, e := range v {
			out = append(out, flowText(e))
		}
		return "[" + strings.Join(out, ", ") + "]"
	}
	text, err := json.Marshal(v)
	if err != nil {
		return scalarText(fmt.Sprint(v))
	}
	return string(text)
}

// plainWord is a text that needs no quotes anywhere in YAML.
var plainWord = regexp.MustCompile(`^[A-Za-z_/][A-Za-z0-9_./@-]*(?: [A-Za-z0-9_./@-]+)*$`)

// otherThanText are plain words that YAML reads as something else.
var otherThanText = []string{"true", "false", "null", "yes", "no", "on", "off", "y", "n"}

func scalarText(s string) string {
	if plainWord.MatchString(s) && !slices.Contains(otherThanText, strings.ToLower(s)) && !strings.Contains(s, " -") {
		return s
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string can always be written
	return strings.TrimSuffix(b.String(), "\n")
}
