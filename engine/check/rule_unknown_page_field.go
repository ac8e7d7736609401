package check

import (
	"fmt"
	"slices"

	"github.com/authflow-studio/authflow/engine/flow"
)

var unknownPageField = Rule{
	Code: "unknown_page_field", Severity: Error, Group: "pages",
	Title: "A field that is not on the page",
	Why:   "What is not on the page is never filled in, and the run ends denied here.",
	Mend:  "Add it to the page, or correct its name.",
	flow: func(x *inspection) {
		x.eachRead(func(at read) {
			path := at.ref.Path
			if at.ref.Guarded || !x.reach[at.block] || len(path) < 4 || path[0] != "step" || path[2] != "fields" {
				return
			}
			j, ok := x.g.Index[path[1]]
			if !ok || x.desc[j] == nil || x.desc[j].ID != "page" {
				return
			}
			names := fieldsOf(x.f.Blocks[path[1]])
			if len(names) == 0 || slices.Contains(names, path[3]) {
				return // a page of the project's own may have fields of its own
			}
			x.add(at.problem(fmt.Sprintf("The page of %q has no field %q. Did you mean %s?", path[1], path[3], flow.Nearest(path[3], names)), ""))
		})
	},
}

// fieldsOf answers the names of the fields of a page block.
func fieldsOf(b *flow.Block) []string {
	var names []string
	rows, _ := b.Config["fields"].([]any)
	for _, row := range rows {
		m, _ := row.(map[string]any)
		if name, ok := m["name"].(string); ok {
			names = append(names, name)
		}
	}
	return names
}
