package check

import (
	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/web"
)

var pageMissing = Rule{
	Code: "page_missing", Severity: Error, Group: "pages",
	Title: "A page that does not exist",
	Why:   "A person who comes here sees an error, and the run ends denied.",
	Mend:  "Choose a page of the project, or make one of that name.",
	place: func(l *place) {
		for _, s := range l.settings.of(block.Page) {
			if name := s.value.(string); !outsidePages(name) && !web.HasTemplate(l.p, name) {
				l.found(s.path, "There is no page pages/%s.", name)
			}
		}
	},
}
