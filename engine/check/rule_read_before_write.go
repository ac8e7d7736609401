package check

import (
	"fmt"
	"strings"

	"github.com/authflow-studio/authflow/engine/block"
)

var readBeforeWrite = Rule{
	Code: "read_before_write", Severity: Error, Group: "data",
	Title: "A value that some way to this block has not produced",
	Why:   "Where it is missing the run ends denied.",
	Mend:  "Guard it with has(…), or move the block (rule E1).",
	flow: func(x *inspection) {
		x.eachRead(func(at read) {
			if at.ref.Guarded || !x.reach[at.block] || len(at.ref.Path) < 2 {
				return
			}
			if why := x.unsure(at); why != "" {
				name := at.ref.String()
				x.add(at.problem(fmt.Sprintf("%s is not certain to exist here: %s.", name, why),
					fmt.Sprintf("Where it is missing the run ends denied. Guard it with has(%s), or move the block.", name)))
			}
		})
	},
}

// unsure says why what is read may not be there; "" when it is certain.
func (x *inspection) unsure(at read) string {
	path := at.ref.Path
	switch path[0] {
	case "step":
		j, ok := x.g.Index[path[1]]
		switch {
		case !ok:
			return "" // the schema has reported it
		case len(path) > 2 && path[2] == block.ErrorPort:
			return "a block has an error only where it failed"
		case !x.sure.ran(at.block, j):
			return fmt.Sprintf("on some way here %q has not run", path[1])
		}
	case "event":
		if need := needOf(strings.Join(path[1:], ".")); need != "" && !x.sure.fact(at.block, need) {
			return "nobody has been found yet on some way here"
		}
	}
	return ""
}

// needOf answers the fact without which a path of event is absent.
func needOf(path string) string {
	for _, e := range block.EventFields {
		if e.Needs != "" && (path == e.Path || strings.HasPrefix(path, e.Path+".") || strings.HasPrefix(e.Path, path+".")) {
			return e.Needs
		}
	}
	return ""
}
