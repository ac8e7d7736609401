package contract

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/block/control"
	"github.com/authflow-studio/authflow/engine/expr"
	"github.com/authflow-studio/authflow/engine/flow"
)

// model is a project as the search sees it.
type model struct {
	p         *flow.Project
	catalogue *block.Catalogue
	flows     map[string]*graph
	slugs     []string
	vars      []*variable
	byKey     map[string]int
}

// graph is one flow.
type graph struct {
	slug  string
	index int
	f     *flow.Flow
	nodes []*node
	start int
	// loops are the repeat blocks, whose rounds are part of a state.
	loops []int
}

// node is one block.
type node struct {
	g      *graph
	index  int
	id     string
	desc   *block.Descriptor
	config map[string]any
	// next leads from a port to a block; a wired port that leads nowhere is -1.
	next  map[string]int
	ports []string
	// rows are the conditions of a decision or a match, in order.
	rows []row
	// calls are the flows that it may run.
	calls []string
	loop  int
	// live are the variables that something may still ask for when it is entered.
	live set
	uses set
}

type row struct {
	port string
	when *condition
}

// proves answers the kinds of factors that leaving by a port verifies.
func (n *node) proves(port string) []string {
	if port == block.ErrorPort {
		return nil
	}
	return slices.Concat(n.desc.Proves[port], n.desc.Proves[""])
}

// finds reports whether leaving by a port may make event.user somebody else.
func (n *node) finds(port string) bool {
	if port == block.ErrorPort || n.desc.KeepsUser {
		return false
	}
	return slices.Contains(n.desc.Gives[port], block.FactUser) || slices.Contains(n.desc.Gives[""], block.FactUser)
}

// setting answers a value of the config, or its default.
func (n *node) setting(name string) any {
	if v, set := n.config[name]; set {
		return v
	}
	if f, ok := n.desc.Field(name); ok {
		return f.Default
	}
	return nil
}

// newModel reads the flows that can be run from the entries.
func newModel(p *flow.Project, c *block.Catalogue, entries []string) (*model, error) {
	m := &model{p: p, catalogue: c, flows: map[string]*graph{}, byKey: map[string]int{}}
	todo := slices.Clone(entries)
	for len(todo) > 0 {
		slug := todo[0]
		todo = todo[1:]
		if m.flows[slug] != nil || p.Flows[slug] == nil {
			continue
		}
		g, err := m.read(slug)
		if err != nil {
			return nil, err
		}
		for _, n := range g.nodes {
			todo = append(todo, n.calls...)
		}
	}
	return m, nil
}

func (m *model) read(slug string) (*graph, error) {
	f := m.p.Flows[slug]
	g := &graph{slug: slug, index: len(m.slugs), f: f, start: -1}
	m.flows[slug], m.slugs = g, append(m.slugs, slug)
	ids := flow.NewGraph(f)
	for i, id := range ids.IDs {
		d, ok := m.catalogue.Descriptor(f.Blocks[id].Type)
		if !ok {
			return nil, fmt.Errorf("the flow %s holds a block of a type that nobody knows: %s", slug, f.Blocks[id].Type)
		}
		n := &node{g: g, index: i, id: id, config: f.Blocks[id].Config, desc: d.In(m.p, f.Blocks[id].Config), next: map[string]int{}, loop: -1}
		for _, port := range n.desc.PortsOf(n.config) {
			n.ports = append(n.ports, port.ID)
			if to := f.Blocks[id].Next[port.ID]; to != "" {
				at, there := ids.Index[to]
				if !there {
					return nil, fmt.Errorf("in the flow %s the outcome %s:%s leads to %q, and there is no such block", slug, id, port.ID, to)
				}
				n.next[port.ID] = at
			}
		}
		if d.ID == "repeat" {
			n.loop = len(g.loops)
			g.loops = append(g.loops, i)
		}
		n.calls = m.calls(n)
		g.nodes = append(g.nodes, n)
	}
	if ids.Start < 0 {
		return nil, fmt.Errorf("the flow %s has no first block", slug)
	}
	g.start = ids.Start
	return g, m.readConditions(g)
}

// calls answers the flows that a block may run: a name that is computed may be
// any.
func (m *model) calls(n *node) []string {
	if n.desc.ID != control.RunFlowID {
		return nil
	}
	name, _ := n.config["flow"].(string)
	if strings.Contains(name, "{{") {
		return sortedKeys(m.p.Flows)
	}
	if m.p.Flows[name] == nil {
		return nil
	}
	return []string{name}
}

// readConditions reads the rows of decisions and matches.
func (m *model) readConditions(g *graph) error {
	for _, n := range g.nodes {
		switch n.desc.ID {
		case "decision":
			for i, r := range rowsOf(n.config["rows"]) {
				when, _ := r["when"].(string)
				port, _ := r["port"].(string)
				c, err := m.condition(g.slug, when)
				if err != nil {
					return fmt.Errorf("row %d of %s.%s: %w", i+1, g.slug, n.id, err)
				}
				n.rows = append(n.rows, row{port, c})
			}
		case "match":
			if err := m.readMatch(g, n); err != nil {
				return err
			}
		}
	}
	return nil
}

