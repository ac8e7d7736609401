package check

import "github.com/authflow-studio/authflow/engine/block"

var actionMissing = Rule{
	Code: "action_missing", Severity: Error, Group: "actions",
	Title: "An Action that does not exist",
	Why:   "A run that comes here fails, and ends denied.",
	Mend:  "Choose an Action of the project, or make one of that name.",
	place: func(l *place) {
		for _, s := range l.settings.of(block.Action) {
			if name := s.value.(string); !l.hasAction(name) {
				l.found(s.path, "There is no Action actions/%s.", name)
			}
		}
	},
}

func (l *place) hasAction(name string) bool {
	_, ok := l.p.Actions[name]
	return ok
}
