package check

import "fmt"

var lockWithoutReason = Rule{
	Code: "lock_without_reason", Severity: Error, Group: "structure",
	Title: "A lock that was lifted without a reason",
	Why:   "Reviewers and the server's operator read the reason.",
	Mend:  "Say why.",
	flow: func(x *inspection) {
		for _, u := range x.f.Unlocked {
			if u.Reason == "" {
				x.add(Problem{Message: fmt.Sprintf("The lock of %s is lifted without a reason.", u.Block)})
			}
		}
	},
}
