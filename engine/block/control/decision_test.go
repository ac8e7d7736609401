package control_test

import (
	"context"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/flow"
)

// noEffects is for blocks that have none.
type noEffects struct{ t *testing.T }

func (n noEffects) Effect(kind string, _ jsontext.Value, _ func() (jsontext.Value, error)) (jsontext.Value, error) {
	n.t.Fatalf("the block asked for %s", kind)
	return nil, nil
}

func decide(t *testing.T, rows []any) (block.Result, error) {
	t.Helper()
	c := catalogue.All()
	b, _ := c.Block("decision")
	call := block.NewCall(context.Background(), &block.Env{}, noEffects{t}, nil, nil)
	call.Desc, _ = c.Descriptor("decision")
	call.Block = &flow.Block{Config: map[string]any{"rows": rows}}
	call.View = block.View{Event: map[string]any{"n": 5.0}}
	return b.Run(call)
}

func row(port, when string) any { return map[string]any{"port": port, "when": when} }

// E2: the first row that holds wins, default is always there, and the branch is
// an output.
func TestE2_TheFirstRowThatHoldsWins(t *testing.T) {
	for want, rows := range map[string][]any{
		"second":  {row("first", "event.n > 9"), row("second", "event.n > 3"), row("third", "event.n > 1")},
		"third":   {row("first", "event.n > 9"), row("third", "event.n > 1"), row("second", "event.n > 3")},
		"default": {row("first", "event.n > 9")},
	} {
		res, err := decide(t, rows)
		if err != nil || res.Port != want || res.Outputs["branch"] != want {
			t.Errorf("%+v, %v, want %s", res, err, want)
		}
	}
	if res, err := decide(t, nil); err != nil || res.Port != "default" {
		t.Errorf("without rows: %+v, %v", res, err)
	}
	c, _ := catalogue.All().Descriptor("decision")
	ports := c.PortsOf(map[string]any{"rows": []any{row("first", "true")}})
	if len(ports) != 3 || ports[0].ID != "first" || ports[1].ID != "default" || ports[2].ID != block.ErrorPort {
		t.Errorf("ports %+v", ports)
	}
}

// E3: a condition that fails is an error that names the row, never a no.
func TestE3_ARowThatFailsIsNamed(t *testing.T) {
	for _, when := range []string{"event.nothing.there", "event.n +", "'text'", "event.n"} {
		res, err := decide(t, []any{row("first", "event.n > 9"), row("second", when)})
		e := block.AsError(err)
		if err == nil || res.Port != "" || e.Field != "rows.1.when" {
			t.Errorf("%s: %+v, %v", when, res, err)
		}
	}
}
