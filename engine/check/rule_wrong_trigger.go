package check

var wrongTrigger = Rule{
	Code: "wrong_trigger", Severity: Error, Group: "structure",
	Title: "A block that makes no sense for the flow's trigger",
	Why:   "What it works with is not there.",
	Mend:  "Take it out, or use it in a flow of another trigger.",
	place: func(l *place) {
		if l.d == nil || l.standsNowhere(l.f.StageOrder()) {
			return
		}
		if allowed := l.d.StagesFor(l.f); allowed != nil && len(allowed) == 0 {
			l.found("", "%s cannot stand in a %s flow.", l.d.Title, l.f.Trigger)
		}
	},
}
