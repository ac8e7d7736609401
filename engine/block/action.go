package block

import (
	"slices"
	"time"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/script"
)

// In answers the descriptor as it is for one block of a project: an Action adds
// the ports, outputs and settings that its header names.
func (d *Descriptor) In(p *flow.Project, config map[string]any) *Descriptor {
	i := slices.IndexFunc(d.Fields, func(f Field) bool { return f.Kind == Action })
	if i < 0 {
		return d
	}
	name, _ := config[d.Fields[i].Name].(string)
	source, ok := p.Actions[name]
	if !ok {
		return d
	}
	h, _ := script.ReadHeader(source)
	return d.with(h)
}

func (d *Descriptor) with(h script.Header) *Descriptor {
	out := *d
	out.Ports, out.Outputs, out.Fields = slices.Clone(d.Ports), slices.Clone(d.Outputs), slices.Clone(d.Fields)
	for _, p := range h.Ports {
		out.Ports = append(out.Ports, Port{ID: p.Name, Title: p.Name, Tone: "neutral"})
	}
	for _, o := range h.Outputs {
		out.Outputs = append(out.Outputs, Output{Name: o.Name, Type: o.Type, Help: o.Help})
	}
	for i := range out.Fields {
		if out.Fields[i].Kind == Map && len(h.Config) > 0 {
			out.Fields[i].Items = HeaderFields(h)
		}
	}
	return &out
}

// HeaderFields answers the settings of an Action as fields of a form.
func HeaderFields(h script.Header) []Field {
	kinds := map[string]Kind{"text": Template, "number": Number, "boolean": Boolean, "list": Strings, "choice": Choice}
	var out []Field
	for _, c := range h.Config {
		f := Field{Name: c.Name, Title: c.Name, Help: c.Help, Kind: kinds[c.Type], Required: c.Required && c.Default == nil, Default: c.Default}
		for _, o := range c.Options {
			f.Options = append(f.Options, Option{Value: o, Title: o})
		}
		out = append(out, f)
	}
	return out
}

// ActionOf answers an Action of the project with what it may import.
func (c *Call) ActionOf(name string) (script.Unit, error) {
	if _, ok := c.env.Project.Actions[name]; !ok {
		return script.Unit{}, Fail("no_action", "the project has no file actions/%s", name).In("action").Hinted("choose one that exists, or create it")
	}
	if script.IsModule(name) {
		return script.Unit{}, Fail("no_action", "actions/%s is a module: other Actions import it, and no block runs it", name).In("action")
	}
	return script.NewUnit(name, c.env.Project.Actions), nil
}

// ActionBudget is how long one Action may run (rule X6).
func (c *Call) ActionBudget() time.Duration {
	return time.Duration(c.env.Project.Settings.WithDefaults().Budgets.Action)
}
