package contract

import (
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/block"
)

// This file forgets: what nothing asks for any more need not be told apart.

// set is a set of variables.
type set []uint64

func newSet(n int) set { return make(set, n/64+1) }

func (s set) has(i int) bool { return s[i/64]&(1<<(i%64)) != 0 }

func (s set) add(i int) { s[i/64] |= 1 << (i % 64) }

// join adds another set; it answers whether something was new.
func (s set) join(o set) bool {
	changed := false
	for i := range o {
		if o[i]&^s[i] != 0 {
			s[i] |= o[i]
			changed = true
		}
	}
	return changed
}

// liveness works out what may still be asked for at each block: backward over
// the edges, with everything that a flow that is run asks for at the block that
// runs it.
func (m *model) liveness() {
	n := len(m.vars)
	for _, slug := range m.slugs {
		for _, b := range m.flows[slug].nodes {
			b.uses, b.live = newSet(n), newSet(n)
			for _, r := range b.rows {
				for _, v := range r.when.uses() {
					b.uses.add(v)
				}
			}
		}
	}
	asked := m.askedIn(n)
	for _, slug := range m.slugs {
		g := m.flows[slug]
		for changed := true; changed; {
			changed = false
			for i := len(g.nodes) - 1; i >= 0; i-- {
				changed = g.nodes[i].update(m, asked) || changed
			}
		}
	}
}

func (n *node) update(m *model, asked map[string]set) bool {
	after := newSet(len(m.vars))
	for _, to := range n.next {
		after.join(n.g.nodes[to].live)
	}
	for i, v := range m.vars {
		if v.path != nil && v.scope == n.g.slug && v.reads[0][0] == "step" && len(v.reads[0]) > 1 && v.reads[0][1] == n.id {
			after[i/64] &^= 1 << (i % 64)
		}
	}
	after.join(n.uses)
	for _, called := range n.calls {
		if asked[called] != nil {
			after.join(asked[called])
		}
	}
	return n.live.join(after)
}

// askedIn answers for each flow what it and the flows that it runs ask of event
// and claims; its own steps are of no interest to others.
func (m *model) askedIn(n int) map[string]set {
	out := map[string]set{}
	for _, slug := range m.slugs {
		out[slug] = newSet(n)
		for _, b := range m.flows[slug].nodes {
			for i, v := range m.vars {
				if v.scope == "" && b.uses.has(i) {
					out[slug].add(i)
				}
			}
		}
	}
	for changed := true; changed; {
		changed = false
		for _, slug := range m.slugs {
			for _, b := range m.flows[slug].nodes {
				for _, called := range b.calls {
					if out[called] != nil && out[slug].join(out[called]) {
						changed = true
					}
				}
			}
		}
	}
	return out
}

// forget drops what nothing asks for any more.
func (s *search) forget(st *state) {
	live := slices.Clone(st.top().live)
	for _, f := range st.frames[:len(st.frames)-1] {
		live.join(f.g.nodes[f.at].liveAfter(len(s.m.vars)))
	}
	for _, i := range s.p.guards {
		live.add(i)
	}
	n := 0
	for i, k := range st.know {
		if !live.has(i) {
			st.know[i] = unset
		} else if k > absent {
			n++
		}
	}
	s.live = max(s.live, n)
}

func (n *node) liveAfter(vars int) set {
	out := newSet(vars)
	for _, to := range n.next {
		out.join(n.g.nodes[to].live)
	}
	return out
}

// learn is what leaving a block by a port does to what is known: its outputs
// are new, and so is what it may change of the event.
func (m *model) learn(know []uint8, n *node, port string, was, now subject) {
	proves := len(n.proves(port)) > 0 || was&factors != now&factors
	for i, v := range m.vars {
		switch {
		case v.scope == n.g.slug && v.readsStep(n.id):
			know[i] = m.outputOf(v, n, port)
		case v.readsEvent(n, port, proves):
			know[i] = unset
		}
		if v.scope == "" && v.term == assurance && proves {
			know[i] = v.knowing(now.aal())
		}
	}
}

// outputOf answers what is known of a variable that reads the outputs of a block
// that has just left.
func (m *model) outputOf(v *variable, n *node, port string) uint8 {
	if v.path == nil || v.size {
		return unset
	}
	if len(v.path) < 3 {
		return unset
	}
	if failed := v.path[2] == block.ErrorPort; failed != (port == block.ErrorPort) {
		return absent
	}
	out := strings.Join(v.path[2:], ".")
	if says, ok := n.desc.Says[port][out]; ok {
		return v.knowing(says)
	}
	if (n.desc.ID == "decision" && out == "branch") || (n.desc.ID == "match" && out == "matched") || (n.desc.ID == "choose" && out == "chosen") {
		return v.knowing(port)
	}
	return unset
}

func (v *variable) readsStep(id string) bool {
	return slices.ContainsFunc(v.reads, func(r []string) bool { return r[0] == "step" && (len(r) < 2 || r[1] == id) })
}

// readsEvent reports whether a variable reads what a block may have changed.
func (v *variable) readsEvent(n *node, port string, proven bool) bool {
	changes := n.desc.Changes
	if proven {
		changes = append(slices.Clone(changes), "authentication.aal", "authentication.methods")
	}
	if n.finds(port) {
		changes = append(slices.Clone(changes), "user")
	}
	return slices.ContainsFunc(v.reads, func(r []string) bool {
		if r[0] == "claims" {
			return slices.Contains(n.desc.Effects, block.SetsClaim)
		}
		return r[0] == "event" && slices.ContainsFunc(changes, func(c string) bool { return overlap(strings.Join(r[1:], "."), c) })
	})
}

// overlap reports whether one path is the other or lies below it.
func overlap(a, b string) bool {
	return strings.HasPrefix(a+".", b+".") || strings.HasPrefix(b+".", a+".") || a == "" || b == ""
}
