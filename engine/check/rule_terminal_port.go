package check

import "fmt"

var terminalPort = Rule{
	Code: "terminal_port", Severity: Error, Group: "structure",
	Title: "A connection from a block that ends the run",
	Why:   "What must be in a token is set before the block that issues it.",
	Mend:  "Take it out: nothing runs after such a block (rule G5).",
	place: func(l *place) {
		if l.d == nil || !l.d.Terminal {
			return
		}
		for _, port := range sortedKeys(l.b.Next) {
			l.add(Problem{Field: "next." + port, Message: fmt.Sprintf("%q ends the flow, so nothing can follow it.", l.id), Fix: disconnect(l.id, port)})
		}
	},
}
