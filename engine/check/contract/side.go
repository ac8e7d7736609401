package contract

import (
	"slices"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
)

// This file looks at runs that were made, for the coverage of contracts.

// Visit is a block of a run that was made; Port is empty where it waited, ran
// another flow, or ended its flow.
type Visit struct {
	Flow, Block, Port string
	// Entered says that it began here, and did not go on after a page or a flow.
	Entered bool
	// Issued says that the run ended here with what the block issues.
	Issued bool
}

// Sides are the two sides of a contract that runs can show.
type Sides struct {
	// Kept: a run was held to it, and kept it.
	Kept bool
	// Spared: a run was exempt by after, when or unless; without these, one did
	// not come to the target.
	Spared bool
}

// Both reports whether both were seen.
func (s Sides) Both() bool { return s.Kept && s.Spared }

// Or adds what another run has shown.
func (s Sides) Or(o Sides) Sides { return Sides{s.Kept || o.Kept, s.Spared || o.Spared} }

// Countable reports whether runs can show a contract at all.
func (c *Contract) Countable() bool {
	return slices.Contains([]string{"every", "never", "alike"}, c.kind())
}

// Seen answers what the runs of a project show of a contract. Each run begins
// with the flow that was started.
func (pr *Prover) Seen(p *flow.Project, c *Contract, runs [][]Visit) Sides {
	l := lexicon{p, pr.Catalogue}
	entries, err := l.entries(c.On)
	if err != nil {
		return Sides{}
	}
	m, err := newModel(p, pr.Catalogue, entries)
	if err != nil {
		return Sides{}
	}
	pm, err := understand(m, l, c, "")
	if err != nil {
		return Sides{}
	}
	var out Sides
	outcomes := map[string]bool{}
	for _, r := range runs {
		if len(r) == 0 || !slices.Contains(entries, r[0].Flow) {
			continue
		}
		if c.kind() == "alike" {
			for _, v := range r {
				outcomes[m.alikeness(l, c, v)] = true
			}
			continue
		}
		out = out.Or(c.judge(m.follow(pm, r)))
	}
	if c.kind() == "alike" {
		all := !slices.ContainsFunc(c.Alike, func(w string) bool { return !outcomes[w] })
		return Sides{all, all}
	}
	return out
}

// alikeness answers which of the outcomes of a contract a visit took.
func (m *model) alikeness(l lexicon, c *Contract, v Visit) string {
	n := m.node(v)
	for _, w := range c.Alike {
		if mk, err := l.mark(w); n != nil && err == nil && mk.reaches(event{kind: left, flow: v.Flow, id: v.Block, blk: n, port: v.Port}) {
			return w
		}
	}
	return ""
}

// judge says which side of the contract a run has shown.
func (c *Contract) judge(reached, passed, back bool) Sides {
	limited := len(c.After) > 0 || c.When != "" || c.Unless != ""
	held := len(c.After) == 0 || back
	if len(c.Every) > 0 {
		if limited {
			return Sides{reached && passed && held, reached && (!passed || !held)}
		}
		return Sides{reached && passed, !reached}
	}
	if limited {
		return Sides{!reached && held, reached}
	}
	return Sides{!reached, !reached}
}

// follow watches a run for the target of a promise.
func (m *model) follow(pm *promise, r []Visit) (reached, passed, back bool) {
	var sub subject
	seen := func(list []mark, e event) bool {
		return slices.ContainsFunc(list, func(k mark) bool { return k.reaches(e) })
	}
	tell := func(e event) {
		if seen(pm.targets, e) {
			reached = true
			passed = passed || slices.ContainsFunc(pm.passed, func(k mark) bool { is, state := k.holds(sub); return state && is })
		}
		passed = passed || !reached && slices.ContainsFunc(pm.passed, func(k mark) bool { return k.passes(e) })
		back = back || seen(pm.back, e)
	}
	for _, v := range r {
		n := m.node(v)
		if n == nil {
			continue
		}
		e := event{flow: v.Flow, id: v.Block, blk: n}
		if v.Entered {
			tell(e)
		}
		if v.Port != "" {
			e.kind, e.port = left, v.Port
			tell(e)
			was := sub
			sub = sub.after(n, v.Port)[0]
			for _, word := range states {
				if sub.shows(word) && !was.shows(word) {
					tell(event{kind: proven, word: word})
				}
			}
		}
		for _, word := range n.issues(v) {
			tell(event{kind: issued, flow: v.Flow, id: v.Block, blk: n, word: word})
		}
	}
	return reached, passed, back
}

// issues answers the words for how a run ended at a block.
func (n *node) issues(v Visit) []string {
	switch {
	case !v.Issued:
		return nil
	case slices.Contains(n.desc.Effects, block.IssuesSession):
		return []string{aSession, anIdentity, aSuccess}
	case slices.Contains(n.desc.Effects, block.IssuesTokens):
		return []string{theTokens, aSuccess}
	}
	if with, _ := n.setting("identity").(bool); with {
		return []string{anIdentity, aSuccess}
	}
	return []string{aSuccess}
}

func (m *model) node(v Visit) *node {
	g := m.flows[v.Flow]
	if g == nil {
		return nil
	}
	i := slices.IndexFunc(g.nodes, func(n *node) bool { return n.id == v.Block })
	if i < 0 {
		return nil
	}
	return g.nodes[i]
}
