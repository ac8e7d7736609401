package check

var unknownBlock = Rule{
	Code: "unknown_block", Severity: Error, Group: "structure",
	Title: "A block of a type that this engine does not have",
	Why:   "A run that comes here ends denied.",
	Mend:  "Take another type, or update the program.",
	place: func(l *place) {
		if l.d == nil {
			l.found("", "There is no block type %q.%s", l.b.Type, didYouMean(l.b.Type, l.types))
		}
	},
}
