package check

import "fmt"

var noWayToEnd = Rule{
	Code: "no_way_to_end", Severity: Error, Group: "structure",
	Title: "A block from which no way leads to an end",
	Why:   "A person who comes here can never finish.",
	Mend:  "Connect its outcomes.",
	flow: func(x *inspection) {
		if x.g.Start < 0 {
			return
		}
		var ends []int
		for i, d := range x.desc {
			if d != nil && d.Terminal {
				ends = append(ends, i)
			}
		}
		ending := x.g.Reaching(ends)
		for i, id := range x.g.IDs {
			if x.reach[i] && !ending[i] && x.desc[i] != nil {
				x.add(Problem{Block: id, Message: fmt.Sprintf("From %q no way leads to an end.", id)})
			}
		}
	},
}
