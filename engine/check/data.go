package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/expr"
	"github.com/authflow-studio/authflow/engine/flow"
)

// checkData: expressions compile against what is known, give the right type,
// and use only what is certain to be there, or guard it (E1).
func checkData(x *inspection) {
	schema := x.schema()
	for i, id := range x.g.IDs {
		if x.desc[i] == nil {
			continue
		}
		d := &dataCheck{x: x, schema: schema, at: i, id: id}
		d.fields(x.desc[i].Fields, x.f.Blocks[id].Config, "")
	}
}

type dataCheck struct {
	x      *inspection
	schema *expr.Schema
	at     int
	id     string
}

func (d *dataCheck) fields(fields []block.Field, config map[string]any, prefix string) {
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
				d.expression(path, s, f.Name == "when")
			}
		case block.Template, block.Flow:
			if s, ok := v.(string); ok {
				d.template(path, s)
			}
		case block.Map:
			m, _ := v.(map[string]any)
			for _, k := range sortedKeys(m) {
				if s, ok := m[k].(string); ok {
					d.template(path+"."+k, s)
				}
			}
		case block.List:
			rows, _ := v.([]any)
			for k, r := range rows {
				if row, ok := r.(map[string]any); ok {
					d.fields(f.Items, row, fmt.Sprintf("%s.%d.", path, k))
				}
			}
		}
	}
}

func (d *dataCheck) expression(field, src string, condition bool) {
	var want *expr.Type
	if condition {
		want = expr.Bool
	}
	p, issues := expr.Compile(src, want, d.schema)
	d.issues(field, issues)
	if p != nil && len(issues) == 0 {
		d.reads(field, p.Reads())
	}
}

func (d *dataCheck) template(field, text string) {
	t, issues := expr.CompileTemplate(text, d.schema)
	d.issues(field, issues)
	if t != nil && len(issues) == 0 {
		d.reads(field, t.Reads())
	}
}

func (d *dataCheck) issues(field string, issues []expr.Issue) {
	for _, is := range issues {
		msg := sentence(is.Message)
		if is.Suggestion != "" && !strings.Contains(msg, is.Suggestion) {
			msg += fmt.Sprintf(" Did you mean %s?", is.Suggestion)
		}
		d.x.add(Problem{Code: is.Code, Severity: Error, Block: d.id, Field: field, Line: is.Line, Column: is.Column, Message: msg,
			Why: "An expression that cannot be evaluated ends the run denied."})
	}
}

func sentence(s string) string {
	if s == "" {
		return s
	}
	s = strings.ToUpper(s[:1]) + s[1:]
	if !strings.HasSuffix(s, ".") && !strings.HasSuffix(s, "?") {
		s += "."
	}
	return s
}

// reads reports values that some way to this block has not produced.
func (d *dataCheck) reads(field string, refs []expr.Ref) {
	if !d.x.reach[d.at] {
		return
	}
	for _, r := range refs {
		if r.Guarded || len(r.Path) < 2 {
			continue
		}
		switch r.Path[0] {
		case "step":
			d.readsStep(field, r)
		case "event":
			if need := needOf(strings.Join(r.Path[1:], ".")); need != "" && !d.x.sure.fact(d.at, need) {
				d.unsure(field, r, "nobody has been found yet on some way here")
			}
		}
	}
}

func (d *dataCheck) readsStep(field string, r expr.Ref) {
	j, ok := d.x.g.Index[r.Path[1]]
	if !ok {
		return // the schema has reported it
	}
	if len(r.Path) > 2 && r.Path[2] == block.ErrorPort {
		d.unsure(field, r, "a block has an error only where it failed")
		return
	}
	d.pageField(field, r, j)
	if !d.x.sure.ran(d.at, j) {
		d.unsure(field, r, fmt.Sprintf("on some way here %q has not run", r.Path[1]))
	}
}

// pageField reports a field that a page does not have.
func (d *dataCheck) pageField(field string, r expr.Ref, j int) {
	if d.x.desc[j] == nil || d.x.desc[j].ID != "page" || len(r.Path) < 4 || r.Path[2] != "fields" {
		return
	}
	var names []string
	rows, _ := d.x.f.Blocks[r.Path[1]].Config["fields"].([]any)
	for _, row := range rows {
		m, _ := row.(map[string]any)
		if name, ok := m["name"].(string); ok {
			names = append(names, name)
		}
	}
	if len(names) == 0 || slices.Contains(names, r.Path[3]) {
		return // a page of the project's own may have fields of its own
	}
	d.x.add(Problem{Code: "unknown_page_field", Severity: Error, Block: d.id, Field: field, Line: r.Line, Column: r.Column,
		Message: fmt.Sprintf("The page of %q has no field %q. Did you mean %s?", r.Path[1], r.Path[3], flow.Nearest(r.Path[3], names)),
		Why:     "What is not on the page is never filled in, and the run ends denied here."})
}

func (d *dataCheck) unsure(field string, r expr.Ref, why string) {
	d.x.add(Problem{Code: "read_before_write", Severity: Error, Block: d.id, Field: field, Line: r.Line, Column: r.Column,
		Message: fmt.Sprintf("%s is not certain to exist here: %s.", r.String(), why),
		Why:     fmt.Sprintf("Where it is missing the run ends denied. Guard it with has(%s), or move the block.", r.String())})
}

// needOf answers the fact without which a path of event is absent.
func needOf(path string) string {
	for _, e := range block.EventFields {
		if e.Needs != "" && (path == e.Path || strings.HasPrefix(path, e.Path+".") || strings.HasPrefix(e.Path, path+".")) {
			return e.Needs
		}
	}
	return ""
}
