package identity

import (
	"errors"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/directory"
)

// Create creates an account.
type Create struct{}

// Describe answers the descriptor.
func (Create) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "identity_create", Family: "identity", Title: "Identity create", Icon: "user-plus",
		Summary:  "Creates the account",
		Help:     "An identifier that somebody else has leads to exists; do not tell the person there, or everybody can ask who has an account. The new account has no credential yet: set one in this run.",
		Synonyms: []string{"register", "sign up", "new user", "account"},
		Fields: []block.Field{
			{Name: "email", Title: "Mail address", Kind: block.Template, Placeholder: "{{ step.sign_up.fields.email }}"},
			{Name: "username", Title: "User name", Kind: block.Template},
			{Name: "phone", Title: "Phone", Kind: block.Template},
			{Name: "name", Title: "Name", Kind: block.Template},
			{Name: "email_verified", Title: "Mail address is verified", Kind: block.Boolean, Default: false, Help: "Set it only where this run has verified the address."},
			{Name: "app_metadata", Title: "App metadata", Kind: block.Map, Help: "What applications keep about the person; values may hold {{ … }}."},
		},
		Outputs: []block.Output{{Name: "user_id", Type: "string", Help: "Id of the new account; empty when it exists"}},
		Ports:   []block.Port{{ID: "created", Title: "created", Tone: "good"}, {ID: "exists", Title: "exists", Tone: "warn"}},
		Gives:   map[string][]string{"created": {block.FactUser}},
		Changes: []string{"user"},
		Effects: []string{block.WritesUser},
	}
}

// created is what came of it; Taken says that an identifier is somebody else's.
type created struct {
	User    map[string]any `json:"user,omitempty"`
	Taken   bool           `json:"taken"`
	Invalid string         `json:"invalid,omitempty"`
}

// Run creates the account.
func (Create) Run(c *block.Call) (block.Result, error) {
	texts := map[string]string{}
	for _, name := range []string{"email", "username", "phone", "name"} {
		v, err := c.Text(name)
		if err != nil {
			return block.Result{}, err
		}
		texts[name] = v
	}
	app, err := c.FilledMap("app_metadata")
	if err != nil {
		return block.Result{}, err
	}
	u := directory.User{Email: texts["email"], Username: texts["username"], Phone: texts["phone"], Name: texts["name"], EmailVerified: c.Bool("email_verified"), AppMetadata: app}
	res, err := block.Effect(c, "directory.create", map[string]any{"email": u.Email, "username": u.Username, "phone": u.Phone, "name": u.Name}, func(env *block.Env) (created, error) {
		made, err := env.Directory.Create(c.Ctx, u)
		var invalid *directory.InvalidError
		switch _, taken := directory.AsTaken(err); {
		case taken:
			return created{Taken: true}, nil
		case errors.As(err, &invalid):
			return created{Invalid: invalid.Error()}, nil
		case err != nil:
			return created{}, err
		}
		return created{User: block.UserEvent(made)}, nil
	})
	switch {
	case err != nil:
		return block.Result{}, err
	case res.Invalid != "":
		return block.Result{}, block.Fail("identity_invalid", "%s", res.Invalid).Hinted("ask for what is missing on the page before, with a pattern")
	case res.Taken:
		return block.Go("exists", map[string]any{"user_id": ""}), nil
	}
	id, _ := res.User["id"].(string)
	c.SetEvent("user", res.User)
	s := c.Subject
	s.Created = id
	c.SetSubject(s)
	return block.Go("created", map[string]any{"user_id": id}), nil
}
