package check

import (
	"fmt"
	"regexp"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/web"
)

var pageSyntax = Rule{
	Code: "page_syntax", Severity: Error, Group: "pages",
	Title: "A page that cannot be rendered",
	Why:   "A page that cannot be rendered answers with an error.",
	Mend:  "Mend the template.",
	beside: func(s *surroundings) {
		for _, name := range sortedKeys(s.p.Pages) {
			if err := web.CheckTemplate(name, s.p.Pages[name]); err != nil {
				s.add(Problem{File: flow.PagesDir + "/" + name, Line: templateLine(err.Error()), Message: "The page cannot be read: " + err.Error()})
			}
		}
	},
}

var lineInTemplate = regexp.MustCompile(`: line (\d+)`)

func templateLine(message string) int {
	n := 0
	if m := lineInTemplate.FindStringSubmatch(message); m != nil {
		_, _ = fmt.Sscan(m[1], &n)
	}
	return n
}
