package contract

import "slices"

// This file watches the events of a path for the one that breaks the promise.

// observe tells the promise of an event; it answers what the path has seen then.
// The target is looked at first: nothing is passed by reaching it.
func (s *search) observe(st *state, e event, step Step) uint8 {
	seen := st.seen
	reaches := func(list []mark) bool {
		return slices.ContainsFunc(list, func(m mark) bool { return m.reaches(e) })
	}
	if reaches(s.p.targets) {
		s.reached = true
		if !s.kept(st, seen) {
			s.violated(st, step)
		}
	}
	if slices.ContainsFunc(s.p.passed, func(m mark) bool { return m.passes(e) }) {
		seen |= sawPassed
	}
	if reaches(s.p.back) {
		seen |= sawBack
	}
	return seen
}

// kept reports whether the promise holds at its target, whatever its conditions
// say.
func (s *search) kept(st *state, seen uint8) bool {
	if len(s.p.back) > 0 && seen&sawBack == 0 {
		return true
	}
	if !s.p.every {
		return false
	}
	return seen&sawPassed != 0 || slices.ContainsFunc(s.p.passed, func(m mark) bool {
		is, state := m.holds(st.sub)
		return state && is
	})
}

// violated looks for values with which the conditions let the promise apply.
// One that cannot be evaluated does not hold.
func (s *search) violated(st *state, step Step) {
	ask := func(know []uint8) (int, int) {
		when, need := yes, 0
		if s.p.when != nil {
			if when, need = s.p.when.eval(s.m.vars, know); when == undecided {
				return 0, need
			}
		}
		if when != yes {
			return 0, -1
		}
		if s.p.unless == nil {
			return 1, -1
		}
		unless, need := s.p.unless.eval(s.m.vars, know)
		switch unless {
		case undecided:
			return 0, need
		case yes:
			return 0, -1
		}
		return 1, -1
	}
	s.branch(st.know, ask, func(know []uint8, applies int) bool {
		if applies == 0 {
			return true
		}
		last := *st
		last.know = know
		step.Values = s.values(st, &last)
		path := append(s.wayTo(st), step)
		if why := s.dubious(path); why != "" {
			if s.doubt == nil {
				s.doubt, s.why = path, why
			}
			return true
		}
		s.path, s.broken = path, true
		return false
	})
}

// step names a block and the outcome by which it is left, with the values that
// had to be so.
func (s *search) step(st state, n *node, port string) Step {
	return Step{Flow: n.g.slug, Block: n.id, Port: port, Values: s.values(&s.states[s.cur], &st)}
}

// values are what one state knows more than another.
func (s *search) values(before, after *state) []Value {
	var out []Value
	for i, k := range after.know {
		if k != unset && before.know[i] != k {
			out = append(out, Value{Term: s.m.vars[i].term, Is: s.m.vars[i].label(k), Example: s.m.vars[i].example(k), variable: i})
		}
	}
	return out
}

// wayTo is the path to a state, without the block it stands at.
func (s *search) wayTo(st *state) []Step {
	var out []Step
	parts := [][]Step{st.steps}
	for at := s.cur; at >= 0; at = s.states[at].from {
		parts = append(parts, s.states[at].steps)
	}
	for _, p := range slices.Backward(parts) {
		out = append(out, p...)
	}
	return out
}

// dubious says why a path may be one that cannot happen: it gives values to two
// terms that may depend on each other in a way that is not looked into.
func (s *search) dubious(path []Step) string {
	if s.inexact != "" {
		return "the path goes through " + s.inexact
	}
	var used []int
	for _, step := range path {
		for _, v := range step.Values {
			x := s.m.vars[v.variable]
			// That a value is there says little: it goes with whatever it is.
			only := !x.opaque && len(x.cells) == 1
			if v.Is != x.label(absent) && !only && !slices.Contains(used, v.variable) {
				used = append(used, v.variable)
			}
		}
	}
	for i, a := range used {
		for _, b := range used[i+1:] {
			if x, y := s.m.vars[a], s.m.vars[b]; related(x, y) {
				return "it depends on whether " + x.term + " and " + y.term + " can be so at once, which is not looked into"
			}
		}
	}
	return ""
}

// related reports whether two terms read the same thing, and one of them cannot
// be looked into.
func related(a, b *variable) bool {
	for _, r := range a.reads {
		for _, o := range b.reads {
			own := r[0] == "step" || r[0] == "input" || r[0] == "flow"
			if (!own || a.scope == b.scope) && overlap(dotted(r), dotted(o)) {
				return true
			}
		}
	}
	return false
}
