package check

import "github.com/authflow-studio/authflow/engine/script"

var badHeader = Rule{
	Code: string(script.CodeHeader), Severity: Error, Group: "actions",
	Title:  "A tag at the head of an Action that cannot be read",
	Why:    "The settings, outputs and outcomes of the block come from these tags.",
	Mend:   "Write it as docs/actions.md says.",
	beside: func(s *surroundings) { s.actionsWith(script.CodeHeader) },
}
