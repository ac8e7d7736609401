// Package reference writes the reference page of a block from its descriptor.
//
// It owns: the form of the pages in docs/blocks, and the example in each.
// It delegates: every word about a block, to its descriptor.
// The law: nothing stands on a page that the descriptor does not say.
package reference

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/authflow-studio/authflow/engine/block"
)

// Page answers the page of a block in Markdown.
func Page(d *block.Descriptor) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n`%s` · %s\n\n%s.\n\n%s\n", d.Title, d.ID, familyTitle(d.Family), strings.TrimSuffix(d.Summary, "."), d.Help)
	if d.Terminal {
		b.WriteString("\nNothing runs after it: it is terminal and has no ports (rule G5).\n")
	}
	if d.Asks {
		b.WriteString("\nIt shows a page and waits for the person; the project can replace the page by its own template.\n")
	}
	settings(&b, d)
	outputs(&b, d)
	ports(&b, d)
	facts(&b, d)
	fmt.Fprintf(&b, "\n## Example\n\n```json\n%s\n```\n", exampleText(d))
	return b.String()
}

// Index answers the list of all pages.
func Index(c *block.Catalogue) string {
	var b strings.Builder
	b.WriteString("# Blocks\n\nMade from the descriptors of the catalogue: `authflow blocks`.\n")
	for _, f := range block.Families {
		fmt.Fprintf(&b, "\n## %s\n\n| block | what it does |\n|---|---|\n", f.Title)
		for _, id := range c.IDs() {
			if d, _ := c.Descriptor(id); d.Family == f.ID {
				fmt.Fprintf(&b, "| [`%s`](%s.md) | %s |\n", id, id, cell(d.Summary))
			}
		}
	}
	return b.String()
}

func familyTitle(id string) string {
	for _, f := range block.Families {
		if f.ID == id {
			return f.Title
		}
	}
	return id
}

func cell(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "|", `\|`), "\n", " ")
}

func settings(b *strings.Builder, d *block.Descriptor) {
	if len(d.Fields) == 0 {
		return
	}
	b.WriteString("\n## Settings\n\n| name | kind | default | |\n|---|---|---|---|\n")
	for i := range d.Fields {
		setting(b, &d.Fields[i], "")
	}
}

func setting(b *strings.Builder, f *block.Field, prefix string) {
	kind := string(f.Kind)
	if f.Unit != "" {
		kind += ", " + f.Unit
	}
	if f.Min != nil && f.Max != nil {
		kind += ", " + strconv.FormatFloat(*f.Min, 'f', -1, 64) + " to " + strconv.FormatFloat(*f.Max, 'f', -1, 64)
	}
	if f.Required {
		kind += ", required"
	}
	help := f.Title
	if f.Help != "" {
		help += ". " + f.Help
	}
	for _, o := range f.Options {
		help += fmt.Sprintf(" `%s`: %s.", o.Value, strings.TrimSuffix(o.Title, "."))
	}
	value := ""
	if f.Default != nil {
		value = "`" + compact(f.Default) + "`"
	}
	fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", prefix+f.Name, kind, cell(value), cell(help))
	for i := range f.Items {
		setting(b, &f.Items[i], prefix+f.Name+"[].")
	}
}

func outputs(b *strings.Builder, d *block.Descriptor) {
	if len(d.Outputs) == 0 {
		return
	}
	b.WriteString("\n## Outputs\n\nUnder `step.<id of the block>`.\n\n| name | type | |\n|---|---|---|\n")
	for _, o := range d.Outputs {
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", o.Name, o.Type, cell(o.Help))
	}
	if d.OpenOutputs {
		b.WriteString("\nOther outputs are known only when it runs.\n")
	}
}

