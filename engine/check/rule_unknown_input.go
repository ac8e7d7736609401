package check

import (
	"fmt"

	"github.com/authflow-studio/authflow/engine/flow"
)

var unknownInput = Rule{
	Code: "unknown_input", Severity: Error, Group: "data",
	Title: "An input that the flow does not have",
	Why:   "A flow is not run with what it does not know; the block fails.",
	Mend:  "Correct its name, or declare it in the flow (rule G8).",
	flow: func(x *inspection) {
		x.eachCall(func(id, name string, def *flow.Flow, given map[string]any) {
			for _, in := range sortedKeys(given) {
				if _, known := def.Inputs[in]; !known {
					x.add(Problem{Block: id, Field: "inputs." + in, Message: fmt.Sprintf("The flow %q has no input %q.%s", name, in, didYouMean(in, sortedKeys(def.Inputs)))})
				}
			}
		})
	},
}
