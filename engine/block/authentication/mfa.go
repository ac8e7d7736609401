package authentication

import (
	"slices"
	"strings"
	"time"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/world"
)

// MFA asks for a second factor.
type MFA struct{}

// Factors that MFA can ask for.
const (
	TOTP      = "totp"
	EmailCode = "email_otp"
)

const (
	codeLength = 6
	codeLife   = 10 * time.Minute
)

// Describe answers the descriptor.
func (MFA) Describe() block.Descriptor {
	one, many := 1.0, 10.0
	return block.Descriptor{
		ID: "mfa", Family: "authentication", Title: "Second factor", Icon: "shield-check",
		Summary:  "Asks for a second factor the person has enrolled",
		Help:     "Asks for one of the factors: a code from an authenticator app (TOTP), or a code sent to the verified mail address. With several the person chooses. A code works once.",
		Synonyms: []string{"2fa", "mfa", "otp", "totp", "step-up", "second factor", "code"},
		Asks:     true,
		Fields: []block.Field{
			{Name: "factors", Title: "Factors", Kind: block.Choices, Default: []any{TOTP, EmailCode}, Help: "Which may be used.",
				Options: []block.Option{{Value: TOTP, Title: "Authenticator app (TOTP)"}, {Value: EmailCode, Title: "Code by mail"}}},
			{Name: "max_attempts", Title: "Attempts", Kind: block.Number, Default: 5.0, Min: &one, Max: &many, Help: "How many wrong codes lead to the outcome failed."},
		},
		Outputs: []block.Output{
			{Name: "verified", Type: "boolean", Help: "Whether a factor was verified"},
			{Name: "factor", Type: "string", Help: "Which one"},
			{Name: "attempts", Type: "integer", Help: "How many codes were tried"},
		},
		Ports: []block.Port{{ID: "ok", Title: "ok", Tone: "good"}, {ID: "failed", Title: "failed", Tone: "bad"}, {ID: "not_enrolled", Title: "not enrolled", Tone: "warn"}},
		Needs: []string{block.FactUser}, Gives: map[string][]string{"ok": {block.FactVerified}},
		Effects: []string{block.VerifiesFactor, block.SendsMessage},
	}
}

// Run asks for a factor, verifies what was sent, and asks again.
func (m MFA) Run(c *block.Call) (block.Result, error) {
	userID := c.EventText("user.id")
	if userID == "" {
		return block.Result{}, block.Fail("no_user", "the second factor was asked for before anybody was found").Hinted("put it after an identity lookup and a password check")
	}
	usable, err := usableFactors(c, userID)
	if err != nil {
		return block.Result{}, err
	}
	if len(usable) == 0 {
		return block.Go("not_enrolled", map[string]any{"verified": false, "factor": "", "attempts": 0}), nil
	}
	if !c.Resumed() {
		return m.first(c, userID, usable)
	}
	return m.submitted(c, userID, usable)
}

func (m MFA) first(c *block.Call, userID string, usable []string) (block.Result, error) {
	if len(usable) > 1 {
		return m.choose(usable), nil
	}
	return m.challenge(c, userID, usable[0], usable, "")
}

func (m MFA) submitted(c *block.Call, userID string, usable []string) (block.Result, error) {
	if slices.Contains(usable, c.Button) {
		return m.challenge(c, userID, c.Button, usable, "")
	}
	factor := c.RecallText("factor")
	switch {
	case factor == "":
		return m.choose(usable), nil
	case c.Button == "other" && len(usable) > 1:
		c.Remember("factor", "")
		return m.choose(usable), nil
	case c.Button == "resend" && factor == EmailCode:
		return m.challenge(c, userID, factor, usable, "")
	}
	attempts := c.RecallInt("attempts") + 1
	c.Remember("attempts", attempts)
	code, _ := c.Secret("code")
	c.DropSecret("code")
	verdict, err := verifyCode(c, userID, factor, strings.ReplaceAll(code, " ", ""))
	if err != nil {
		return block.Result{}, err
	}
	out := map[string]any{"verified": verdict == "ok", "factor": factor, "attempts": attempts}
	switch {
	case verdict == "ok":
		return m.verified(c, userID, factor, out)
	case attempts >= c.Int("max_attempts") || verdict == string(directory.OTPExhausted):
		return block.Go("failed", out), nil
	case verdict == string(directory.OTPExpired):
		return m.page(c, factor, usable, "error.code_expired"), nil
	}
	return m.page(c, factor, usable, "error.wrong_code"), nil
}

