package check

import (
	"fmt"
	"slices"
)

var doubleStage = Rule{
	Code: "double_stage", Severity: Error, Group: "structure",
	Title: "A stage that is named twice",
	Why:   "Stages have an order, and this one would have two places in it.",
	Mend:  "Take one of the two out.",
	flow: func(x *inspection) {
		for i, s := range x.f.Stages {
			if slices.Contains(x.f.Stages[:i], s) {
				x.add(Problem{Message: fmt.Sprintf("The stage %q is named twice.", s)})
				return
			}
		}
	},
}
