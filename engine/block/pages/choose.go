package pages

import (
	"github.com/authflow-studio/authflow/engine/block"
)

// Choose shows a generated page: pick one of these ways.
type Choose struct{}

// Describe answers the descriptor.
func (Choose) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "choose", Family: "pages", Title: "Choose", Icon: "list-checks",
		Summary:  "A generated page: pick one of these ways",
		Help:     "Each option is a button on the page and an outcome of the block.",
		Synonyms: []string{"menu", "select", "options", "pick"},
		Asks:     true,
		Fields: []block.Field{
			{Name: "title", Title: "Title", Kind: block.Template, Help: "A text, or the key of a label."},
			{Name: "intro", Title: "Introduction", Kind: block.Template},
			{Name: "options", Title: "Options", Kind: block.List, Required: true, PortOf: "port", Items: []block.Field{
				{Name: "port", Title: "Outcome", Kind: block.Identifier, Required: true},
				{Name: "label", Title: "Label", Kind: block.Text, Help: "A text, or the key of a label."},
			}},
			{Name: "template", Title: "Page", Kind: block.Page, Default: "choose.html"},
		},
		Outputs: []block.Output{{Name: "chosen", Type: "string", Help: "The outcome that was picked"}},
	}
}

// Run shows the options, and goes the way that was picked.
func (Choose) Run(c *block.Call) (block.Result, error) {
	req := block.PageRequest{Model: map[string]any{}}
	var err error
	if req.Template, err = c.Text("template"); err != nil {
		return block.Result{}, err
	}
	for _, name := range []string{"title", "intro"} {
		text, err := c.Text(name)
		if err != nil {
			return block.Result{}, err
		}
		if text == "" {
			text = "page.choose." + name
		}
		req.Model[name] = text
	}
	labels := map[string]any{}
	for _, row := range c.Rows("options") {
		port := text(row, "port")
		if c.Resumed() && c.Button == port {
			return block.Go(port, map[string]any{"chosen": port}), nil
		}
		req.Buttons = append(req.Buttons, port)
		if l := text(row, "label"); l != "" {
			labels[port] = l
		}
	}
	req.Model["button_labels"] = labels
	return block.Ask(req), nil
}
