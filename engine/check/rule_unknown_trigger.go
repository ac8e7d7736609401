package check

import (
	"fmt"

	"github.com/authflow-studio/authflow/engine/flow"
)

var unknownTrigger = Rule{
	Code: "unknown_trigger", Severity: Error, Group: "structure",
	Title: "A trigger that does not exist",
	Why:   "The trigger decides when the flow runs and which stages it has.",
	Mend:  "Choose one of the triggers of rule G3.",
	flow: func(x *inspection) {
		if _, ok := flow.TriggerByID(x.f.Trigger); !ok {
			x.add(Problem{Message: fmt.Sprintf("There is no trigger %q.", x.f.Trigger)})
		}
	},
}
