package authentication

import (
	"github.com/authflow-studio/authflow/engine/block"
)

// CheckMFAStatus reads what is enrolled.
type CheckMFAStatus struct{}

// Describe answers the descriptor.
func (CheckMFAStatus) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "check_mfa_status", Family: "authentication", Title: "Second factor status", Icon: "shield-question-mark",
		Summary:  "Which second factors does this person have?",
		Help:     "Asks nothing of the person. A factor counts when it could be used here and now: an address that was verified, a passkey of this server's name, recovery codes that are left.",
		Synonyms: []string{"2fa", "mfa", "enrolled", "factors", "has mfa"},
		Fields: []block.Field{{Name: "factors", Title: "Which count", Kind: block.Choices, Default: []any{Passkey, TOTP, SMSCode, EmailCode}, Options: factorOptions,
			Help: "Enrolled means that the person has one of these."}},
		Outputs: []block.Output{
			{Name: "enrolled", Type: "boolean", Help: "Whether there is any"},
			{Name: "factors", Type: "array", Help: "Which ones, such as totp or webauthn"},
		},
		Ports: []block.Port{{ID: "next", Title: "next", Tone: "neutral"}},
		Needs: []string{block.FactUser},
	}
}

// Run reads them.
func (CheckMFAStatus) Run(c *block.Call) (block.Result, error) {
	userID, want := c.EventText("user.id"), c.Strings("factors")
	if userID == "" {
		return block.Result{}, block.Fail("no_user", "the factors were asked for before anybody was found").Hinted("put it after the identity lookup")
	}
	usable, err := block.Effect(c, "directory.factors", map[string]any{"user_id": userID, "of": want}, func(env *block.Env) ([]string, error) {
		return usableFactors(c, env, userID, want)
	})
	if err != nil {
		return block.Result{}, err
	}
	factors := make([]any, len(usable))
	for i, f := range usable {
		factors[i] = f
	}
	return block.Go("next", map[string]any{"enrolled": len(factors) > 0, "factors": factors}), nil
}
