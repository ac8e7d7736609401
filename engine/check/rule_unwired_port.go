package check

import "github.com/authflow-studio/authflow/engine/block"

var unwiredPort = Rule{
	Code: "unwired_port", Severity: Error, Group: "structure",
	Title: "An outcome that leads nowhere",
	Why:   "A run that takes it ends denied, with an error.",
	Mend:  "Connect it to a block.",
	place: func(l *place) {
		for _, p := range l.ports {
			if p.ID != block.ErrorPort && l.b.Next[p.ID] == "" {
				l.found("next."+p.ID, "The outcome %q of %q leads nowhere.", p.ID, l.id)
			}
		}
	},
}
