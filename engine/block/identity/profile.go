package identity

import (
	"errors"
	"slices"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/directory"
)

// ProfileUpdate changes what a person is called and has told about themselves.
type ProfileUpdate struct{}

// UpdateUser changes the identifiers of an account.
type UpdateUser struct{}

// SetMetadata writes metadata of an account.
type SetMetadata struct{}

var changedOutput = block.Output{Name: "changed", Type: "array", Help: "Names of what is different now"}

// Describe answers the descriptor.
func (ProfileUpdate) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "profile_update", Family: "identity", Title: "Profile update", Icon: "user-pen",
		Summary:  "Changes name and profile fields",
		Help:     "Writes the display name and what the person may see and change about themselves (user metadata). What somebody signs in with is changed by update_user.",
		Synonyms: []string{"name", "profile", "progressive profiling", "user metadata"},
		Fields: []block.Field{
			{Name: "name", Title: "Name", Kind: block.Template, Placeholder: "{{ step.profile.fields.name }}", Help: "Left as it is when empty."},
			{Name: "fields", Title: "Profile fields", Kind: block.Map, Help: "Values may hold {{ … }}; null takes a field away."},
		},
		Outputs: []block.Output{changedOutput}, Ports: []block.Port{{ID: "next", Title: "next", Tone: "neutral"}},
		Needs: []string{block.FactUser}, Effects: []string{block.WritesUser}, Changes: []string{"user"},
	}
}

// Run writes them.
func (ProfileUpdate) Run(c *block.Call) (block.Result, error) {
	name, err := c.Text("name")
	if err != nil {
		return block.Result{}, err
	}
	fields, err := c.FilledMap("fields")
	if err != nil {
		return block.Result{}, err
	}
	var changed []string
	if name != "" && name != c.EventText("user.name") {
		changed = append(changed, "name")
		if err := update(c, "directory.set_name", map[string]any{"name": name}, func(u *directory.User) { u.Name = name }); err != nil {
			return block.Result{}, err
		}
	}
	more, err := metadata(c, nil, fields)
	if err != nil {
		return block.Result{}, err
	}
	return done(append(changed, more...)), nil
}

// Describe answers the descriptor.
func (UpdateUser) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "update_user", Family: "identity", Title: "Update user", Icon: "user-cog",
		Summary:  "Changes mail address, user name or phone number",
		Help:     "Changes what the account is found by, and where its codes go: the person must have proven in this run who they are. A new mail address or phone number is not verified until a verification says so. An identifier of somebody else is an error: wire that port.",
		Synonyms: []string{"change email", "alias", "username", "phone", "identifier"},
		Fields: []block.Field{
			{Name: "email", Title: "Mail address", Kind: block.Template}, {Name: "username", Title: "User name", Kind: block.Template}, {Name: "phone", Title: "Phone", Kind: block.Template},
		},
		Outputs: []block.Output{changedOutput}, Ports: []block.Port{{ID: "next", Title: "next", Tone: "neutral"}},
		Needs: []string{block.FactUser, block.FactVerified}, Effects: []string{block.WritesUser}, Changes: []string{"user"},
	}
}

// Run changes them.
func (UpdateUser) Run(c *block.Call) (block.Result, error) {
	userID := c.EventText("user.id")
	if userID == "" || c.Subject.UserID != userID {
		return block.Result{}, block.Fail("not_authenticated", "an identifier was to be changed though nobody has proven who they are").Hinted("verify a credential before")
	}
	texts, changed := map[string]string{}, []string{}
	for _, name := range []string{"email", "username", "phone"} {
		v, err := c.Text(name)
		if err != nil {
			return block.Result{}, err
		}
		if v != "" && v != c.EventText("user."+name) {
			texts[name] = v
			changed = append(changed, name)
		}
	}
	if len(changed) == 0 {
		return done(nil), nil
	}
	request := map[string]any{}
	for name, v := range texts {
		request[name] = v
	}
	err := update(c, "directory.set_identifiers", request, func(u *directory.User) {
		for name, at := range map[string]*string{"email": &u.Email, "username": &u.Username, "phone": &u.Phone} {
			if v, ok := texts[name]; ok {
				*at = v
			}
		}
	})
	if err != nil {
		return block.Result{}, err
	}
	return done(changed), nil
}

// Describe answers the descriptor.
func (SetMetadata) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "set_metadata", Family: "identity", Title: "Set metadata", Icon: "tags",
		Summary:  "Writes app metadata or user metadata",
		Help:     "App metadata is what applications keep about a person, such as a plan; the person cannot change it. User metadata is theirs. Values are merged with what is there.",
		Synonyms: []string{"app_metadata", "user_metadata", "attribute", "tag", "tier", "plan"},
		Fields: []block.Field{
			{Name: "app", Title: "App metadata", Kind: block.Map}, {Name: "user", Title: "User metadata", Kind: block.Map},
		},
		Outputs: []block.Output{changedOutput}, Ports: []block.Port{{ID: "next", Title: "next", Tone: "neutral"}},
		Needs: []string{block.FactUser}, Effects: []string{block.WritesUser}, Changes: []string{"user"},
	}
}

// Run writes it.
func (SetMetadata) Run(c *block.Call) (block.Result, error) {
	app, err := c.FilledMap("app")
	if err != nil {
		return block.Result{}, err
	}
	user, err := c.FilledMap("user")
	if err != nil {
		return block.Result{}, err
	}
	changed, err := metadata(c, app, user)
	if err != nil {
		return block.Result{}, err
	}
	return done(changed), nil
}

func done(changed []string) block.Result {
	slices.Sort(changed)
	list := make([]any, len(changed))
	for i, name := range changed {
		list[i] = name
	}
	return block.Go("next", map[string]any{"changed": list})
}

// metadata writes what is to be written, and answers the names.
func metadata(c *block.Call, app, user map[string]any) ([]string, error) {
	var names []string
	for prefix, set := range map[string]map[string]any{"app_metadata.": app, "user_metadata.": user} {
		for name := range set {
			names = append(names, prefix+name)
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	event, err := block.SetMetadata(c, c.EventText("user.id"), app, user)
	if err != nil {
		return nil, err
	}
	c.SetEvent("user", event)
	return names, nil
}

// update changes the account of event.user and event.user with it.
func update(c *block.Call, kind string, request map[string]any, change func(*directory.User)) error {
	userID := c.EventText("user.id")
	if userID == "" {
		return block.Fail("no_user", "an account was to be changed before anybody was found").Hinted("put it after an identity lookup")
	}
	request["user_id"] = userID
	event, err := block.Effect(c, kind, request, func(env *block.Env) (map[string]any, error) {
		u, err := env.Directory.Update(c.Ctx, userID, func(u *directory.User) error { change(u); return nil })
		var invalid *directory.InvalidError
		switch _, taken := directory.AsTaken(err); {
		case taken:
			return nil, block.Fail("identifier_taken", "somebody else has this identifier").Hinted("do not tell the person: everybody could ask who has an account")
		case errors.As(err, &invalid):
			return nil, block.Fail("identity_invalid", "%s", invalid.Error()).Hinted("ask for it on the page before, with a pattern")
		case err != nil:
			return nil, err
		}
		return block.UserEvent(u), nil
	})
	if err == nil {
		c.SetEvent("user", event)
	}
	return err
}
