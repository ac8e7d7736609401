package authentication

import (
	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/directory"
)

// WebAuthnFinish asks for the passkey and verifies it.
type WebAuthnFinish struct{}

// Describe answers the descriptor.
func (WebAuthnFinish) Describe() block.Descriptor {
	one, many := 1.0, 10.0
	return block.Descriptor{
		ID: "webauthn_finish", Family: "authentication", Title: "Passkey finish", Icon: "fingerprint-pattern",
		Summary: "Asks the browser for the passkey, and verifies its answer",
		Help: "Shows the page on which the browser asks for finger, face or PIN. A passkey that has verified its user stands alone and gives aal2; one that has not is a second factor and nothing more. " +
			"A passkey of another host name, an answer that was sent before, and a counter that does not go up (a copied key) are refused and audited.",
		Synonyms: []string{"webauthn", "fido", "fido2", "passwordless", "security key", "biometric", "assertion"},
		Asks:     true,
		Fields: []block.Field{
			{Name: "ceremony", Title: "Ceremony", Kind: block.Template, Required: true, Placeholder: "{{ step.begin.ceremony }}", Help: "Which one: the output of Passkey begin."},
			{Name: "max_attempts", Title: "Attempts", Kind: block.Number, Default: 5.0, Min: &one, Max: &many, Help: "How many refused answers lead to the outcome failed."},
			endSessionsField,
			{Name: "template", Title: "Page", Kind: block.Page, Default: "auth/passkey.html", Help: "What is shown. Its form needs data-passkey; see docs/passkeys.md."},
		},
		Outputs: []block.Output{
			{Name: "verified", Type: "boolean", Help: "Whether the passkey was good"},
			{Name: "credential_id", Type: "string", Help: "Which one; empty when none was"},
			{Name: "user_id", Type: "string", Help: "Whose it is; empty when none was good"},
			{Name: "reason", Type: "string", Help: "Why not, for machines: unknown_credential, cloned, wrong_origin, …"},
			{Name: "identifier", Type: "string", Help: "What the person typed before they chose another way"},
		},
		Ports:   []block.Port{{ID: "ok", Title: "ok", Tone: "good"}, {ID: "failed", Title: "failed", Tone: "bad"}, {ID: "other", Title: "another way", Tone: "neutral"}},
		Gives:   map[string][]string{"ok": {block.FactUser, block.FactVerified, block.FactStrong}},
		Proves:  map[string][]string{"ok": {block.ProvesKey}},
		Changes: []string{"user"},
		Effects: []string{block.VerifiesFactor, block.WritesUser},
	}
}

// waitingCeremony is what the store knows of one.
type waitingCeremony struct {
	Kind   directory.CeremonyKind `json:"kind"`
	UserID string                 `json:"user_id"`
	Listed bool                   `json:"listed"`
	UV     string                 `json:"user_verification"`
	ceremony
}

// Run shows the page, and takes what the browser sends.
func (f WebAuthnFinish) Run(c *block.Call) (block.Result, error) {
	id := c.RecallText("ceremony")
	if id == "" {
		var err error
		if id, err = c.Text("ceremony"); err != nil {
			return block.Result{}, err
		}
		c.Remember("ceremony", id)
	}
	w, err := readCeremony(c, id)
	if err != nil {
		return block.Result{}, err
	}
	answer, _ := c.Secret(credentialField)
	switch {
	case c.Button == "other":
		return block.Go("other", outcome(finished{}, "", c.Field("identifier"))), nil
	case !c.Resumed():
		return f.ask(c, w, ""), nil
	case answer == "":
		return f.ask(c, w, "error.passkey"), nil
	}
	return f.submitted(c, id, w)
}

func (f WebAuthnFinish) submitted(c *block.Call, id string, w waitingCeremony) (block.Result, error) {
	spec := directory.CeremonySpec{Kind: w.Kind, UserID: w.UserID, Listed: w.Listed, UserVerification: w.UV}
	done, err := finishCeremony(c, id, spec)
	if err != nil {
		return block.Result{}, err
	}
	if done.Problem == "" {
		return block.Go("ok", outcome(done, "", "")), done.accept(c)
	}
	attempts := c.RecallInt("attempts") + 1
	c.Remember("attempts", attempts)
	if attempts >= c.Int("max_attempts") || done.Next.ID == "" {
		return block.Go("failed", outcome(finished{}, done.Problem, "")), nil
	}
	c.Remember("ceremony", done.Next.ID)
	w.ceremony = done.Next
	return f.ask(c, w, passkeyProblem(done.Problem)), nil
}

func outcome(f finished, reason, identifier string) map[string]any {
	return map[string]any{"verified": f.User != nil, "credential_id": f.CredentialID, "user_id": f.UserID, "reason": reason, "identifier": identifier}
}

// readCeremony answers what is waited for; one that was used or has expired is
// one without an id, whose page offers the other ways.
func readCeremony(c *block.Call, id string) (waitingCeremony, error) {
	return block.Effect(c, "webauthn.read", map[string]any{"ceremony": id}, func(env *block.Env) (waitingCeremony, error) {
		_, named := relyingParty(c, env)
		spec, publicKey, err := env.Directory.ReadCeremony(c.Ctx, id)
		w := waitingCeremony{Kind: spec.Kind, UserID: spec.UserID, Listed: spec.Listed, UV: spec.UserVerification, ceremony: ceremony{ID: id, PublicKey: publicKey, NoName: !named}}
		if publicKey == nil {
			w.ID = ""
		}
		return w, err
	})
}

func (WebAuthnFinish) ask(c *block.Call, w waitingCeremony, problem string) block.Result {
	template, _ := c.Text("template")
	texts := "page.passkey"
	if w.Kind == directory.RegisterPasskey {
		texts = "page.passkey_new"
	}
	p := passkeyPage(template, texts, w.Kind, w.ceremony, problem)
	switch {
	case w.Kind == directory.RegisterPasskey:
		p.Fields = append(p.Fields, passkeyName)
	case !w.Listed:
		// The same page whether an account was found or not. Browsers offer passkeys in the autofill of this field.
		p.Model["autofill"] = true
		p.Fields = append(p.Fields, block.PageField{Name: "identifier", Type: "text", Label: "field.identifier", Value: c.EventText("transaction.login_hint"), Autocomplete: "username webauthn"})
	}
	p.Buttons = []string{"other"}
	return block.Ask(p)
}

// passkeyName lets a person name the passkey they make.
var passkeyName = block.PageField{Name: "name", Type: "text", Label: "field.passkey_name", Autocomplete: "off"}
