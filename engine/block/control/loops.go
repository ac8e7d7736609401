package control

import (
	"github.com/authflow-studio/authflow/engine/block"
)

// maxRounds bounds every loop.
const maxRounds = 1000

// Repeat goes round at most so many times.
type Repeat struct{}

// Describe answers the descriptor.
func (Repeat) Describe() block.Descriptor {
	one, many := 1.0, float64(maxRounds)
	return block.Descriptor{
		ID: "repeat", Family: "control", Title: "Repeat", Icon: "repeat",
		Summary:  "Goes round at most so many times",
		Help:     "Each visit takes again until the rounds are used up, then done. Lead the end of the loop back to this block.",
		Synonyms: []string{"loop", "retry", "attempts", "again"},
		Fields:   []block.Field{{Name: "times", Title: "Times", Kind: block.Number, Default: 3.0, Min: &one, Max: &many}},
		Outputs:  []block.Output{{Name: "round", Type: "integer", Help: "Which round it is, from 1"}},
		Ports:    []block.Port{{ID: "again", Title: "again", Tone: "neutral"}, {ID: "done", Title: "done", Tone: "warn"}},
	}
}

// Run counts.
func (Repeat) Run(c *block.Call) (block.Result, error) {
	round := number(c.Kept["round"]) + 1
	if round > c.Int("times") {
		c.Keep(nil)
		return block.Go("done", map[string]any{"round": round - 1}), nil
	}
	c.Keep(map[string]any{"round": round})
	return block.Go("again", map[string]any{"round": round}), nil
}

// ForEach goes round once for each item of a list.
type ForEach struct{}

// Describe answers the descriptor.
func (ForEach) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "for_each", Family: "control", Title: "For each", Icon: "list-ordered",
		Summary:  "Once for each item of a list",
		Help:     "The list is taken at the first visit. Lead the end of the loop back to this block.",
		Synonyms: []string{"loop", "iterate", "list", "map"},
		Fields:   []block.Field{{Name: "list", Title: "List", Kind: block.Expression, Required: true, Placeholder: "event.user.factors"}},
		Outputs: []block.Output{
			{Name: "item", Type: "any", Help: "The item of this round; null when done"},
			{Name: "index", Type: "integer", Help: "Its place, from 0"},
		},
		Ports: []block.Port{{ID: "again", Title: "each", Tone: "neutral"}, {ID: "done", Title: "done", Tone: "good"}},
	}
}

// Run takes the next item.
func (ForEach) Run(c *block.Call) (block.Result, error) {
	list, going := c.Kept["list"].([]any)
	index := number(c.Kept["next"])
	if !going {
		v, err := c.Value("list")
		if err != nil {
			return block.Result{}, err
		}
		var ok bool
		if list, ok = v.([]any); !ok {
			return block.Result{}, block.Fail("expression", "the list is no list but %T", v).In("list")
		}
		if len(list) > maxRounds {
			return block.Result{}, block.Fail("too_many", "the list has %d items, more than %d", len(list), maxRounds).In("list")
		}
	}
	if index >= len(list) {
		c.Keep(nil)
		return block.Go("done", map[string]any{"item": nil, "index": index}), nil
	}
	c.Keep(map[string]any{"list": list, "next": index + 1})
	return block.Go("again", map[string]any{"item": list[index], "index": index}), nil
}

// number reads a kept count: a number that was stored comes back as a float.
func number(v any) int {
	switch n := v.(type) {
	case int:
		return n
	case float64:
		return int(n)
	}
	return 0
}
