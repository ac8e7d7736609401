package check

import (
	"fmt"

	"github.com/authflow-studio/authflow/engine/flow"
)

var badInputName = Rule{
	Code: "bad_input_name", Severity: Error, Group: "structure",
	Title: "A name that cannot name an input",
	Why:   "Inputs are used in expressions as input.<name>.",
	Mend:  "Use lower case letters, digits and _, beginning with a letter.",
	flow: func(x *inspection) {
		for _, name := range sortedKeys(x.f.Inputs) {
			if !flow.ValidID(name) {
				x.add(Problem{Message: fmt.Sprintf("%q cannot be the name of an input.", name)})
			}
		}
	},
}
