package check

import "github.com/authflow-studio/authflow/engine/flow"

var noStages = Rule{
	Code: "no_stages", Severity: Error, Group: "structure",
	Title: "A custom flow without stages",
	Why:   "Each block stands in a stage.",
	Mend:  "Name at least one stage in the flow's settings.",
	flow: func(x *inspection) {
		if x.f.Trigger == flow.Custom && len(x.f.Stages) == 0 {
			x.add(Problem{Message: "A custom flow names its own stages, and this one names none."})
		}
	},
}
