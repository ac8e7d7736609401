package check

import "fmt"

var edgeToNowhere = Rule{
	Code: "edge_to_nowhere", Severity: Error, Group: "structure",
	Title: "A connection to a block that is not there",
	Why:   "A run that takes it ends denied, with an error.",
	Mend:  "Connect it to a block that exists.",
	flow: func(x *inspection) {
		for i, id := range x.g.IDs {
			next := x.f.Blocks[id].Next
			if x.desc[i] == nil || len(x.g.Out[i]) == len(next) {
				continue
			}
			for _, port := range sortedKeys(next) {
				if _, there := x.g.Index[next[port]]; !there {
					x.add(Problem{Block: id, Field: "next." + port, Fix: disconnect(id, port),
						Message: fmt.Sprintf("The outcome %q of %q leads to %q, and there is no such block.", port, id, next[port])})
				}
			}
		}
	},
}

// disconnect is a fix that takes a connection out.
func disconnect(block, port string) *Fix {
	return &Fix{Title: "Remove the connection", Edit: []Edit{{Op: "disconnect", Block: block, Port: port}}}
}
