package check

import "fmt"

// checkReach: every block can be reached, and from every block an end (K2).
func checkReach(x *inspection) {
	if x.g.Start < 0 {
		return
	}
	var ends []int
	for i, d := range x.desc {
		if d != nil && d.Terminal {
			ends = append(ends, i)
		}
	}
	ending := x.g.Reaching(ends)
	for i, id := range x.g.IDs {
		switch {
		case !x.reach[i]:
			x.add(Problem{Code: "unreachable", Severity: Warning, Block: id, Message: fmt.Sprintf("No way leads to %q.", id), Why: "It never runs.",
				Fix: &Fix{Title: "Delete the block", Edit: []Edit{{Op: "delete_block", Block: id}}}})
		case !ending[i] && x.desc[i] != nil:
			x.add(Problem{Code: "no_way_to_end", Severity: Error, Block: id, Message: fmt.Sprintf("From %q no way leads to an end.", id), Why: "A person who comes here can never finish."})
		}
	}
}
