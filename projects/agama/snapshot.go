package agama

// This file takes hold of values that a loop is about to change.

import (
	"maps"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/projects/agama/dsl"
)

// snapshot keeps, at the end of a round, what variables hold of the block that
// counts: it counts on before the next round reads them.
func (b *builder) snapshot(s *dsl.Loop, r *node, ends map[string]*holder) {
	var k *node
	values := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(ends)) {
		v := b.vars[name]
		b.vars[name] = replaced(v, func(o output) value {
			if o.n != r {
				return o
			}
			if k == nil {
				k = b.g.add("set_value", "round_was", s.Pos)
				k.kept, k.label = true, "What this round was"
			}
			out := strings.Join(o.path, "_")
			values[out] = filled{o}
			return output{k, []string{out}}
		})
	}
	if k != nil {
		k.config["values"] = values
		b.g.open(k, "next")
	}
}

// replaced is a value in which outputs are others.
func replaced(v value, by func(output) value) value {
	switch v := v.(type) {
	case output:
		return by(v)
	case items:
		out := items{}
		for _, e := range v.list {
			out.list = append(out.list, replaced(e, by))
		}
		return out
	case object:
		out := object{keys: v.keys, of: map[string]value{}, rest: replaced(v.rest, by)}
		for _, k := range v.keys {
			out.of[k] = replaced(v.of[k], by)
		}
		return out
	case member:
		return member{replaced(v.of, by), v.name, replaced(v.by, by)}
	case minus:
		return minus{replaced(v.of, by)}
	case plus:
		return plus{replaced(v.of, by), v.n}
	case size:
		return size{replaced(v.of, by)}
	case keysOrItems:
		return keysOrItems{replaced(v.of, by)}
	case either:
		return either{replacedTest(v.when, by), replaced(v.yes, by), replaced(v.no, by)}
	}
	return v
}

func replacedTest(t test, by func(output) value) test {
	var out test
	for _, group := range t.any {
		var list []comparison
		for _, c := range group {
			list = append(list, comparison{replaced(c.left, by), replaced(c.right, by), c.not})
		}
		out.any = append(out.any, list)
	}
	return out
}
