package agama

// This file turns loops into blocks. A variable that changes from round to round
// is kept by a block at the head of the loop.

import (
	"maps"
	"slices"

	"github.com/authflow-studio/authflow/projects/agama/dsl"
)

// maxTimes is the most that our block goes round.
const maxTimes = 1000

func (b *builder) loop(s *dsl.Loop) {
	r := b.head(s)
	before := b.vars.clone()
	b.g.exits = []exit{{r, "again", facts{}}}
	b.loops = append(b.loops, loop{r, s.Over != nil})
	ends := b.keep(s, r)
	if s.Over != nil {
		b.vars[s.Using] = output{r, []string{"item"}}
	}
	b.statements(s.Body)
	quits, quitVars, quit := b.quit(s)
	if b.g.reached() {
		b.statements(s.After)
	}
	if b.g.reached() {
		b.snapshot(s, r, ends)
	}
	ended := b.g.certain()
	for _, e := range b.g.exits {
		e.n.next[e.port] = r
	}
	if s.Over != nil {
		ended = facts{} // it may not have gone round at all
	}
	for name, h := range ends {
		h.v = b.vars[name]
	}
	b.loops = b.loops[:len(b.loops)-1]
	done := before
	for _, name := range slices.Sorted(maps.Keys(ends)) {
		done[name] = b.after(s, r, b.vars[name], before[name])
	}
	if s.Target != nil {
		count := output{r, []string{counted(s)}}
		done[s.Target.Name] = written(done[s.Target.Name], pathOf(s.Target), count)
		if quits != nil {
			v := value(count)
			if s.Over == nil {
				v = plus{count, -1}
			}
			quitVars[s.Target.Name] = written(quitVars[s.Target.Name], pathOf(s.Target), v)
		}
	}
	b.join(quit, quits, quitVars, []exit{{r, "done", ended}}, done)
	b.holdAll(s.Pos)
}

func pathOf(v *dsl.Var) []string { names, _ := fixedPath(v); return names }

func counted(s *dsl.Loop) string {
	if s.Over != nil {
		return "index"
	}
	return "round"
}

// head makes the block that goes round.
func (b *builder) head(s *dsl.Loop) *node {
	if s.Over != nil {
		n := b.g.add("for_each", "each "+s.Using, s.Pos)
		n.label = "Each " + s.Using
		n.config["list"] = computed{listOf(b.variable(s.Over))}
		n.in = facts{}
		return n
	}
	times := b.value(s.Times)
	l, _ := times.(lit)
	count, fixed := l.v.(float64)
	n := b.g.add("repeat", "attempts", s.Pos)
	n.in = facts{}
	switch {
	case !fixed || count < 1:
		count = 3
		b.tell(Check, s.Pos, "Write the number into the block; it cannot be computed.", "How often %q goes round is computed in the source (%s); here it is 3 times.", n.id, exprText(s.Times))
	case count > maxTimes:
		count = maxTimes
		b.tell(Check, s.Pos, "", "A loop goes round 1000 times at most; %q was to go round more often.", n.id)
	}
	n.config["times"] = float64(int(count))
	if len(b.loops) > 0 && s.Quit != nil {
		b.tell(Check, s.Pos, "Move the inner loop into a flow of its own if each round of the outer one must begin to count anew.", "%q stands in another loop and can be left before its end; its count then goes on where it was.", n.id)
	}
	return n
}

// listOf answers what is gone through: the items of a list, the keys of a map.
func listOf(v value) value {
	switch v := v.(type) {
	case object:
		if v.rest == nil {
			var out items
			for _, k := range v.keys {
				out.list = append(out.list, lit{k})
			}
			return out
		}
	case items:
		return v
	}
	return keysOrItems{v}
}

// keep makes the block that holds, in each round, what the round before left of
// the variables that the loop changes. It answers where to put what they are in
// the end.
func (b *builder) keep(s *dsl.Loop, r *node) map[string]*holder {
	names := assignedIn(s)
	ends := map[string]*holder{}
	if len(names) == 0 {
		return ends
	}
	k := b.g.add("set_value", "so_far", s.Pos)
	k.kept, k.label = true, "What the round before left"
	again := test{[][]comparison{{{left: first{r}, right: lit{false}}}}}
	values := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		h := &holder{}
		ends[name] = h
		start := b.vars[name]
		if start == nil {
			start = lit{}
		}
		keys := shape(start, names[name])
		if keys == nil {
			out := snake(name)
			values[out] = filled{either{again, later{of: h}, start}}
			b.vars[name] = restored(start, output{k, []string{out}})
			continue
		}
		o := object{of: map[string]value{}, keys: keys}
		for _, key := range keys {
			if w := names[name]; !w.whole && !slices.Contains(w.keys, key) {
				o.of[key] = part(start, key) // no round changes it
				continue
			}
			out := snake(name + "_" + key)
			values[out] = filled{either{again, later{h, key}, part(start, key)}}
			o.of[key] = output{k, []string{out}}
		}
		b.vars[name] = o
	}
	k.config["values"] = values
	b.g.open(k, "next")
	return ends
}

