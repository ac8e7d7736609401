package check

import (
	"fmt"

	"github.com/authflow-studio/authflow/engine/flow"
)

var missingInput = Rule{
	Code: "missing_input", Severity: Error, Group: "data",
	Title: "A required input that is not given",
	Why:   "Without it the block fails.",
	Mend:  "Give it (rule G8).",
	flow: func(x *inspection) {
		x.eachCall(func(id, name string, def *flow.Flow, given map[string]any) {
			for _, in := range sortedKeys(def.Inputs) {
				if _, ok := given[in]; !ok && def.Inputs[in].Required {
					x.add(Problem{Block: id, Field: "inputs", Message: fmt.Sprintf("The flow %q needs the input %q.", name, in)})
				}
			}
		})
	},
}