func (MFA) verified(c *block.Call, userID, factor string, out map[string]any) (block.Result, error) {
	now, err := c.Now()
	if err != nil {
		return block.Result{}, err
	}
	method := block.OneTime
	if factor == EmailCode {
		method = block.MailCode
	}
	c.SetSubject(c.Subject.With(userID, method, now.UnixMilli()))
	return block.Go("ok", out), nil
}

func (MFA) choose(usable []string) block.Result {
	return block.Ask(block.PageRequest{Template: "mfa/choose.html", Buttons: usable,
		Model: map[string]any{"title": "page.mfa_choose.title", "intro": "page.mfa_choose.intro"}})
}

// challenge begins with a factor; a code by mail is sent now.
func (m MFA) challenge(c *block.Call, userID, factor string, usable []string, problem string) (block.Result, error) {
	c.Remember("factor", factor)
	if factor == EmailCode {
		id, err := sendCode(c, userID, c.EventText("user.email"))
		if err != nil {
			return block.Result{}, err
		}
		c.Remember("code_id", id)
	}
	return m.page(c, factor, usable, problem), nil
}

func (MFA) page(c *block.Call, factor string, usable []string, problem string) block.Result {
	p := block.PageRequest{Template: "mfa/" + factor + ".html", Error: problem,
		Model:  map[string]any{"title": "page.mfa_" + factor + ".title", "intro": "page.mfa_" + factor + ".intro", "submit": "button.verify"},
		Fields: []block.PageField{{Name: "code", Type: "code", Label: "field.code", Required: true}}}
	if factor == EmailCode {
		p.Model["to"] = maskMail(c.EventText("user.email"))
		p.Buttons = append(p.Buttons, "resend")
	}
	if len(usable) > 1 {
		p.Buttons = append(p.Buttons, "other")
	}
	return block.Ask(p)
}

// usableFactors answers which of the block's factors the person has: an app
// that was enrolled, a mail address that was verified.
func usableFactors(c *block.Call, userID string) ([]string, error) {
	want := c.Strings("factors")
	return block.Effect(c, "directory.factors", map[string]any{"user_id": userID, "of": want}, func(env *block.Env) ([]string, error) {
		u, err := env.Directory.Get(c.Ctx, userID)
		if err != nil {
			return nil, err
		}
		usable := []string{}
		for _, w := range want {
			if u.HasFactor(w) || (w == EmailCode && u.Email != "" && u.EmailVerified) {
				usable = append(usable, w)
			}
		}
		return usable, nil
	})
}

func sendCode(c *block.Call, userID, to string) (string, error) {
	return block.Effect(c, "otp.send", map[string]any{"user_id": userID, "to": to, "channel": "email"}, func(env *block.Env) (string, error) {
		id, code, err := env.Directory.CreateOTP(c.Ctx, directory.OTPSpec{UserID: userID, Purpose: "mfa", Channel: "email", To: to, Length: codeLength, TTL: codeLife, MaxAttempts: 5})
		if err != nil {
			return "", err
		}
		return id, block.Send(env, c.RunID, world.Message{Channel: "email", To: to, Subject: block.Label(env, "mail.code.subject"),
			Text: strings.ReplaceAll(block.Label(env, "mail.code.text"), "{code}", code), Secrets: map[string]string{"code": code}})
	})
}

// verifyCode answers ok, or what was wrong with the code.
func verifyCode(c *block.Call, userID, factor, code string) (string, error) {
	codeID := c.RecallText("code_id")
	return block.Effect(c, "otp.verify", map[string]any{"user_id": userID, "factor": factor, "code_id": codeID}, func(env *block.Env) (string, error) {
		if factor == TOTP {
			ok, err := env.Directory.VerifyTOTP(c.Ctx, userID, code)
			if err != nil {
				return "", err
			}
			if !ok {
				return string(directory.OTPFailed), nil
			}
			return string(directory.OTPOK), nil
		}
		check, err := env.Directory.VerifyOTP(c.Ctx, codeID, code)
		return string(check.Result), err
	})
}

// maskMail shows enough of an address to recognise it: a•••@example.com.
func maskMail(address string) string {
	name, domain, ok := strings.Cut(address, "@")
	if !ok || name == "" {
		return "•••"
	}
	return string([]rune(name)[0]) + "•••@" + domain
}
