package agama

// This file gives values that became large a block of their own: expressions
// stay such as a person reads, and a flow cannot make them grow without end.

import (
	"maps"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/projects/agama/dsl"
)

// How many parts a value may have before a block holds it: one that two ways
// made, one that was written, and one that holds what no block can.
const (
	mostJoined  = 40
	mostWritten = 400
	mostAtAll   = 2000
)

// weight counts the parts of a value, up to a bound.
func weight(v value, most int) int {
	n := 1
	add := func(v value) {
		if n <= most {
			n += weight(v, most-n)
		}
	}
	addTest := func(t test) {
		for _, group := range t.any {
			for _, c := range group {
				add(c.left)
				add(c.right)
			}
		}
	}
	switch v := v.(type) {
	case items:
		for _, e := range v.list {
			add(e)
		}
	case object:
		for _, k := range v.keys {
			add(v.of[k])
		}
		if v.rest != nil {
			add(v.rest)
		}
	case output:
		n += len(v.path) / 4
	case member:
		add(v.of)
		if v.by != nil {
			add(v.by)
		}
	case minus:
		add(v.of)
	case plus:
		add(v.of)
	case size:
		add(v.of)
	case keysOrItems:
		add(v.of)
	case slugFor:
		add(v.of)
	case either:
		addTest(v.when)
		add(v.yes)
		add(v.no)
	}
	return n
}

// confidentialIn reports whether a value holds something that no block can.
func confidentialIn(v value) bool {
	switch v := v.(type) {
	case secret, setting, service:
		return true
	case items:
		return slices.ContainsFunc(v.list, confidentialIn)
	case object:
		return slices.ContainsFunc(v.keys, func(k string) bool { return confidentialIn(v.of[k]) }) || confidentialIn(v.rest)
	case either:
		return confidentialIn(v.yes) || confidentialIn(v.no)
	}
	return false
}

// hold puts values that are too large into a block.
func (b *builder) hold(names []string, most int, at dsl.Pos) {
	var k *node
	values := map[string]any{}
	keep := func(name string, v value) value {
		n := weight(v, mostAtAll)
		if n <= most || n <= mostAtAll && confidentialIn(v) {
			return v
		}
		if k == nil {
			k = b.g.add("set_value", "values", at)
			k.kept, k.label = true, "Values so far"
		}
		b.whole(at, v)
		out := snake(name)
		for i := 2; values[out] != nil; i++ {
			out = snake(name) + strings.Repeat("_", i-1)
		}
		values[out] = filled{v}
		return output{k, []string{out}}
	}
	for _, name := range names {
		v := b.vars[name]
		o, ok := v.(object)
		if !ok || o.rest != nil || len(o.keys) > most {
			b.vars[name] = keep(name, v)
			continue
		}
		held := object{keys: o.keys, of: map[string]value{}}
		for _, key := range o.keys {
			held.of[key] = keep(name+"_"+key, o.of[key])
		}
		b.vars[name] = held
	}
	if k != nil {
		k.config["values"] = values
		b.g.open(k, "next")
	}
}

// holdAll looks at all variables after two ways came together.
func (b *builder) holdAll(at dsl.Pos) {
	if b.g.reached() && b.g.begun {
		b.hold(slices.Sorted(maps.Keys(b.vars)), mostJoined, at)
	}
}
