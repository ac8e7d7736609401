package check

import (
	"fmt"
	"slices"

	"github.com/authflow-studio/authflow/engine/flow"
)

var lockedBlockMissing = Rule{
	Code: "locked_block_missing", Severity: Error, Group: "structure",
	Title: "A system flow without a block that it needs",
	Why:   "It is locked because without it the flow does not do what its trigger promises. To do without it, lift the lock in the flow's settings, with a reason.",
	Mend:  "Put the block back, or lift the lock with a reason (rule G6).",
	flow: func(x *inspection) {
		t, locked := x.locked()
		for _, kind := range locked {
			present := slices.ContainsFunc(x.g.IDs, func(id string) bool { return x.f.Blocks[id].Type == kind })
			if !present && !x.f.IsUnlocked(kind) {
				x.add(Problem{Message: fmt.Sprintf("A %s flow needs a block of the type %s.", t.Title, kind)})
			}
		}
	},
}

// locked answers the types that a system flow must hold, as far as this engine
// has them (rule G6).
func (x *inspection) locked() (flow.Trigger, []string) {
	t, ok := flow.TriggerByID(x.f.Trigger)
	if !ok || x.f.SubflowOnly {
		return t, nil
	}
	return t, slices.DeleteFunc(slices.Clone(t.Locked), func(kind string) bool {
		_, known := x.Catalogue.Descriptor(kind)
		return !known
	})
}
