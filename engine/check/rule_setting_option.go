package check

import (
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/block"
)

var settingOption = Rule{
	Code: "setting_option", Severity: Error, Group: "data",
	Title: "A choice that is not among those that there are",
	Why:   "A block with a setting that it cannot read fails, and the run ends denied.",
	Mend:  "Choose one of those that are named.",
	place: func(l *place) {
		for _, s := range l.settings.of(block.Choice) {
			l.option(s, s.value.(string))
		}
		for _, s := range l.settings.of(block.Choices) {
			for _, v := range s.value.([]any) {
				text, _ := v.(string)
				l.option(s, text)
			}
		}
	},
}

func (l *place) option(s setting, v string) {
	values := make([]string, len(s.field.Options))
	for i, o := range s.field.Options {
		values[i] = o.Value
	}
	if !slices.Contains(values, v) {
		l.found(s.path, "%s cannot be %q: it is one of %s.", s.field.Title, v, strings.Join(values, ", "))
	}
}
