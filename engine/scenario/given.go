package scenario

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/authflow-studio/authflow/engine/world"
)

// This file makes the world of a case: what the file gives, what the scenario
// adds, and the row of its variants.

// merged is what the file gives, and the scenario on top of it.
func (r *runner) merged(ctx context.Context) (Given, error) {
	g, own := r.c.File.Given, r.c.Scenario.Given
	if own.Person != "" {
		g.Person = own.Person
	}
	if own.From != nil {
		g.From = own.From
	}
	if own.Clock != "" {
		g.Clock = own.Clock
	}
	if own.Host != "" {
		g.Host = own.Host
	}
	g.Tokens = joined(g.Tokens, own.Tokens)
	g.People = append(append([]world.Person{}, g.People...), own.People...)
	g.Networks = append(append([]world.NetworkEntry{}, g.Networks...), own.Networks...)
	g.Stubs = append(append([]world.Stub{}, own.Stubs...), g.Stubs...)
	filled, err := r.filledValue(ctx, joined(g.Risk, own.Risk))
	if err != nil {
		return g, fmt.Errorf("given.risk: %w", err)
	}
	g.Risk, _ = filled.(map[string]any) // it was one
	g.Names = joined(g.Names, own.Names)
	for host, ip := range g.Names {
		if g.Names[host], err = r.fill(ctx, ip); err != nil {
			return g, fmt.Errorf("given.names: %w", err)
		}
	}
	g.Secrets, g.Faults = joined(g.Secrets, own.Secrets), joined(g.Faults, own.Faults)
	for i := range g.Stubs {
		if g.Stubs[i], err = r.filledStub(ctx, g.Stubs[i]); err == nil {
			err = g.Stubs[i].Check()
		}
		if err != nil {
			return g, fmt.Errorf("given.stubs: %w", err)
		}
	}
	if g.Person, err = r.fill(ctx, g.Person); err != nil || g.From == nil {
		return g, err
	}
	g.From, err = r.filledFrom(ctx, g.From)
	return g, err
}

func joined[V any](a, b map[string]V) map[string]V {
	out := map[string]V{}
	for k, v := range a {
		out[k] = v
	}
	for k, v := range b {
		out[k] = v
	}
	return out
}

// filledStub puts the row of the variants into a stub.
func (r *runner) filledStub(ctx context.Context, s world.Stub) (world.Stub, error) {
	s.Answers = slices.Clone(s.Answers)
	texts := []*string{&s.URL, &s.Body}
	answers := []*world.StubAnswer{&s.Answer}
	for i := range s.Answers {
		answers = append(answers, &s.Answers[i])
	}
	for _, a := range answers {
		texts = append(texts, &a.Text, &a.Delay, &a.Fault)
		a.Header = maps.Clone(a.Header)
		for _, name := range slices.Sorted(maps.Keys(a.Header)) {
			v, err := r.fill(ctx, a.Header[name])
			if err != nil {
				return s, err
			}
			a.Header[name] = v
		}
		var err error
		if a.JSON, err = r.filledValue(ctx, a.JSON); err != nil {
			return s, err
		}
	}
	for _, text := range texts {
		v, err := r.fill(ctx, *text)
		if err != nil {
			return s, err
		}
		*text = v
	}
	return s, nil
}

func (r *runner) filledFrom(ctx context.Context, f *From) (*From, error) {
	out := *f
	for _, at := range []*string{&out.IP, &out.Network, &out.Country, &out.UserAgent, &out.Device} {
		v, err := r.fill(ctx, *at)
		if err != nil {
			return nil, err
		}
		*at = v
	}
	return &out, nil
}
