package authentication

import (
	"time"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/directory"
)

// ChannelOTPSend sends a one-time code by mail or SMS.
type ChannelOTPSend struct{}

// ChannelOTPVerify asks for that code.
type ChannelOTPVerify struct{}

func channelField() block.Field {
	return block.Field{Name: "channel", Title: "Channel", Kind: block.Choice, Default: block.Email, Help: "How it is sent: to the account's mail address or phone.",
		Options: []block.Option{{Value: block.Email, Title: "Mail"}, {Value: block.SMS, Title: "SMS"}}}
}

func templateField() block.Field {
	return block.Field{Name: "template", Title: "Mail template", Kind: block.Page, Placeholder: "mail/code.html", Help: "An HTML template of your own below pages/; a .txt of the same name beside it is the text. Without one the texts are labels."}
}

func verifiedOnlyField() block.Field {
	return block.Field{Name: "verified_only", Title: "Verified addresses only", Kind: block.Boolean, Default: true, Help: "Sends nothing to an address that nobody has proven to be theirs. What the person sees is the same."}
}

// Describe answers the descriptor.
func (ChannelOTPSend) Describe() block.Descriptor {
	four, many := 4.0, 12.0
	return block.Descriptor{
		ID: "channel_otp_send", Family: "authentication", Title: "Send code", Icon: "send",
		Summary:  "Sends a one-time code by mail or SMS",
		Help:     "Sends to the account that was found. When none was found nothing is sent, and what comes after looks the same: lead both outcomes of a lookup here, and nobody learns who has an account. An account gets at most five messages in ten minutes.",
		Synonyms: []string{"otp", "one-time code", "passwordless", "sms code", "email code", "pin"},
		Fields: []block.Field{channelField(),
			{Name: "ttl", Title: "Valid for", Kind: block.Length, Default: "10m"},
			{Name: "length", Title: "Digits", Kind: block.Number, Default: 6.0, Min: &four, Max: &many},
			templateField(), verifiedOnlyField()},
		Outputs: []block.Output{
			{Name: "code_id", Type: "string", Help: "Names the code for the block that asks for it; it is not the code"},
			{Name: "channel", Type: "string", Help: "How it was sent: email or sms"},
			{Name: "sent", Type: "boolean", Help: "Whether a message went out. Do not show it: it tells whether there is an account"},
			{Name: "expires_at", Type: "string", Help: "Until when the code works (RFC 3339)"},
			{Name: "masked", Type: "string", Help: "The address with most of it hidden. Do not show it to somebody who has not proven who they are"},
		},
		Ports:   []block.Port{{ID: "sent", Title: "sent", Tone: "neutral"}},
		Effects: []string{block.SendsMessage},
	}
}

// Run sends the code.
func (ChannelOTPSend) Run(c *block.Call) (block.Result, error) {
	spec, err := block.CodeSpecOf(c)
	if err != nil {
		return block.Result{}, err
	}
	spec.Purpose, spec.Label, spec.Length, spec.VerifiedOnly = "sign_in", "code", c.Int("length"), c.Bool("verified_only")
	s, err := block.SendCode(c, spec)
	if err != nil {
		return block.Result{}, err
	}
	return block.Go("sent", map[string]any{"code_id": s.ID, "channel": spec.Channel, "sent": s.Sent, "expires_at": instant(s.Expires), "masked": s.Masked}), nil
}

func instant(ms int64) string { return time.UnixMilli(ms).UTC().Format(time.RFC3339) }

func instantOf(text string) (time.Time, error) {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return at, block.Fail("config", "%q is no point in time", text).In("expires_at").Hinted("take the output expires_at of the block that sent it")
	}
	return at, nil
}

// Describe answers the descriptor.
func (ChannelOTPVerify) Describe() block.Descriptor {
	one, many := 1.0, 10.0
	return block.Descriptor{
		ID: "channel_otp_verify", Family: "authentication", Title: "Verify code", Icon: "message-square-text",
		Summary:  "Asks for the code that was sent by mail or SMS",
		Help:     "The person proves that they can read the account's mail or phone. Lead resend back to the block that sends: wrong codes count on, so asking for new ones gives no more tries. A code alone is weak: think of a second factor before you let it sign anybody in.",
		Synonyms: []string{"otp", "one-time code", "passwordless", "sms code", "email code"},
		Asks:     true,
		Fields: []block.Field{
			{Name: "code_id", Title: "Code", Kind: block.Template, Required: true, Placeholder: "{{ step.send.code_id }}", Help: "Which code: the output of the block that sent it."},
			{Name: "max_attempts", Title: "Attempts", Kind: block.Number, Default: 5.0, Min: &one, Max: &many, Help: "How many wrong codes lead to the outcome failed."},
			{Name: "resend_after", Title: "New code after", Kind: block.Length, Default: "30s", Help: "How long the person has to wait before a new code is sent."},
			{Name: "channel", Title: "Channel", Kind: block.Choice, Default: block.Email, Help: "Which words the page has.", Options: channelField().Options},
			{Name: "template", Title: "Page", Kind: block.Page, Default: "auth/otp.html"},
		},
		Outputs: []block.Output{
			{Name: "verified", Type: "boolean", Help: "Whether the code was right"},
			{Name: "attempts", Type: "integer", Help: "How many codes were tried"},
		},
		Ports: []block.Port{{ID: "ok", Title: "ok", Tone: "good"}, {ID: "failed", Title: "failed", Tone: "bad"},
			{ID: "expired", Title: "expired", Tone: "warn"}, {ID: "resend", Title: "resend", Tone: "neutral"}},
		Gives:  map[string][]string{"ok": {block.FactUser, block.FactVerified}},
		Proves: map[string][]string{"ok": {block.ProvesPossession}}, KeepsUser: true,
		Effects: []string{block.VerifiesFactor},
	}
}

