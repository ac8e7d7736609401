package check

import (
	"fmt"
	"slices"
)

var neverSentAway = Rule{
	Code: "never_sent_away", Severity: Warning, Group: "structure",
	Title: "A callback to which nobody is sent",
	Why:   "On that way there is no answer to verify, and it leaves by failed.",
	Mend:  "Put Social sign-in: leave right before it.",
	flow: func(x *inspection) {
		for i, id := range x.g.IDs {
			b := x.f.Blocks[id]
			name, _ := b.Config["provider"].(string)
			if _, known := x.p.Settings.Providers[name]; b.Type == socialCallback && known && x.reach[i] && !x.sentTo(i, name) {
				x.add(Problem{Block: id, Message: fmt.Sprintf("On some way to %q nobody was sent to %q.", id, name)})
			}
		}
	},
}

// sentTo reports whether a block that sends people to a provider has certainly
// run when block i is entered.
func (x *inspection) sentTo(i int, provider string) bool {
	return slices.ContainsFunc(x.g.IDs, func(id string) bool {
		b := x.f.Blocks[id]
		return b.Type == socialRedirect && b.Config["provider"] == any(provider) && x.sure.ran(i, x.g.Index[id])
	})
}
