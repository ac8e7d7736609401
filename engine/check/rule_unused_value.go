package check

import "fmt"

var unusedValue = Rule{
	Code: "unused_value", Severity: Info, Group: "data",
	Title: "A value that nobody reads",
	Why:   "It has no effect.",
	Mend:  "Delete the block.",
	flow: func(x *inspection) {
		read := x.readOutputs()
		if read["*"] {
			return // an Action may read anything
		}
		for i, id := range x.g.IDs {
			if x.desc[i] != nil && x.desc[i].ID == "set_value" && x.reach[i] && !read[id] {
				x.add(Problem{Block: id, Message: fmt.Sprintf("Nobody reads what %q sets.", id), Fix: deleteBlock(id)})
			}
		}
	},
}
