package flow

import "slices"

// Trigger is the event for which a flow runs, with its stages in order.
type Trigger struct {
	ID, Title string
	Stages    []Stage
	// Locked are the block types that a system flow needs (rule G6).
	Locked []string
}

// Stage is a named section of a flow.
type Stage struct{ ID, Title string }

// Custom is the trigger of flows with stages of their own.
const Custom = "custom"

// Triggers lists all of them (rule G3).
var Triggers = []Trigger{
	{ID: "login", Title: "Login", Stages: []Stage{{"pre_login", "Pre-Login"}, {"post_auth", "Post-Auth"}, {"post_login", "Post-Login"}},
		Locked: []string{"identity_lookup", "password_check", "issue_session"}},
	{ID: "registration", Title: "Registration", Stages: []Stage{{"pre_create", "Pre-Create"}, {"post_create", "Post-Create"}},
		Locked: []string{"identity_create"}},
	{ID: "password_reset", Title: "Password reset", Stages: []Stage{{"pre_reset", "Pre-Reset"}, {"post_reset", "Post-Reset"}}},
	{ID: "mfa_enrollment", Title: "MFA enrollment", Stages: []Stage{{"pre_enroll", "Pre-Enroll"}, {"post_enroll", "Post-Enroll"}}},
	{ID: "mfa_verify", Title: "MFA verify", Stages: []Stage{{"pre_verify", "Pre-Verify"}, {"post_verify", "Post-Verify"}}},
	{ID: "token_refresh", Title: "Token refresh", Stages: []Stage{{"pre_issue", "Pre-Issue"}},
		Locked: []string{"refresh_token_validate", "issue_tokens"}},
	{ID: "logout", Title: "Logout", Stages: []Stage{{"pre_logout", "Pre-Logout"}, {"post_logout", "Post-Logout"}}},
	{ID: Custom, Title: "Custom"},
}

// TriggerByID answers the trigger of that id.
func TriggerByID(id string) (Trigger, bool) {
	i := slices.IndexFunc(Triggers, func(t Trigger) bool { return t.ID == id })
	if i < 0 {
		return Trigger{}, false
	}
	return Triggers[i], true
}

// StageOrder answers the ids of the flow's stages in order; nil for an unknown
// trigger.
func (f *Flow) StageOrder() []string {
	if f.Trigger == Custom {
		return f.Stages
	}
	t, ok := TriggerByID(f.Trigger)
	if !ok {
		return nil
	}
	ids := make([]string, len(t.Stages))
	for i, s := range t.Stages {
		ids[i] = s.ID
	}
	return ids
}

// StageIndex answers the place of a stage in the flow's order, -1 when it has
// no such stage.
func (f *Flow) StageIndex(stage string) int { return slices.Index(f.StageOrder(), stage) }

// IsUnlocked reports whether the flow lifts the lock of a block type.
func (f *Flow) IsUnlocked(blockType string) bool {
	return slices.ContainsFunc(f.Unlocked, func(u Unlocked) bool { return u.Block == blockType })
}

// Startable reports whether the flow may be launched directly (rule G7).
func (f *Flow) Startable() bool { return f.Enabled && !f.SubflowOnly }
