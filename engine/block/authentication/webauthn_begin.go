package authentication

import (
	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/directory"
)

// WebAuthnBegin prepares a passkey ceremony.
type WebAuthnBegin struct{}

// Describe answers the descriptor.
func (WebAuthnBegin) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "webauthn_begin", Family: "authentication", Title: "Passkey begin", Icon: "fingerprint-pattern",
		Summary: "Prepares the making or the use of a passkey",
		Help: "Draws a challenge that can be answered once, in this run, for the server's own host name. Passkey finish shows the page and verifies the answer. " +
			"To use one: without a known account anybody's passkey signs in, without a user name; with one only that person's does. To make one: the person must have proven who they are, or the account must have been created in this run.",
		Synonyms: []string{"webauthn", "fido", "fido2", "passwordless", "security key", "biometric", "challenge"},
		Fields: []block.Field{
			{Name: "mode", Title: "What for", Kind: block.Choice, Default: string(directory.AssertPasskey), Options: []block.Option{
				{Value: string(directory.AssertPasskey), Title: "Sign in with a passkey"}, {Value: string(directory.RegisterPasskey), Title: "Make a passkey"}}},
			{Name: "user_verification", Title: "PIN, finger or face", Kind: block.Choice, Default: directory.VerifyUserRequired,
				Help: "Required: a passkey alone is two factors. Else it is a second factor for who has proven a first, and refused for everybody else.",
				Options: []block.Option{{Value: directory.VerifyUserRequired, Title: "Required"}, {Value: directory.VerifyUserPreferred, Title: "Preferred"},
					{Value: directory.VerifyUserDiscouraged, Title: "Discouraged"}}},
		},
		Outputs: []block.Output{
			{Name: "ceremony", Type: "string", Help: "Names the ceremony for Passkey finish"},
			{Name: "mode", Type: "string", Help: "register or assert"},
			{Name: "options", Type: "object", Help: "What the browser's navigator.credentials takes, under publicKey"},
			{Name: "available", Type: "boolean", Help: "Whether passkeys work at this server's address: they need a host name and TLS, or localhost"},
		},
		Ports: []block.Port{{ID: "next", Title: "next", Tone: "neutral"}},
	}
}

// Run draws the challenge.
func (WebAuthnBegin) Run(c *block.Call) (block.Result, error) {
	spec, err := ceremonyWanted(c)
	if err != nil {
		return block.Result{}, err
	}
	made, err := beginCeremony(c, spec)
	if err != nil {
		return block.Result{}, err
	}
	return block.Go("next", map[string]any{"ceremony": made.ID, "mode": string(spec.Kind), "options": map[string]any{"publicKey": made.PublicKey}, "available": !made.NoName}), nil
}

// ceremonyWanted answers what the block's settings and the run ask for.
func ceremonyWanted(c *block.Call) (directory.CeremonySpec, error) {
	mode, err := c.Text("mode")
	if err != nil {
		return directory.CeremonySpec{}, err
	}
	uv, err := c.Text("user_verification")
	if err != nil {
		return directory.CeremonySpec{}, err
	}
	userID := c.EventText("user.id")
	spec := directory.CeremonySpec{Kind: directory.CeremonyKind(mode), UserID: userID, UserVerification: uv, Listed: proven(c, userID)}
	if spec.Kind == directory.RegisterPasskey && !mayEnroll(c, userID) {
		return spec, block.Fail("not_authenticated", "a passkey was to be made though nobody has proven who they are").In("mode").Hinted("put it after a password check, or after identity_create")
	}
	if spec.Kind == directory.RegisterPasskey && !proven(c, userID) {
		spec.UserVerification = directory.VerifyUserRequired // the first credential stands alone
	}
	return spec, nil
}

// proven reports whether the person has proven to be that one. Only then their
// passkeys are named to the browser: that tells that the account exists.
func proven(c *block.Call, userID string) bool {
	return userID != "" && c.Subject.UserID == userID && len(c.Subject.Verified) > 0
}

// mayEnroll reports whether a factor can be added to that account.
func mayEnroll(c *block.Call, userID string) bool {
	return proven(c, userID) || userID != "" && c.Subject.Created == userID
}
