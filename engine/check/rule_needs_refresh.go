package check

import (
	"fmt"

	"github.com/authflow-studio/authflow/engine/block"
)

var needsRefresh = Rule{
	Code: "needs_refresh", Severity: Error, Group: "security",
	Title: "Tokens issued without a validated refresh token",
	Why:   "On that way nothing is issued. Lead every way through refresh_token_validate and its outcome ok.",
	Mend:  "Lead every way through refresh_token_validate.",
	flow: func(x *inspection) {
		x.lacking(block.FactRefresh, func(id string) string { return fmt.Sprintf("On some way to %q no refresh token was validated.", id) })
	},
}
