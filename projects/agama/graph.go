package agama

// This file builds the blocks of one flow and the ways between them.

import (
	"fmt"
	"maps"
	"slices"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/projects/agama/dsl"
)

// node is a block that is being made. Its config may hold values, which become
// text once it is known what is certain at the block.
type node struct {
	id, typ, stage, label, note string
	at                          dsl.Pos
	config                      map[string]any
	next                        map[string]*node
	// in is what is certain of values when the block is entered.
	in facts
	// secrets are the fields of a page that no expression may read.
	secrets map[string]bool
	// page and end are what a page block and an end are of.
	page *page
	end  *end
	// callee is the flow that a run_flow block runs, when it is known.
	callee *unit
	// kept marks a block that only keeps values for a loop.
	kept bool
}

// kind answers the type of an output, where the block says it.
func (o output) kind() string {
	if len(o.path) != 1 {
		return ""
	}
	switch o.n.typ + "." + o.path[0] {
	case "run_flow.success", "run_flow.aborted", "password_check.verified":
		return "boolean"
	case "run_flow.error", "run_flow.url":
		return "string"
	case "repeat.round", "for_each.index":
		return "integer"
	case "run_flow.data", "page.fields", "redirect.params":
		return "object"
	}
	return ""
}

// exit is a port from which nothing leads on yet, with what is certain there.
type exit struct {
	n     *node
	port  string
	facts facts
}

// graph is the flow as far as it is built.
type graph struct {
	nodes []*node
	start *node
	ids   map[string]bool
	// exits are where the next block will be connected. None: the statement
	// cannot be reached.
	exits []exit
	begun bool
}

func newGraph() *graph { return &graph{ids: map[string]bool{}} }

// reached reports whether a statement that comes now can be reached.
func (g *graph) reached() bool { return !g.begun || len(g.exits) > 0 }

// add puts a block behind all open exits; its ports are opened with open.
func (g *graph) add(typ, id string, at dsl.Pos) *node {
	n := &node{typ: typ, id: g.fresh(id), at: at, config: map[string]any{}, next: map[string]*node{}, in: g.certain()}
	g.nodes = append(g.nodes, n)
	if !g.begun {
		g.start, g.begun = n, true
	}
	for _, e := range g.exits {
		e.n.next[e.port] = n
	}
	g.exits = nil
	return n
}

// certain is what holds on every open way.
func (g *graph) certain() facts {
	if len(g.exits) == 0 {
		return facts{}
	}
	f := g.exits[0].facts
	for _, e := range g.exits[1:] {
		f = f.and(e.facts)
	}
	return f
}

// open opens a port, by which certain outputs have certain values.
func (g *graph) open(n *node, port string, says ...comparison) {
	f := n.in
	for _, c := range says {
		f = f.learn(c, true)
	}
	g.exits = append(g.exits, exit{n, port, f})
}

// split takes the open exits apart by a condition: those where it holds, those
// where it does not, and those where only a run knows.
func (g *graph) split(t test) (yes, no, open []exit) {
	for _, e := range g.exits {
		switch holds, known := t.holds(e.facts); {
		case !known:
			open = append(open, e)
		case holds:
			yes = append(yes, e)
		default:
			no = append(no, e)
		}
	}
	return yes, no, open
}

// reservedIDs cannot stand in an expression after a dot.
var reservedIDs = []string{"as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let", "loop", "package", "namespace", "null", "return", "true", "var", "void", "while"}

// fresh answers an id that no block has yet.
func (g *graph) fresh(wish string) string {
	id := snake(wish)
	if slices.Contains(reservedIDs, id) {
		id += "_step"
	}
	for n := 2; g.ids[id]; n++ {
		id = fmt.Sprintf("%s_%d", snake(wish), n)
	}
	g.ids[id] = true
	return id
}

// bypass takes a block out; what led to it leads to where its port led.
func (g *graph) bypass(n *node, port string) {
	to := n.next[port]
	for _, m := range g.nodes {
		for p, t := range m.next {
			if t == n {
				m.next[p] = to
			}
		}
	}
	if g.start == n {
		g.start = to
	}
	g.nodes = slices.DeleteFunc(g.nodes, func(m *node) bool { return m == n })
	delete(g.ids, n.id)
}

// ports answers the ports of a block that lead on, in order.
func (n *node) ports() []string { return slices.Sorted(maps.Keys(n.next)) }

// must is a forward analysis: what is certain when a block is entered, given
// what leaving a block by a port adds. Nodes that are not reached are absent.
func (g *graph) must(adds func(n *node, port string) []string) map[*node]map[string]bool {
	in := map[*node]map[string]bool{}
	if g.start == nil {
		return in
	}
	in[g.start] = map[string]bool{}
	for todo := []*node{g.start}; len(todo) > 0; {
		n := todo[0]
		todo = todo[1:]
		for _, port := range n.ports() {
			out := maps.Clone(in[n])
			for _, a := range adds(n, port) {
				out[a] = true
			}
			to := n.next[port]
			before, seen := in[to]
			if !seen {
				in[to] = out
				todo = append(todo, to)
				continue
			}
			size := len(before)
			maps.DeleteFunc(before, func(k string, _ bool) bool { return !out[k] })
			if len(before) != size {
				todo = append(todo, to)
			}
		}
	}
	return in
}

// ran answers for each block the blocks that have certainly run before it.
func (g *graph) ran() map[*node]map[string]bool {
	return g.must(func(n *node, port string) []string {
		if port == "error" {
			return nil
		}
		return []string{n.id}
	})
}

// prune takes out blocks to which no way leads.
func (g *graph) prune() {
	reached := g.ran()
	g.nodes = slices.DeleteFunc(g.nodes, func(n *node) bool { _, ok := reached[n]; return !ok })
}

// blocks answers what a flow file says.
func (g *graph) blocks() map[string]*flow.Block {
	out := map[string]*flow.Block{}
	ran := g.ran()
	for _, n := range g.nodes {
		b := &flow.Block{Type: n.typ, Stage: n.stage, Label: n.label, Note: n.note}
		w := &writer{certain: ran[n]}
		if len(n.config) > 0 {
			b.Config = w.config(n.config)
		}
		for port, to := range n.next {
			if b.Next == nil {
				b.Next = map[string]string{}
			}
			b.Next[port] = to.id
		}
		out[n.id] = b
	}
	return out
}
