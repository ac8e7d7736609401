package check

import (
	"fmt"
	"strings"
	"time"
)

var timeBudget = Rule{
	Code: "time_budget", Severity: Warning, Group: "habits",
	Title: "More in sequence than a run's time budget allows",
	Why:   "When the others answer as late as they may, the run ends denied here, for everybody.",
	Mend:  "Ask for less in sequence, give the calls shorter times, or raise budgets.run (rule X6).",
	flow: func(x *inspection) {
		limit := time.Duration(x.p.Settings.WithDefaults().Budgets.Run)
		s := x.spans()
		for _, i := range s.order {
			// Told once, where it goes over; what comes later is over anyway.
			if at := s.until[i]; at > limit && at-s.weight[i] <= limit {
				x.add(Problem{Block: x.g.IDs[i], Message: fmt.Sprintf("Up to %q a run may take %v without a pause, and its budget is %v: %s.", x.g.IDs[i], at, limit, strings.Join(s.costs(x, i), ", "))})
			}
		}
	},
}
