package check

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/block"
)

// This file walks the settings of a block once, for the rules that look at them.

// setting is a value at a field of a block's config.
type setting struct {
	field *block.Field
	value any
	path  string // rows.0.when
	// mistyped: the value does not have the type that the field asks for.
	mistyped bool
}

// settings are those of a block.
type settings struct {
	set []setting
	// missing are required and not there, strangers are there and no field has
	// their name.
	missing   []setting
	strangers []stranger
	// oddRows are rows of a list that are no objects.
	oddRows []setting
}

type stranger struct {
	path  string
	name  string
	names []string // of the fields that are there
}

// of answers the well-typed settings of one kind.
func (s *settings) of(kind block.Kind) []setting {
	var out []setting
	for _, v := range s.set {
		if v.field.Kind == kind && !v.mistyped {
			out = append(out, v)
		}
	}
	return out
}

// settingsOf walks a config along the fields of its descriptor.
func settingsOf(d *block.Descriptor, config map[string]any) settings {
	var s settings
	if d != nil {
		s.walk(d.Fields, config, "")
	}
	return s
}

func (s *settings) walk(fields []block.Field, config map[string]any, prefix string) {
	s.findStrangers(fields, config, prefix)
	for i := range fields {
		f := &fields[i]
		v, set := config[f.Name]
		if !set || empty(v) {
			if empty(f.Default) && f.Required {
				s.missing = append(s.missing, setting{field: f, path: prefix + f.Name})
			}
			continue
		}
		at := setting{field: f, value: v, path: prefix + f.Name}
		if want := jsonTypeOf(f.Kind); want != "" && !hasType(v, want) {
			at.mistyped = true
		}
		s.set = append(s.set, at)
		if !at.mistyped {
			s.below(at)
		}
	}
}

func (s *settings) findStrangers(fields []block.Field, config map[string]any, prefix string) {
	known := func(name string) bool {
		return slices.ContainsFunc(fields, func(f block.Field) bool { return f.Name == name })
	}
	var odd []string
	for name := range config {
		if !known(name) {
			odd = append(odd, name)
		}
	}
	if len(odd) == 0 {
		return
	}
	slices.Sort(odd)
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name
	}
	for _, name := range odd {
		s.strangers = append(s.strangers, stranger{prefix + name, prefix + name, names})
	}
}

// below walks the rows of a list and the values of a map.
func (s *settings) below(at setting) {
	switch at.field.Kind {
	case block.List:
		for i, r := range at.value.([]any) {
			path := fmt.Sprintf("%s.%d", at.path, i)
			if row, ok := r.(map[string]any); ok {
				s.walk(at.field.Items, row, path+".")
			} else {
				s.oddRows = append(s.oddRows, setting{field: at.field, value: r, path: path})
			}
		}
	case block.Map:
		if at.field.Items != nil {
			s.walk(at.field.Items, literal(at.value.(map[string]any), at.field.Items), at.path+".")
		}
	}
}

func empty(v any) bool { return v == nil || v == "" }

// literal puts a value of the right type where only a run knows it, so that a
// template is not held against the type of a setting.
func literal(values map[string]any, items []block.Field) map[string]any {
	out := maps.Clone(values)
	for i := range items {
		f := &items[i]
		if s, ok := out[f.Name].(string); !ok || !strings.Contains(s, "{{") {
			continue
		}
		switch f.Kind {
		case block.Number:
			out[f.Name] = 0.0
		case block.Boolean:
			out[f.Name] = false
		case block.Strings:
			out[f.Name] = []any{}
		case block.Choice:
			out[f.Name] = f.Options[0].Value
		}
	}
	return out
}

// jsonTypeOf answers in words which JSON type a kind of field has.
func jsonTypeOf(k block.Kind) string {
	switch k {
	case block.Number:
		return "a number"
	case block.Boolean:
		return "true or false"
	case block.List, block.Strings, block.Choices:
		return "a list"
	case block.Map:
		return "an object"
	case block.JSON:
		return ""
	}
	return "a text"
}

func hasType(v any, want string) bool {
	switch v.(type) {
	case float64:
		return want == "a number"
	case bool:
		return want == "true or false"
	case []any:
		return want == "a list"
	case map[string]any:
		return want == "an object"
	case string:
		return want == "a text"
	}
	return false
}
