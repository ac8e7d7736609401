package check

import (
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/block/control"
	"github.com/authflow-studio/authflow/engine/flow"
)

// certainBefore answers the facts that hold wherever a flow is begun. One that
// can be launched begins with none; one that only other flows run (rule G7)
// begins with what is certain at each of the blocks that run it.
func (x *inspection) certainBefore() []string {
	if !x.f.SubflowOnly || x.p == nil {
		return nil
	}
	certain := slices.Clone(facts)
	runs := 0
	for _, slug := range sortedKeys(x.p.Flows) {
		def := x.p.Flows[slug]
		at, computed := runsOf(def, x.slug)
		if computed {
			return nil // it may be this one
		}
		if len(at) == 0 {
			continue
		}
		if slices.Contains(x.calls, slug) {
			return nil // being looked at: nothing is known of it yet
		}
		in := inspect(x.Checker, x.p, slug, def, x.calls...)
		for i, id := range in.g.IDs {
			if !slices.Contains(at, id) || !in.reach[i] {
				continue
			}
			runs++
			certain = slices.DeleteFunc(certain, func(f string) bool { return !in.sure.fact(i, f) })
		}
	}
	if runs == 0 {
		return nil
	}
	return certain
}

// runsOf answers the blocks of a flow that run another, and whether one of its
// blocks computes which flow it runs.
func runsOf(f *flow.Flow, slug string) (at []string, computed bool) {
	for id, b := range f.Blocks {
		if b.Type != control.RunFlowID {
			continue
		}
		name, _ := b.Config["flow"].(string)
		computed = computed || strings.Contains(name, "{{")
		if name == slug {
			at = append(at, id)
		}
	}
	return at, computed
}
