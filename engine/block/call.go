package block

import (
	"context"
	"maps"
	"strings"

	"github.com/authflow-studio/authflow/engine/flow"
)

// View is what a block may read of a run. The maps are shared with the run and
// must not be written.
type View struct {
	Event  map[string]any
	Step   map[string]any
	Input  map[string]any
	Claims map[string]any
	Flow   map[string]any
}

// Vars answers the view as the variables of an expression (rule E1).
func (v View) Vars() map[string]any {
	return map[string]any{"event": v.Event, "step": v.Step, "input": v.Input, "claims": v.Claims, "flow": v.Flow}
}

// Verified is one factor that was verified in this run. Only built-in blocks
// can add one (rule X9).
type Verified struct {
	Method string `json:"method"` // an RFC 8176 value: pwd, otp, sms, hwk, …
	At     int64  `json:"at"`     // ms since 1970
}

// Subject is who the run has proven the person to be, apart from event.user,
// which says only who they claim to be.
type Subject struct {
	UserID   string     `json:"user_id,omitempty"`
	Verified []Verified `json:"verified,omitempty"`
	// Created is the account that this run has created; a first credential can
	// be set for it and for no other.
	Created string `json:"created,omitempty"`
	// Federated is the identity at another provider that this run has proven.
	Federated *FederatedIdentity `json:"federated,omitempty"`
}

// Changes are what a block wants changed in the run, applied by the
// interpreter when the block is done.
type Changes struct {
	// Event holds groups of the event to replace: event.user and so on.
	Event map[string]any
	// Claims by target: id_token, access_token, session.
	Claims map[string]map[string]any
	// Memory is what the block keeps for itself until it leaves.
	Memory map[string]any
	// Kept is what the block keeps for its next visit in this flow; an empty
	// map forgets it.
	Kept map[string]any
	// Subject is the proven identity.
	Subject *Subject
}

// Call is one run of a block.
type Call struct {
	Ctx     context.Context
	ID      string
	FlowID  string
	RunID   string
	Block   *flow.Block
	Desc    *Descriptor
	View    View
	Subject Subject
	// Submit is what the person sent; nil at the first entry. Secret fields are
	// not in it: see Secret.
	Submit map[string]any
	// Button is the submit button that was used.
	Button string
	// Returned is what the flow that this block ran has answered.
	Returned *FlowResult
	// Kept is what the block kept at its last visit in this flow.
	Kept map[string]any

	vault    map[string]string
	memory   map[string]any
	changes  Changes
	env      *Env
	recorder Recorder
	used     []usedSecret
}

// NewCall prepares a call. memory is what the block remembered at its last
// entry; vault holds submitted secret fields until the next pause.
func NewCall(ctx context.Context, env *Env, rec Recorder, memory map[string]any, vault map[string]string) *Call {
	return &Call{Ctx: ctx, env: env, recorder: rec, memory: memory, vault: vault}
}

// Changes answers what the block wants changed.
func (c *Call) Changes() Changes { return c.changes }

// Resumed reports whether the person has submitted this block's page.
func (c *Call) Resumed() bool { return c.Submit != nil }

// Field answers a submitted field as text.
func (c *Call) Field(name string) string {
	s, _ := c.Submit[name].(string)
	return strings.TrimSpace(s)
}

// Secret answers a secret field that was submitted since the last pause, in
// this block's page or in one before it. It is not part of the run's state.
func (c *Call) Secret(name string) (string, bool) {
	s, ok := c.vault[name]
	return s, ok
}

// DropSecret forgets a secret field: a refused password is not tried again.
func (c *Call) DropSecret(name string) { delete(c.vault, name) }

// Remember keeps a JSON value for the block's next entry in this visit.
func (c *Call) Remember(key string, value any) {
	if c.changes.Memory == nil {
		c.changes.Memory = maps.Clone(c.memory)
		if c.changes.Memory == nil {
			c.changes.Memory = map[string]any{}
		}
	}
	c.changes.Memory[key] = value
}

// Recall answers a remembered value, nil when there is none.
func (c *Call) Recall(key string) any {
	if c.changes.Memory != nil {
		return c.changes.Memory[key]
	}
	return c.memory[key]
}

// Keep keeps values for the block's next visit in this flow, as a loop counts;
// nil forgets them.
func (c *Call) Keep(values map[string]any) {
	if values == nil {
		values = map[string]any{}
	}
	c.changes.Kept = values
}

// RecallInt answers a remembered number.
func (c *Call) RecallInt(key string) int {
	switch n := c.Recall(key).(type) {
	case int:
		return n
	case int64:
		return int(n)
	case float64:
		return int(n)
	}
	return 0
}

// RecallText answers a remembered text.
func (c *Call) RecallText(key string) string {
	s, _ := c.Recall(key).(string)
	return s
}

// SetEvent replaces a group of the event, such as user.
func (c *Call) SetEvent(group string, value any) {
	if c.changes.Event == nil {
		c.changes.Event = map[string]any{}
	}
	c.changes.Event[group] = value
}

// SetClaim sets a claim of the tokens or of the session to come.
func (c *Call) SetClaim(target, name string, value any) {
	if c.changes.Claims == nil {
		c.changes.Claims = map[string]map[string]any{}
	}
	if c.changes.Claims[target] == nil {
		c.changes.Claims[target] = map[string]any{}
	}
	c.changes.Claims[target][name] = value
}

// SetSubject says who the person has proven to be.
func (c *Call) SetSubject(s Subject) { c.changes.Subject = &s }

// EventText answers a text of the event by path, such as "user.id".
func (c *Call) EventText(path string) string {
	var v any = c.View.Event
	for _, part := range strings.Split(path, ".") {
		m, _ := v.(map[string]any)
		v = m[part]
	}
	s, _ := v.(string)
	return s
}

// CloneGroup answers a copy of a group of the event, to change and set again.
func CloneGroup(event map[string]any, group string) map[string]any {
	m, _ := event[group].(map[string]any)
	if m == nil {
		return map[string]any{}
	}
	return maps.Clone(m)
}
