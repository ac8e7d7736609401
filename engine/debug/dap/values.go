package dap

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	protocol "github.com/google/go-dap"
)

// This file shows the values of flows, and pages what is large.

const (
	// maxPage is how many children are shown at once.
	maxPage = 1000
	// maxText is how much of a text is shown; evaluating it with the context
	// clipboard answers the whole.
	maxText = 1000
)

// container is something that can be opened.
type container interface {
	of() (run string)
	size() (named, indexed int, err error)
	page(start, count int) ([]protocol.Variable, error)
	// set changes a child; it answers the child as it is then.
	set(name, text string) (protocol.Variable, error)
	// watch answers the path of a child, by which it can be watched.
	watch(name string) (string, error)
}

func (c *session) variables(_ context.Context, a protocol.VariablesArguments) (any, error) {
	v, err := c.value(a.VariablesReference)
	if err != nil {
		return nil, err
	}
	named, indexed, err := v.size()
	if err != nil {
		return nil, err
	}
	out := []protocol.Variable{}
	total := named + indexed
	switch start := max(a.Start, 0); {
	case a.Filter == "named" && named == 0 || a.Filter == "indexed" && indexed == 0:
	case a.Count > 0:
		out, err = v.page(start, min(a.Count, maxPage))
	case total > maxPage:
		out, err = c.groups(v, start, total)
	default:
		out, err = v.page(start, total)
	}
	if err != nil {
		return nil, err
	}
	return protocol.VariablesResponseBody{Variables: out}, nil
}

// groups answers what is too much to be shown at once, in parts.
func (c *session) groups(v container, start, total int) ([]protocol.Variable, error) {
	width := maxPage
	for (total-start)/width >= maxPage {
		width *= maxPage
	}
	out := []protocol.Variable{}
	for from := start; from < total; from += width {
		p := &part{container: v, start: from, count: min(width, total-from)}
		out = append(out, protocol.Variable{Name: fmt.Sprintf("[%d … %d]", from, from+p.count-1), Value: "", PresentationHint: &protocol.VariablePresentationHint{Kind: "virtual"}, VariablesReference: c.open(p), NamedVariables: p.count})
	}
	return out, nil
}

// part is a stretch of a container.
type part struct {
	container
	start, count int
}

func (p *part) size() (int, int, error) { return p.count, 0, nil }

func (p *part) page(start, count int) ([]protocol.Variable, error) {
	start = min(start, p.count)
	return p.container.page(p.start+start, min(count, p.count-start))
}

// node is a value of a flow: a path below a scope, or what an expression came to.
type node struct {
	c          *session
	frame      frame
	root       string
	path       []string
	changeable bool
	// fixed is what an expression came to; root is empty then.
	fixed any
}

func (n *node) of() string { return n.frame.run }

// now answers the value as it is now: it may have been changed since it was
// opened.
func (n *node) now() (any, error) {
	v := n.fixed
	if n.root != "" {
		scopes, err := n.c.flowScopes(context.Background(), n.frame)
		if err != nil {
			return nil, err
		}
		for _, s := range scopes {
			if s.Name == n.root {
				v = s.Values
			}
		}
	}
	for _, name := range n.path {
		next, ok := child(v, name)
		if !ok {
			return nil, fmt.Errorf("%s is not there any more", n.words())
		}
		v = next
	}
	return v, nil
}

func (n *node) size() (int, int, error) {
	v, err := n.now()
	named, indexed := count(v)
	return named, indexed, err
}

func (n *node) page(start, count int) ([]protocol.Variable, error) {
	v, err := n.now()
	if err != nil {
		return nil, err
	}
	names := namesOf(v)
	out := []protocol.Variable{}
	for _, name := range names[min(start, len(names)):min(start+count, len(names))] {
		is, _ := child(v, name)
		out = append(out, n.variable(name, is))
	}
	return out, nil
}

