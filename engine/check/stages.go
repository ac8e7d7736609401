package check

import (
	"fmt"
	"slices"
	"strings"
)

// checkStages: every block stands in a stage of its flow where its type is
// allowed, and no edge leads to an earlier stage (G3, G4).
func checkStages(x *inspection) {
	order := x.f.StageOrder()
	for i, id := range x.g.IDs {
		b := x.f.Blocks[id]
		at := slices.Index(order, b.Stage)
		if at < 0 && len(order) > 0 {
			p := Problem{Code: "unknown_stage", Severity: Error, Block: id, Message: fmt.Sprintf("%q stands in the stage %q, which a %s flow does not have.", id, b.Stage, x.f.Trigger),
				Why: "Its stages are " + strings.Join(order, ", ") + ".", Fix: &Fix{Title: "Move it to " + order[0], Edit: []Edit{{Op: "set_stage", Block: id, Stage: order[0]}}}}
			x.add(p)
			continue
		}
		if x.desc[i] == nil {
			continue
		}
		if allowed := x.desc[i].StagesFor(x.f); allowed != nil && !slices.Contains(allowed, b.Stage) {
			if len(allowed) == 0 {
				x.add(Problem{Code: "wrong_trigger", Severity: Error, Block: id, Message: fmt.Sprintf("%s cannot stand in a %s flow.", x.desc[i].Title, x.f.Trigger), Why: "What it works with is not there."})
				continue
			}
			x.add(Problem{Code: "wrong_stage", Severity: Error, Block: id, Message: fmt.Sprintf("%s cannot stand in the stage %s.", x.desc[i].Title, b.Stage),
				Why: "It belongs into " + strings.Join(allowed, " or ") + ".", Fix: &Fix{Title: "Move it to " + allowed[len(allowed)-1], Edit: []Edit{{Op: "set_stage", Block: id, Stage: allowed[len(allowed)-1]}}}})
		}
		for _, e := range x.g.Out[i] {
			to := x.f.Blocks[x.g.IDs[e.To]]
			if next := slices.Index(order, to.Stage); at >= 0 && next >= 0 && next < at {
				x.add(Problem{Code: "edge_to_earlier_stage", Severity: Error, Block: id, Field: "next." + e.Port,
					Message: fmt.Sprintf("The outcome %q of %q leads back from %s to %s.", e.Port, id, b.Stage, to.Stage),
					Why:     "Stages are gone through once, in order. Move the block, or lead the connection elsewhere.",
					Fix:     &Fix{Title: "Remove the connection", Edit: []Edit{{Op: "disconnect", Block: id, Port: e.Port}}}})
			}
		}
	}
}
