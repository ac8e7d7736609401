package risk

import (
	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/risk"
)

// PasswordPolicy holds the password that a page has sent against rules.
type PasswordPolicy struct{}

// Describe answers the descriptor.
func (PasswordPolicy) Describe() block.Descriptor {
	zero, four, eight, longest := 0.0, 4.0, 8.0, 128.0
	return block.Descriptor{
		ID: "password_policy", Family: "risk", Title: "Password policy", Icon: "list-checks",
		Summary:  "Is the password that was sent good enough?",
		Help:     "Reads the password of the page before it and writes what is wrong with it. The password itself is no output and stands in no record. Length and guessability protect; kinds of characters hardly do (NIST SP 800-63B-4).",
		Synonyms: []string{"strength", "length", "complexity", "entropy", "dictionary"},
		Fields: []block.Field{
			{Name: "min_length", Title: "Shortest", Kind: block.Number, Default: 10.0, Min: &eight, Max: &longest, Unit: "characters"},
			{Name: "min_classes", Title: "Kinds of characters", Kind: block.Number, Default: 0.0, Min: &zero, Max: &four, Help: "Of lower case, upper case, digits, others."},
			{Name: "dictionary", Title: "Refuse what is guessed first", Kind: block.Boolean, Default: true, Help: "35,000 passwords and words, also with digits at the end or numbers for letters."},
			{Name: "min_entropy", Title: "Entropy", Kind: block.Number, Default: 40.0, Min: &zero, Max: &longest, Unit: "bits", Help: "By length and kinds of characters; runs, repetitions and rows of the keyboard count little. 0 asks for none."},
			{Name: "not_like", Title: "Not like", Kind: block.Strings, Placeholder: "{{ step.sign_up.fields.email }}", Help: "Texts it must not hold. The person's own names are always among them."},
		},
		Outputs: []block.Output{
			{Name: "ok", Type: "boolean", Help: "Whether it will do"},
			{Name: "failed", Type: "array", Help: "too_short, too_few_classes, like_the_identifier, guessable"},
		},
		Ports: next,
	}
}

// Run holds the password against the rules.
func (PasswordPolicy) Run(c *block.Call) (block.Result, error) {
	password, err := submittedPassword(c)
	if err != nil {
		return block.Result{}, err
	}
	words := []string{c.EventText("user.email"), c.EventText("user.username"), c.EventText("user.name"), c.EventText("tenant.name")}
	for _, text := range c.Strings("not_like") {
		filled, err := c.Fill("not_like", text)
		if err != nil {
			return block.Result{}, err
		}
		if s, ok := filled.(string); ok {
			words = append(words, s)
		}
	}
	rules := risk.PasswordRules{MinLength: c.Int("min_length"), Classes: c.Int("min_classes"), Dictionary: c.Bool("dictionary"), Entropy: c.Int("min_entropy"), Words: words}
	// The journal has what was found and not the password (rules T3, X4).
	failed, err := block.Effect(c, "password.judge", nil, func(*block.Env) ([]string, error) { return risk.PasswordProblems(password, rules), nil })
	if err != nil {
		return block.Result{}, err
	}
	list := make([]any, len(failed))
	for i, f := range failed {
		list[i] = f
	}
	return block.Go("next", map[string]any{"ok": len(failed) == 0, "failed": list}), nil
}

// submittedPassword answers the password of the page before.
func submittedPassword(c *block.Call) (string, error) {
	password, sent := c.Secret("password")
	if !sent {
		return "", block.Fail("no_password", "no password was sent before this block").Hinted("put it right after a page with a field of type password that is called password")
	}
	return password, nil
}
