package check

var unknownSetting = Rule{
	Code: "unknown_setting", Severity: Error, Group: "data",
	Title: "A setting that the block does not have",
	Why:   "It has no effect, and somebody meant it to have one.",
	Mend:  "Take it out, or correct its name.",
	place: func(l *place) {
		for _, s := range l.settings.strangers {
			name := s.path[len(s.path)-len(s.name):]
			l.found(s.path, "There is no setting %q.%s", s.path, didYouMean(name, s.names))
		}
	},
}