func ports(b *strings.Builder, d *block.Descriptor) {
	if d.Terminal {
		return
	}
	b.WriteString("\n## Ports\n\n")
	for _, p := range d.Ports {
		fmt.Fprintf(b, "- `%s`\n", p.ID)
	}
	for i := range d.Fields {
		if d.Fields[i].PortOf != "" {
			fmt.Fprintf(b, "- one for each row of `%s`, named by its `%s`\n", d.Fields[i].Name, d.Fields[i].PortOf)
		}
	}
	b.WriteString("- `error`: unwired, an error ends the run as denied (rule X5)\n")
}

var factWords = map[string]string{
	block.FactUser: "a person was found", block.FactVerified: "a credential of the person was verified", block.FactRefresh: "a refresh token was found to be valid",
	block.FactStrong: "a credential was verified that may stand alone",
}

var effectWords = map[string]string{
	block.IssuesSession: "begins a session", block.IssuesTokens: "issues tokens", block.VerifiesFactor: "verifies a factor", block.SendsMessage: "sends a message",
	block.CallsHost: "calls a host that the project allows", block.WritesUser: "changes the account", block.SetsClaim: "sets claims", block.EndsSessions: "ends all sessions of the person",
}

func facts(b *strings.Builder, d *block.Descriptor) {
	if len(d.Needs)+len(d.Gives)+len(d.Effects) == 0 {
		return
	}
	b.WriteString("\n## What the checks know\n\n")
	for _, n := range d.Needs {
		fmt.Fprintf(b, "- needs: %s\n", factWords[n])
	}
	for _, p := range append([]block.Port{{}}, d.Ports...) {
		for _, g := range d.Gives[p.ID] {
			where := "afterwards"
			if p.ID != "" {
				where = "after `" + p.ID + "`"
			}
			fmt.Fprintf(b, "- %s: %s\n", where, factWords[g])
		}
	}
	for _, e := range d.Effects {
		fmt.Fprintf(b, "- %s%s\n", effectWords[e], limit(d, e))
	}
}

// limit says with which setting a block has an effect.
func limit(d *block.Descriptor, effect string) string {
	only, limited := d.EffectsIf[effect]
	if !limited {
		return ""
	}
	return fmt.Sprintf(", with `%s` %s", only.Field, compact(only.Is))
}

func compact(v any) string {
	text, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}

// example is the block as it may stand in a flow.
type example struct {
	Type   string            `json:"type"`
	Config map[string]any    `json:"config,omitempty"`
	Next   map[string]string `json:"next,omitempty"`
}

func exampleOf(d *block.Descriptor) example {
	out := example{Type: d.ID, Config: exampleConfig(d.Fields), Next: map[string]string{}}
	for _, p := range d.PortsOf(out.Config) {
		if p.ID != block.ErrorPort {
			out.Next[p.ID] = "after_" + p.ID
		}
	}
	return out
}

// exampleConfig fills what must be filled, and what has a value worth showing.
func exampleConfig(fields []block.Field) map[string]any {
	config := map[string]any{}
	for i := range fields {
		if v := exampleValue(&fields[i]); v != nil {
			config[fields[i].Name] = v
		}
	}
	return config
}

func exampleValue(f *block.Field) any {
	switch {
	case f.Kind == block.List && (f.Required || f.PortOf != ""):
		return []any{exampleConfig(f.Items)}
	case f.Kind == block.Map && f.Required:
		return map[string]any{"name": "{{ event.client.name }}"}
	case f.Kind == block.Strings && f.Placeholder != "":
		return []any{f.Placeholder}
	case f.Placeholder != "" && (f.Required || f.Kind == block.Template || f.Kind == block.Expression):
		return f.Placeholder
	case f.Default != nil:
		return f.Default
	case !f.Required:
		return nil
	}
	switch f.Kind {
	case block.Number:
		return 1.0
	case block.Boolean:
		return true
	case block.Choice:
		return f.Options[0].Value
	case block.Identifier:
		return "first"
	}
	return "value"
}

func exampleText(d *block.Descriptor) string {
	text, err := json.Marshal(exampleOf(d), json.Deterministic(true), jsontext.WithIndent("  "))
	if err != nil {
		return err.Error()
	}
	return string(text)
}
