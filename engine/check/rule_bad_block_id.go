package check

import "github.com/authflow-studio/authflow/engine/flow"

var badBlockID = Rule{
	Code: "bad_block_id", Severity: Error, Group: "structure",
	Title: "An id that cannot name a block",
	Why:   "Ids are used in expressions: lower case letters, digits and _, beginning with a letter, at most 64 characters.",
	Mend:  "Rename the block (rule G2).",
	place: func(l *place) {
		if !flow.ValidID(l.id) {
			l.found("", "%q cannot be the id of a block.", l.id)
		}
	},
}
