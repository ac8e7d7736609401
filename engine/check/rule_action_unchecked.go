package check

import (
	"slices"

	"github.com/authflow-studio/authflow/engine/script"
)

var actionUnchecked = Rule{
	Code: "action_unchecked", Severity: Error, Group: "actions",
	Title: "An Action that nobody has checked",
	Why:   "What was not checked is not exported.",
	Mend:  "Check with the program's own worker; where it ended, the Action is too much for it.",
	beside: func(s *surroundings) {
		for _, a := range s.actions() {
			if a.err != nil {
				s.add(Problem{File: a.file, Message: "The Action could not be checked: " + sentence(a.err.Error())})
			}
			for _, is := range a.issues {
				if !slices.Contains(readingCodes, is.Code) {
					s.add(Problem{File: a.file, Line: is.Line, Column: is.Column, Message: "The Action could not be checked: " + sentence(is.Message)})
				}
			}
		}
	},
}

// readingCodes are what can be wrong with a source; whatever else comes of reading
// one says that it was not read.
var readingCodes = []script.Code{script.CodeSyntax, script.CodeNoEntry, script.CodeHeader, script.CodeSlowRegexp, script.CodeTooLarge}
