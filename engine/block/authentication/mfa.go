package authentication

import (
	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/directory"
)

// MFA asks for a second factor.
type MFA struct{}

// Factors that can be asked for.
const (
	TOTP      = directory.FactorTOTP
	EmailCode = "email_otp"
	SMSCode   = "sms_otp"
	Passkey   = directory.FactorPasskey
	Recovery  = directory.FactorRecovery
)

// Remembered is the outcome of a device that spares the second factor.
const Remembered = "remembered_device"

// factorOptions are the factors in the order in which they are offered.
var factorOptions = []block.Option{
	{Value: Passkey, Title: "Passkey or security key"}, {Value: TOTP, Title: "Authenticator app (TOTP)"},
	{Value: SMSCode, Title: "Code by SMS"}, {Value: EmailCode, Title: "Code by mail"}, {Value: Recovery, Title: "Recovery code"},
}

func allFactors() []any {
	var all []any
	for _, o := range factorOptions {
		all = append(all, o.Value)
	}
	return all
}

// factorPorts are the outcomes of asking for a factor.
var factorPorts = []block.Port{{ID: "ok", Title: "ok", Tone: "good"}, {ID: "failed", Title: "failed", Tone: "bad"}, {ID: "not_enrolled", Title: "not enrolled", Tone: "warn"}}

func attemptsField() block.Field {
	one, many := 1.0, 10.0
	return block.Field{Name: "max_attempts", Title: "Attempts", Kind: block.Number, Default: 5.0, Min: &one, Max: &many,
		Help: "How many wrong answers lead to the outcome failed, whichever factors they were for."}
}

func factorOutputs() []block.Output {
	return []block.Output{
		{Name: "verified", Type: "boolean", Help: "Whether a factor was verified here"},
		{Name: "factor", Type: "string", Help: "Which one; remembered_device when the device spared it"},
		{Name: "attempts", Type: "integer", Help: "How many answers were tried"},
	}
}

// Describe answers the descriptor.
func (MFA) Describe() block.Descriptor {
	none, half := 0.0, 180.0
	return block.Descriptor{
		ID: "mfa", Family: "authentication", Title: "Second factor", Icon: "shield-check",
		Summary: "Asks for a second factor the person has enrolled",
		Help: "Asks for a passkey, a code of an authenticator app, a code by SMS or mail to a verified address, or a recovery code. With several the person chooses. A code works once. " +
			"Wrong answers are counted together, so that another factor brings no new attempts; after ten in ten minutes the account has to wait.",
		Synonyms: []string{"2fa", "mfa", "otp", "totp", "step-up", "second factor", "code", "sms", "passkey", "recovery"},
		Asks:     true,
		Fields: []block.Field{
			{Name: "factors", Title: "Factors", Kind: block.Choices, Default: allFactors(), Help: "Which may be used.", Options: factorOptions},
			attemptsField(),
			{Name: "remember_device_days", Title: "Spare it on this device", Kind: block.Number, Default: 0.0, Min: &none, Max: &half, Unit: "days",
				Help: "Offers to be spared the second factor on this device for so long; 0 does not. It spares nobody the first, and ends when a factor changes. The session is aal1 then."},
		},
		Outputs: factorOutputs(), Ports: factorPorts,
		Needs: []string{block.FactUser}, Gives: map[string][]string{"ok": {block.FactVerified}},
		Proves:  map[string][]string{"ok": {block.ProvesPossession}},
		Changes: []string{"user"}, Certain: asksAlways,
		Effects: []string{block.VerifiesFactor, block.SendsMessage},
	}
}

// asksAlways reports whether no device is spared the factor.
func asksAlways(config map[string]any) bool {
	days, set := config["remember_device_days"].(float64)
	return !set || days == 0
}

// Run asks for a factor, verifies what was sent, and asks again.
func (MFA) Run(c *block.Call) (block.Result, error) {
	return secondFactor{Call: c, want: c.Strings("factors"), days: c.Int("remember_device_days")}.run()
}
