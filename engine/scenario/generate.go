package scenario

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/world"
)

// This file finds scenarios for ports that none covers, by trying: people and
// networks of world.yaml, right and wrong answers, every button of every page,
// faults on blocks whose error port is wired. What it finds has really run.

// Generator looks for scenarios.
type Generator struct {
	Project   *flow.Project
	Catalogue *block.Catalogue
	World     world.File
	Make      Maker
	// Tries bounds how many sign-ins are tried.
	Tries int
	// Tried is told how many were, and how many scenarios are found; it may be nil.
	Tried func(done, found int)
}

// longestWalk bounds the pages of one try.
const longestWalk = 12

// attempt is one way to walk: from where, as whom, and which of the options of
// each page is taken; beyond the choices the first.
type attempt struct {
	given   Given
	start   Start
	choices []int
}

// Generate answers scenarios that cover ports which are not covered yet, and the
// ports that it did not come to.
func (g *Generator) Generate(ctx context.Context, covered [][]run.Step) ([]Scenario, []string, error) {
	var found []Scenario
	traces := slices.Clone(covered)
	missing := g.missing(traces)
	queue := g.beginnings(missing)
	for tried := 0; len(queue) > 0 && tried < g.Tries && len(missing) > 0; tried++ {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		if g.Tried != nil {
			g.Tried(tried, len(found))
		}
		a := queue[0]
		queue = queue[1:]
		w, err := g.walk(ctx, a)
		if err != nil {
			return nil, nil, err
		}
		queue = append(queue, w.others...)
		traces = append(traces, w.trace)
		left := g.missing(traces)
		if news := without(missing, left); len(news) > 0 {
			found = append(found, w.scenario(news))
		} else {
			traces = traces[:len(traces)-1]
		}
		missing = left
	}
	return found, missing, nil
}

// missing lists the ports that no trace took, as flow.block:port.
func (g *Generator) missing(traces [][]run.Step) []string {
	var out []string
	for _, f := range Cover(g.Project, g.Catalogue, traces).Flows {
		if !g.Project.Flows[f.Flow].Enabled {
			continue
		}
		for _, b := range f.Blocks {
			for _, p := range b.Ports {
				if p.Taken == 0 {
					out = append(out, f.Flow+"."+b.Block+":"+p.Port)
				}
			}
		}
	}
	return out
}

func without(all, left []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(left, s) })
}

// beginnings are the worlds and entries to try first.
func (g *Generator) beginnings(missing []string) []attempt {
	starts := []Start{{}}
	for _, slug := range slices.Sorted(maps.Keys(g.Project.Flows)) {
		if f := g.Project.Flows[slug]; f.Startable() && f.Trigger != "login" && f.Trigger != "token_refresh" {
			starts = append(starts, Start{Flow: slug})
		}
	}
	kinds := []string{""}
	for _, n := range g.World.Networks {
		if n.Kind != "" && !slices.Contains(kinds, n.Kind) {
			kinds = append(kinds, n.Kind)
		}
	}
	var out []attempt
	for _, s := range starts {
		for _, p := range g.World.People {
			for _, k := range kinds {
				given := Given{Person: p.Identifier()}
				if k != "" {
					given.From = &From{Network: k}
				}
				out = append(out, attempt{given: given, start: s})
			}
		}
	}
	plain := len(out)
	for _, m := range missing {
		at, port, _ := strings.Cut(m, ":")
		if port != block.ErrorPort {
			continue
		}
		for _, a := range out[:plain] {
			if a.given.From != nil {
				continue
			}
			a.given.Faults = map[string]block.Fault{at: {Error: "made_to_fail"}}
			out = append(out, a)
		}
	}
	return out
}

// walked is what came of an attempt.
type walked struct {
	attempt
	steps   []Step
	trace   []run.Step
	outcome string
	page    string
	// others are attempts that take another option where this one had a choice.
	others []attempt
}