// Run asks, and verifies what was sent.
func (v ChannelOTPVerify) Run(c *block.Call) (block.Result, error) {
	if !c.Resumed() {
		if err := began(c); err != nil {
			return block.Result{}, err
		}
		return v.ask(c, ""), nil
	}
	if c.Button == "resend" {
		early, err := tooEarly(c)
		if err != nil {
			return block.Result{}, err
		}
		if early {
			return v.ask(c, "error.resend_later"), nil
		}
		return block.Go("resend", v.outputs(c, false)), nil
	}
	code, sent := c.Secret("code")
	c.DropSecret("code")
	if !sent {
		return v.ask(c, ""), nil
	}
	return v.check(c, code)
}

// otpVerdict is what a check came to, as the journal holds it.
type otpVerdict struct {
	Result  string `json:"result"`
	UserID  string `json:"user_id,omitempty"`
	Channel string `json:"channel,omitempty"`
}

func (v ChannelOTPVerify) check(c *block.Call, code string) (block.Result, error) {
	id, err := c.Text("code_id")
	if err != nil {
		return block.Result{}, err
	}
	found, err := block.Effect(c, "otp.verify", map[string]any{"code_id": id, "purpose": "sign_in"}, func(env *block.Env) (otpVerdict, error) {
		check, err := env.Directory.VerifyOTP(c.Ctx, id, code)
		return otpVerdict{string(check.Result), check.Spec.UserID, check.Spec.Channel}, err
	})
	if err != nil {
		return block.Result{}, err
	}
	if found.Result == string(directory.OTPExpired) {
		return block.Go("expired", v.outputs(c, false)), nil
	}
	c.Keep(map[string]any{"attempts": v.attempts(c) + 1})
	userID := c.EventText("user.id")
	if found.Result == string(directory.OTPOK) && userID != "" && found.UserID == userID {
		if err := provenBy(c, userID, block.MethodOf(found.Channel)); err != nil {
			return block.Result{}, err
		}
		out := v.outputs(c, true)
		out["attempts"] = v.attempts(c) + 1
		c.Keep(nil)
		return block.Go("ok", out), nil
	}
	if v.attempts(c)+1 >= c.Int("max_attempts") || found.Result == string(directory.OTPExhausted) {
		out := v.outputs(c, false)
		out["attempts"] = v.attempts(c) + 1
		return block.Go("failed", out), nil
	}
	return v.ask(c, "error.wrong_code"), nil
}

// attempts counts over all visits: a new code gives no new tries.
func (ChannelOTPVerify) attempts(c *block.Call) int {
	switch n := c.Kept["attempts"].(type) {
	case int:
		return n
	case float64:
		return int(n)
	}
	return 0
}

func (v ChannelOTPVerify) outputs(c *block.Call, verified bool) map[string]any {
	return map[string]any{"verified": verified, "attempts": v.attempts(c)}
}

func (ChannelOTPVerify) ask(c *block.Call, problem string) block.Result {
	template, _ := c.Text("template")
	channel, _ := c.Text("channel")
	return block.Ask(block.PageRequest{Template: template, Error: problem, Buttons: []string{"resend"},
		Model:  map[string]any{"title": "page.otp_" + channel + ".title", "intro": "page.otp_" + channel + ".intro", "submit": "button.verify", "to": shownAddress(c, channel)},
		Fields: []block.PageField{{Name: "code", Type: "code", Label: "field.code", Required: true}}})
}

// shownAddress answers the masked address for somebody who has proven who they
// are, and nothing for all others.
func shownAddress(c *block.Call, channel string) string {
	if id := c.Subject.UserID; id == "" || id != c.EventText("user.id") {
		return ""
	}
	if channel == block.SMS {
		return block.Mask(channel, c.EventText("user.phone"))
	}
	return block.Mask(channel, c.EventText("user.email"))
}

// began remembers when the person was first asked.
func began(c *block.Call) error {
	now, err := c.Now()
	c.Remember("since", now.UnixMilli())
	return err
}

// tooEarly reports whether a new message would come too soon after the last.
func tooEarly(c *block.Call) (bool, error) {
	wait, err := c.Duration("resend_after")
	if err != nil {
		return false, err
	}
	now, err := c.Now()
	return now.UnixMilli() < int64(c.RecallInt("since"))+wait.Milliseconds(), err
}

// provenBy says that the person has shown to hold what the method stands for.
func provenBy(c *block.Call, userID, method string) error {
	now, err := c.Now()
	if err != nil {
		return err
	}
	c.SetSubject(c.Subject.With(userID, method, now.UnixMilli()))
	return nil
}
