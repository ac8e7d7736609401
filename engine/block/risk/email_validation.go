package risk

import (
	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/risk"
)

// EmailValidation looks at a mail address without asking anybody.
type EmailValidation struct{}

// Lists of a project that take the place of those in the program.
const (
	DisposableList = "disposable_domains.txt"
	FreeList       = "free_domains.txt"
	RolesList      = "role_names.txt"
)

// Describe answers the descriptor.
func (EmailValidation) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "email_validation", Family: "risk", Title: "Email validation", Icon: "at-sign",
		Summary:  "Form, throw-away and role addresses, free providers",
		Help:     "Tells by the address alone whether mail could reach a person there. lists/disposable_domains.txt, free_domains.txt and role_names.txt of the project take the place of the lists in the program; `authflow lists update` fetches newer ones. That mail really arrives only a verification proves.",
		Synonyms: []string{"disposable", "throwaway", "temporary", "mailinator", "role address", "mx", "free provider", "corporate"},
		Fields: []block.Field{
			{Name: "email", Title: "Mail address", Kind: block.Template, Required: true, Placeholder: "{{ step.sign_up.fields.email }}"},
		},
		Outputs: []block.Output{severityOutput,
			{Name: "valid", Type: "boolean", Help: "Whether mail could be sent there"},
			{Name: "disposable", Type: "boolean", Help: "Whether the domain is one of throw-away addresses"},
			{Name: "role", Type: "boolean", Help: "Whether it is the address of a role, such as info@"},
			{Name: "free", Type: "boolean", Help: "Whether anybody gets an address at that provider"},
			{Name: "domain", Type: "string", Help: "The domain in lower case"},
			{Name: "reason", Type: "string", Help: "Why it is not valid"},
		},
		Ports: next,
	}
}

// Run looks at the address.
func (EmailValidation) Run(c *block.Call) (block.Result, error) {
	address, err := c.Text("email")
	if err != nil {
		return block.Result{}, err
	}
	f := risk.CheckMail(address, risk.MailLists{Disposable: ownSet(c, DisposableList), Free: ownSet(c, FreeList), Roles: ownSet(c, RolesList)})
	severity := low
	switch {
	case !f.Valid || f.Disposable:
		severity = high
	case f.Role:
		severity = medium
	}
	return block.Go("next", map[string]any{"severity": severity, "valid": f.Valid, "disposable": f.Disposable, "role": f.Role, "free": f.Free, "domain": f.Domain, "reason": f.Reason}), nil
}

func ownSet(c *block.Call, name string) risk.Set {
	text, ok := c.OwnList(name)
	if !ok {
		return nil
	}
	return risk.ReadSet(text)
}
