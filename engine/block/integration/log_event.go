// Package integration holds the blocks that tell others what happened.
package integration

import (
	"strings"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/block"
)

// LogEvent writes a structured entry into the audit record.
type LogEvent struct{}

// Describe answers the descriptor.
func (LogEvent) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "log_event", Family: "integration", Title: "Log event", Icon: "scroll-text",
		Summary:  "A structured entry in the audit record",
		Help:     "Adds an entry of your own to the audit record, which every run has anyway. The record is hash-chained: nothing in a flow can change or remove an entry.",
		Synonyms: []string{"audit", "trace", "record", "logging"},
		Fields: []block.Field{
			{Name: "type", Title: "Type", Kind: block.Text, Required: true, Placeholder: "checkout.step_up", Help: "A short name for what happened."},
			{Name: "data", Title: "Data", Kind: block.Map, Help: "Names and values to record; values may hold {{ … }}."},
		},
		Outputs: []block.Output{},
		Ports:   []block.Port{{ID: "next", Title: "next", Tone: "neutral"}},
	}
}

// Run appends the entry.
func (LogEvent) Run(c *block.Call) (block.Result, error) {
	kind, err := c.Text("type")
	if err != nil {
		return block.Result{}, err
	}
	if kind = strings.TrimSpace(kind); kind == "" {
		return block.Result{}, block.Fail("config", "the event has no type").In("type")
	}
	data, err := c.FilledMap("data")
	if err != nil {
		return block.Result{}, err
	}
	_, err = block.Effect(c, "audit.append", map[string]any{"type": kind, "data": data}, func(env *block.Env) (block.Void, error) {
		return block.Void{}, env.Audit.Append(audit.Record{Type: "flow." + kind, RunID: c.RunID, Flow: c.FlowID,
			UserID: c.EventText("user.id"), ClientID: c.EventText("client.id"), IP: c.EventText("request.ip"), Data: data})
	})
	if err != nil {
		return block.Result{}, err
	}
	return block.Go("next", nil), nil
}
