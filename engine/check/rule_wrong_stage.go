package check

import (
	"fmt"
	"slices"
	"strings"
)

var wrongStage = Rule{
	Code: "wrong_stage", Severity: Error, Group: "structure",
	Title: "A block in a stage where its type may not stand",
	Why:   "What it works with is not there yet, or no longer.",
	Mend:  "Move it to one of the stages that are named.",
	place: func(l *place) {
		if l.d == nil || l.standsNowhere(l.f.StageOrder()) {
			return
		}
		allowed := l.d.StagesFor(l.f)
		if len(allowed) == 0 || slices.Contains(allowed, l.b.Stage) {
			return
		}
		last := allowed[len(allowed)-1]
		l.add(Problem{Message: fmt.Sprintf("%s cannot stand in the stage %s.", l.d.Title, l.b.Stage),
			Why: "It belongs into " + strings.Join(allowed, " or ") + ".",
			Fix: &Fix{Title: "Move it to " + last, Edit: []Edit{{Op: "set_stage", Block: l.id, Stage: last}}}})
	},
}

// standsNowhere tells whether a block stands in none of the stages.
func (l *place) standsNowhere(order []string) bool {
	return len(order) > 0 && !slices.Contains(order, l.b.Stage)
}
