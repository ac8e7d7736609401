package check

import (
	"fmt"
	"slices"
)

var edgeToEarlierStage = Rule{
	Code: "edge_to_earlier_stage", Severity: Error, Group: "structure",
	Title: "A connection back to an earlier stage",
	Why:   "Stages are gone through once, in order (rule G4).",
	Mend:  "Move the block, or lead the connection elsewhere; repeat within a stage.",
	flow: func(x *inspection) {
		order := x.f.StageOrder()
		for i, id := range x.g.IDs {
			stage := x.f.Blocks[id].Stage
			at := slices.Index(order, stage)
			if at < 0 || x.desc[i] == nil {
				continue
			}
			for _, e := range x.g.Out[i] {
				to := x.f.Blocks[x.g.IDs[e.To]].Stage
				if next := slices.Index(order, to); next >= 0 && next < at {
					x.add(Problem{Block: id, Field: "next." + e.Port, Fix: disconnect(id, e.Port),
						Message: fmt.Sprintf("The outcome %q of %q leads back from %s to %s.", e.Port, id, stage, to)})
				}
			}
		}
	},
}
