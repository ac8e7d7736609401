package check

import (
	"fmt"
	"slices"

	"github.com/authflow-studio/authflow/engine/flow"
)

// Blocks that lead to another OpenID Provider and back.
const (
	socialRedirect = "social_oidc_redirect"
	socialCallback = "social_oidc_callback"
)

// checkProviders: a provider that is named is there, and who is taken back was
// sent there before.
func checkProviders(x *inspection) {
	for i, id := range x.g.IDs {
		b := x.f.Blocks[id]
		name, _ := b.Config["provider"].(string)
		if b.Type != socialRedirect && b.Type != socialCallback || name == "" {
			continue
		}
		if _, ok := x.p.Settings.Providers[name]; !ok {
			msg := fmt.Sprintf("There is no provider %q.", name)
			if near := flow.Nearest(name, sortedKeys(x.p.Settings.Providers)); near != "" {
				msg += fmt.Sprintf(" Did you mean %q?", near)
			}
			x.add(Problem{Code: "unknown_provider", Severity: Error, Block: id, Field: "provider", Message: msg, Why: "A run that comes here fails. Name the provider under providers in authflow.json."})
			continue
		}
		if b.Type == socialCallback && x.reach[i] && !x.sentTo(i, name) {
			x.add(Problem{Code: "never_sent_away", Severity: Warning, Block: id, Message: fmt.Sprintf("On some way to %q nobody was sent to %q.", id, name),
				Why: "On that way there is no answer to verify, and it leaves by failed. Put Social sign-in: leave right before it."})
		}
	}
}

// sentTo reports whether a block that sends people to a provider has certainly
// run when block i is entered.
func (x *inspection) sentTo(i int, provider string) bool {
	return slices.ContainsFunc(x.g.IDs, func(id string) bool {
		b := x.f.Blocks[id]
		return b.Type == socialRedirect && b.Config["provider"] == any(provider) && x.sure.ran(i, slices.Index(x.g.IDs, id))
	})
}
