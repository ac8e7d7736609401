package check

import (
	"fmt"
	"strings"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/expr"
)

// This file compiles the conditions and texts of a flow once, for the rules that
// look at what they read and at what is wrong with them (rule E1).

// text is a condition or a text with {{ … }} at a setting.
type text struct {
	field  string
	reads  []expr.Ref
	issues []expr.Issue
}

// textsOf compiles what stands in the config of a block.
func textsOf(d *block.Descriptor, config map[string]any, schema *expr.Schema) []text {
	c := &compiler{schema: schema}
	if d != nil {
		c.fields(d.Fields, config, "")
	}
	return c.texts
}

type compiler struct {
	schema *expr.Schema
	texts  []text
}

func (c *compiler) fields(fields []block.Field, config map[string]any, prefix string) {
	for i := range fields {
		f := &fields[i]
		v, ok := config[f.Name]
		if !ok {
			continue
		}
		path := prefix + f.Name
		switch f.Kind {
		case block.Expression:
			if s, ok := v.(string); ok && s != "" {
				c.expression(path, s, f.Name == "when")
			}
		case block.Template, block.Flow:
			if s, ok := v.(string); ok {
				c.template(path, s)
			}
		case block.Map:
			m, _ := v.(map[string]any)
			for _, k := range sortedKeys(m) {
				if s, ok := m[k].(string); ok {
					c.template(path+"."+k, s)
				}
			}
		case block.List:
			rows, _ := v.([]any)
			for k, r := range rows {
				if row, ok := r.(map[string]any); ok {
					c.fields(f.Items, row, fmt.Sprintf("%s.%d.", path, k))
				}
			}
		}
	}
}

func (c *compiler) expression(field, src string, condition bool) {
	var want *expr.Type
	if condition {
		want = expr.Bool
	}
	p, issues := expr.Compile(src, want, c.schema)
	t := text{field: field, issues: issues}
	if p != nil && len(issues) == 0 {
		t.reads = p.Reads()
	}
	c.texts = append(c.texts, t)
}

func (c *compiler) template(field, src string) {
	if !strings.Contains(src, "{{") {
		return
	}
	p, issues := expr.CompileTemplate(src, c.schema)
	t := text{field: field, issues: issues}
	if p != nil && len(issues) == 0 {
		t.reads = p.Reads()
	}
	c.texts = append(c.texts, t)
}

// read is one value that a text of a block reads.
type read struct {
	block     int
	id, field string
	ref       expr.Ref
}

func (r read) problem(message, why string) Problem {
	return Problem{Block: r.id, Field: r.field, Line: r.ref.Line, Column: r.ref.Column, Message: message, Why: why}
}

// eachRead goes through what the texts of the flow read.
func (x *inspection) eachRead(look func(read)) {
	for i, id := range x.g.IDs {
		for _, t := range x.texts[i] {
			for _, r := range t.reads {
				look(read{i, id, t.field, r})
			}
		}
	}
}

// expressionsWith reports what is wrong with the texts of the flow, as far as it
// has one code.
func (x *inspection) expressionsWith(code string) {
	for i, id := range x.g.IDs {
		for _, t := range x.texts[i] {
			for _, is := range t.issues {
				if is.Code != code {
					continue
				}
				msg := sentence(is.Message)
				if is.Suggestion != "" && !strings.Contains(msg, is.Suggestion) {
					msg += fmt.Sprintf(" Did you mean %s?", is.Suggestion)
				}
				x.add(Problem{Block: id, Field: t.field, Line: is.Line, Column: is.Column, Message: msg})
			}
		}
	}
}
