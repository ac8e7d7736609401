package identity

import (
	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/session"
)

// DeactivateUser deactivates an account.
type DeactivateUser struct{}

// Describe answers the descriptor.
func (DeactivateUser) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "deactivate_user", Family: "identity", Title: "Deactivate user", Icon: "user-x",
		Summary:  "Deactivates the account and ends its sessions",
		Help:     "The account keeps its data and proves nothing any more: every sign-in is refused in the words of a wrong password. All sessions and refresh tokens end at once.",
		Synonyms: []string{"disable", "suspend", "block user", "delete account", "offboarding"},
		Outputs:  []block.Output{{Name: "ended", Type: "integer", Help: "How many sessions were ended"}},
		Ports:    []block.Port{{ID: "next", Title: "next", Tone: "neutral"}},
		Needs:    []string{block.FactUser}, Effects: []string{block.WritesUser, block.EndsSessions},
		Proves: map[string][]string{"": {block.ProvesNothing}}, Changes: []string{"user"},
	}
}

// Run deactivates it. What the person has proven in this run counts no longer.
func (DeactivateUser) Run(c *block.Call) (block.Result, error) {
	userID := c.EventText("user.id")
	if userID == "" {
		return block.Result{}, block.Fail("no_user", "an account was to be deactivated before anybody was found").Hinted("put it after an identity lookup")
	}
	ended, err := block.Effect(c, "directory.deactivate", map[string]any{"user_id": userID}, func(env *block.Env) (int, error) {
		if _, err := env.Directory.Update(c.Ctx, userID, func(u *directory.User) error { u.Status = directory.Deactivated; return nil }); err != nil {
			return 0, err
		}
		list, err := env.Sessions.EndUser(c.Ctx, userID, session.ReasonDeactivated)
		if err != nil {
			return 0, err
		}
		return len(list), env.Audit.Append(audit.Record{Type: "user.deactivated", RunID: c.RunID, Flow: c.FlowID, UserID: userID, Data: map[string]any{"by": "flow", "block": c.ID}})
	})
	if err != nil {
		return block.Result{}, err
	}
	if c.Subject.UserID == userID {
		c.SetSubject(block.Subject{})
	}
	return block.Go("next", map[string]any{"ended": ended}), nil
}
