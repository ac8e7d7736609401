package identity

import (
	"strings"
	"time"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/world"
)

// VerificationSend sends a code to the mail address of the person.
type VerificationSend struct{}

// VerificationCheck asks for that code.
type VerificationCheck struct{}

// Describe answers the descriptor.
func (VerificationSend) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "verification_send", Family: "identity", Title: "Verification send", Icon: "mail-plus",
		Summary:  "Sends a code to the person's mail address",
		Help:     "When no account was found nothing is sent, and what comes after looks the same: lead both outcomes of a lookup here, and nobody learns which addresses have an account.",
		Synonyms: []string{"verify email", "confirm", "token", "recovery", "reset"},
		Fields:   []block.Field{{Name: "ttl", Title: "Valid for", Kind: block.Length, Default: "10m"}},
		Outputs:  []block.Output{{Name: "code_id", Type: "string", Help: "Names the code for the check; it is not the code"}},
		Ports:    []block.Port{{ID: "next", Title: "next", Tone: "neutral"}},
		Effects:  []string{block.SendsMessage},
	}
}

// Run sends the code.
func (VerificationSend) Run(c *block.Call) (block.Result, error) {
	ttl, err := c.Duration("ttl")
	if err != nil {
		return block.Result{}, err
	}
	id, err := sendVerification(c, ttl)
	if err != nil {
		return block.Result{}, err
	}
	return block.Go("next", map[string]any{"code_id": id}), nil
}

func sendVerification(c *block.Call, ttl time.Duration) (string, error) {
	userID, to := c.EventText("user.id"), c.EventText("user.email")
	return block.Effect(c, "otp.send", map[string]any{"user_id": userID, "to": to, "purpose": "verification"}, func(env *block.Env) (string, error) {
		// A code is made in any case, so that the check is the same; without an
		// account nobody ever gets to see it.
		id, code, err := env.Directory.CreateOTP(c.Ctx, directory.OTPSpec{UserID: userID, Purpose: "verification", Channel: "email", To: to, Length: 8, TTL: ttl, MaxAttempts: 5})
		if err != nil || to == "" {
			return id, err
		}
		return id, block.Send(env, c.RunID, world.Message{Channel: "email", To: to, Subject: block.Label(env, "mail.verify.subject"),
			Text: strings.ReplaceAll(block.Label(env, "mail.verify.text"), "{code}", code), Secrets: map[string]string{"code": code}})
	})
}

// Describe answers the descriptor.
func (VerificationCheck) Describe() block.Descriptor {
	one, many := 1.0, 5.0
	return block.Descriptor{
		ID: "verification_check", Family: "identity", Title: "Verification check", Icon: "mail-check",
		Summary:  "Asks for the code that was sent",
		Help:     "The address of the account is verified when the code is right, and the person has proven that they can read its mail. That alone is weak: do not let it sign anybody in without more.",
		Synonyms: []string{"verify email", "confirm", "code"},
		Asks:     true,
		Fields: []block.Field{
			{Name: "code_id", Title: "Code", Kind: block.Template, Required: true, Placeholder: "{{ step.send.code_id }}", Help: "Which code: the output of the block that sent it."},
			{Name: "max_attempts", Title: "Attempts", Kind: block.Number, Default: 5.0, Min: &one, Max: &many},
			{Name: "template", Title: "Page", Kind: block.Page, Default: "auth/verify.html"},
		},
		Outputs: []block.Output{{Name: "verified", Type: "boolean", Help: "Whether the code was right"}},
		Ports:   []block.Port{{ID: "ok", Title: "ok", Tone: "good"}, {ID: "failed", Title: "failed", Tone: "bad"}, {ID: "expired", Title: "expired", Tone: "warn"}},
		Gives:   map[string][]string{"ok": {block.FactUser, block.FactVerified}},
		Effects: []string{block.VerifiesFactor, block.WritesUser},
	}
}

// Run asks, and verifies what was sent.
func (v VerificationCheck) Run(c *block.Call) (block.Result, error) {
	id, err := c.Text("code_id")
	if err != nil {
		return block.Result{}, err
	}
	code, sent := c.Secret("code")
	if !c.Resumed() || !sent {
		return v.ask(c, ""), nil
	}
	c.DropSecret("code")
	attempts := c.RecallInt("attempts") + 1
	c.Remember("attempts", attempts)
	verdict, err := block.Effect(c, "otp.verify", map[string]any{"code_id": id, "purpose": "verification"}, func(env *block.Env) (string, error) {
		check, err := env.Directory.VerifyOTP(c.Ctx, id, strings.ReplaceAll(code, " ", ""))
		return string(check.Result), err
	})
	if err != nil {
		return block.Result{}, err
	}
	userID := c.EventText("user.id")
	switch directory.OTPResult(verdict) {
	case directory.OTPOK:
		if userID == "" {
			return block.Go("failed", map[string]any{"verified": false}), nil
		}
		return v.verified(c, userID)
	case directory.OTPExpired:
		return block.Go("expired", map[string]any{"verified": false}), nil
	}
	if attempts >= c.Int("max_attempts") || verdict == string(directory.OTPExhausted) {
		return block.Go("failed", map[string]any{"verified": false}), nil
	}
	return v.ask(c, "error.wrong_code"), nil
}

func (VerificationCheck) ask(c *block.Call, problem string) block.Result {
	template, _ := c.Text("template")
	return block.Ask(block.PageRequest{Template: template, Error: problem,
		Model:  map[string]any{"title": "page.verify.title", "intro": "page.verify.intro", "submit": "button.verify"},
		Fields: []block.PageField{{Name: "code", Type: "code", Label: "field.code", Required: true}}})
}

func (VerificationCheck) verified(c *block.Call, userID string) (block.Result, error) {
	user, err := block.Effect(c, "directory.email_verified", map[string]any{"user_id": userID}, func(env *block.Env) (map[string]any, error) {
		u, err := env.Directory.Update(c.Ctx, userID, func(u *directory.User) error { u.EmailVerified = true; return nil })
		return block.UserEvent(u), err
	})
	if err != nil {
		return block.Result{}, err
	}
	now, err := c.Now()
	if err != nil {
		return block.Result{}, err
	}
	c.SetEvent("user", user)
	c.SetSubject(c.Subject.With(userID, block.MailCode, now.UnixMilli()))
	return block.Go("ok", map[string]any{"verified": true}), nil
}