// variable shows a child.
func (n *node) variable(name string, v any) protocol.Variable {
	below := &node{c: n.c, frame: n.frame, root: n.root, path: append(slices.Clone(n.path), name), changeable: n.changeable, fixed: n.fixed}
	text, kind := shown(v)
	out := protocol.Variable{Name: name, Value: text, Type: kind, EvaluateName: below.words()}
	if out.NamedVariables, out.IndexedVariables = count(v); out.NamedVariables+out.IndexedVariables > 0 {
		out.VariablesReference = n.c.open(below)
	}
	if !n.changeable {
		out.PresentationHint = &protocol.VariablePresentationHint{Attributes: []string{"readOnly"}}
	}
	return out
}

// words is the expression that leads to a value; empty where none does.
func (n *node) words() string {
	switch n.root {
	case "", "session", "effects":
		return ""
	}
	var text strings.Builder
	text.WriteString(n.root)
	for _, name := range n.path {
		switch _, err := strconv.Atoi(name); {
		case err == nil:
			text.WriteString("[" + name + "]")
		case isName(name):
			text.WriteString("." + name)
		default:
			text.WriteString("[" + strconv.Quote(name) + "]")
		}
	}
	return text.String()
}

func isName(s string) bool {
	for i, r := range s {
		if r != '_' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return s != ""
}

var errReadOnly = errors.New("this value cannot be changed: event, step, input and claims of the innermost flow can be")

// set changes a value of the paused run. In a list it changes the list.
func (n *node) set(name, text string) (protocol.Variable, error) {
	if !n.changeable {
		return protocol.Variable{}, errReadOnly
	}
	v, err := n.c.readValue(n.frame, text)
	if err != nil {
		return protocol.Variable{}, err
	}
	if err := n.put(name, v); err != nil {
		return protocol.Variable{}, err
	}
	return n.variable(name, v), nil
}

func (n *node) put(name string, v any) error {
	is, err := n.now()
	if err != nil {
		return err
	}
	if list, ok := is.([]any); ok {
		at, err := strconv.Atoi(name)
		if err != nil || at < 0 || at >= len(list) {
			return fmt.Errorf("the list has no element %s", name)
		}
		list = slices.Clone(list)
		list[at] = v
		above := *n
		above.path = n.path[:len(n.path)-1]
		return above.put(n.path[len(n.path)-1], list)
	}
	path := append([]string{n.root}, append(slices.Clone(n.path), name)...)
	if slices.ContainsFunc(path, func(s string) bool { return strings.Contains(s, ".") }) {
		return fmt.Errorf("the name %q has a dot in it, so no path leads there; change what holds it", name)
	}
	_, err = n.c.Debugger.SetValue(n.frame.run, strings.Join(path, "."), v)
	return err
}

func (n *node) watch(name string) (string, error) {
	v, err := n.now()
	if err != nil {
		return "", err
	}
	if _, isList := v.([]any); isList || n.words() == "" || strings.Contains(name, ".") {
		return "", errors.New("only values with a name, below event, step, input and claims, can be watched")
	}
	return strings.Join(append([]string{n.root}, append(slices.Clone(n.path), name)...), "."), nil
}

// child answers what stands at a name.
func child(v any, name string) (any, bool) {
	switch m := v.(type) {
	case map[string]any:
		is, ok := m[name]
		return is, ok
	case map[string]map[string]any:
		is, ok := m[name]
		return is, ok
	case []any:
		at, err := strconv.Atoi(name)
		if err != nil || at < 0 || at >= len(m) {
			return nil, false
		}
		return m[at], true
	}
	return nil, false
}

func count(v any) (named, indexed int) {
	switch m := v.(type) {
	case map[string]any:
		return len(m), 0
	case map[string]map[string]any:
		return len(m), 0
	case []any:
		return 0, len(m)
	}
	return 0, 0
}

// namesOf are those of the children, sorted.
func namesOf(v any) []string {
	switch m := v.(type) {
	case map[string]any:
		return slices.Sorted(maps.Keys(m))
	case map[string]map[string]any:
		return slices.Sorted(maps.Keys(m))
	case []any:
		out := make([]string, len(m))
		for i := range m {
			out[i] = strconv.Itoa(i)
		}
		return out
	}
	return nil
}