// restored keeps what is no data as it is: an object of foreign code stays what
// it was in every round.
func restored(start, kept value) value {
	if _, ok := start.(service); ok {
		return start
	}
	return kept
}

// shape answers the keys of a variable that is a map all through a loop; nil
// when it is not, or not certainly.
func shape(start value, w writes) []string {
	o, ok := start.(object)
	l, isLit := start.(lit)
	if w.opaque || !ok && !(isLit && l.v == nil) || o.rest != nil {
		return nil
	}
	keys := slices.Clone(o.keys)
	for _, k := range w.keys {
		if !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	seen := map[string]bool{}
	for _, k := range keys { // two keys that would become one name
		if seen[snake(k)] {
			return nil
		}
		seen[snake(k)] = true
	}
	return keys
}

// quit takes the ways that leave a loop early.
func (b *builder) quit(s *dsl.Loop) ([]exit, env, test) {
	if s.Quit == nil || !b.g.reached() {
		return nil, nil, test{}
	}
	t := b.condition(*s.Quit)
	yes, no := b.fork(t, s.Quit.Pos, b.conditionText(*s.Quit, "When "))
	b.g.exits = no
	return yes, b.vars.clone(), t
}

// after is the value of a variable when a loop went round to its end.
func (b *builder) after(s *dsl.Loop, r *node, end, start value) value {
	if s.Over == nil {
		return end // it goes round at least once
	}
	if end == nil {
		end = lit{}
	}
	none := test{[][]comparison{{{left: output{r, []string{"index"}}, right: lit{0.0}, not: true}}}}
	return merged(none, end, start)
}

// writes says how a loop changes a variable.
type writes struct {
	keys   []string // by x.key = …, or as the keys of a map
	whole  bool     // as a whole, by a map literal
	opaque bool     // as a whole, by something else
}

// assignedIn answers the variables that a loop changes.
func assignedIn(s *dsl.Loop) map[string]writes {
	out := map[string]writes{}
	visit(slices.Concat(s.Body, s.After), func(st dsl.Stmt) {
		target, caught := targetOf(st)
		if caught != "" {
			out[caught] = writes{opaque: true}
		}
		if l, ok := st.(*dsl.Loop); ok && l.Over != nil {
			out[l.Using] = writes{opaque: true}
		}
		if target == nil {
			return
		}
		w := out[target.Name]
		a, _ := st.(*dsl.Assign)
		switch {
		case len(target.Path) == 1 && target.Path[0].Name != "":
			w.keys = append(w.keys, target.Path[0].Name)
		case len(target.Path) == 0 && a != nil:
			if m, ok := a.Value.(*dsl.Map); ok {
				w.keys, w.whole = append(w.keys, m.Keys...), true
				break
			}
			w.opaque = true
		default:
			w.opaque = true
		}
		out[target.Name] = w
	})
	return out
}

// targetOf answers the variables to which a statement gives a value.
func targetOf(s dsl.Stmt) (target *dsl.Var, caught string) {
	switch s := s.(type) {
	case *dsl.Assign:
		return s.Target, ""
	case *dsl.Render:
		return s.Target, ""
	case *dsl.Redirect:
		return s.Target, ""
	case *dsl.Call:
		return s.Target, s.Err
	case *dsl.Trigger:
		return s.Target, s.Err
	case *dsl.Loop:
		return s.Target, ""
	}
	return nil, ""
}

// visit goes through statements and those in them.
func visit(list []dsl.Stmt, do func(dsl.Stmt)) {
	for _, s := range list {
		do(s)
		switch s := s.(type) {
		case *dsl.When:
			visit(s.Then, do)
			visit(s.Else, do)
		case *dsl.Match:
			for _, o := range s.Options {
				visit(o.Body, do)
			}
			visit(s.Else, do)
		case *dsl.Loop:
			visit(s.Body, do)
			visit(s.After, do)
		}
	}
}
