package scenario

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/check/contract"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/world"
)

// This file makes a scenario of the path that refutes a contract: it walks as
// the path says (people, networks, known devices, wrong answers, faults, stubs),
// until a real run has taken exactly that path.

// Follow looks for a scenario whose run takes the path of a refuted contract. It
// answers false, and how far the best one came, where none of the people and
// networks of world.yaml can take it.
func (g *Generator) Follow(ctx context.Context, r contract.Result) (Scenario, bool, error) {
	if len(r.Path) == 0 {
		return Scenario{}, false, fmt.Errorf("the contract %q has no path", r.Name)
	}
	best := followed{}
	for _, given := range g.givens(r.Path) {
		for _, known := range []bool{false, true} {
			if err := ctx.Err(); err != nil {
				return Scenario{}, false, err
			}
			f, err := g.follow(ctx, r, given, known)
			if err != nil {
				return Scenario{}, false, err
			}
			if f.came > best.came {
				best = f
			}
			if f.came == len(f.want) {
				return f.scenario(r), true, nil
			}
		}
	}
	return best.scenario(r), false, nil
}

// givens are the worlds in which the path may be taken: everybody, from
// everywhere, with the faults and answers that the path needs.
func (g *Generator) givens(path []contract.Step) []Given {
	faults := map[string]block.Fault{}
	for _, s := range path {
		if s.Port == block.ErrorPort {
			faults[s.Flow+"."+s.Block] = block.Fault{Error: "made_to_fail"}
		}
	}
	plain := Given{Stubs: g.stubs(path)}
	if len(faults) > 0 {
		plain.Faults = faults
	}
	var out []Given
	for _, signals := range riskGivens {
		for _, kind := range g.kinds() {
			for _, p := range slices.Concat(g.World.People, madeUp, []world.Person{{}}) {
				given := plain
				given.Person, given.Risk = p.Identifier(), signals
				if p.ID == madeUpID {
					given.People = []world.Person{p}
				}
				if kind != "" {
					given.From = &From{Network: kind}
				}
				out = append(out, given)
			}
		}
	}
	return out
}

