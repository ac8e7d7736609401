package authentication

import (
	"strings"
	"unicode/utf8"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/session"
)

// minimum is the default length of a new password (NIST SP 800-63B-4 asks for
// 15 where it stands alone, 8 with a second factor; this lies between).
const minimum = 10

func policyFields(template string) []block.Field {
	eight, many := 8.0, 128.0
	return []block.Field{
		{Name: "min_length", Title: "Shortest password", Kind: block.Number, Default: float64(minimum), Min: &eight, Max: &many, Unit: "characters"},
		{Name: "max_attempts", Title: "Attempts", Kind: block.Number, Default: 5.0, Help: "How many refused passwords lead to the outcome refused."},
		{Name: "template", Title: "Page", Kind: block.Page, Default: template, Help: "What is shown when it has to ask."},
	}
}

// newPassword answers a password that satisfies the policy, or the result with
// which the block goes on: the page again, or refused.
func newPassword(c *block.Call, page string) (password string, res block.Result, err error) {
	password, sent := c.Secret("password")
	if !sent {
		return "", askNew(c, page, ""), nil
	}
	// What is found goes into the journal, since the password does not: a replay
	// has nothing to judge (rule X4).
	problem, err := block.Effect(c, "password.judge", nil, func(*block.Env) (string, error) {
		return weakness(password, c.Int("min_length"), c.EventText("user.email"), c.EventText("user.username")), nil
	})
	if err != nil {
		return "", block.Result{}, err
	}
	if problem == "" {
		return password, block.Result{}, nil
	}
	c.DropSecret("password")
	attempts := c.RecallInt("attempts") + 1
	c.Remember("attempts", attempts)
	if attempts >= c.Int("max_attempts") {
		return "", block.Go("refused", nil), nil
	}
	return "", askNew(c, page, problem), nil
}

func askNew(c *block.Call, page, problem string) block.Result {
	template, _ := c.Text("template")
	return block.Ask(block.PageRequest{Template: template, Error: problem,
		Model:  map[string]any{"title": page + ".title", "intro": page + ".intro", "submit": "button.set_password", "min_length": c.Int("min_length")},
		Fields: []block.PageField{{Name: "password", Type: "password", Label: "field.new_password", Required: true, Autocomplete: "new-password"}}})
}

// weakness answers the label of what is wrong with a new password. What people
// must not choose is what everybody would try first: their own names.
func weakness(password string, min int, names ...string) string {
	if utf8.RuneCountInString(password) < min {
		return "error.password_short"
	}
	lower := strings.ToLower(password)
	for _, n := range names {
		local, _, _ := strings.Cut(strings.ToLower(n), "@")
		if len(local) > 3 && strings.Contains(lower, local) {
			return "error.password_name"
		}
	}
	if strings.Count(lower, lower[:1]) == len(lower) {
		return "error.password_simple"
	}
	return ""
}

// CredentialSet sets the password of an account that this run created.
type CredentialSet struct{}

// Describe answers the descriptor.
func (CredentialSet) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "credential_set", Family: "authentication", Title: "Credential set", Icon: "lock-keyhole",
		Summary:  "Sets the password of a new account",
		Help:     "Takes the password that a page before it sent, or asks for one. It works only for an account that was created in the same run: nobody's password can be set by it.",
		Synonyms: []string{"password", "new password", "sign up"},
		Asks:     true, Fields: policyFields("auth/new_password.html"),
		Ports: []block.Port{{ID: "ok", Title: "ok", Tone: "good"}, {ID: "refused", Title: "refused", Tone: "bad"}},
		Needs: []string{block.FactUser}, Gives: map[string][]string{"ok": {block.FactVerified, block.FactStrong}},
		Proves:  map[string][]string{"ok": {block.ProvesPassword}},
		Effects: []string{block.WritesUser},
	}
}

// Run sets it; the person who chose it is the person.
func (CredentialSet) Run(c *block.Call) (block.Result, error) {
	userID := c.EventText("user.id")
	if userID == "" || c.Subject.Created != userID {
		return block.Result{}, block.Fail("not_created_here", "a password was to be set for an account that this run did not create").Hinted("put it after identity_create; to change a password use password_update")
	}
	password, res, err := newPassword(c, "page.new_password")
	if err != nil || password == "" {
		return res, err
	}
	return setPassword(c, userID, password, false)
}

// PasswordUpdate changes the password of a person who has proven who they are.
type PasswordUpdate struct{}

// Describe answers the descriptor.
func (PasswordUpdate) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "password_update", Family: "authentication", Title: "Password update", Icon: "rotate-ccw-key",
		Summary:  "Asks for a new password, and ends the sessions that the old one made",
		Help:     "The person must have proven in this run who they are, by their old password, a factor, or a code to their verified address.",
		Synonyms: []string{"reset", "change password", "recovery"},
		Asks:     true,
		Fields:   append(policyFields("auth/new_password.html"), block.Field{Name: "revoke_sessions", Title: "End all sessions", Kind: block.Boolean, Default: true}),
		Ports:    []block.Port{{ID: "ok", Title: "ok", Tone: "good"}, {ID: "refused", Title: "refused", Tone: "bad"}},
		Needs:    []string{block.FactUser, block.FactVerified}, Gives: map[string][]string{"ok": {block.FactStrong}},
		Proves:    map[string][]string{"ok": {block.ProvesPassword}},
		Effects:   []string{block.WritesUser, block.EndsSessions},
		EffectsIf: map[string]block.Setting{block.EndsSessions: {Field: "revoke_sessions", Is: true}},
	}
}

// Run changes it.
func (PasswordUpdate) Run(c *block.Call) (block.Result, error) {
	userID := c.EventText("user.id")
	if userID == "" || c.Subject.UserID != userID {
		return block.Result{}, block.Fail("not_authenticated", "a password was to be changed though nobody has proven who they are").Hinted("verify a code or a factor before")
	}
	// A password from a page before is the old one: the new one is asked for.
	if !c.Resumed() {
		c.DropSecret("password")
	}
	password, res, err := newPassword(c, "page.reset_password")
	if err != nil || password == "" {
		return res, err
	}
	return setPassword(c, userID, password, c.Bool("revoke_sessions"))
}

func setPassword(c *block.Call, userID, password string, revoke bool) (block.Result, error) {
	c.DropSecret("password")
	_, err := block.Effect(c, "directory.set_password", map[string]any{"user_id": userID, "revoke": revoke}, func(env *block.Env) (block.Void, error) {
		if err := env.Directory.SetPassword(c.Ctx, userID, password); err != nil {
			return block.Void{}, err
		}
		if !revoke {
			return block.Void{}, nil
		}
		_, err := env.Sessions.EndUser(c.Ctx, userID, session.ReasonPasswordChanged)
		return block.Void{}, err
	})
	if err != nil {
		return block.Result{}, err
	}
	now, err := c.Now()
	if err != nil {
		return block.Result{}, err
	}
	c.SetSubject(c.Subject.With(userID, block.Password, now.UnixMilli()))
	return block.Go("ok", nil), nil
}
