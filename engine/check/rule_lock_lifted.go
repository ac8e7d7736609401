package check

import "fmt"

var lockLifted = Rule{
	Code: "lock_lifted", Severity: Warning, Group: "structure",
	Title: "A system flow whose lock was lifted",
	Why:   "A flow of this trigger needs the block as a rule. The bundle's manifest lists every lifted lock.",
	Mend:  "Make sure that it is meant; the manifest and `authflow diff` list it.",
	flow: func(x *inspection) {
		t, locked := x.locked()
		for _, kind := range locked {
			if x.f.IsUnlocked(kind) {
				x.add(Problem{Message: fmt.Sprintf("The lock of %s is lifted in this flow.", kind),
					Why: "A " + t.Title + " flow needs it as a rule. The bundle's manifest lists every lifted lock."})
			}
		}
	},
}
