package check

import (
	"fmt"
	"slices"

	"github.com/authflow-studio/authflow/engine/block"
)

var unknownPort = Rule{
	Code: "unknown_port", Severity: Error, Group: "structure",
	Title: "A connection from an outcome that does not exist",
	Why:   "This connection is never taken.",
	Mend:  "Take it out, or rename it.",
	place: func(l *place) {
		if l.d == nil || l.d.Terminal {
			return
		}
		for _, port := range sortedKeys(l.b.Next) {
			if !slices.ContainsFunc(l.ports, func(p block.Port) bool { return p.ID == port }) {
				l.add(Problem{Field: "next." + port, Message: fmt.Sprintf("%q has no outcome %q.", l.id, port), Fix: disconnect(l.id, port)})
			}
		}
	},
}
