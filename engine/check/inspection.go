package check

import (
	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/block/control"
	"github.com/authflow-studio/authflow/engine/flow"
)

// inspection is what the rules of one flow share.
type inspection struct {
	*Checker
	p        *flow.Project
	v        *view
	slug     string
	f        *flow.Flow
	g        *flow.Graph
	desc     []*block.Descriptor // by block index; nil when the type is unknown
	reach    []bool
	sure     *availability
	texts    [][]text // by block index
	rule     *Rule
	problems []Problem

	outputsRead map[string]bool
}

// inspect looks at a flow with what is certain where it is begun.
func (v *view) inspect(slug string, f *flow.Flow, certain []string) *inspection {
	x := &inspection{Checker: v.c, p: v.p, v: v, slug: slug, f: f, g: flow.NewGraph(f)}
	x.desc = make([]*block.Descriptor, len(x.g.IDs))
	for i, id := range x.g.IDs {
		if d, ok := v.c.Catalogue.Descriptor(f.Blocks[id].Type); ok {
			x.desc[i] = d.In(v.p, f.Blocks[id].Config)
		}
	}
	x.reach = x.g.Reachable()
	x.sure = analyse(x, certain)
	return x
}

func (x *inspection) add(p Problem) {
	p.Flow = x.slug
	p.File = flow.FlowPath(x.slug)
	x.problems = append(x.problems, x.rule.problem(p))
}

// ports answers the ports of a block by its index.
func (x *inspection) ports(i int) []block.Port {
	if x.desc[i] == nil {
		return nil
	}
	return x.desc[i].PortsOf(x.f.Blocks[x.g.IDs[i]].Config)
}

// look answers what the rules of places find at a block.
func (x *inspection) look(i int) []Problem {
	b := x.f.Blocks[x.g.IDs[i]]
	l := &place{p: x.p, f: x.f, id: x.g.IDs[i], b: b, d: x.desc[i], types: x.Catalogue.IDs(), settings: settingsOf(x.desc[i], b.Config), ports: x.ports(i)}
	for _, r := range placeRules {
		l.rule = r
		r.place(l)
	}
	return l.problems
}

// judge answers what all rules find; old is what is remembered of the flow, nil
// for nothing.
func (x *inspection) judge(old *remembered) (*remembered, []Problem) {
	now := remember(x, old)
	x.texts = now.texts
	file := flow.FlowPath(x.slug)
	for _, found := range now.places {
		for _, p := range found {
			p.Flow, p.File = x.slug, file
			x.problems = append(x.problems, p)
		}
	}
	for _, r := range flowRules {
		x.rule = r
		r.flow(x)
	}
	return now, x.problems
}

// eachCall goes through the flows that a flow runs by name, with what they are given.
func (x *inspection) eachCall(look func(id, name string, def *flow.Flow, given map[string]any)) {
	for i, id := range x.g.IDs {
		if x.desc[i] == nil || x.desc[i].ID != control.RunFlowID {
			continue
		}
		name := target(x.f.Blocks[id])
		if def := x.v.flow(name); def != nil {
			given, _ := x.f.Blocks[id].Config["inputs"].(map[string]any)
			look(id, name, def, given)
		}
	}
}