// madeUp are people of whom world.yaml may know none: one without any second
// factor, one with an app.
var madeUp = []world.Person{
	{ID: madeUpID, Email: "plain@example.com", Password: "a plain pass phrase"},
	{ID: madeUpID, Email: "app@example.com", Password: "a plain pass phrase", TOTPSecret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"},
}

const madeUpID = "usr_made_up"

// riskGivens are the signals that are tried: what is found, then one at a time.
var riskGivens = []map[string]any{nil, {"score": 0}, {"score": 50}, {"score": 100}, {"impossible_travel": true}, {"recent_failures": true}, {"automated_client": true}}

// kinds of networks that world.yaml knows; the empty one first.
func (g *Generator) kinds() []string {
	out := []string{""}
	for _, n := range g.World.Networks {
		if n.Kind != "" && !slices.Contains(out, n.Kind) {
			out = append(out, n.Kind)
		}
	}
	return out
}

// stubs answer the calls of the path so that they take the outcome it needs,
// with the values that its conditions ask for.
func (g *Generator) stubs(path []contract.Step) []world.Stub {
	var out []world.Stub
	for _, s := range path {
		b := g.Project.Flows[s.Flow].Blocks[s.Block]
		address, _ := b.Config["url"].(string)
		if b.Type != "call_webhook" || s.Port == "" || strings.Contains(address, "{{") {
			continue
		}
		answer := world.StubAnswer{JSON: bodyOf(path, "step."+s.Block+".body.")}
		if s.Port == "failed" {
			answer = world.StubAnswer{Status: 500}
		}
		out = append(out, world.Stub{URL: address, Answer: answer})
	}
	return out
}

// bodyOf makes an answer of the values that a path asks for below a prefix.
func bodyOf(path []contract.Step, prefix string) map[string]any {
	body := map[string]any{}
	for _, s := range path {
		for _, v := range s.Values {
			below, ok := strings.CutPrefix(v.Term, prefix)
			if !ok || v.Example == nil {
				continue
			}
			into := body
			parts := strings.Split(below, ".")
			for _, part := range parts[:len(parts)-1] {
				next, _ := into[part].(map[string]any)
				if next == nil {
					next = map[string]any{}
					into[part] = next
				}
				into = next
			}
			into[parts[len(parts)-1]] = v.Example
		}
	}
	return body
}

// followed is one try to take a path.
type followed struct {
	given   Given
	steps   []Step
	want    []string
	came    int
	outcome string
	page    string
}

// follow walks once, always towards the next outcome of the path.
func (g *Generator) follow(ctx context.Context, r contract.Result, given Given, known bool) (followed, error) {
	f := followed{given: given, want: wanted(r.Path)}
	start := g.startOf(r)
	if known && (given.Person == "" || start.Flow != "") {
		return f, nil
	}
	first := Step{Start: &start}
	plain := given
	c := Case{File: &File{Path: "generated"}, Scenario: &Scenario{Name: "try", Given: plain, Steps: []Step{first}}}
	rn := &runner{c: c}
	var res Result
	if err := rn.run(ctx, g.Make, &res); err != nil && rn.bench == nil {
		return f, err
	}
	defer rn.bench.Close()
	f.steps = append(f.steps, first)
	begun := 0
	if known {
		if !f.signIn(ctx, rn) {
			return f, nil
		}
		begun = len(rn.bench.Trace())
		for _, s := range []Step{{From: &From{Device: "same"}}, {Start: &start}} {
			if err := rn.step(ctx, &s); err != nil {
				return f, nil
			}
			f.steps = append(f.steps, s)
		}
	}
	f.walk(ctx, g, rn, begun)
	f.outcome = rn.outcome()
	if f.outcome == "waiting" && rn.page != nil && !rn.page.External {
		f.page = rn.at()
	}
	return f, nil
}

// startOf is how the flow of the path is begun: a login by a client, any other
// flow by its address.
func (g *Generator) startOf(r contract.Result) Start {
	if f := g.Project.Flows[r.Path[0].Flow]; f != nil && f.Trigger == "login" {
		return Start{}
	}
	return Start{Flow: r.Path[0].Flow}
}

// signIn signs in once with right answers, so that the device is known.
func (f *followed) signIn(ctx context.Context, rn *runner) bool {
	for range longestWalk {
		options := rn.options()
		if len(options) == 0 {
			break
		}
		if err := rn.step(ctx, &options[0]); err != nil {
			return false
		}
		f.steps = append(f.steps, options[0])
	}
	return rn.outcome() == "signed_in"
}

// walk answers each page so that the next outcome of the path is taken.
func (f *followed) walk(ctx context.Context, g *Generator, rn *runner, begun int) {
	for range 2 * longestWalk {
		trace := rn.bench.Trace()[begun:]
		f.came = matched(trace, f.want)
		if f.came == len(f.want) || len(trace) == 0 {
			return
		}
		step, ok := f.answer(g, rn, trace[len(trace)-1])
		if !ok {
			return
		}
		for _, s := range step {
			if err := rn.step(ctx, &s); err != nil {
				return
			}
			f.steps = append(f.steps, s)
		}
	}
}

// answer is what the person does on the page of a waiting block.
func (f *followed) answer(g *Generator, rn *runner, at run.Step) ([]Step, bool) {
	options := rn.options()
	if !at.Waits || len(options) == 0 || f.came >= len(f.want) {
		return nil, false
	}
	next := f.want[f.came]
	here := at.Flow + "." + at.Block + ":"
	port, mine := strings.CutPrefix(next, here)
	if !mine && strings.HasSuffix(next, ":aborted") {
		return []Step{{Page: rn.at(), Cancel: map[string]string{"why": "another way"}}}, true
	}
	if port == "expired" {
		return []Step{{Wait: "10m"}, options[0]}, true
	}
	for _, o := range options {
		if mine && o.Press == port {
			return []Step{o}, true
		}
	}
	if options[0].Fill == nil {
		return []Step{options[0]}, true
	}
	return []Step{f.filled(g, options[0])}, true
}

// filled answers a form rightly, but for what must be wrong for the outcomes up
// to the next page: the name of somebody who is not there, a secret that is not
// theirs.
func (f *followed) filled(g *Generator, right Step) Step {
	out := right
	out.Fill = map[string]string{}
	nobody, wrong := f.ahead(g)
	for name, v := range right.Fill {
		switch {
		case nobody && (name == "identifier" || name == "email"):
			v = "nobody@example.com"
		case wrong && (name == "password" || strings.Contains(name, "code")):
			v = "000000"
		}
		out.Fill[name] = v
	}
	return out
}

// ahead looks at the outcomes up to the first that another page decides.
func (f *followed) ahead(g *Generator) (nobody, wrong bool) {
	for i, label := range f.want[f.came:] {
		at, port, _ := strings.Cut(label, ":")
		slug, id, _ := strings.Cut(at, ".")
		b := g.Project.Flows[slug].Blocks[id]
		d, ok := g.Catalogue.Descriptor(b.Type)
		if !ok {
			return nobody, wrong
		}
		nobody = nobody || port == "not_found"
		if len(d.Proves) > 0 {
			return nobody, len(d.Proves[port]) == 0
		}
		if d.Asks && i > 0 {
			return nobody, wrong
		}
	}
	return nobody, wrong
}

// wanted are the outcomes of a path, and the block that it ends with.
func wanted(path []contract.Step) []string {
	var out []string
	for i, s := range path {
		s.Values = nil
		if s.Port != "" || i == len(path)-1 {
			out = append(out, s.String())
		}
	}
	return out
}

// matched counts how many of the outcomes a run has taken, and nothing else
// between them.
func matched(trace []run.Step, want []string) int {
	n := 0
	for _, s := range trace {
		if n == len(want) {
			break
		}
		if !strings.Contains(want[n], ":") {
			if s.Flow+"."+s.Block == want[n] {
				n++
			}
			continue
		}
		if s.Port == "" {
			continue
		}
		if stepName(s) != want[n] {
			break
		}
		n++
	}
	return n
}

// scenario is the walk as a test that holds as long as the contract is broken.
func (f followed) scenario(r contract.Result) Scenario {
	return Scenario{Name: "breaks " + r.Name, Given: f.given, Steps: f.steps,
		About:  fmt.Sprintf("The shortest path that breaks the contract %q. It holds as long as the contract is broken: mend the flow, and expect then what is right.", r.Name),
		Expect: Expect{Outcome: f.outcome, Page: f.page, Path: f.want}}
}
