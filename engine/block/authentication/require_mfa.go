package authentication

import "github.com/authflow-studio/authflow/engine/block"

// RequireMFA asks for one factor.
type RequireMFA struct{}

// Describe answers the descriptor.
func (RequireMFA) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "require_mfa", Family: "authentication", Title: "Require a factor", Icon: "shield-alert",
		Summary:  "Asks for one named factor here, whatever was done before",
		Help:     "For what needs a fresh and certain proof, such as a change of the mail address: the factor is asked for although the person has given it already, and no remembered device spares it.",
		Synonyms: []string{"2fa", "mfa", "step-up", "force", "sudo", "confirm", "passkey", "totp"},
		Asks:     true,
		Fields: []block.Field{
			{Name: "factor", Title: "Factor", Kind: block.Choice, Required: true, Default: TOTP, Options: factorOptions},
			attemptsField(),
		},
		Outputs: factorOutputs(), Ports: factorPorts,
		Needs: []string{block.FactUser}, Gives: map[string][]string{"ok": {block.FactVerified}},
		Proves:  map[string][]string{"ok": {block.ProvesPossession}},
		Changes: []string{"user"},
		Effects: []string{block.VerifiesFactor, block.SendsMessage},
	}
}

// Run asks for that factor.
func (RequireMFA) Run(c *block.Call) (block.Result, error) {
	factor, err := c.Text("factor")
	if err != nil {
		return block.Result{}, err
	}
	return secondFactor{Call: c, want: []string{factor}}.run()
}
