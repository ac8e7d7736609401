package check

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/web"
)

// checkConfig: every setting has the type that the descriptor asks for, and
// names things that exist (K2).
func checkConfig(x *inspection) {
	for i, id := range x.g.IDs {
		d := x.desc[i]
		if d == nil {
			continue
		}
		c := &configCheck{x: x, id: id}
		c.fields(d.Fields, x.f.Blocks[id].Config, "")
		c.ports(d, x.f.Blocks[id].Config)
	}
}

type configCheck struct {
	x  *inspection
	id string
}

func (c *configCheck) bad(code, field, format string, args ...any) {
	c.x.add(Problem{Code: code, Severity: Error, Block: c.id, Field: field, Message: fmt.Sprintf(format, args...),
		Why: "A block with a setting that it cannot read fails, and the run ends denied."})
}

func (c *configCheck) fields(fields []block.Field, config map[string]any, prefix string) {
	for _, name := range sortedKeys(config) {
		if !slices.ContainsFunc(fields, func(f block.Field) bool { return f.Name == name }) {
			names := make([]string, len(fields))
			for i, f := range fields {
				names[i] = f.Name
			}
			msg := fmt.Sprintf("There is no setting %q.", prefix+name)
			if near := flow.Nearest(name, names); near != "" {
				msg += fmt.Sprintf(" Did you mean %q?", near)
			}
			c.x.add(Problem{Code: "unknown_setting", Severity: Error, Block: c.id, Field: prefix + name, Message: msg, Why: "It has no effect, and somebody meant it to have one."})
		}
	}
	for i := range fields {
		f := &fields[i]
		v, set := config[f.Name]
		if !set || v == nil || v == "" {
			if empty(f.Default) && f.Required {
				c.bad("setting_missing", prefix+f.Name, "%s is not set.", f.Title)
			}
			continue
		}
		c.field(f, v, prefix+f.Name)
	}
}

func empty(v any) bool { return v == nil || v == "" }

func (c *configCheck) field(f *block.Field, v any, path string) {
	if want := jsonTypeOf(f.Kind); want != "" && !hasType(v, want) {
		c.bad("setting_type", path, "%s must be %s.", f.Title, want)
		return
	}
	s, _ := v.(string)
	switch f.Kind {
	case block.Number:
		n := v.(float64)
		if f.Min != nil && n < *f.Min || f.Max != nil && n > *f.Max {
			c.bad("setting_range", path, "%s must lie between %v and %v.", f.Title, bound(f.Min), bound(f.Max))
		}
	case block.Choice:
		c.option(f, s, path)
	case block.Choices:
		for _, o := range v.([]any) {
			text, _ := o.(string)
			c.option(f, text, path)
		}
	case block.Length:
		if d, err := time.ParseDuration(s); err != nil || d < 0 {
			c.bad("setting_type", path, "%s must be a length of time such as 90s or 15m.", f.Title)
		}
	case block.Identifier:
		if !flow.ValidID(s) {
			c.bad("setting_type", path, "%s must be a name of lower case letters, digits and _, beginning with a letter.", f.Title)
		}
	case block.List:
		for i, r := range v.([]any) {
			row, ok := r.(map[string]any)
			if !ok {
				c.bad("setting_type", fmt.Sprintf("%s.%d", path, i), "A row of %s must be an object.", f.Title)
				continue
			}
			c.fields(f.Items, row, fmt.Sprintf("%s.%d.", path, i))
		}
	case block.Map:
		if f.Items != nil {
			c.fields(f.Items, literal(v.(map[string]any), f.Items), path+".")
		}
	default:
		c.named(f, s, path)
	}
}

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

func bound(b *float64) any {
	if b == nil {
		return "any"
	}
	return *b
}

// named: pages, Actions and flows that a setting names exist.
func (c *configCheck) named(f *block.Field, name, path string) {
	p := c.x.p
	switch f.Kind {
	case block.Page:
		if strings.HasPrefix(name, "/") || strings.Contains(name, "..") || strings.Contains(name, "\\") {
			c.bad("page_outside", path, "The page %q is not below pages/.", name)
		} else if !web.HasTemplate(p, name) {
			c.bad("page_missing", path, "There is no page pages/%s.", name)
		}
	case block.Action:
		if _, ok := p.Actions[name]; !ok {
			c.bad("action_missing", path, "There is no Action actions/%s.", name)
		} else if script.IsModule(name) {
			c.bad("action_module", path, "actions/%s is a module, which other Actions import; it cannot be run.", name)
		}
	case block.Flow:
		if p.Flows[name] == nil && !strings.Contains(name, "{{") {
			c.bad("flow_missing", path, "There is no flow %q.", name)
		}
	}
}

func (c *configCheck) option(f *block.Field, v, path string) {
	if slices.ContainsFunc(f.Options, func(o block.Option) bool { return o.Value == v }) {
		return
	}
	values := make([]string, len(f.Options))
	for i, o := range f.Options {
		values[i] = o.Value
	}
	c.bad("setting_option", path, "%s cannot be %q: it is one of %s.", f.Title, v, strings.Join(values, ", "))
}

// ports: no two rows name the same outcome.
func (c *configCheck) ports(d *block.Descriptor, config map[string]any) {
	seen := map[string]bool{}
	for _, p := range d.PortsOf(config) {
		if seen[p.ID] {
			c.bad("double_port", "", "The outcome %q is named twice.", p.ID)
		}
		seen[p.ID] = true
	}
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
