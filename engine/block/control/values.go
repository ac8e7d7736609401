package control

import (
	"encoding/json"
	"fmt"

	"github.com/authflow-studio/authflow/engine/block"
)

// SetValue computes values for later blocks.
type SetValue struct{}

// Describe answers the descriptor.
func (SetValue) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "set_value", Family: "control", Title: "Set value", Icon: "variable",
		Summary:  "Computes values for later blocks",
		Help:     "Each name becomes an output of this block. A value that is one {{ … }} keeps its type.",
		Synonyms: []string{"variable", "assign", "compute", "let"},
		Fields:   []block.Field{{Name: "values", Title: "Values", Kind: block.Map, Required: true, OutputOf: true}},
		Ports:    []block.Port{{ID: "next", Title: "next", Tone: "neutral"}},
	}
}

// Run computes them.
func (SetValue) Run(c *block.Call) (block.Result, error) {
	values, err := c.FilledMap("values")
	if err != nil {
		return block.Result{}, err
	}
	return block.Go("next", values), nil
}

// Match compares one value with constants.
type Match struct{}

// Describe answers the descriptor.
func (Match) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "match", Family: "control", Title: "Match", Icon: "list-tree",
		Summary:  "One value against constants",
		Help:     "Takes the first outcome whose constant is the value, as text; default when none is.",
		Synonyms: []string{"switch", "case", "select"},
		Fields: []block.Field{
			{Name: "value", Title: "Value", Kind: block.Expression, Required: true, Placeholder: "event.request.geo.country"},
			{Name: "options", Title: "Options", Kind: block.List, Required: true, PortOf: "port", Items: []block.Field{
				{Name: "port", Title: "Outcome", Kind: block.Identifier, Required: true},
				{Name: "is", Title: "Is", Kind: block.Text, Required: true},
			}},
		},
		Outputs: []block.Output{{Name: "matched", Type: "string", Help: "The outcome that was taken"}},
		Ports:   []block.Port{{ID: DefaultPort, Title: "default", Tone: "neutral"}},
	}
}

// Run compares.
func (Match) Run(c *block.Call) (block.Result, error) {
	v, err := c.Value("value")
	if err != nil {
		return block.Result{}, err
	}
	text, err := asText(v)
	if err != nil {
		return block.Result{}, err
	}
	for _, row := range c.Rows("options") {
		if is, _ := row["is"].(string); is == text {
			port, _ := row["port"].(string)
			return block.Go(port, map[string]any{"matched": port}), nil
		}
	}
	return block.Go(DefaultPort, map[string]any{"matched": DefaultPort}), nil
}

// asText writes a value the way a person types it.
func asText(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case nil:
		return "", nil
	case map[string]any, []any:
		return "", block.Fail("expression", "only texts, numbers and true or false can be matched, and this is %T", v).In("value")
	}
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v), nil
	}
	return string(text), nil
}
