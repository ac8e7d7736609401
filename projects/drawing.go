package projects

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/flow/draw"
)

// Drawing answers the picture of a flow in one of DrawingFormats.
func Drawing(p *flow.Project, f *flow.Flow, l *flow.Layout, format string, theme draw.Theme) ([]byte, error) {
	describe := DescribeFor(p)
	switch format {
	case "svg":
		return draw.Of(f, l, describe).SVG(theme), nil
	case "png":
		return draw.Of(f, l, describe).PNG(theme, 2)
	case "mermaid":
		return draw.Mermaid(f, describe), nil
	}
	return nil, fmt.Errorf("projects: there are no pictures of format %q: take one of %s", format, strings.Join(DrawingFormats, ", "))
}

// DrawingFormats are the kinds of pictures.
var DrawingFormats = []string{"svg", "png", "mermaid"}

// DescribeFor answers what blocks show of themselves, by the catalogue and the
// Actions of a project.
func DescribeFor(p *flow.Project) draw.Describe {
	all := catalogue.All()
	return func(_ string, b *flow.Block) draw.Card {
		c := draw.Card{Title: b.Type, Note: b.Note, Family: 5}
		d, known := all.Descriptor(b.Type)
		if known {
			d = d.In(p, b.Config)
			c.Title, c.Summary = d.Title, summaryOf(d, b.Config)
			c.Family = slices.IndexFunc(block.Families, func(f block.Family) bool { return f.ID == d.Family })
			for _, port := range d.PortsOf(b.Config) {
				addPort(&c, draw.Port{ID: port.ID, Title: port.Title, Tone: port.Tone, Detail: conditionOf(d, b.Config, port.ID)})
			}
		}
		if b.Label != "" {
			c.Title = b.Label
		}
		for _, id := range sortedPorts(b.Next) {
			addPort(&c, draw.Port{ID: id, Title: id, Tone: "warn"})
		}
		return c
	}
}

func sortedPorts(next map[string]string) []string {
	ids := make([]string, 0, len(next))
	for id := range next {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

func addPort(c *draw.Card, p draw.Port) {
	switch {
	case p.ID == block.ErrorPort:
		if c.Error == nil {
			p.Tone = "bad"
			c.Error = &p
		}
	case !slices.ContainsFunc(c.Ports, func(o draw.Port) bool { return o.ID == p.ID }):
		c.Ports = append(c.Ports, p)
	}
}

// conditionOf answers the condition of the row that makes a port.
func conditionOf(d *block.Descriptor, config map[string]any, port string) string {
	for _, f := range d.Fields {
		if f.PortOf == "" {
			continue
		}
		i := slices.IndexFunc(f.Items, func(it block.Field) bool { return it.Kind == block.Expression })
		rows, _ := config[f.Name].([]any)
		for _, r := range rows {
			if row, _ := r.(map[string]any); i >= 0 && row[f.PortOf] == port {
				text, _ := row[f.Items[i].Name].(string)
				return strings.ReplaceAll(text, "step.", "")
			}
		}
	}
	return ""
}

// summaryOf is one line about a block's settings, as the canvas has it.
func summaryOf(d *block.Descriptor, config map[string]any) string {
	var parts []string
	for _, f := range d.Fields {
		if f.PortOf != "" || config[f.Name] == nil || config[f.Name] == "" {
			continue
		}
		if text := partOf(f, config[f.Name]); text != "" {
			parts = append(parts, text)
		}
		if len(parts) == 2 {
			break
		}
	}
	return strings.Join(parts, " · ")
}

func partOf(f block.Field, value any) string {
	switch f.Kind {
	case block.Boolean:
		if value == true {
			return f.Title
		}
		return ""
	case block.Choice:
		return optionTitle(f, value)
	case block.Number:
		return strings.TrimSpace(f.Title + ": " + plain(value) + " " + f.Unit)
	case block.Length:
		return f.Title + ": " + plain(value)
	}
	switch v := value.(type) {
	case []any:
		return listPart(f, v)
	case map[string]any:
		return fmt.Sprintf("%s: %d", f.Title, len(v))
	}
	return plain(value)
}

func listPart(f block.Field, rows []any) string {
	texts := make([]string, len(rows))
	for i, row := range rows {
		s, ok := row.(string)
		if !ok {
			return fmt.Sprintf("%s: %d", f.Title, len(rows))
		}
		if texts[i] = s; f.Kind == block.Choices {
			texts[i] = optionTitle(f, s)
		}
	}
	return strings.Join(texts, ", ")
}

func optionTitle(f block.Field, value any) string {
	for _, o := range f.Options {
		if o.Value == value {
			return o.Title
		}
	}
	return plain(value)
}

func plain(value any) string {
	if s, ok := value.(string); ok {
		return strings.Join(strings.Fields(s), " ")
	}
	text, err := json.Marshal(value, json.Deterministic(true))
	if err != nil {
		return ""
	}
	return string(text)
}
