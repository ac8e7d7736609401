package check

import (
	"fmt"
	"regexp"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
)

var labelMissing = Rule{
	Code: "label_missing", Severity: Warning, Group: "pages",
	Title: "A text that no language has",
	Why:   "People see the key instead (rule N10).",
	Mend:  "Add the label to labels/<language>.json.",
	beside: func(s *surroundings) {
		for _, name := range sortedKeys(s.p.Pages) {
			for _, m := range labelCall.FindAllStringSubmatch(s.p.Pages[name], -1) {
				if !block.HasLabel(s.p, m[1]) {
					s.add(Problem{File: flow.PagesDir + "/" + name, Message: fmt.Sprintf("There is no text for the label %q.", m[1]),
						Why: "People see the key instead. Add it to labels/" + s.p.Settings.WithDefaults().DefaultLocale + ".json."})
				}
			}
		}
	},
}

var labelCall = regexp.MustCompile(`\{\{[^}]*\blabel\s+"([^"]+)"`)
