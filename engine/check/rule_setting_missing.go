package check

var settingMissing = Rule{
	Code: "setting_missing", Severity: Error, Group: "data",
	Title: "A setting that the block cannot do without",
	Why:   "A block with a setting that it cannot read fails, and the run ends denied.",
	Mend:  "Fill it in.",
	place: func(l *place) {
		for _, s := range l.settings.missing {
			l.found(s.path, "%s is not set.", s.field.Title)
		}
	},
}
