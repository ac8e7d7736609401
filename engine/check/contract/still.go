package contract

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
)

// This file judges the promises that need no search over values: outcomes that
// look alike, time between two pages, hosts.

// alike judges whether the same can be seen after each of the outcomes: which
// pages, which ends, which other flows, whatever conditions lie between. How
// long it takes is not looked at.
func (pr *Prover) alike(p *flow.Project, c *Contract, entries []string, r Result) Result {
	var marks []mark
	for _, word := range c.Alike {
		m, err := lexicon{p, pr.Catalogue}.mark(word)
		if err == nil && m.port == "" {
			err = fmt.Errorf("%q is no outcome: write BLOCK:OUTCOME", word)
		}
		if err != nil {
			return r.malformed(err)
		}
		marks = append(marks, m)
	}
	m, err := newModel(p, pr.Catalogue, entries)
	if err != nil {
		r.Verdict, r.Reason = Unknown, err.Error()
		return r
	}
	compared := 0
	for _, slug := range m.slugs {
		g := m.flows[slug]
		for _, outs := range g.outcomes(marks) {
			compared += len(outs) - 1
			for _, o := range outs[1:] {
				if a, b := g.seen(outs[0]), g.seen(o); !maps.Equal(a, b) {
					r.Verdict, r.Flow, r.Path = Refuted, slug, g.way(o)
					r.Reason = fmt.Sprintf("after %s one sees %s, after %s %s", outs[0], words(a), o, words(b))
					return r
				}
			}
		}
	}
	r.Verdict = Proved
	if compared == 0 {
		r.Reason = "no block has two of these outcomes"
	}
	return r
}

// outcome is a port of a block.
type outcome struct {
	n    *node
	port string
}

func (o outcome) String() string { return o.n.id + ":" + o.port }

// outcomes groups what is to be alike: the outcomes of one block, or those of
// the blocks that are named.
func (g *graph) outcomes(marks []mark) [][]outcome {
	var groups [][]outcome
	var named []outcome
	for _, n := range g.nodes {
		var own []outcome
		for _, m := range marks {
			e := event{kind: left, flow: g.slug, id: n.id, blk: n, port: m.port}
			if _, wired := n.next[m.port]; !wired || !m.reaches(e) {
				continue
			}
			if m.block != "" {
				named = append(named, outcome{n, m.port})
			} else {
				own = append(own, outcome{n, m.port})
			}
		}
		if len(own) > 1 {
			groups = append(groups, own)
		}
	}
	if len(named) > 1 {
		groups = append(groups, named)
	}
	return groups
}

// seen answers what a person may see next after an outcome.
func (g *graph) seen(o outcome) map[string]bool {
	faces, been := map[string]bool{}, map[int]bool{}
	todo := []int{o.n.next[o.port]}
	for len(todo) > 0 {
		n := g.nodes[todo[0]]
		todo = todo[1:]
		if been[n.index] {
			continue
		}
		been[n.index] = true
		switch {
		case n.desc.Asks:
			faces["the page of "+n.id] = true
		case n.desc.Terminal:
			faces[fmt.Sprintf("the end %s%v", n.desc.ID, n.config["message"])] = true
		case len(n.calls) > 0:
			faces["the flow "+strings.Join(n.calls, " or ")+" of "+n.id] = true
		default:
			for _, to := range n.next {
				todo = append(todo, to)
			}
		}
	}
	return faces
}

func words(faces map[string]bool) string {
	if len(faces) == 0 {
		return "nothing"
	}
	return strings.Join(sortedKeys(faces), ", ")
}

// way is a shortest way through the drawing to an outcome.
func (g *graph) way(o outcome) []Step {
	from := map[int]Step{}
	parent := map[int]int{g.start: -1}
	todo := []int{g.start}
	for len(todo) > 0 {
		i := todo[0]
		todo = todo[1:]
		n := g.nodes[i]
		for _, port := range sortedKeys(n.next) {
			to := n.next[port]
			if _, been := parent[to]; !been {
				parent[to], from[to] = i, Step{Flow: g.slug, Block: n.id, Port: port}
				todo = append(todo, to)
			}
		}
	}
	out := []Step{{Flow: g.slug, Block: o.n.id, Port: o.port}}
	if _, been := parent[o.n.index]; !been {
		return out
	}
	for i := o.n.index; parent[i] >= 0; i = parent[i] {
		out = append([]Step{from[i]}, out...)
	}
	return out
}

// callsOnly judges the hosts that may be called at all: what is not among the
// egress hosts no block and no Action reaches (rule A8).
func (pr *Prover) callsOnly(p *flow.Project, c *Contract, _ []string, r Result) Result {
	r.Verdict = Proved
	for _, host := range p.Settings.EgressHosts {
		if slices.ContainsFunc(c.CallsOnly, func(h string) bool { return strings.EqualFold(h, host) }) {
			continue
		}
		r.Verdict, r.Reason = Refuted, fmt.Sprintf("%s is among the egress hosts of %s", host, flow.SettingsFile)
		r.Path = pr.callers(p, host)
		return r
	}
	return r
}