// readMatch reads a match as a decision; only texts are compared as they are,
// of anything else every outcome is possible.
func (m *model) readMatch(g *graph, n *node) error {
	value, _ := n.config["value"].(string)
	l, issues := expr.LogicOf("(" + value + ") == ''")
	if len(issues) > 0 || l.Kind != expr.LogicIs || l.Path == nil || m.typeOf(g.slug, l.Path) != "string" {
		return nil
	}
	for _, r := range rowsOf(n.config["options"]) {
		is, _ := r["is"].(string)
		port, _ := r["port"].(string)
		text, err := json.Marshal(is)
		if err != nil {
			return err
		}
		c, err := m.condition(g.slug, "("+value+") == "+string(text))
		if err != nil {
			return err
		}
		n.rows = append(n.rows, row{port, c})
	}
	return nil
}

func rowsOf(v any) []map[string]any {
	list, _ := v.([]any)
	var out []map[string]any
	for _, r := range list {
		if row, ok := r.(map[string]any); ok {
			out = append(out, row)
		}
	}
	return out
}

// condition makes a condition of a text, in the scope of a flow.
func (m *model) condition(slug, src string) (*condition, error) {
	if strings.TrimSpace(src) == "" {
		return nil, nil
	}
	l, issues := expr.LogicOf(src)
	if len(issues) > 0 {
		return nil, fmt.Errorf("%q: %s", src, issues[0].Message)
	}
	return m.build(slug, l), nil
}

func (m *model) build(slug string, l *expr.Logic) *condition {
	c := &condition{kind: l.Kind, op: l.Op, is: l.Value}
	switch l.Kind {
	case expr.LogicHas, expr.LogicTruth, expr.LogicIs:
		c.v = m.variable(slug, l)
		return c
	}
	for _, a := range l.Args {
		c.args = append(c.args, m.build(slug, a))
	}
	return c
}

// variable answers the index of a term, the same one for the same term.
func (m *model) variable(slug string, l *expr.Logic) int {
	v := &variable{term: l.Term, reads: l.Reads, path: l.Path, size: l.Size, whole: l.Size, opaque: l.Path == nil && l.Kind == expr.LogicTruth}
	for _, r := range l.Reads {
		if r[0] == "step" || r[0] == "input" || r[0] == "flow" {
			v.scope = slug
		}
	}
	i, known := m.byKey[v.key()]
	if !known {
		i = len(m.vars)
		m.vars, m.byKey[v.key()] = append(m.vars, v), i
		if l.Path != nil && !l.Size {
			v.typ = m.typeOf(slug, l.Path)
		}
		if l.Size {
			v.typ = "integer"
		}
		v.mayLack = l.Path == nil || m.mayLack(slug, l.Path)
	}
	switch {
	case l.Kind == expr.LogicIs:
		m.vars[i].mention(l.Op, l.Value)
	case l.Kind == expr.LogicTruth:
		m.vars[i].bools = true
	}
	return i
}

// typeOf answers the declared type of a path, "" when nobody declared one.
func (m *model) typeOf(slug string, path []string) string {
	typ := ""
	switch path[0] {
	case "event":
		for _, e := range block.EventFields {
			if e.Path == strings.Join(path[1:], ".") {
				typ = e.Type
			}
		}
	case "step":
		if o, ok := m.output(slug, path); ok {
			typ = o.Type
		}
	case "input":
		if len(path) == 2 && m.p.Flows[slug] != nil {
			typ = m.p.Flows[slug].Inputs[path[1]].Type
		}
	}
	if typ == "any" || typ == "object" || typ == "array" {
		return ""
	}
	return typ
}

// output answers the declared output that a path is.
func (m *model) output(slug string, path []string) (block.Output, bool) {
	f := m.p.Flows[slug]
	if f == nil || len(path) < 3 || f.Blocks[path[1]] == nil {
		return block.Output{}, false
	}
	b := f.Blocks[path[1]]
	d, ok := m.catalogue.Descriptor(b.Type)
	if !ok {
		return block.Output{}, false
	}
	outs := d.In(m.p, b.Config).OutputsOf(b.Config)
	i := slices.IndexFunc(outs, func(o block.Output) bool { return o.Name == strings.Join(path[2:], ".") })
	if i < 0 {
		return block.Output{}, false
	}
	return outs[i], true
}

// mayLack reports whether a path may be missing though what it is in is there:
// everything but a typed output of a block.
func (m *model) mayLack(slug string, path []string) bool {
	if path[0] != "step" {
		return true
	}
	o, ok := m.output(slug, path)
	return !ok || o.Type == "any"
}

// finish cuts the values of all variables; no condition is read after it.
func (m *model) finish() error {
	for _, v := range m.vars {
		if err := v.cut(); err != nil {
			return err
		}
	}
	return nil
}
