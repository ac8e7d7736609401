package agama

// This file writes values and conditions as CEL.

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// filled is a value that stands in a text of a block's config.
type filled struct{ v value }

// condition is one that stands in an expression of a block's config.
type condition struct{ t test }

// computed is a value that stands in an expression of a block's config.
type computed struct{ v value }

// writer writes for one block.
type writer struct {
	certain map[string]bool // blocks that have certainly run before it
}

func (w *writer) config(config map[string]any) map[string]any {
	out := map[string]any{}
	for k, v := range config {
		out[k] = w.entry(v)
	}
	return out
}

func (w *writer) entry(v any) any {
	switch v := v.(type) {
	case filled:
		return w.fill(v.v)
	case condition:
		return w.test(v.t)
	case computed:
		return w.value(v.v)
	case map[string]any:
		return w.config(v)
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = w.entry(e)
		}
		return out
	}
	return v
}

// fill writes a value for a text in which {{ … }} is an expression.
func (w *writer) fill(v value) any {
	if l, ok := v.(lit); ok {
		switch s := l.v.(type) {
		case string:
			return strings.ReplaceAll(s, "{{", `\{{`)
		case nil:
			return "{{ null }}"
		default:
			return s
		}
	}
	return "{{ " + w.value(v) + " }}"
}

var plainName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// below writes a step into a value that may have no such part: null then.
func below(of, name string) string {
	if !plainName.MatchString(name) || slices.Contains(reservedIDs, name) {
		return of + "[?" + quote(name) + "].orValue(null)"
	}
	return of + ".?" + name + ".orValue(null)"
}

func quote(s string) string { return strconv.Quote(s) }

func (w *writer) value(v value) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case lit:
		return literal(v.v)
	case items:
		parts := make([]string, len(v.list))
		for i, e := range v.list {
			parts[i] = w.dyn(e)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case object:
		return w.object(v)
	case output:
		return w.output(v)
	case trigger:
		return w.object(object{keys: []string{"success", "data", "error"}, of: map[string]value{"success": part(v, "success"), "data": part(v, "data"), "error": part(v, "error")}})
	case verdict:
		return w.output(output{v.n, []string{"verified"}})
	case caught:
		if v.n.typ == "run_flow" {
			return "(" + answered(v.n) + " ? null : dyn(step.?" + v.n.id + `.?error.orValue("")))`
		}
		return w.output(output{v.n, []string{"failure"}})
	case raw:
		return v.cel
	case member:
		return w.member(v)
	case minus:
		return "-(" + w.value(v.of) + ")"
	case plus:
		return w.value(v.of) + sum(v.n)
	case size:
		return "size(" + w.value(v.of) + ")"
	case either:
		return "(" + w.test(v.when) + " ? " + w.dyn(v.yes) + " : " + w.dyn(v.no) + ")"
	case later:
		return w.value(v.value())
	case keysOrItems:
		of := w.dyn(v.of)
		return "type(" + of + ") == map ? " + of + ".map(k, k) : " + of
	case slugFor:
		return w.slug(v)
	}
	return "null" // secrets, settings and services are reported where they are used
}

func sum(n int) string {
	if n < 0 {
		return " - " + strconv.Itoa(-n)
	}
	return " + " + strconv.Itoa(n)
}

// answered asks whether a flow came to an end of its own: one that failed with
// an error has no result.
func answered(n *node) string { return "step.?" + n.id + ".?success.hasValue()" }

// dyn writes a value whose type nobody asks for.
func (w *writer) dyn(v value) string {
	switch v := v.(type) {
	case later:
		return w.dyn(v.value())
	case lit:
		if v.v == nil {
			return "null"
		}
		return "dyn(" + literal(v.v) + ")"
	case items, object:
		return "dyn(" + w.value(v) + ")"
	case output:
		if v.kind() != "" {
			return "dyn(" + w.value(v) + ")"
		}
	case verdict, size, plus, trigger:
		return "dyn(" + w.value(v) + ")"
	}
	return w.value(v)
}

func literal(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return quote(v)
	case bool:
		return strconv.FormatBool(v)
	case float64:
		s := strconv.FormatFloat(v, 'f', -1, 64)
		return s
	}
	text, err := json.Marshal(v)
	if err != nil {
		return "null"
	}
	return "dyn(" + string(text) + ")"
}

