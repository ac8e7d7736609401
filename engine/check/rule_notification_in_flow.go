package check

import "fmt"

var notificationInFlow = Rule{
	Code: "notification_in_flow", Severity: Info, Group: "habits",
	Title: "A call that nothing depends on",
	Why:   "The person waits for it, and it is lost when the other side is down. Emit an event and subscribe the other side under events in authflow.json: it is told until it has heard.",
	Mend:  "Emit an event, and subscribe the other side under events.",
	flow: func(x *inspection) {
		read := x.readOutputs()
		for i, id := range x.g.IDs {
			if x.desc[i] == nil || x.desc[i].ID != "call_webhook" || !x.reach[i] || read[id] || read["*"] {
				continue
			}
			to := map[string]bool{}
			for _, target := range x.f.Blocks[id].Next {
				to[target] = true
			}
			if len(to) == 1 && len(x.f.Blocks[id].Next) > 1 {
				x.add(Problem{Block: id, Message: fmt.Sprintf("Nothing depends on what %q answers.", id)})
			}
		}
	},
}
