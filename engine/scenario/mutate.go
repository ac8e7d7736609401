package scenario

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
)

// Mutant is a project with one thing about it made wrong. Scenarios that are
// worth their name notice.
type Mutant struct {
	Flow  string `json:"flow"`
	Block string `json:"block"`
	// What was changed, in words.
	What string `json:"what"`
	// Ports that the change is about; none: all.
	Ports   []string      `json:"ports,omitempty"`
	Project *flow.Project `json:"-"`
}

// Mutants answers every change of a project that is tried: a condition turned
// round, an edge dropped, the two edges of a block exchanged.
func Mutants(p *flow.Project) ([]Mutant, error) {
	var out []Mutant
	for _, slug := range slices.Sorted(maps.Keys(p.Flows)) {
		f := p.Flows[slug]
		for _, id := range slices.Sorted(maps.Keys(f.Blocks)) {
			for _, c := range changesOf(f.Blocks[id]) {
				changed, err := withChange(p, slug, id, c.apply)
				if err != nil {
					return nil, err
				}
				out = append(out, Mutant{Flow: slug, Block: id, What: c.what, Ports: c.ports, Project: changed})
			}
		}
	}
	return out, nil
}

type change struct {
	what  string
	ports []string
	apply func(block map[string]any)
}

func changesOf(b *flow.Block) []change {
	var out []change
	rows, _ := b.Config["rows"].([]any)
	for i, row := range rows {
		m, _ := row.(map[string]any)
		when, _ := m["when"].(string)
		if when == "" {
			continue
		}
		out = append(out, change{fmt.Sprintf("the condition %q is turned round", when), nil, func(block map[string]any) {
			rows := block["config"].(map[string]any)["rows"].([]any)
			rows[i].(map[string]any)["when"] = "!(" + when + ")"
		}})
	}
	ports := slices.Sorted(maps.Keys(b.Next))
	for _, port := range ports {
		out = append(out, change{fmt.Sprintf("the edge of %q is dropped", port), []string{port}, func(block map[string]any) {
			delete(block["next"].(map[string]any), port)
		}})
	}
	for i := 0; i+1 < len(ports); i++ {
		a, b2 := ports[i], ports[i+1]
		if b.Next[a] == b.Next[b2] {
			continue
		}
		out = append(out, change{fmt.Sprintf("the edges of %q and %q are exchanged", a, b2), []string{a, b2}, func(block map[string]any) {
			next := block["next"].(map[string]any)
			next[a], next[b2] = next[b2], next[a]
		}})
	}
	return out
}

// withChange answers the project with one block of a flow changed.
func withChange(p *flow.Project, slug, id string, apply func(block map[string]any)) (*flow.Project, error) {
	var f map[string]any
	if err := json.Unmarshal(p.Files[flow.FlowPath(slug)], &f); err != nil {
		return nil, err
	}
	apply(f["blocks"].(map[string]any)[id].(map[string]any))
	text, err := json.Marshal(f, json.Deterministic(true))
	if err != nil {
		return nil, err
	}
	files := maps.Clone(p.Files)
	files[flow.FlowPath(slug)] = text
	changed, problems := flow.Parse(files)
	if len(problems) > 0 {
		return nil, problems[0]
	}
	return changed, nil
}

// Mutation is what came of trying all mutants.
type Mutation struct {
	Tried int `json:"tried"`
	// Survived are changes that no scenario has noticed; Unreached those
	// that no scenario comes to.
	Survived  []Mutant `json:"survived"`
	Unreached []Mutant `json:"unreached"`
}

// Mutate tries mutants against the scenarios that run through the changed
// block. mk answers the maker for a project; tried, which may be nil, is told how
// far it is.
func Mutate(ctx context.Context, base Report, cases []Case, mutants []Mutant, mk func(*flow.Project) (Maker, error), parallel int, tried func(done, survived int)) (Mutation, error) {
	out := Mutation{Tried: len(mutants), Survived: []Mutant{}, Unreached: []Mutant{}}
	var mu sync.Mutex
	var failed error
	done := 0
	next := make(chan Mutant)
	var wg sync.WaitGroup
	for range max(1, parallel) {
		wg.Go(func() {
			for m := range next {
				reached, noticed, err := try(ctx, m, base, cases, mk)
				mu.Lock()
				switch {
				case err != nil:
					failed = err
				case !reached:
					out.Unreached = append(out.Unreached, m)
				case !noticed:
					out.Survived = append(out.Survived, m)
				}
				if done++; tried != nil {
					tried(done, len(out.Survived))
				}
				mu.Unlock()
			}
		})
	}
	for _, m := range mutants {
		if ctx.Err() != nil {
			break
		}
		next <- m
	}
	close(next)
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return out, err
	}
	order := func(a, b Mutant) int {
		return strings.Compare(a.Flow+"."+a.Block+" "+a.What, b.Flow+"."+b.Block+" "+b.What)
	}
	slices.SortFunc(out.Survived, order)
	slices.SortFunc(out.Unreached, order)
	return out, failed
}

// try runs the scenarios that come to what was changed, until one fails.
func try(ctx context.Context, m Mutant, base Report, cases []Case, mk func(*flow.Project) (Maker, error)) (reached, noticed bool, err error) {
	maker, err := mk(m.Project)
	if err != nil {
		return true, true, nil // a project that cannot even be loaded is noticed
	}
	for i, c := range cases {
		at := func(s run.Step) bool {
			return s.Flow == m.Flow && s.Block == m.Block && (len(m.Ports) == 0 || slices.Contains(m.Ports, s.Port))
		}
		if !base.Results[i].Passed || !slices.ContainsFunc(base.Results[i].Trace, at) {
			continue
		}
		reached = true
		if err := ctx.Err(); err != nil {
			return reached, false, err
		}
		if !Run(ctx, c, maker, false).Passed {
			return reached, true, nil
		}
	}
	return reached, false, nil
}
