package web

import (
	"slices"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
)

// newPageData fills in what a template sees of a waiting run.
func newPageData(p *flow.Project, locales []string, s *run.State) pageData {
	text := func(key string) string {
		if key == "" {
			return ""
		}
		return block.Lookup(p, locales, key)
	}
	modelText := func(name string) string {
		v, _ := s.Page.Model[name].(string)
		return text(v)
	}
	d := pageData{Title: modelText("title"), Intro: modelText("intro"), Submit: modelText("submit"), Error: text(s.Page.Error),
		Model: s.Page.Model, Event: s.Event, Project: p.Settings.Name, Locale: p.Settings.WithDefaults().DefaultLocale}
	if d.Model == nil {
		d.Model = map[string]any{}
	}
	if d.Submit == "" {
		d.Submit = text("button.continue")
	}
	if i := slices.IndexFunc(locales, func(l string) bool { return p.Labels[l] != nil || slices.Contains(block.Locales(), l) }); i >= 0 {
		d.Locale = locales[i]
	}
	for _, f := range s.Page.Fields {
		d.Fields = append(d.Fields, newFieldData(f, text))
	}
	labels, _ := s.Page.Model["button_labels"].(map[string]any)
	for _, b := range s.Page.Buttons {
		key, _ := labels[b].(string)
		if key == "" {
			key = "button." + b
		}
		d.Buttons = append(d.Buttons, buttonData{Name: b, Label: text(key)})
	}
	return d
}

func newFieldData(f block.PageField, text func(string) string) fieldData {
	d := fieldData{Name: f.Name, Type: f.Type, InputType: f.Type, Label: text(f.Label), Value: f.Value, Pattern: f.Pattern, Required: f.Required}
	if f.Error != "" {
		d.Error = text(f.Error)
	}
	switch f.Type {
	case "password":
		d.Autocomplete, d.Value = "current-password", ""
	case "code":
		d.InputType, d.Autocomplete, d.InputMode, d.Value = "text", "one-time-code", "numeric", ""
	case "secret":
		d.InputType, d.Value = "text", ""
	case credentialType:
		d.InputType, d.Value = "hidden", ""
	case "email":
		d.Autocomplete = "email"
	case "tel":
		d.Autocomplete = "tel"
	case "checkbox":
		d.Checked, d.Value = f.Value != "", "on"
	}
	switch f.Name {
	case "identifier", "username":
		d.Autocomplete = "username"
	}
	if f.Autocomplete != "" {
		d.Autocomplete = f.Autocomplete
	}
	return d
}
