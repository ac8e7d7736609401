package check

import (
	"time"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
)

var settingType = Rule{
	Code: "setting_type", Severity: Error, Group: "data",
	Title: "A setting of another type",
	Why:   "A block with a setting that it cannot read fails, and the run ends denied.",
	Mend:  "Write a value of the type that is named.",
	place: func(l *place) {
		for _, s := range l.settings.set {
			if s.mistyped {
				l.found(s.path, "%s must be %s.", s.field.Title, jsonTypeOf(s.field.Kind))
			}
		}
		for _, s := range l.settings.oddRows {
			l.found(s.path, "A row of %s must be an object.", s.field.Title)
		}
		for _, s := range l.settings.of(block.Length) {
			if d, err := time.ParseDuration(s.value.(string)); err != nil || d < 0 {
				l.found(s.path, "%s must be a length of time such as 90s or 15m.", s.field.Title)
			}
		}
		for _, s := range l.settings.of(block.Identifier) {
			if !flow.ValidID(s.value.(string)) {
				l.found(s.path, "%s must be a name of lower case letters, digits and _, beginning with a letter.", s.field.Title)
			}
		}
	},
}
