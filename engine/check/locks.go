package check

import (
	"fmt"
	"slices"

	"github.com/authflow-studio/authflow/engine/flow"
)

// checkLocks: a system flow holds its locked blocks, unless the file lifts a
// lock, which is reported (G6).
func checkLocks(x *inspection) {
	t, ok := flow.TriggerByID(x.f.Trigger)
	if !ok || x.f.SubflowOnly {
		return
	}
	for _, kind := range t.Locked {
		if _, known := x.Catalogue.Descriptor(kind); !known {
			continue
		}
		present := slices.ContainsFunc(x.g.IDs, func(id string) bool { return x.f.Blocks[id].Type == kind })
		switch {
		case x.f.IsUnlocked(kind):
			x.add(Problem{Code: "lock_lifted", Severity: Warning, Message: fmt.Sprintf("The lock of %s is lifted in this flow.", kind),
				Why: "A " + t.Title + " flow needs it as a rule. The bundle's manifest lists every lifted lock."})
		case !present:
			x.add(Problem{Code: "locked_block_missing", Severity: Error, Message: fmt.Sprintf("A %s flow needs a block of the type %s.", t.Title, kind),
				Why: "It is locked because without it the flow does not do what its trigger promises. To do without it, lift the lock in the flow's settings, with a reason."})
		}
	}
	for _, u := range x.f.Unlocked {
		if u.Reason == "" {
			x.add(Problem{Code: "lock_without_reason", Severity: Error, Message: fmt.Sprintf("The lock of %s is lifted without a reason.", u.Block), Why: "Reviewers and the server's operator read the reason."})
		}
	}
}
