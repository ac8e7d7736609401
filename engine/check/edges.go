package check

import (
	"fmt"
	"slices"

	"github.com/authflow-studio/authflow/engine/block"
)

// checkEdges: every edge leads from a port that exists to a block that exists,
// and every port but error leads somewhere (G5, K2).
func checkEdges(x *inspection) {
	for i, id := range x.g.IDs {
		b := x.f.Blocks[id]
		if x.desc[i] == nil {
			continue
		}
		ports := x.ports(i)
		for _, port := range sortedKeys(b.Next) {
			x.checkEdge(i, id, port, b.Next[port], ports)
		}
		for _, p := range ports {
			if p.ID != block.ErrorPort && b.Next[p.ID] == "" {
				x.add(Problem{Code: "unwired_port", Severity: Error, Block: id, Field: "next." + p.ID,
					Message: fmt.Sprintf("The outcome %q of %q leads nowhere.", p.ID, id), Why: "A run that takes it ends denied, with an error."})
			}
		}
	}
}

func (x *inspection) checkEdge(i int, id, port, to string, ports []block.Port) {
	fix := &Fix{Title: "Remove the connection", Edit: []Edit{{Op: "disconnect", Block: id, Port: port}}}
	if _, ok := x.g.Index[to]; !ok {
		x.add(Problem{Code: "edge_to_nowhere", Severity: Error, Block: id, Field: "next." + port,
			Message: fmt.Sprintf("The outcome %q of %q leads to %q, and there is no such block.", port, id, to), Why: "A run that takes it ends denied, with an error.", Fix: fix})
	}
	if x.desc[i].Terminal {
		x.add(Problem{Code: "terminal_port", Severity: Error, Block: id, Field: "next." + port,
			Message: fmt.Sprintf("%q ends the flow, so nothing can follow it.", id), Why: "What must be in a token is set before the block that issues it.", Fix: fix})
		return
	}
	if !slices.ContainsFunc(ports, func(p block.Port) bool { return p.ID == port }) {
		x.add(Problem{Code: "unknown_port", Severity: Error, Block: id, Field: "next." + port,
			Message: fmt.Sprintf("%q has no outcome %q.", id, port), Why: "This connection is never taken.", Fix: fix})
	}
}
