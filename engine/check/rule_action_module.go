package check

import (
	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/script"
)

var actionModule = Rule{
	Code: "action_module", Severity: Error, Group: "actions",
	Title: "A module that is run as an Action",
	Why:   "A run that comes here fails, and ends denied.",
	Mend:  "Run an Action that imports it.",
	place: func(l *place) {
		for _, s := range l.settings.of(block.Action) {
			if name := s.value.(string); l.hasAction(name) && script.IsModule(name) {
				l.found(s.path, "actions/%s is a module, which other Actions import; it cannot be run.", name)
			}
		}
	},
}
