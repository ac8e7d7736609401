package check

import (
	"strings"

	"github.com/authflow-studio/authflow/engine/block"
)

var pageOutside = Rule{
	Code: "page_outside", Severity: Error, Group: "pages",
	Title: "A page outside the folder of the pages",
	Why:   "Only what stands below pages/ is shown (rule N7).",
	Mend:  "Move the page below pages/, and name it from there.",
	place: func(l *place) {
		for _, s := range l.settings.of(block.Page) {
			if name := s.value.(string); outsidePages(name) {
				l.found(s.path, "The page %q is not below pages/.", name)
			}
		}
	},
}

func outsidePages(name string) bool {
	return strings.HasPrefix(name, "/") || strings.Contains(name, "..") || strings.Contains(name, "\\")
}
