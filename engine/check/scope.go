package check

import (
	"strings"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/expr"
	"github.com/authflow-studio/authflow/engine/flow"
)

// Value is one value that can be used at a block.
type Value struct {
	Path string `json:"path"`
	Type string `json:"type"`
	Help string `json:"help"`
	// Sure is false when some way to the block has not produced it.
	Sure bool `json:"sure"`
}

// Scope lists what expressions of a block can use, for the picker.
func (c *Checker) Scope(p *flow.Project, slug string, f *flow.Flow, id string) []Value {
	x := newView(c, p, slug, f).inContext(slug)
	at, ok := x.g.Index[id]
	if !ok {
		return []Value{}
	}
	out := []Value{}
	before := x.sure.mayHaveRun(at)
	for j, other := range x.g.IDs {
		if !before[j] || x.desc[j] == nil {
			continue
		}
		for _, o := range x.outputs(j) {
			out = append(out, Value{Path: "step." + other + "." + o.Name, Type: o.Type, Help: o.Help, Sure: x.sure.ran(at, j)})
		}
	}
	for _, e := range block.EventFields {
		out = append(out, Value{Path: "event." + e.Path, Type: e.Type, Help: e.Help, Sure: e.Needs == "" || x.sure.fact(at, e.Needs)})
	}
	for _, name := range sortedKeys(f.Inputs) {
		in := f.Inputs[name]
		out = append(out, Value{Path: "input." + name, Type: in.Type, Help: in.Description, Sure: in.Required})
	}
	return out
}

// outputs answers a block's outputs, the fields of a page by name.
func (x *inspection) outputs(i int) []block.Output {
	d := x.desc[i]
	out := d.OutputsOf(x.f.Blocks[x.g.IDs[i]].Config)
	if d.ID != "page" {
		return out
	}
	rows, _ := x.f.Blocks[x.g.IDs[i]].Config["fields"].([]any)
	for _, r := range rows {
		row, _ := r.(map[string]any)
		name, _ := row["name"].(string)
		kind, _ := row["type"].(string)
		if name != "" && kind != "password" && kind != "code" {
			out = append(out, block.Output{Name: "fields." + name, Type: "string", Help: "What was filled in"})
		}
	}
	return out
}

// schema describes to the expression checker what is known in this flow. What is
// remembered is taken over: the types of the blocks that were the same, and all of
// it when nothing has another type.
func (x *inspection) schema(old *remembered, was []int) (s *expr.Schema, steps, inputs map[string]bool) {
	s = &expr.Schema{Event: eventType, Step: make(map[string]*expr.Type, len(x.g.IDs)), Input: map[string]*expr.Type{}, Claims: claimsType, Flow: flowType}
	for i, id := range x.g.IDs {
		if was[i] >= 0 {
			s.Step[id] = old.schema.Step[id]
		} else {
			s.Step[id] = x.outputType(i)
		}
	}
	for name, in := range x.f.Inputs {
		s.Input[name] = typeOf(in.Type)
	}
	if old == nil {
		return s, nil, nil
	}
	steps, inputs = retyped(old.schema.Step, s.Step), retyped(old.schema.Input, s.Input)
	if len(steps)+len(inputs) == 0 {
		return old.schema, nil, nil
	}
	return s, steps, inputs
}

// outputType is the type of what a block puts out.
func (x *inspection) outputType(i int) *expr.Type {
	d := x.desc[i]
	if d == nil || d.OpenOutputs && d.ID != "page" {
		return expr.Dyn
	}
	fields := map[string]*expr.Type{"error": expr.Dyn}
	for _, o := range d.OutputsOf(x.f.Blocks[x.g.IDs[i]].Config) {
		fields[o.Name] = typeOf(o.Type)
	}
	return expr.Object(fields)
}

var (
	eventType = func() *expr.Type {
		t := expr.Object(map[string]*expr.Type{})
		for _, e := range block.EventFields {
			put(t, strings.Split(e.Path, "."), typeOf(e.Type))
		}
		return t
	}()
	claimsType = expr.MapOf(expr.MapOf(expr.Dyn))
	flowType   = expr.Object(map[string]*expr.Type{"name": expr.String, "trigger": expr.String, "run_id": expr.String})
)

func put(t *expr.Type, path []string, leaf *expr.Type) {
	if len(path) == 1 {
		t.Fields[path[0]] = leaf
		return
	}
	next := t.Fields[path[0]]
	if next == nil {
		next = expr.Object(map[string]*expr.Type{})
		t.Fields[path[0]] = next
	}
	put(next, path[1:], leaf)
}

func typeOf(name string) *expr.Type {
	switch name {
	case "string":
		return expr.String
	case "integer":
		return expr.Int
	case "number":
		return expr.Double
	case "boolean":
		return expr.Bool
	case "array":
		return expr.ListOf(expr.Dyn)
	case "object":
		return expr.MapOf(expr.Dyn)
	}
	return expr.Dyn
}
