package check

import (
	"fmt"
	"strings"
)

var endlessLoop = Rule{
	Code: "endless_loop", Severity: Error, Group: "structure",
	Title: "A circle that never asks the person",
	Why:   "A loop must pass a block that waits for a person, or a repeat block with a maximum; else a run goes on until its budget is used up.",
	Mend:  "Put a page or a `repeat` block into it (rule G4).",
	flow: func(x *inspection) {
		for _, part := range x.g.Cycles(x.counts) {
			names := make([]string, len(part))
			for k, i := range part {
				names[k] = x.g.IDs[i]
			}
			x.add(Problem{Block: names[0], Message: fmt.Sprintf("%s run in a circle that never asks the person.", strings.Join(names, ", "))})
		}
	},
}

// counts tells whether a circle through a block comes to an end.
func (x *inspection) counts(i int) bool {
	d := x.desc[i]
	return d != nil && (d.Asks || d.ID == "repeat" || d.ID == "for_each")
}
