package integration

import (
	"strings"

	"github.com/authflow-studio/authflow/engine/block"
)

// EmitEvent tells subscribers of something, after the run.
type EmitEvent struct{}

// Describe answers the descriptor.
func (EmitEvent) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "emit_event", Family: "integration", Title: "Emit event", Icon: "rss",
		Summary:  "Tells subscribers of something, without waiting for them",
		Help:     "The event is written down together with the run, and told to the subscribers in authflow.json after that: signed, and again and again until they have taken it. Whether they do changes nothing for the person.",
		Synonyms: []string{"publish", "webhook", "subscription", "notify", "stream", "crm"},
		Fields: []block.Field{
			{Name: "type", Title: "Type", Kind: block.Text, Required: true, Placeholder: "user.signed_in", Help: "What subscribers subscribe to."},
			{Name: "data", Title: "Data", Kind: block.Map, Help: "Names and values; values may hold {{ … }}."},
		},
		Outputs: []block.Output{{Name: "event_id", Type: "string", Help: "Id of the event, which subscribers see"}},
		Ports:   []block.Port{{ID: "next", Title: "next", Tone: "neutral"}},
		Effects: []string{block.CallsHost},
	}
}

// Run writes the event down.
func (EmitEvent) Run(c *block.Call) (block.Result, error) {
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
	id, err := block.Emit(c, kind, data)
	if err != nil {
		return block.Result{}, err
	}
	return block.Go("next", map[string]any{"event_id": id}), nil
}
