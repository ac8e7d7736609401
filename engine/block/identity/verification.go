package identity

import (
	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/directory"
)

// VerificationSend sends a code, or a code and a link, to an address of the
// person.
type VerificationSend struct{}

// VerificationCheck asks for that code, or takes the link.
type VerificationCheck struct{}

func channelField(help string) block.Field {
	return block.Field{Name: "channel", Title: "Channel", Kind: block.Choice, Default: block.Email, Help: help,
		Options: []block.Option{{Value: block.Email, Title: "Mail"}, {Value: block.SMS, Title: "SMS"}}}
}

// Describe answers the descriptor.
func (VerificationSend) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "verification_send", Family: "identity", Title: "Verification send", Icon: "mail-plus",
		Summary:  "Sends a code to the person's mail address or phone",
		Help:     "When no account was found nothing is sent, and what comes after looks the same: lead both outcomes of a lookup here, and nobody learns which addresses have an account. An account gets at most five messages in ten minutes.",
		Synonyms: []string{"verify email", "verify phone", "confirm", "token", "recovery", "reset"},
		Fields: []block.Field{channelField("What is to be verified."),
			{Name: "ttl", Title: "Valid for", Kind: block.Length, Default: "10m"},
			{Name: "link", Title: "With a link", Kind: block.Boolean, Default: false, Help: "A link that works once beside the code, in the browser that asked for it."},
			{Name: "template", Title: "Mail template", Kind: block.Page, Placeholder: "mail/verify.html", Help: "An HTML template of your own below pages/; a .txt of the same name beside it is the text."}},
		Outputs: []block.Output{{Name: "code_id", Type: "string", Help: "Names the code for the check; it is not the code"}},
		Ports:   []block.Port{{ID: "next", Title: "next", Tone: "neutral"}},
		Effects: []string{block.SendsMessage},
	}
}

// Run sends the code.
func (VerificationSend) Run(c *block.Call) (block.Result, error) {
	spec, err := block.CodeSpecOf(c)
	if err != nil {
		return block.Result{}, err
	}
	spec.Purpose, spec.Label, spec.Length, spec.Link = "verification", "verify", codeDigits, c.Bool("link")
	if spec.Link {
		spec.Label = "verify_link"
	}
	return sendCode(c, spec)
}

// codeDigits is the length of a code that stands alone.
const codeDigits = 8

func sendCode(c *block.Call, spec block.CodeSpec) (block.Result, error) {
	s, err := block.SendCode(c, spec)
	if err != nil {
		return block.Result{}, err
	}
	return block.Go("next", map[string]any{"code_id": s.ID}), nil
}

// PasswordRecoverySend sends a link and a code to somebody who forgot their
// password.
type PasswordRecoverySend struct{}

// Describe answers the descriptor.
func (PasswordRecoverySend) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "password_recovery_send", Family: "integration", Title: "Password recovery send", Icon: "key-round",
		Summary:  "Sends a link and a code for choosing a new password",
		Help:     "Let a verification check wait for it, and a password update come after that. Nothing is sent when no account was found, and what comes after looks the same. The link works once, in the browser that asked for it.",
		Synonyms: []string{"forgot password", "reset", "recovery"},
		Fields: []block.Field{
			{Name: "ttl", Title: "Valid for", Kind: block.Length, Default: "15m"},
			{Name: "template", Title: "Mail template", Kind: block.Page, Placeholder: "mail/recovery.html", Help: "An HTML template of your own below pages/; a .txt of the same name beside it is the text."}},
		Outputs: []block.Output{{Name: "code_id", Type: "string", Help: "Names the message for the check; it is not the code"}},
		Ports:   []block.Port{{ID: "next", Title: "next", Tone: "neutral"}},
		Effects: []string{block.SendsMessage},
	}
}

// Run sends them.
func (PasswordRecoverySend) Run(c *block.Call) (block.Result, error) {
	ttl, err := c.Duration("ttl")
	if err != nil {
		return block.Result{}, err
	}
	template, err := c.Text("template")
	if err != nil {
		return block.Result{}, err
	}
	return sendCode(c, block.CodeSpec{Purpose: "recovery", Channel: block.Email, Label: "recovery", Template: template, Length: codeDigits, TTL: ttl, Link: true})
}

// Describe answers the descriptor.
func (VerificationCheck) Describe() block.Descriptor {
	one, many := 1.0, 5.0
	return block.Descriptor{
		ID: "verification_check", Family: "identity", Title: "Verification check", Icon: "mail-check",
		Summary:  "Asks for the code that was sent, or takes the link",
		Help:     "The address of the account is verified when the code is right or the link was opened, and the person has proven that they can read what is sent there. That alone is weak: do not let it sign anybody in without more.",
		Synonyms: []string{"verify email", "verify phone", "confirm", "code"},
		Asks:     true,
		Fields: []block.Field{
			{Name: "code_id", Title: "Code", Kind: block.Template, Required: true, Placeholder: "{{ step.send.code_id }}", Help: "Which code: the output of the block that sent it."},
			{Name: "max_attempts", Title: "Attempts", Kind: block.Number, Default: 5.0, Min: &one, Max: &many},
			channelField("Which words the page has."),
			{Name: "template", Title: "Page", Kind: block.Page, Default: "auth/verify.html"},
		},
		Outputs: []block.Output{{Name: "verified", Type: "boolean", Help: "Whether the code was right or the link was opened"}},
		Ports:   []block.Port{{ID: "ok", Title: "ok", Tone: "good"}, {ID: "failed", Title: "failed", Tone: "bad"}, {ID: "expired", Title: "expired", Tone: "warn"}},
		Gives:   map[string][]string{"ok": {block.FactUser, block.FactVerified}},
		Proves:  map[string][]string{"ok": {block.ProvesPossession}}, KeepsUser: true,
		Changes: []string{"user"},
		Effects: []string{block.VerifiesFactor, block.WritesUser},
	}
}

