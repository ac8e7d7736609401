// Package terminal holds the blocks after which nothing runs (rule G5).
package terminal

import (
	"github.com/authflow-studio/authflow/engine/block"
)

// Allow ends with success and issues nothing.
type Allow struct{}

// Describe answers the descriptor.
func (Allow) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "allow", Family: "terminal", Title: "Allow", Icon: "circle-check", Terminal: true,
		Summary:  "Ends with success; nothing is issued",
		Help:     "The flow was successful, and nobody is signed in by it.",
		Synonyms: []string{"ok", "success", "end", "accept"},
	}
}

// Run ends the flow.
func (Allow) Run(*block.Call) (block.Result, error) {
	return block.Finish(block.End{Success: true, Reason: "allowed"}), nil
}

// Deny refuses.
type Deny struct{}

// Describe answers the descriptor.
func (Deny) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "deny", Family: "terminal", Title: "Deny", Icon: "ban", Terminal: true,
		Summary:  "Ends with a refusal",
		Help:     "The reason is for machines and stands in the audit record; the message is for the person. Say nothing in it that tells an attacker whether the account exists.",
		Synonyms: []string{"block", "refuse", "reject", "stop", "end"},
		Fields: []block.Field{
			{Name: "reason", Title: "Reason", Kind: block.Text, Required: true, Default: "access_denied", Placeholder: "risk_too_high"},
			{Name: "message", Title: "Message", Kind: block.Template, Placeholder: "We could not sign you in. Please contact support.", Help: "Shown to the person; empty: a general sentence, or the client's own page."},
		},
	}
}

// Run ends the flow.
func (Deny) Run(c *block.Call) (block.Result, error) {
	reason, err := c.Text("reason")
	if err != nil {
		return block.Result{}, err
	}
	message, err := c.Text("message")
	if err != nil {
		return block.Result{}, err
	}
	return block.Finish(block.End{Success: false, Reason: reason, Message: message}), nil
}

// Finish ends a flow with a result.
type Finish struct{}

// Describe answers the descriptor.
func (Finish) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "finish", Family: "terminal", Title: "Finish", Icon: "flag", Terminal: true,
		Summary:  "Ends a flow with a result: success, data, error",
		Help:     "A flow that runs in another one answers its result with this block. Without an identity it authenticates nobody.",
		Synonyms: []string{"return", "result", "end", "subflow"},
		Fields: []block.Field{
			{Name: "success", Title: "Success", Kind: block.Boolean, Default: true},
			{Name: "data", Title: "Data", Kind: block.Map, Help: "Names and values of the result; values may hold {{ … }}."},
			{Name: "identity", Title: "With the identity", Kind: block.Boolean, Default: false, Help: "Carries the person who was verified in this flow as data.user_id."},
			{Name: "error", Title: "Error", Kind: block.Template, Help: "Why, when it was no success."},
		},
	}
}

// Run ends the flow.
func (Finish) Run(c *block.Call) (block.Result, error) {
	data, err := c.FilledMap("data")
	if err != nil {
		return block.Result{}, err
	}
	reason, err := c.Text("error")
	if err != nil {
		return block.Result{}, err
	}
	e := block.End{Success: c.Bool("success"), Reason: reason, Data: data}
	if c.Bool("identity") {
		if c.Subject.UserID == "" {
			return block.Result{}, block.Fail("not_authenticated", "the flow was to finish with an identity though nobody has proven who they are").In("identity")
		}
		e.UserID = c.Subject.UserID
		data["user_id"] = e.UserID
	}
	if e.Success && e.Reason == "" {
		e.Reason = "finished"
	}
	return block.Finish(e), nil
}
