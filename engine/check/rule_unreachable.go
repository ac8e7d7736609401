package check

import "fmt"

var unreachable = Rule{
	Code: "unreachable", Severity: Warning, Group: "structure",
	Title: "A block that nothing leads to",
	Why:   "It never runs.",
	Mend:  "Connect it, or delete it.",
	flow: func(x *inspection) {
		if x.g.Start < 0 {
			return
		}
		for i, id := range x.g.IDs {
			if !x.reach[i] {
				x.add(Problem{Block: id, Message: fmt.Sprintf("No way leads to %q.", id), Fix: deleteBlock(id)})
			}
		}
	},
}

// deleteBlock is a fix that takes a block out.
func deleteBlock(id string) *Fix {
	return &Fix{Title: "Delete the block", Edit: []Edit{{Op: "delete_block", Block: id}}}
}
