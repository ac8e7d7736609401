package check

import (
	"fmt"
	"strings"
)

// checkLoops: a cycle passes a block that waits for a person, or one that
// counts (G4).
func checkLoops(x *inspection) {
	breaks := func(i int) bool {
		d := x.desc[i]
		return d != nil && (d.Asks || d.ID == "repeat" || d.ID == "for_each")
	}
	for _, part := range x.g.Cycles(breaks) {
		names := make([]string, len(part))
		for k, i := range part {
			names[k] = x.g.IDs[i]
		}
		x.add(Problem{Code: "endless_loop", Severity: Error, Block: names[0], Message: fmt.Sprintf("%s run in a circle that never asks the person.", strings.Join(names, ", ")),
			Why: "A loop must pass a block that waits for a person, or a repeat block with a maximum; else a run goes on until its budget is used up."})
	}
}
