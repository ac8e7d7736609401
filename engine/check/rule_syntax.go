package check

import "github.com/authflow-studio/authflow/engine/script"

var actionSyntax = Rule{
	Code: string(script.CodeSyntax), Severity: Error, Group: "actions",
	Title:  "An Action that cannot be read",
	Why:    unrunnable,
	Mend:   "Correct the source at the place that is named.",
	beside: func(s *surroundings) { s.actionsWith(script.CodeSyntax) },
}

// unrunnable is what most rules of Actions have in common.
const unrunnable = "An Action that cannot be run is a denial."
