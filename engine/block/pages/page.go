// Package pages holds the blocks that show something and wait.
package pages

import (
	"regexp"

	"github.com/authflow-studio/authflow/engine/block"
)

// Page shows a template and gives back what was filled in.
type Page struct{}

// Describe answers the descriptor.
func (Page) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "page", Family: "pages", Title: "Page", Icon: "panel-top",
		Summary:  "Shows a page, waits, and gives back the fields",
		Help:     "Renders a template of the project below pages/. Its address is /fl/ and the template's path without extension. Fields of type password or code never enter the run's data: only the blocks that verify them see them.",
		Synonyms: []string{"form", "screen", "ui", "template", "input"},
		Asks:     true, OpenOutputs: true,
		Fields: []block.Field{
			{Name: "template", Title: "Template", Kind: block.Page, Required: true, Default: "page.html"},
			{Name: "title", Title: "Title", Kind: block.Template, Placeholder: "One more step", Help: "A text, or the key of a label."},
			{Name: "intro", Title: "Introduction", Kind: block.Template},
			{Name: "model", Title: "Model", Kind: block.Map, Help: "Further values for the template; values may hold {{ … }}."},
			{Name: "fields", Title: "Fields", Kind: block.List, Items: []block.Field{
				{Name: "name", Title: "Name", Kind: block.Identifier, Required: true, Placeholder: "identifier"},
				{Name: "type", Title: "Type", Kind: block.Choice, Default: "text", Options: fieldTypes()},
				{Name: "label", Title: "Label", Kind: block.Text, Help: "A text, or the key of a label."},
				{Name: "required", Title: "Required", Kind: block.Boolean, Default: false},
				{Name: "pattern", Title: "Pattern", Kind: block.Text, Help: "A regular expression for the whole value."},
				{Name: "value", Title: "Value", Kind: block.Template, Help: "What stands in it at first."},
			}},
			{Name: "buttons", Title: "Buttons", Kind: block.List, PortOf: "port", Help: "Further submit buttons, each an outcome of its own.", Items: []block.Field{
				{Name: "port", Title: "Outcome", Kind: block.Identifier, Required: true},
				{Name: "label", Title: "Label", Kind: block.Text},
			}},
		},
		Outputs: []block.Output{
			{Name: "fields", Type: "object", Help: "What was filled in, by name of the field, as texts"},
			{Name: "button", Type: "string", Help: "Which button was used"},
		},
		Ports: []block.Port{{ID: "submitted", Title: "submitted", Tone: "good"}},
	}
}

func fieldTypes() []block.Option {
	return []block.Option{{Value: "text", Title: "Text"}, {Value: "email", Title: "Mail address"}, {Value: "tel", Title: "Phone"}, {Value: "number", Title: "Number"},
		{Value: "checkbox", Title: "Checkbox"}, {Value: "password", Title: "Password"}, {Value: "code", Title: "Code"}}
}

// Run shows the page, checks what comes back against the fields, and goes on by
// the button.
func (p Page) Run(c *block.Call) (block.Result, error) {
	req, err := p.request(c)
	if err != nil {
		return block.Result{}, err
	}
	if !c.Resumed() {
		return block.Ask(req), nil
	}
	port := "submitted"
	for _, b := range req.Buttons {
		if b == c.Button {
			port = b
		}
	}
	// A button of its own may leave the form, so only the main one asks for
	// complete fields.
	if port == "submitted" {
		ok, err := check(c, &req)
		if err != nil || !ok {
			return block.Ask(req), err
		}
	}
	fields := map[string]any{}
	for name, v := range c.Submit {
		fields[name] = v
	}
	return block.Go(port, map[string]any{"fields": fields, "button": c.Button}), nil
}

func (Page) request(c *block.Call) (block.PageRequest, error) {
	var req block.PageRequest
	var err error
	if req.Template, err = c.Text("template"); err != nil {
		return req, err
	}
	if req.Model, err = c.FilledMap("model"); err != nil {
		return req, err
	}
	for _, name := range []string{"title", "intro"} {
		text, err := c.Text(name)
		if err != nil {
			return req, err
		}
		if text == "" {
			text = "page.page." + name
		}
		req.Model[name] = text
	}
	for _, row := range c.Rows("fields") {
		f := block.PageField{Name: text(row, "name"), Type: text(row, "type"), Label: text(row, "label"), Pattern: text(row, "pattern")}
		f.Required, _ = row["required"].(bool)
		if f.Type == "" {
			f.Type = "text"
		}
		if f.Label == "" {
			f.Label = "field." + f.Name
		}
		if v := text(row, "value"); v != "" {
			filled, err := c.Fill("fields", v)
			if err != nil {
				return req, err
			}
			f.Value, _ = filled.(string)
		}
		req.Fields = append(req.Fields, f)
	}
	labels := map[string]any{}
	for _, row := range c.Rows("buttons") {
		port := text(row, "port")
		req.Buttons = append(req.Buttons, port)
		if l := text(row, "label"); l != "" {
			labels[port] = l
		}
	}
	req.Model["button_labels"] = labels
	return req, nil
}

// check marks what is missing or has the wrong form.
func check(c *block.Call, req *block.PageRequest) (bool, error) {
	ok := true
	for i := range req.Fields {
		f := &req.Fields[i]
		secret := f.Type == "password" || f.Type == "code"
		value := c.Field(f.Name)
		if secret {
			value, _ = c.Secret(f.Name)
		} else {
			f.Value = value
		}
		if f.Required && value == "" {
			f.Error, ok = "error.required", false
			continue
		}
		// What a secret must look like is for the blocks that take it to say.
		if f.Pattern == "" || value == "" || secret {
			continue
		}
		re, err := regexp.Compile("^(?:" + f.Pattern + ")$")
		if err != nil {
			return false, block.Fail("config", "the pattern of the field %q cannot be read: %w", f.Name, err).In("fields")
		}
		if !re.MatchString(value) {
			f.Error, ok = "error.field_pattern", false
		}
	}
	return ok, nil
}

func text(row map[string]any, name string) string {
	s, _ := row[name].(string)
	return s
}
