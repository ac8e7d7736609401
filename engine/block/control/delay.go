package control

import (
	"time"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/world"
)

// Delay waits in the world's time.
type Delay struct{}

// longestDelay leaves room in the budget of a run between two pauses (rule X6).
const longestDelay = 4 * time.Second

// Describe answers the descriptor.
func (Delay) Describe() block.Descriptor {
	zero, longest := 0.0, float64(longestDelay.Milliseconds())
	return block.Descriptor{
		ID: "delay", Family: "control", Title: "Delay", Icon: "hourglass",
		Summary:  "Waits a moment",
		Help:     "Slows down what should not be fast, such as a guess. The run holds its request while it waits, so it spends the time budget between two pauses; for longer waits show a page.",
		Synonyms: []string{"wait", "sleep", "pause", "tarpit"},
		Fields:   []block.Field{{Name: "ms", Title: "Wait", Kind: block.Number, Default: 500.0, Required: true, Min: &zero, Max: &longest, Unit: "ms"}},
		Ports:    []block.Port{{ID: "next", Title: "next", Tone: "neutral"}},
	}
}

// Run waits.
func (Delay) Run(c *block.Call) (block.Result, error) {
	d := time.Duration(c.Int("ms")) * time.Millisecond
	if d < 0 || d > longestDelay {
		return block.Result{}, block.Fail("config", "a delay lasts 0 to %d ms", longestDelay.Milliseconds()).In("ms")
	}
	_, err := block.Effect(c, "wait", map[string]any{"ms": d.Milliseconds()}, func(env *block.Env) (block.Void, error) {
		return block.Void{}, world.Sleep(c.Ctx, env.World.Clock, d)
	})
	if err != nil {
		return block.Result{}, err
	}
	return block.Go("next", nil), nil
}
