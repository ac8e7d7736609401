// Package control holds the blocks that steer a flow.
package control

import (
	"fmt"

	"github.com/authflow-studio/authflow/engine/block"
)

// Decision takes the first of its rows that holds.
type Decision struct{}

// DefaultPort is where a decision leads when no row holds.
const DefaultPort = "default"

// Describe answers the descriptor.
func (Decision) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "decision", Family: "control", Title: "Decision", Icon: "split",
		Summary:  "Goes the way of the first condition that holds",
		Help:     "Conditions are CEL over event, step, input and claims, tried from top to bottom. Each row is an outcome; default is taken when none holds. A condition that fails is an error, never a no.",
		Synonyms: []string{"if", "branch", "condition", "switch", "rule", "when"},
		Fields: []block.Field{{Name: "rows", Title: "Rows", Kind: block.List, Required: true, PortOf: "port", Help: "Tried in this order.", Items: []block.Field{
			{Name: "port", Title: "Outcome", Kind: block.Identifier, Required: true, Placeholder: "challenge"},
			{Name: "when", Title: "When", Kind: block.Expression, Required: true, Placeholder: `step.risk.severity == "high"`},
		}}},
		Outputs: []block.Output{{Name: "branch", Type: "string", Help: "The outcome that was taken"}},
		Ports:   []block.Port{{ID: DefaultPort, Title: "default", Tone: "neutral"}},
	}
}

// Run tries the rows in order; one that fails is named (rule E3).
func (Decision) Run(c *block.Call) (block.Result, error) {
	for i, row := range c.Rows("rows") {
		port, _ := row["port"].(string)
		when, _ := row["when"].(string)
		field := fmt.Sprintf("rows.%d.when", i)
		if port == "" || when == "" {
			return block.Result{}, block.Fail("config", "row %d has no outcome or no condition", i+1).In(field)
		}
		holds, err := c.Holds(field, when)
		if err != nil {
			e := block.AsError(err)
			e.Message = fmt.Sprintf("row %d (%s): %s", i+1, port, e.Message)
			return block.Result{}, e
		}
		if holds {
			return block.Go(port, map[string]any{"branch": port}), nil
		}
	}
	return block.Go(DefaultPort, map[string]any{"branch": DefaultPort}), nil
}