// Run asks, and verifies what was sent.
func (v VerificationCheck) Run(c *block.Call) (block.Result, error) {
	id, err := c.Text("code_id")
	if err != nil {
		return block.Result{}, err
	}
	if _, followed := c.Secret(block.LinkField); followed && c.Resumed() {
		return v.followed(c, id)
	}
	code, sent := c.Secret("code")
	if !c.Resumed() || !sent {
		return v.ask(c, id, ""), nil
	}
	c.DropSecret("code")
	return v.check(c, id, code)
}

// proof is what a check came to, as the journal holds it.
type proof struct {
	Result  string `json:"result"`
	UserID  string `json:"user_id,omitempty"`
	Channel string `json:"channel,omitempty"`
	To      string `json:"to,omitempty"`
}

func (v VerificationCheck) check(c *block.Call, id, code string) (block.Result, error) {
	attempts := c.RecallInt("attempts") + 1
	c.Remember("attempts", attempts)
	p, err := block.Effect(c, "otp.verify", map[string]any{"code_id": id, "purpose": "verification"}, func(env *block.Env) (proof, error) {
		check, err := env.Directory.VerifyOTP(c.Ctx, id, code)
		return proof{string(check.Result), check.Spec.UserID, check.Spec.Channel, check.Spec.To}, err
	})
	if err != nil {
		return block.Result{}, err
	}
	switch directory.OTPResult(p.Result) {
	case directory.OTPOK:
		return v.verified(c, p)
	case directory.OTPExpired:
		return block.Go("expired", map[string]any{"verified": false}), nil
	}
	if attempts >= c.Int("max_attempts") || p.Result == string(directory.OTPExhausted) {
		return block.Go("failed", map[string]any{"verified": false}), nil
	}
	return v.ask(c, id, "error.wrong_code"), nil
}

// followed takes the link that came beside the code.
func (v VerificationCheck) followed(c *block.Call, id string) (block.Result, error) {
	l, state, err := block.UseLink(c, id)
	if err != nil {
		return block.Result{}, err
	}
	switch state {
	case block.LinkOK:
		return v.verified(c, proof{UserID: l.UserID, Channel: l.Channel, To: l.To})
	case block.LinkExpired:
		return block.Go("expired", map[string]any{"verified": false}), nil
	}
	return v.ask(c, id, "error.link_invalid"), nil
}

func (VerificationCheck) ask(c *block.Call, id, problem string) block.Result {
	template, _ := c.Text("template")
	words := "page.verify"
	if channel, _ := c.Text("channel"); channel == block.SMS {
		words = "page.verify_sms"
	}
	return block.Ask(block.PageRequest{Template: template, Error: problem, Link: id,
		Model:  map[string]any{"title": words + ".title", "intro": words + ".intro", "submit": "button.verify"},
		Fields: []block.PageField{{Name: "code", Type: "code", Label: "field.code", Required: true}}})
}

// verified writes down that the address is the person's, if it is still the
// account's.
func (VerificationCheck) verified(c *block.Call, p proof) (block.Result, error) {
	userID := c.EventText("user.id")
	if userID == "" || p.UserID != userID {
		return block.Go("failed", map[string]any{"verified": false}), nil
	}
	user, err := block.Effect(c, "directory.address_verified", map[string]any{"user_id": userID, "channel": p.Channel}, func(env *block.Env) (map[string]any, error) {
		same := true
		u, err := env.Directory.Update(c.Ctx, userID, func(u *directory.User) error {
			switch {
			case p.Channel == block.SMS && u.Phone == p.To:
				u.PhoneVerified = true
			case p.Channel == block.Email && u.Email == p.To:
				u.EmailVerified = true
			default:
				same = false
			}
			return nil
		})
		if err != nil || !same {
			return nil, err
		}
		return block.UserEvent(u), nil
	})
	if err != nil {
		return block.Result{}, err
	}
	if user == nil {
		return block.Go("failed", map[string]any{"verified": false}), nil
	}
	now, err := c.Now()
	if err != nil {
		return block.Result{}, err
	}
	c.SetEvent("user", user)
	c.SetSubject(c.Subject.With(userID, block.MethodOf(p.Channel), now.UnixMilli()))
	return block.Go("ok", map[string]any{"verified": true}), nil
}
