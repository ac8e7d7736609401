package check

import (
	"fmt"
	"slices"

	"github.com/authflow-studio/authflow/engine/flow"
)

// Its findings come after all others: see Checker.Project.
var suppressionUnused = Rule{
	Code: "suppression_unused", Severity: Warning, Group: "settings",
	Title: "A suppression that takes nothing out",
	Why:   "What it was written for is gone. Take it out, so that it hides nothing new.",
	Mend:  "Take it out of authflow.json.",
}

func idleSuppressions(s flow.Checks, found []Problem) []Problem {
	var out []Problem
	for _, x := range s.Suppress {
		if !slices.ContainsFunc(found, func(p Problem) bool { return covers(x, p) }) {
			out = append(out, suppressionUnused.problem(Problem{File: flow.SettingsFile, Message: fmt.Sprintf("The suppression of %q takes nothing out.", x.Code)}))
		}
	}
	return out
}
