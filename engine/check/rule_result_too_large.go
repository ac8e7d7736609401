package check

import "github.com/authflow-studio/authflow/engine/script"

var resultTooLarge = Rule{
	Code: string(script.CodeTooLarge), Severity: Error, Group: "actions",
	Title:  "An Action beyond the limits",
	Why:    unrunnable,
	Mend:   "Split it; what several Actions share can stand in a module.",
	beside: func(s *surroundings) { s.actionsWith(script.CodeTooLarge) },
}
