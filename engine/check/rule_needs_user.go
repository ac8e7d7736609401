package check

import (
	"fmt"
	"slices"

	"github.com/authflow-studio/authflow/engine/block"
)

var needsUser = Rule{
	Code: "needs_user", Severity: Error, Group: "security",
	Title: "A block that needs an account, reached without one",
	Why:   "On that way the block fails. Put it after an identity lookup or a password check that succeeded.",
	Mend:  "Lead every way through a lookup or a password check.",
	flow: func(x *inspection) {
		x.lacking(block.FactUser, func(id string) string { return fmt.Sprintf("On some way to %q no account is known.", id) })
	},
}

// lacking reports the blocks that need a fact which is not certain there.
func (x *inspection) lacking(fact string, words func(id string) string) {
	for i, id := range x.g.IDs {
		if d := x.desc[i]; d != nil && x.reach[i] && slices.Contains(d.Needs, fact) && !x.sure.fact(i, fact) {
			x.add(Problem{Block: id, Message: words(id)})
		}
	}
}
