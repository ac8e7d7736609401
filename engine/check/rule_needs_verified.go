package check

import (
	"fmt"

	"github.com/authflow-studio/authflow/engine/block"
)

var needsVerified = Rule{
	Code: "needs_verified", Severity: Error, Group: "security",
	Title: "A session for somebody who has proven nothing",
	Why:   "On that way the run ends denied. Lead every way through a password check or another credential.",
	Mend:  "Lead every way through a credential.",
	flow: func(x *inspection) {
		x.lacking(block.FactVerified, func(id string) string { return fmt.Sprintf("On some way to %q nobody has proven who they are.", id) })
	},
}
