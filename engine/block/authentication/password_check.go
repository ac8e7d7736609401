// Package authentication holds the blocks that verify who a person is.
package authentication

import (
	"errors"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/directory"
)

// PasswordCheck verifies a password against the directory.
type PasswordCheck struct{}

// Describe answers the descriptor.
func (PasswordCheck) Describe() block.Descriptor {
	one, many := 1.0, 20.0
	return block.Descriptor{
		ID: "password_check", Family: "authentication", Title: "Password check", Icon: "key-round",
		Summary:  "Verifies the password; asks for it if it was not sent yet",
		Help:     "Takes the password that a page before it sent, or asks for one. The answer and its time are the same for an unknown account and for a wrong password. Failures are counted per account and per address.",
		Synonyms: []string{"login", "credentials", "sign in", "pwd"},
		Asks:     true,
		Fields: []block.Field{
			{Name: "identifier", Title: "Identifier", Kind: block.Template, Placeholder: "{{ step.sign_in.fields.identifier }}", Help: "Whose password; left empty, the page asks for it."},
			{Name: "max_attempts", Title: "Attempts", Kind: block.Number, Default: 5.0, Min: &one, Max: &many, Help: "How many wrong passwords lead to the outcome failed."},
			{Name: "template", Title: "Page", Kind: block.Page, Default: "auth/password.html", Help: "What is shown when it has to ask."},
		},
		Outputs: []block.Output{
			{Name: "verified", Type: "boolean", Help: "Whether the password was right"},
			{Name: "attempts", Type: "integer", Help: "How many were tried"},
		},
		Ports:  []block.Port{{ID: "ok", Title: "ok", Tone: "good"}, {ID: "failed", Title: "failed", Tone: "bad"}},
		Gives:  map[string][]string{"ok": {block.FactUser, block.FactVerified, block.FactStrong}},
		Proves: map[string][]string{"ok": {block.ProvesPassword}}, Says: map[string]map[string]any{"ok": {"verified": true}, "failed": {"verified": false}},
		Changes: []string{"user"},
		Effects: []string{block.VerifiesFactor},
	}
}

// Run checks what was sent, and asks as long as attempts are left.
func (p PasswordCheck) Run(c *block.Call) (block.Result, error) {
	identifier, err := c.Text("identifier")
	if err != nil {
		return block.Result{}, err
	}
	if typed := c.Field("identifier"); c.Resumed() && typed != "" {
		identifier = typed
	}
	if identifier == "" {
		identifier = c.EventText("transaction.login_hint")
	}
	password, sent := c.Secret("password")
	if !sent || password == "" || identifier == "" {
		problem := ""
		if c.Resumed() {
			problem = "error.fill_in"
		}
		return p.ask(c, identifier, problem), nil
	}
	attempts := c.RecallInt("attempts") + 1
	c.Remember("attempts", attempts)
	c.DropSecret("password")
	user, err := verifyPassword(c, identifier, password)
	if err != nil {
		return block.Result{}, err
	}
	if user == nil {
		if attempts >= c.Int("max_attempts") {
			return block.Go("failed", map[string]any{"verified": false, "attempts": attempts}), nil
		}
		return p.ask(c, identifier, "error.wrong_credentials"), nil
	}
	now, err := c.Now()
	if err != nil {
		return block.Result{}, err
	}
	c.SetEvent("user", user)
	c.SetSubject(c.Subject.With(user["id"].(string), block.Password, now.UnixMilli()))
	return block.Go("ok", map[string]any{"verified": true, "attempts": attempts}), nil
}

func (PasswordCheck) ask(c *block.Call, identifier, problem string) block.Result {
	template, _ := c.Text("template")
	return block.Ask(block.PageRequest{
		Template: template, Error: problem,
		Model: map[string]any{"title": "page.password.title", "intro": "page.password.intro", "submit": "button.sign_in"},
		Fields: []block.PageField{
			{Name: "identifier", Type: "text", Label: "field.identifier", Required: true, Value: identifier},
			{Name: "password", Type: "password", Label: "field.password", Required: true},
		},
	})
}

// verifyPassword answers event.user when the password is right, else nil; a
// wrong password and an unknown account are counted and answered alike.
func verifyPassword(c *block.Call, identifier, password string) (map[string]any, error) {
	ip := c.EventText("request.ip")
	return block.Effect(c, "directory.verify_password", map[string]any{"identifier": identifier}, func(env *block.Env) (map[string]any, error) {
		u, err := env.Directory.FindByIdentifier(c.Ctx, identifier)
		if err != nil && !errors.Is(err, directory.ErrNotFound) {
			return nil, err
		}
		verdict, err := env.Directory.VerifyPassword(c.Ctx, u.ID, password)
		if err != nil {
			return nil, err
		}
		if verdict == directory.PasswordRight {
			return block.UserEvent(u), nil
		}
		account := u.ID
		if account == "" {
			account = identifier
		}
		return nil, block.CountFailure(c.Ctx, env, account, ip)
	})
}
