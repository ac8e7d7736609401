package check

import (
	"fmt"
	"slices"

	"github.com/authflow-studio/authflow/engine/flow"
)

// checkIdentifiers: names of blocks and inputs, the trigger, the start (G2, G3).
func checkIdentifiers(x *inspection) {
	for _, id := range x.g.IDs {
		if !flow.ValidID(id) {
			x.add(Problem{Code: "bad_block_id", Severity: Error, Block: id, Message: fmt.Sprintf("%q cannot be the id of a block.", id),
				Why: "Ids are used in expressions: lower case letters, digits and _, beginning with a letter, at most 64 characters."})
		}
	}
	for _, name := range sortedKeys(x.f.Inputs) {
		if !flow.ValidID(name) {
			x.add(Problem{Code: "bad_input_name", Severity: Error, Message: fmt.Sprintf("%q cannot be the name of an input.", name), Why: "Inputs are used in expressions as input.<name>."})
		}
	}
	if _, ok := flow.TriggerByID(x.f.Trigger); !ok {
		x.add(Problem{Code: "unknown_trigger", Severity: Error, Message: fmt.Sprintf("There is no trigger %q.", x.f.Trigger), Why: "The trigger decides when the flow runs and which stages it has."})
	}
	if x.f.Trigger == flow.Custom && len(x.f.Stages) == 0 {
		x.add(Problem{Code: "no_stages", Severity: Error, Message: "A custom flow names its own stages, and this one names none.", Why: "Each block stands in a stage."})
	}
	if dup := duplicate(x.f.Stages); dup != "" {
		x.add(Problem{Code: "double_stage", Severity: Error, Message: fmt.Sprintf("The stage %q is named twice.", dup), Why: "Stages have an order."})
	}
	switch {
	case len(x.f.Blocks) == 0:
		x.add(Problem{Code: "empty_flow", Severity: Warning, Message: "The flow has no blocks yet.", Why: "Drag a block from the palette to begin."})
	case x.g.Start < 0:
		x.add(Problem{Code: "no_start", Severity: Error, Message: fmt.Sprintf("The flow starts at %q, and there is no such block.", x.f.Start), Why: "Without a start nothing runs."})
	}
}

func duplicate(list []string) string {
	for i, s := range list {
		if slices.Contains(list[:i], s) {
			return s
		}
	}
	return ""
}
