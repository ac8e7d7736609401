// Package identity holds the blocks that find and change accounts.
package identity

import (
	"github.com/authflow-studio/authflow/engine/block"
)

// Lookup finds a user by what the person typed.
type Lookup struct{}

// Describe answers the descriptor.
func (Lookup) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "identity_lookup", Family: "identity", Title: "Identity lookup", Icon: "user-search",
		Summary:  "Finds the account for an identifier; never tells the person",
		Help:     "Looks an account up by mail address, user name or phone number and puts it into event.user. The person is not told whether it exists: lead both outcomes to the password check, which takes the same time for an unknown account.",
		Synonyms: []string{"find user", "username", "account", "email"},
		Fields: []block.Field{
			{Name: "identifier", Title: "Identifier", Kind: block.Template, Required: true, Placeholder: "{{ step.sign_in.fields.identifier }}", Help: "What to look for, usually a field of the sign-in page."},
		},
		Outputs: []block.Output{
			{Name: "found", Type: "boolean", Help: "Whether an account has this identifier"},
			{Name: "user_id", Type: "string", Help: "Its id; empty when there is none"},
		},
		Ports: []block.Port{{ID: "found", Title: "found", Tone: "good"}, {ID: "not_found", Title: "not found", Tone: "warn"}},
		Says:  map[string]map[string]any{"found": {"found": true}, "not_found": {"found": false}}, Changes: []string{"user"},
		Gives: map[string][]string{"found": {block.FactUser}},
	}
}

// Run looks the account up.
func (Lookup) Run(c *block.Call) (block.Result, error) {
	identifier, err := c.Text("identifier")
	if err != nil {
		return block.Result{}, err
	}
	user, err := block.FindUser(c, identifier)
	if err != nil {
		return block.Result{}, err
	}
	if user == nil {
		return block.Go("not_found", map[string]any{"found": false, "user_id": ""}), nil
	}
	c.SetEvent("user", user)
	return block.Go("found", map[string]any{"found": true, "user_id": user["id"]}), nil
}
