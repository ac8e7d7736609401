package risk

import (
	"math"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/risk"
)

// ImpossibleTravel compares place and time with the last sign-in.
type ImpossibleTravel struct{}

// Describe answers the descriptor.
func (ImpossibleTravel) Describe() block.Descriptor {
	fifty, sound := 50.0, 3000.0
	return block.Descriptor{
		ID: "impossible_travel", Family: "risk", Title: "Impossible travel", Icon: "plane",
		Summary:  "Could the person have come here since the last sign-in?",
		Help:     "Computes distance and speed between the last sign-in and this one. Faster than the limit is high. A place that is not known gives low with km -1: ask ip_reputation where that matters.",
		Synonyms: []string{"geo velocity", "distance", "speed", "location", "superman"},
		Fields: []block.Field{
			{Name: "max_kmh", Title: "Fastest travel", Kind: block.Number, Default: float64(risk.Fastest), Min: &fifty, Max: &sound, Unit: "km/h"},
		},
		Outputs: []block.Output{severityOutput,
			{Name: "km", Type: "number", Help: "Distance from the last sign-in; -1 when one of the places is not known"},
			{Name: "hours", Type: "number", Help: "Time since then; -1 when there was none"},
		},
		Ports: next, Needs: []string{block.FactUser},
	}
}

// Run computes the journey.
func (ImpossibleTravel) Run(c *block.Call) (block.Result, error) {
	if c.EventText("user.id") == "" {
		return block.Result{}, block.Fail("no_user", "the journey was asked for before anybody was found").Hinted("put it after the identity lookup")
	}
	facts, err := gather(c)
	if err != nil {
		return block.Result{}, err
	}
	j, known := risk.Travel(facts, float64(c.Int("max_kmh")))
	given, isGiven := facts.Given.Is("impossible_travel")
	if !known && !isGiven {
		return block.Go("next", map[string]any{"severity": low, "km": -1.0, "hours": -1.0}), nil
	}
	if !known {
		j.KM, j.Hours = -1, -1
	}
	severity := low
	if isGiven && given || !isGiven && j.Impossible {
		severity = high
	}
	return block.Go("next", map[string]any{"severity": severity, "km": math.Round(j.KM), "hours": math.Round(j.Hours*100) / 100}), nil
}
