// Package session holds the blocks that make sessions and what is in tokens.
package session

import (
	"github.com/authflow-studio/authflow/engine/block"
)

// SetCustomClaim writes a value into the tokens to come.
type SetCustomClaim struct{}

// Targets of a claim.
const (
	IntoAccessToken = "access_token"
	IntoIDToken     = "id_token"
	IntoBoth        = "both"
)

// Describe answers the descriptor.
func (SetCustomClaim) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "set_custom_claim", Family: "session", Title: "Set custom claim", Icon: "tag",
		Summary:  "Writes a value into the access token, the ID token or both",
		Help:     "Takes any value of event or step. Claims that OpenID Connect and RFC 9068 define themselves (iss, sub, aud, …) cannot be set.",
		Synonyms: []string{"jwt", "token", "attribute", "enrich"},
		Fields: []block.Field{
			{Name: "name", Title: "Claim", Kind: block.Text, Required: true, Placeholder: "department", Help: "Its name in the token. A name of your own domain (https://example.com/plan) never collides."},
			{Name: "value", Title: "Value", Kind: block.Expression, Required: true, Placeholder: "event.user.app_metadata.department"},
			{Name: "into", Title: "Into", Kind: block.Choice, Default: IntoAccessToken, Options: []block.Option{
				{Value: IntoAccessToken, Title: "Access token"}, {Value: IntoIDToken, Title: "ID token"}, {Value: IntoBoth, Title: "Both"}}},
		},
		Outputs: []block.Output{{Name: "value", Type: "any", Help: "What was written"}},
		Ports:   []block.Port{{ID: "next", Title: "next", Tone: "neutral"}},
		Effects: []string{block.SetsClaim},
	}
}

// Run evaluates the value and sets the claim.
func (SetCustomClaim) Run(c *block.Call) (block.Result, error) {
	name, err := c.Text("name")
	if err != nil {
		return block.Result{}, err
	}
	if name == "" || block.ReservedClaim(name) {
		return block.Result{}, block.Fail("claim_reserved", "the claim %q is set by the token's issuer and cannot be set by a flow", name).In("name").Hinted("choose another name, such as https://example.com/" + name)
	}
	v, err := c.Value("value")
	if err != nil {
		return block.Result{}, err
	}
	into, _ := c.Text("into")
	for _, target := range []string{IntoAccessToken, IntoIDToken} {
		if into == target || into == IntoBoth {
			c.SetClaim(target, name, v)
		}
	}
	return block.Go("next", map[string]any{"value": v}), nil
}
