package check

import (
	"fmt"
	"slices"

	"github.com/authflow-studio/authflow/engine/block"
)

var cheapAfterCostly = Rule{
	Code: "cheap_after_costly", Severity: Info, Group: "habits",
	Title: "A cheap refusal after a call that costs",
	Why:   "A flood of requests makes as many calls. Put what refuses cheaply before what costs.",
	Mend:  "Refuse first.",
	flow: func(x *inspection) {
		for i, id := range x.g.IDs {
			d := x.desc[i]
			if d == nil || !x.reach[i] || !slices.Contains(d.Effects, block.CallsHost) {
				continue
			}
			for _, later := range x.withoutPause(i) {
				if l := x.desc[later]; l != nil && slices.Contains(cheapRefusals, l.ID) && !x.readsOf(later, id) {
					x.add(Problem{Block: x.g.IDs[later], Message: fmt.Sprintf("%q refuses without asking anybody, and comes after %q, which calls a host.", x.g.IDs[later], id)})
				}
			}
		}
	},
}

// cheapRefusals are blocks that refuse without asking anybody outside.
var cheapRefusals = []string{"rate_limit", "brute_force", "ip_reputation", "email_validation", "bot_detection", "password_policy", "impossible_travel"}

// withoutPause answers the blocks that may run after one before anybody is asked.
func (x *inspection) withoutPause(from int) []int {
	seen, todo := map[int]bool{}, []int{}
	for _, e := range x.g.Out[from] {
		todo = append(todo, e.To)
	}
	for len(todo) > 0 {
		i := todo[0]
		todo = todo[1:]
		if seen[i] || x.desc[i] == nil || x.desc[i].Asks {
			continue
		}
		seen[i] = true
		for _, e := range x.g.Out[i] {
			todo = append(todo, e.To)
		}
	}
	out := make([]int, 0, len(seen))
	for i := range seen {
		out = append(out, i)
	}
	slices.Sort(out)
	return out
}
