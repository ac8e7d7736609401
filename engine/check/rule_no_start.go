package check

import "fmt"

var noStart = Rule{
	Code: "no_start", Severity: Error, Group: "structure",
	Title: "A flow whose first block is not there",
	Why:   "Without a start nothing runs.",
	Mend:  "Choose a first block.",
	flow: func(x *inspection) {
		if len(x.f.Blocks) > 0 && x.g.Start < 0 {
			x.add(Problem{Message: fmt.Sprintf("The flow starts at %q, and there is no such block.", x.f.Start)})
		}
	},
}