func (g *Generator) walk(ctx context.Context, a attempt) (walked, error) {
	out := walked{attempt: a}
	start := a.start
	first := Step{Start: &start}
	c := Case{File: &File{Path: "generated"}, Scenario: &Scenario{Name: "try", Given: a.given, Steps: []Step{first}}}
	r := &runner{c: c}
	var res Result
	if err := r.run(ctx, g.Make, &res); err != nil && r.bench == nil {
		return out, err
	}
	defer r.bench.Close()
	out.steps = append(out.steps, first)
	for n := 0; n < longestWalk; n++ {
		options := r.options()
		if len(options) == 0 {
			break
		}
		pick := 0
		if n < len(a.choices) {
			pick = min(a.choices[n], len(options)-1)
		} else {
			for other := 1; other < len(options); other++ {
				next := a
				next.choices = append(append(slices.Clone(a.choices), make([]int, n-len(a.choices))...), other)
				out.others = append(out.others, next)
			}
		}
		step := options[pick]
		if err := r.step(ctx, &step); err != nil {
			break
		}
		out.steps = append(out.steps, step)
	}
	out.trace, out.outcome = r.bench.Trace(), r.outcome()
	if out.outcome == "waiting" && r.page != nil && !r.page.External {
		out.page = r.at()
	}
	return out, nil
}

// options are what can be done on the page: the right answer, the wrong one,
// each further button.
func (r *runner) options() []Step {
	if r.page == nil || r.page.External || len(r.page.Forms) == 0 || r.at() == "end" || strings.HasPrefix(r.at(), "/") {
		return nil
	}
	right, wrong := map[string]string{}, map[string]string{}
	var buttons []string
	for _, in := range r.page.Forms[0].Fields {
		switch in.Type {
		case "hidden":
		case "submit", "button":
			if name := in.Value; name != "" && in.Name != "" {
				buttons = append(buttons, name)
			}
		default:
			right[in.Name], wrong[in.Name] = r.answers(in.Name)
		}
	}
	page := r.at()
	var out []Step
	if len(right) > 0 {
		out = append(out, Step{Page: page, Fill: right}, Step{Page: page, Fill: wrong})
	} else if len(buttons) == 0 {
		out = append(out, Step{Page: page, Submit: true})
	}
	for _, b := range buttons {
		out = append(out, Step{Page: page, Press: b})
	}
	return out
}

// answers are a right and a wrong one for a field of that name.
func (r *runner) answers(name string) (right, wrong string) {
	switch {
	case name == "password" && strings.Contains(r.at(), "new_password"), name == "password" && r.given.Person == "":
		return "a new pass phrase 42", "short"
	case name == "password":
		return "{{ person.password }}", "not the password"
	case strings.Contains(name, "code") && strings.Contains(r.at(), "totp"):
		return "{{ totp }}", "000000"
	case strings.Contains(name, "code") && strings.Contains(r.at(), "sms"):
		return "{{ sms.code }}", "000000"
	case strings.Contains(name, "code"):
		return "{{ mail.code }}", "00000000"
	case name == "identifier":
		return "{{ person.identifier }}", "nobody@example.com"
	case name == "email":
		return "somebody.new@example.com", "{{ person.identifier }}"
	}
	return "Somebody New", "x"
}

// scenario is the walk as a test: what it newly covers is what it promises.
func (w walked) scenario(news []string) Scenario {
	s := Scenario{Name: "covers " + strings.Join(news, ", "), About: "Generated. Look at what it expects, and keep it if that is right.", Given: w.given, Steps: w.steps,
		Expect: Expect{Outcome: w.outcome, Page: w.page}}
	for _, step := range w.trace {
		name := fmt.Sprintf("%s.%s:%s", step.Flow, step.Block, step.Port)
		if step.Port != "" && (len(s.Expect.Path) == 0 || s.Expect.Path[len(s.Expect.Path)-1] != name) {
			s.Expect.Path = append(s.Expect.Path, name)
		}
	}
	return s
}