// callers answers the way to the first block whose settings name a host.
func (pr *Prover) callers(p *flow.Project, host string) []Step {
	m, err := newModel(p, pr.Catalogue, sortedKeys(p.Flows))
	if err != nil {
		return []Step{}
	}
	for _, slug := range sortedKeys(m.flows) {
		for _, n := range m.flows[slug].nodes {
			address, _ := n.config["url"].(string)
			if u, err := url.Parse(address); err == nil && (strings.EqualFold(u.Host, host) || strings.EqualFold(u.Hostname(), host)) {
				way := m.flows[slug].way(outcome{n, ""})
				return way
			}
		}
	}
	return []Step{}
}

// within judges the longest time that can pass between two pages: what each
// block may take at most, over the longest path that shows none.
func (pr *Prover) within(p *flow.Project, c *Contract, entries []string, r Result) Result {
	m, err := newModel(p, pr.Catalogue, entries)
	if err != nil {
		r.Verdict, r.Reason = Unknown, err.Error()
		return r
	}
	w := walk{m: m, budgets: p.Settings.WithDefaults().Budgets, done: map[*node]leg{}}
	r.Verdict = Proved
	var longest leg
	for _, slug := range m.slugs {
		for _, n := range m.flows[slug].nodes {
			if n.index != m.flows[slug].start && !n.desc.Asks {
				continue
			}
			l := w.from(n, map[*node]bool{})
			if w.problem != "" {
				r.Verdict, r.Reason = Unknown, w.problem
				return r
			}
			if l.takes > longest.takes {
				longest = l
			}
		}
	}
	r.Reason = fmt.Sprintf("%s in the worst case", longest.takes)
	if longest.takes > time.Duration(c.Within) {
		r.Verdict, r.Path = Refuted, longest.steps
		r.Reason = fmt.Sprintf("%s may pass without a page, and %s are promised", longest.takes, time.Duration(c.Within))
		if len(longest.steps) > 0 {
			r.Flow = longest.steps[0].Flow
		}
	}
	return r
}

// leg is a stretch without a page.
type leg struct {
	takes time.Duration
	steps []Step
}

// walk finds the longest stretches.
type walk struct {
	m       *model
	budgets flow.Budgets
	done    map[*node]leg
	problem string
}

// from answers the longest stretch that begins at a block. A loop that shows no
// page and takes time has no longest one that is looked for.
func (w *walk) from(n *node, on map[*node]bool) leg {
	if l, ok := w.done[n]; ok {
		return l
	}
	on[n] = true
	defer delete(on, n)
	own := w.takes(n, on)
	var best leg
	for _, port := range sortedKeys(n.next) {
		to := n.g.nodes[n.next[port]]
		if on[to] {
			if !to.desc.Asks {
				w.problem = fmt.Sprintf("%s.%s stands in a loop without a page, whose time is not added up", n.g.slug, to.id)
			}
			continue
		}
		var l leg
		if !to.desc.Asks {
			l = w.from(to, on)
		}
		if l.takes >= best.takes && (best.steps == nil || l.takes > best.takes) {
			best = leg{l.takes, append([]Step{{Flow: n.g.slug, Block: n.id, Port: port}}, l.steps...)}
		}
	}
	best.takes += own
	if best.steps == nil {
		best.steps = []Step{{Flow: n.g.slug, Block: n.id}}
	}
	w.done[n] = best
	return best
}

// takes is what one block may take at most.
func (w *walk) takes(n *node, on map[*node]bool) time.Duration {
	call := time.Duration(w.budgets.Call)
	switch {
	case n.desc.ID == "delay":
		ms, _ := n.setting("ms").(float64)
		return time.Duration(ms) * time.Millisecond
	case n.desc.ID == "run_custom_action":
		return time.Duration(w.budgets.Action)
	case len(n.calls) > 0:
		var longest time.Duration
		for _, slug := range n.calls {
			g := w.m.flows[slug]
			if start := g.nodes[g.start]; !on[start] {
				longest = max(longest, w.from(start, on).takes)
			}
		}
		return longest
	case !slices.Contains(n.desc.Effects, block.CallsHost) || n.desc.ID == "emit_event":
		return 0
	}
	if own, _ := n.config["timeout"].(string); own != "" {
		if d, err := time.ParseDuration(own); err == nil && d > 0 {
			call = min(call, d)
		}
	}
	tries, _ := n.setting("retry").(float64)
	return call * time.Duration(1+tries)
}
