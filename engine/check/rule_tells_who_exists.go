package check

import (
	"fmt"
	"slices"

	"github.com/authflow-studio/authflow/engine/flow"
)

var tellsWhoExists = Rule{
	Code: "tells_who_exists", Severity: Warning, Group: "security",
	Title: "What a person sees tells whether an account exists",
	Why:   "Anybody can ask which accounts exist. Lead both outcomes to the same block, such as the password check: it takes as long and says the same for somebody unknown.",
	Mend:  "Lead both outcomes of the lookup to the same block.",
	flow: func(x *inspection) {
		if x.f.Trigger == flow.Custom {
			return // run by a flow that knows whom it asks
		}
		for i, id := range x.g.IDs {
			if x.desc[i] == nil || x.desc[i].ID != "identity_lookup" || !x.reach[i] {
				continue
			}
			next := x.f.Blocks[id].Next
			found, missing := x.firstSeen(next["found"]), x.firstSeen(next["not_found"])
			for _, seen := range missing {
				if !slices.Contains(found, seen) {
					x.add(Problem{Block: id, Message: fmt.Sprintf("Where %q finds nobody, a person comes to %q, which nobody else sees.", id, seen), Fix: x.lead(id, "not_found", next["found"])})
					break
				}
			}
		}
	},
}

// lead is a fix that leads a port to where another one leads.
func (x *inspection) lead(block, port, to string) *Fix {
	if x.f.Blocks[to] == nil {
		return nil
	}
	return &Fix{Title: fmt.Sprintf("Lead %s to %s, too", port, to), Edit: []Edit{{Op: "connect", Block: block, Port: port, To: to}}}
}

// firstSeen answers the blocks that a person notices first when a run goes on
// from a block: those that ask and those that end.
func (x *inspection) firstSeen(from string) []string {
	start, ok := x.g.Index[from]
	if !ok {
		return nil
	}
	var out []string
	seen, todo := map[int]bool{}, []int{start}
	for len(todo) > 0 {
		i := todo[0]
		todo = todo[1:]
		if seen[i] {
			continue
		}
		seen[i] = true
		if d := x.desc[i]; d == nil || d.Asks || d.Terminal {
			out = append(out, x.g.IDs[i])
			continue
		}
		for _, e := range x.g.Out[i] {
			if e.Port != "error" {
				todo = append(todo, e.To)
			}
		}
	}
	slices.Sort(out)
	return out
}
