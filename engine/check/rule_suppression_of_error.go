package check

import (
	"fmt"
	"slices"

	"github.com/authflow-studio/authflow/engine/flow"
)

// Its findings come after all others: see Checker.Project.
var suppressionOfError = Rule{
	Code: "suppression_of_error", Severity: Warning, Group: "settings",
	Title: "A suppression of an error",
	Why:   "What cannot run, or is not safe, stays an error whatever somebody writes.",
	Mend:  "Mend the error: errors are not suppressed.",
}

func suppressedErrors(s flow.Checks, found []Problem) []Problem {
	var out []Problem
	for _, x := range s.Suppress {
		if slices.ContainsFunc(found, func(p Problem) bool { return p.Severity == Error && covers(x, p) }) {
			out = append(out, suppressionOfError.problem(Problem{File: flow.SettingsFile, Message: fmt.Sprintf("%q is an error, and errors are not suppressed.", x.Code)}))
		}
	}
	return out
}