func (w *writer) object(v object) string {
	whole, changed := entire(v)
	o, ok := whole.(object)
	switch {
	case !ok && len(changed.keys) == 0:
		return w.value(whole)
	case !ok:
		o = changed // reported where it was written
	}
	v = o
	parts := make([]string, 0, len(v.keys))
	for _, k := range v.keys {
		parts = append(parts, quote(k)+": "+w.dyn(v.of[k]))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// zero is what an output of a known type is taken for where its block has not
// run.
var zero = map[string]string{"boolean": "false", "string": `""`, "integer": "0", "object": "{}"}

func (w *writer) output(v output) string {
	first := output{v.n, v.path[:1]}
	kind := first.kind()
	sure := w.certain[v.n.id]
	var s string
	rest := v.path[1:]
	switch {
	case v.n.typ == "run_flow" && v.path[0] == "error":
		// A block that failed has an error of another form under that name.
		s = "step.?" + v.n.id + `.?error.orValue("")`
	case sure && kind != "" || sure && v.n.typ == "set_value" || sure && v.n.typ == "for_each":
		s = "step." + v.n.id + "." + v.path[0]
	case sure:
		s = "step." + v.n.id + ".?" + v.path[0] + ".orValue(null)"
	case kind == "object" && len(rest) > 0 && plainName.MatchString(rest[0]):
		s = "step.?" + v.n.id + ".?" + v.path[0] + ".?" + rest[0] + ".orValue(null)"
		rest = rest[1:]
	case kind != "":
		s = "step.?" + v.n.id + ".?" + v.path[0] + ".orValue(" + zero[kind] + ")"
	default:
		s = "step.?" + v.n.id + ".?" + v.path[0] + ".orValue(null)"
	}
	for _, name := range rest {
		s = below(s, name)
	}
	return s
}

func (w *writer) member(v member) string {
	of := w.dyn(v.of)
	if v.by == nil {
		return below(of, v.name)
	}
	return of + "[?" + w.value(v.by) + "].orValue(dyn(null))"
}

// slug leads a name of the source to the flow of this project.
func (w *writer) slug(v slugFor) string {
	slugs := v.slugs()
	parts := make([]string, 0, len(slugs))
	for _, name := range slices.Sorted(maps.Keys(slugs)) {
		parts = append(parts, quote(name)+": "+quote(slugs[name]))
	}
	return "{" + strings.Join(parts, ", ") + "}[" + w.dyn(v.of) + "]"
}

func (w *writer) test(t test) string {
	groups := make([]string, 0, len(t.any))
	for _, group := range t.any {
		parts := make([]string, 0, len(group))
		for _, c := range group {
			parts = append(parts, w.comparison(c))
		}
		groups = append(groups, strings.Join(parts, " && "))
	}
	return strings.Join(groups, " || ")
}

func (w *writer) comparison(c comparison) string {
	c = c.plain()
	if _, ok := c.left.(either); ok {
		return w.either(c)
	}
	if f, ok := c.left.(first); ok {
		return notFirst(f)
	}
	if v, ok := c.left.(later); ok {
		c.left = v.value()
		return w.comparison(c)
	}
	if holds, known := c.holds(nil); known {
		return strconv.FormatBool(holds)
	}
	o, isOutput := c.left.(output)
	l, isLit := c.right.(lit)
	if isOutput && isLit {
		if s, ok := w.typed(o, l, c.not); ok {
			return s
		}
	}
	sign := " == "
	if c.not {
		sign = " != "
	}
	if v, ok := c.left.(caught); ok && isLit && l.v == nil && v.n.typ == "run_flow" {
		if c.not {
			return "!" + answered(v.n)
		}
		return answered(v.n)
	}
	if isLit {
		return w.dyn(c.left) + sign + literal(l.v)
	}
	return w.dyn(c.left) + sign + w.dyn(c.right)
}

// notFirst asks whether a loop is past its first round.
func notFirst(f first) string {
	if f.n.typ == "for_each" {
		return "step." + f.n.id + ".index > 0"
	}
	return "step." + f.n.id + ".round > 1"
}

// typed compares an output of a known type with a literal.
func (w *writer) typed(o output, l lit, not bool) (string, bool) {
	switch kind := o.kind(); {
	case kind == "boolean":
		b, ok := l.v.(bool)
		switch {
		case !ok:
			return strconv.FormatBool(not), true
		case b != not:
			return w.output(o), true
		}
		return "!" + w.output(o), true
	case kind == "string" && l.v == nil:
		if not {
			return w.output(o) + ` != ""`, true
		}
		return w.output(o) + ` == ""`, true
	}
	return "", false
}

// either compares each of two values, so that no type is asked for.
func (w *writer) either(c comparison) string {
	e := c.left.(either)
	yes, no := c, c
	yes.left, no.left = e.yes, e.no
	a, b := w.comparison(yes), w.comparison(no)
	when := w.test(e.when)
	switch {
	case a == b:
		return a
	case a == "true" && b == "false":
		return "(" + when + ")"
	case a == "false" && b == "true":
		return "!(" + when + ")"
	}
	return "(" + when + " ? " + a + " : " + b + ")"
}
