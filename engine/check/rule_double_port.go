package check

var doublePort = Rule{
	Code: "double_port", Severity: Error, Group: "structure",
	Title: "An outcome that is named twice",
	Why:   "Only one block can follow an outcome: the second row of that name has no way of its own.",
	Mend:  "Give one of the rows another outcome.",
	place: func(l *place) {
		seen := map[string]bool{}
		for _, p := range l.ports {
			if seen[p.ID] {
				l.found("", "The outcome %q is named twice.", p.ID)
			}
			seen[p.ID] = true
		}
	},
}
