package check

import (
	"fmt"

	"github.com/authflow-studio/authflow/engine/block"
)

// checkCredentials: what a block needs (a known account, a verified credential)
// is certain on every path to it (K2).
func checkCredentials(x *inspection) {
	for i, id := range x.g.IDs {
		d := x.desc[i]
		if d == nil || !x.reach[i] {
			continue
		}
		for _, need := range d.Needs {
			if x.sure.fact(i, need) {
				continue
			}
			p := Problem{Code: "needs_" + need, Severity: Error, Block: id}
			switch need {
			case block.FactVerified:
				p.Message = fmt.Sprintf("On some way to %q nobody has proven who they are.", id)
				p.Why = "On that way the run ends denied. Lead every way through a password check or another credential."
			case block.FactRefresh:
				p.Message = fmt.Sprintf("On some way to %q no refresh token was validated.", id)
				p.Why = "On that way nothing is issued. Lead every way through refresh_token_validate and its outcome ok."
			default:
				p.Message = fmt.Sprintf("On some way to %q no account is known.", id)
				p.Why = "On that way the block fails. Put it after an identity lookup or a password check that succeeded."
			}
			x.add(p)
		}
	}
}
