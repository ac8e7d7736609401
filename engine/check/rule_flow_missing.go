package check

import (
	"strings"

	"github.com/authflow-studio/authflow/engine/block"
)

var flowMissing = Rule{
	Code: "flow_missing", Severity: Error, Group: "structure",
	Title: "A flow that is run and does not exist",
	Why:   "A run that comes here fails, and ends denied.",
	Mend:  "Choose a flow of the project, or make one of that name.",
	place: func(l *place) {
		for _, s := range l.settings.of(block.Flow) {
			if name := s.value.(string); l.p.Flows[name] == nil && !strings.Contains(name, "{{") {
				l.found(s.path, "There is no flow %q.", name)
			}
		}
	},
}
