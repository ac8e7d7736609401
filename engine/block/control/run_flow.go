package control

import (
	"github.com/authflow-studio/authflow/engine/block"
)

// RunFlow runs another flow in the same run.
type RunFlow struct{}

// RunFlowID is the id of its type, which the checks treat as a call.
const RunFlowID = "run_flow"

// Describe answers the descriptor.
func (RunFlow) Describe() block.Descriptor {
	return block.Descriptor{
		ID: RunFlowID, Family: "control", Title: "Run flow", Icon: "workflow",
		Summary:  "Runs another flow, then goes on by its result",
		Help:     "The flow runs in the same run: what it finds out about the person stays. Its pages can be replaced here; a replaced page can cancel the flow with a button named _abort, and this block goes on at aborted.",
		Synonyms: []string{"subflow", "call", "trigger", "reuse", "include"},
		Fields: []block.Field{
			{Name: "flow", Title: "Flow", Kind: block.Flow, Required: true, Help: "Its name; {{ … }} computes it."},
			{Name: "inputs", Title: "Inputs", Kind: block.Map, Help: "What the flow is given, by the names that it declares; values may hold {{ … }}."},
			{Name: "override_pages", Title: "Replaced pages", Kind: block.List, Help: "Pages of the flow, or of flows that it runs, and what is shown instead.", Items: []block.Field{
				{Name: "page", Title: "Page", Kind: block.Text, Required: true, Placeholder: "mfa/totp.html"},
				{Name: "with", Title: "Shown instead", Kind: block.Page, Required: true},
			}},
		},
		Outputs: []block.Output{
			{Name: "success", Type: "boolean", Help: "Whether it ended with success"},
			{Name: "data", Type: "object", Help: "What it answered; after a cancellation the fields of the page"},
			{Name: "error", Type: "string", Help: "Why it was no success"},
			{Name: "aborted", Type: "boolean", Help: "Whether a page of it was cancelled"},
			{Name: "url", Type: "string", Help: "The page where it was cancelled, below /fl/"},
		},
		Ports: []block.Port{{ID: "success", Title: "success", Tone: "good"}, {ID: "failure", Title: "failure", Tone: "bad"}, {ID: "aborted", Title: "aborted", Tone: "warn"}},
		Says:  map[string]map[string]any{"success": {"success": true, "aborted": false}, "failure": {"success": false, "aborted": false}, "aborted": {"success": false, "aborted": true}},
	}
}

// Run enters the flow, and goes on by what it answered.
func (RunFlow) Run(c *block.Call) (block.Result, error) {
	if r := c.Returned; r != nil {
		return answered(r)
	}
	name, err := c.Text("flow")
	if err != nil {
		return block.Result{}, err
	}
	input, err := c.FilledMap("inputs")
	if err != nil {
		return block.Result{}, err
	}
	overrides := map[string]string{}
	for _, row := range c.Rows("override_pages") {
		page, _ := row["page"].(string)
		with, _ := row["with"].(string)
		overrides[page] = with
	}
	return block.Enter(block.FlowRequest{Flow: name, Input: input, Overrides: overrides}), nil
}

func answered(r *block.FlowResult) (block.Result, error) {
	if r.Failed != nil {
		return block.Result{}, r.Failed
	}
	data := r.Data
	if data == nil {
		data = map[string]any{}
	}
	port := "failure"
	switch {
	case r.Aborted:
		port = "aborted"
	case r.Success:
		port = "success"
	}
	return block.Go(port, map[string]any{"success": r.Success, "data": data, "error": r.Error, "aborted": r.Aborted, "url": r.URL}), nil
}
