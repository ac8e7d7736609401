package check

import "github.com/authflow-studio/authflow/engine/block"

var settingRange = Rule{
	Code: "setting_range", Severity: Error, Group: "data",
	Title: "A number that is too small or too large",
	Why:   "A block with a setting that it cannot read fails, and the run ends denied.",
	Mend:  "Choose one between the bounds.",
	place: func(l *place) {
		for _, s := range l.settings.of(block.Number) {
			f, n := s.field, s.value.(float64)
			if f.Min != nil && n < *f.Min || f.Max != nil && n > *f.Max {
				l.found(s.path, "%s must lie between %v and %v.", f.Title, bound(f.Min), bound(f.Max))
			}
		}
	},
}

func bound(b *float64) any {
	if b == nil {
		return "any"
	}
	return *b
}
