package check

import (
	"fmt"

	"github.com/authflow-studio/authflow/engine/block"
)

var weakIdentity = Rule{
	Code: "weak_identity", Severity: Warning, Group: "security",
	Title: "A flow that anybody can start, and that ends with an identity after a weak proof",
	Why:   "Anybody can launch this flow by its address. Mark it subflow-only, or let it finish without the identity.",
	Mend:  "Mark it subflow-only, or ask for more (rule C7).",
	flow: func(x *inspection) {
		if !x.f.Startable() {
			return
		}
		for i, id := range x.g.IDs {
			if x.desc[i] == nil || x.desc[i].ID != "finish" || !x.reach[i] {
				continue
			}
			if with, _ := x.f.Blocks[id].Config["identity"].(bool); with && !x.sure.fact(i, block.FactStrong) {
				x.add(Problem{Block: id, Field: "identity", Message: fmt.Sprintf("%q finishes with an identity, and on some way to it neither a password nor a passkey was verified.", id)})
			}
		}
	},
}
