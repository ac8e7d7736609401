package authentication

import (
	"strings"

	"github.com/authflow-studio/authflow/engine/block"
)

// RequireMFAEnroll asks the person to enrol a second factor now.
type RequireMFAEnroll struct{}

// Describe answers the descriptor.
func (RequireMFAEnroll) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "require_mfa_enroll", Family: "authentication", Title: "Enroll second factor", Icon: "qr-code",
		Summary:  "Asks to enrol an authenticator app now",
		Help:     "Shows a QR code and its secret as text, and asks for a code that was made with it. The app counts as enrolled when the code fits; the person has then proven that they have it.",
		Synonyms: []string{"mfa", "2fa", "totp", "authenticator", "qr", "enrol"},
		Asks:     true,
		Fields: []block.Field{
			{Name: "allow_skip", Title: "May be skipped", Kind: block.Boolean, Default: false},
			{Name: "template", Title: "Page", Kind: block.Page, Default: "mfa/enroll_totp.html"},
		},
		Outputs: []block.Output{
			{Name: "enrolled", Type: "boolean", Help: "Whether a factor was enrolled"},
			{Name: "factor", Type: "string", Help: "Which one"},
		},
		Ports: []block.Port{{ID: "ok", Title: "ok", Tone: "good"}, {ID: "skipped", Title: "skipped", Tone: "warn"}},
		Needs: []string{block.FactUser, block.FactVerified}, Gives: map[string][]string{"ok": {block.FactVerified}},
		Effects: []string{block.VerifiesFactor, block.WritesUser},
	}
}

// Run shows the code, and takes the first code of the app.
func (m RequireMFAEnroll) Run(c *block.Call) (block.Result, error) {
	userID := c.Subject.UserID
	if userID == "" || userID != c.EventText("user.id") {
		return block.Result{}, block.Fail("not_authenticated", "a factor was to be enrolled though nobody has proven who they are").Hinted("put it after a password check")
	}
	if !c.Resumed() {
		id, err := block.Effect(c, "totp.begin", map[string]any{"user_id": userID}, func(env *block.Env) (string, error) {
			return env.Directory.BeginTOTP(c.Ctx, userID, env.Project.Settings.Name)
		})
		if err != nil {
			return block.Result{}, err
		}
		c.Remember("pending", id)
		return m.ask(c, ""), nil
	}
	if c.Button == "skip" && c.Bool("allow_skip") {
		return block.Go("skipped", map[string]any{"enrolled": false, "factor": ""}), nil
	}
	return m.confirm(c, userID)
}

func (m RequireMFAEnroll) confirm(c *block.Call, userID string) (block.Result, error) {
	code, _ := c.Secret("code")
	c.DropSecret("code")
	pending := c.RecallText("pending")
	user, err := block.Effect(c, "totp.confirm", map[string]any{"user_id": userID, "pending": pending}, func(env *block.Env) (map[string]any, error) {
		ok, err := env.Directory.ConfirmTOTP(c.Ctx, pending, userID, strings.ReplaceAll(code, " ", ""))
		if err != nil || !ok {
			return nil, err
		}
		u, err := env.Directory.Get(c.Ctx, userID)
		return block.UserEvent(u), err
	})
	if err != nil {
		return block.Result{}, err
	}
	if user == nil {
		return m.ask(c, "error.wrong_code"), nil
	}
	now, err := c.Now()
	if err != nil {
		return block.Result{}, err
	}
	c.SetEvent("user", user)
	c.SetSubject(c.Subject.With(userID, block.OneTime, now.UnixMilli()))
	return block.Go("ok", map[string]any{"enrolled": true, "factor": TOTP}), nil
}

func (RequireMFAEnroll) ask(c *block.Call, problem string) block.Result {
	template, _ := c.Text("template")
	p := block.PageRequest{Template: template, Error: problem, Reveal: c.RecallText("pending"),
		Model:  map[string]any{"title": "page.mfa_enroll.title", "intro": "page.mfa_enroll.intro", "submit": "button.verify"},
		Fields: []block.PageField{{Name: "code", Type: "code", Label: "field.code", Required: true}}}
	if c.Bool("allow_skip") {
		p.Buttons = []string{"skip"}
	}
	return block.Ask(p)
}
