package block

import (
	"fmt"
	"math"
	"time"

	"github.com/authflow-studio/authflow/engine/expr"
)

// raw answers a config value, or the default of its field.
func (c *Call) raw(name string) any {
	if v, ok := c.Block.Config[name]; ok && v != nil {
		return v
	}
	if f, ok := c.Desc.Field(name); ok {
		return f.Default
	}
	return nil
}

// Text answers a text field; a template is filled in.
func (c *Call) Text(name string) (string, error) {
	v, err := c.Value(name)
	if err != nil || v == nil {
		return "", err
	}
	if s, ok := v.(string); ok {
		return s, nil
	}
	return fmt.Sprint(v), nil
}

// Value answers a field: expressions and templates are evaluated, other kinds
// are taken as they are.
func (c *Call) Value(name string) (any, error) {
	v := c.raw(name)
	f, ok := c.Desc.Field(name)
	s, isText := v.(string)
	if !ok || !isText {
		return v, nil
	}
	switch f.Kind {
	case Expression:
		return c.Eval(name, s)
	case Template, Flow:
		return c.Fill(name, s)
	}
	return v, nil
}

// Eval evaluates a CEL expression that stands in the field of that name.
func (c *Call) Eval(field, src string) (any, error) {
	p, issues := expr.Compile(src, nil, nil)
	if len(issues) > 0 {
		return nil, Fail("expression", "%s", issues[0].Message).In(field)
	}
	v, err := p.Eval(c.View.Vars())
	if err != nil {
		return nil, Fail("expression", "%w", err).In(field)
	}
	return v, nil
}

// Holds evaluates a condition.
func (c *Call) Holds(field, src string) (bool, error) {
	v, err := c.Eval(field, src)
	if err != nil {
		return false, err
	}
	b, ok := v.(bool)
	if !ok {
		return false, Fail("expression", "a condition must be true or false, and this is %T", v).In(field)
	}
	return b, nil
}

// Fill fills a template in.
func (c *Call) Fill(field, text string) (any, error) {
	t, issues := expr.CompileTemplate(text, nil)
	if len(issues) > 0 {
		return nil, Fail("expression", "%s", issues[0].Message).In(field)
	}
	v, err := t.Eval(c.View.Vars())
	if err != nil {
		return nil, Fail("expression", "%w", err).In(field)
	}
	return v, nil
}

// Int answers a whole number.
func (c *Call) Int(name string) int {
	switch n := c.raw(name).(type) {
	case float64:
		if n >= math.MinInt32 && n <= math.MaxInt32 {
			return int(n)
		}
	case int:
		return n
	case int64:
		return int(n)
	}
	return 0
}

// Bool answers a switch.
func (c *Call) Bool(name string) bool {
	b, _ := c.raw(name).(bool)
	return b
}

// Duration answers a length of time, written as "90s" or "15m"; 0 when absent.
func (c *Call) Duration(name string) (time.Duration, error) {
	s, _ := c.raw(name).(string)
	if s == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		return 0, Fail("config", "%q is no length of time: write a number and a unit, such as 90s or 15m", s).In(name)
	}
	return d, nil
}

// Strings answers a list of texts.
func (c *Call) Strings(name string) []string {
	switch v := c.raw(name).(type) {
	case []any:
		out := make([]string, 0, len(v))
		for _, e := range v {
			if s, ok := e.(string); ok {
				out = append(out, s)
			}
		}
		return out
	case []string:
		return v
	}
	return nil
}

// Rows answers the rows of a list.
func (c *Call) Rows(name string) []map[string]any {
	v, _ := c.raw(name).([]any)
	out := make([]map[string]any, 0, len(v))
	for _, e := range v {
		if m, ok := e.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

// Object answers a field that is a JSON object.
func (c *Call) Object(name string) map[string]any {
	m, _ := c.raw(name).(map[string]any)
	return m
}

// FilledMap answers a map field with its templates filled in.
func (c *Call) FilledMap(name string) (map[string]any, error) {
	out := map[string]any{}
	for key, v := range c.Object(name) {
		text, ok := v.(string)
		if !ok {
			out[key] = v
			continue
		}
		filled, err := c.Fill(name+"."+key, text)
		if err != nil {
			return nil, err
		}
		out[key] = filled
	}
	return out, nil
}
