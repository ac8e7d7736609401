package check

var emptyFlow = Rule{
	Code: "empty_flow", Severity: Warning, Group: "structure",
	Title: "A flow with no blocks",
	Why:   "There is nothing to run.",
	Mend:  "Drag a block from the palette to begin.",
	flow: func(x *inspection) {
		if len(x.f.Blocks) == 0 {
			x.add(Problem{Message: "The flow has no blocks yet."})
		}
	},
}
