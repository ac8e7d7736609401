package run

import (
	"time"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/world"
)

// effectFault is a fault that a tester has set; it is in the journal, so that a
// replay has it too.
const effectFault = "fault"

// fault gives a block the fault that a tester has set on it (rule W2).
func (a *advance) fault(c *block.Call) error {
	f, set := a.faultSet(c)
	if !set {
		return nil
	}
	_, err := block.Effect(c, effectFault, map[string]any{"block": c.ID}, func(env *block.Env) (block.Void, error) {
		if err := world.Sleep(c.Ctx, env.World.Clock, time.Duration(f.Delay)); err != nil {
			return block.Void{}, err
		}
		if f.Error != "" {
			return block.Void{}, block.Fail(f.Error, "a tester made this block fail").Hinted("take the fault away where the world of this run is set")
		}
		return block.Void{}, nil
	})
	return err
}

func (a *advance) faultSet(c *block.Call) (block.Fault, bool) {
	if a.journal.recorded != nil {
		next := a.journal.next()
		return block.Fault{}, next != nil && next.Kind == KindEffect && next.Effect == effectFault
	}
	if a.env.Fault == nil {
		return block.Fault{}, false
	}
	return a.env.Fault(c.FlowID, c.ID)
}
