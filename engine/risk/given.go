package risk

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/world"
)

// ScoreGiven is the name under which a tester sets the score itself.
const ScoreGiven = "score"

// Given are signals that a tester has set in place of what would be found (rule
// W2). Only the harness has any; results that follow from them are marked.
type Given struct {
	// Signals by id: true counts, false does not, whatever was found.
	Signals map[string]bool `json:"signals,omitempty"`
	// Score in place of the sum; nil leaves it.
	Score *int `json:"score,omitempty"`
}

// GivenNames are the names that a tester can set: of all signals, and score.
func GivenNames() []string {
	names := slices.Collect(maps.Keys(DefaultWeights))
	names = append(names, botSignals...)
	slices.Sort(names)
	return append(slices.Compact(names), ScoreGiven)
}

// ReadGiven reads signals as a file or a request has them.
func ReadGiven(from map[string]any) (Given, error) {
	g := Given{}
	names := GivenNames()
	for _, name := range slices.Sorted(maps.Keys(from)) {
		if !slices.Contains(names, name) {
			if near := flow.Nearest(name, names); near != "" {
				return g, fmt.Errorf("there is no risk signal %q; did you mean %q?", name, near)
			}
			return g, fmt.Errorf("there is no risk signal %q; there are %s", name, strings.Join(names, ", "))
		}
		if name == ScoreGiven {
			score, ok := number(from[name])
			if !ok || score < 0 || score > 100 {
				return g, fmt.Errorf("the risk score %v is no number from 0 to 100", from[name])
			}
			g.Score = &score
			continue
		}
		on, ok := from[name].(bool)
		if !ok {
			return g, fmt.Errorf("the risk signal %s is %v; write true or false", name, from[name])
		}
		if g.Signals == nil {
			g.Signals = map[string]bool{}
		}
		g.Signals[name] = on
	}
	return g, nil
}

func number(v any) (int, bool) {
	switch v := v.(type) {
	case int:
		return v, true
	case uint64:
		return int(min(v, 1000)), true
	case int64:
		return int(v), true
	case float64:
		return int(v), v == float64(int(v))
	}
	return 0, false
}

// Plain is what was set, as a file has it.
func (g Given) Plain() map[string]any {
	out := map[string]any{}
	for name, on := range g.Signals {
		out[name] = on
	}
	if g.Score != nil {
		out[ScoreGiven] = *g.Score
	}
	return out
}

// None tells whether nothing was set.
func (g Given) None() bool { return len(g.Signals) == 0 && g.Score == nil }

// Is answers what was set for a signal, and whether anything was.
func (g *Given) Is(id string) (on, set bool) {
	if g == nil {
		return false, false
	}
	on, set = g.Signals[id]
	return on, set
}

// kinds of networks that are signals, the gravest first.
var kinds = []string{"tor", "proxy", "vpn", "hosting"}

// Network answers an address with the kind that was set, and marks it.
func (g Given) Network(n world.Network) world.Network {
	was := n
	if off, set := g.Signals[n.Kind]; set && !off {
		n.Kind = ""
	}
	if g.Signals["unknown_network"] {
		n = world.Network{IP: n.IP}
	}
	for _, kind := range slices.Backward(kinds) {
		if g.Signals[kind] {
			n.Kind = kind
		}
	}
	if n != was {
		n.SetBy = Tester
	}
	return n
}

// Tester marks what somebody has set who tests.
const Tester = "tester"

// apply answers the signals that count, and those that were set besides.
func (g *Given) apply(found []Signal) []Signal {
	if g == nil {
		return found
	}
	var out []Signal
	for _, s := range found {
		if on, set := g.Signals[s.ID]; !set || on {
			out = append(out, s)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(g.Signals)) {
		if g.Signals[id] && !slices.ContainsFunc(out, func(s Signal) bool { return s.ID == id }) {
			out = append(out, Signal{ID: id, Detail: "set by the tester"})
		}
	}
	return out
}

// Bots answers what speaks for a program, with what was set.
func (g *Given) Bots(found []Signal) []Signal {
	if g == nil {
		return found
	}
	own := &Given{Signals: map[string]bool{}}
	for _, id := range botSignals {
		if on, set := g.Signals[id]; set {
			own.Signals[id] = on
		}
	}
	return own.apply(found)
}

// botSignals are those of BotSignals.
var botSignals = []string{"automated_client", "many_runs", "no_language"}

// Source is a world in which signals can be set. Only the harness is one.
type Source interface{ RiskGiven() Given }

// GivenBy answers what was set in a world, nil for nothing.
func GivenBy(w world.World) *Given {
	s, ok := w.Networks.(Source)
	if !ok {
		return nil
	}
	g := s.RiskGiven()
	if g.None() {
		return nil
	}
	return &g
}
