package check

var unknownProvider = Rule{
	Code: "unknown_provider", Severity: Error, Group: "structure",
	Title: "A provider of people that the project does not name",
	Why:   "A run that comes here fails. Name the provider under providers in authflow.json.",
	Mend:  "Add it to authflow.json under providers.",
	place: func(l *place) {
		if l.b.Type != socialRedirect && l.b.Type != socialCallback {
			return
		}
		name := l.text("provider")
		if _, known := l.p.Settings.Providers[name]; !known && name != "" {
			l.found("provider", "There is no provider %q.%s", name, didYouMean(name, sortedKeys(l.p.Settings.Providers)))
		}
	},
}

// Blocks that lead to another OpenID Provider and back.
const (
	socialRedirect = "social_oidc_redirect"
	socialCallback = "social_oidc_callback"
)
