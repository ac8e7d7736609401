package check

import "github.com/authflow-studio/authflow/engine/script"

var slowRegexp = Rule{
	Code: string(script.CodeSlowRegexp), Severity: Warning, Group: "actions",
	Title:  "A regular expression that some texts keep busy for ever",
	Why:    "At run time this may end the Action, which is a denial.",
	Mend:   "Write it without looking back or ahead.",
	beside: func(s *surroundings) { s.actionsWith(script.CodeSlowRegexp) },
}
