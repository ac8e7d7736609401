package check

var secretOutsideCall = Rule{
	Code: "secret_outside_call", Severity: Warning, Group: "security",
	Title: "A secret where it may not go",
	Why:   "Only calls to other hosts are given the value of a secret. Here the words stand as they are written, in a claim, a message or a page.",
	Mend:  "Take it out; what must be kept from people belongs into a call.",
	place: func(l *place) {
		if l.d == nil || l.calls() {
			return
		}
		for _, s := range l.namedSecrets() {
			if s.path != "secret" {
				l.found(s.path, "%q names the secret %q, which it is never given.", l.id, s.name)
			}
		}
	},
}
