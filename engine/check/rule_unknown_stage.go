package check

import (
	"fmt"
	"strings"
)

var unknownStage = Rule{
	Code: "unknown_stage", Severity: Error, Group: "structure",
	Title: "A block in a stage that its trigger does not have",
	Why:   "Only the stages of the trigger are gone through.",
	Mend:  "Move it to a stage of the trigger (rule G3).",
	place: func(l *place) {
		order := l.f.StageOrder()
		if !l.standsNowhere(order) {
			return
		}
		l.add(Problem{Message: fmt.Sprintf("%q stands in the stage %q, which a %s flow does not have.", l.id, l.b.Stage, l.f.Trigger),
			Why: "Its stages are " + strings.Join(order, ", ") + ".",
			Fix: &Fix{Title: "Move it to " + order[0], Edit: []Edit{{Op: "set_stage", Block: l.id, Stage: order[0]}}}})
	},
}
