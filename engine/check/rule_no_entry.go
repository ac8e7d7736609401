package check

import "github.com/authflow-studio/authflow/engine/script"

var noEntry = Rule{
	Code: string(script.CodeNoEntry), Severity: Error, Group: "actions",
	Title:  "An Action without a function to call",
	Why:    unrunnable,
	Mend:   "Export it: export default async function (event, step, api) { … } (rule A1).",
	beside: func(s *surroundings) { s.actionsWith(script.CodeNoEntry) },
}
