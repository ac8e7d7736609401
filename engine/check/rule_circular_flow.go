package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/block/control"
)

var circularFlow = Rule{
	Code: "circular_flow", Severity: Error, Group: "structure",
	Title: "Flows that run each other in a circle",
	Why:   "A flow cannot run itself, directly or in a circle; the run ends denied there.",
	Mend:  "Break the circle (rule C1).",
	flow: func(x *inspection) {
		for i, id := range x.g.IDs {
			if x.desc[i] == nil || x.desc[i].ID != control.RunFlowID {
				continue
			}
			name := target(x.f.Blocks[id])
			if x.v.flow(name) == nil {
				continue // computed, or reported as missing
			}
			if circle := x.v.circle(name, []string{x.slug}); circle != nil {
				x.add(Problem{Block: id, Field: "flow", Message: fmt.Sprintf("The flows run each other in a circle: %s.", strings.Join(circle, " → "))})
			}
		}
	},
}

// circle answers the flows from the first of path back to it, nil when there is
// no way back.
func (v *view) circle(name string, path []string) []string {
	if name == path[0] {
		return append(path, name)
	}
	if slices.Contains(path, name) || !v.reaches(name, path[0]) {
		return nil
	}
	for _, next := range v.runs(name) {
		if c := v.circle(next, append(slices.Clone(path), name)); c != nil {
			return c
		}
	}
	return nil
}
