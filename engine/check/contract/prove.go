package contract

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/expr"
	"github.com/authflow-studio/authflow/engine/flow"
)

// CheckerVersion counts how contracts are proven; it grows when a verdict may
// come out otherwise. A bundle says by which it was judged.
const CheckerVersion = 1

// DefaultStates bounds a proof where nobody says otherwise.
const DefaultStates = 200_000

// Verdict on a contract.
type Verdict string

// The verdicts. Only the first is good enough to rely on.
const (
	Proved  Verdict = "proved"
	Refuted Verdict = "refuted"
	Unknown Verdict = "unknown"
)

// Result is the verdict with what led to it.
type Result struct {
	Name    string  `json:"name"`
	Verdict Verdict `json:"verdict"`
	// Path breaks the contract; with an unknown verdict it may.
	Path []Step `json:"path"`
	// Reason says why a verdict is unknown, or what a proof rests on.
	Reason string `json:"reason,omitempty"`
	// Flow is the one that was started.
	Flow string `json:"flow,omitempty"`
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitzero"`
	// Suggestions of other words come with a contract that was not understood.
	Malformed bool `json:"malformed,omitzero"`
	States    int  `json:"states"`
}

// Step is one block of a path; Port is empty where it runs another flow, where
// its flow ends, and where the path breaks the contract by entering it.
type Step struct {
	Flow   string  `json:"flow"`
	Block  string  `json:"block"`
	Port   string  `json:"port,omitempty"`
	Values []Value `json:"values,omitempty"`
}

func (s Step) String() string {
	name := s.Flow + "." + s.Block
	if s.Port != "" {
		name += ":" + s.Port
	}
	var values []string
	for _, v := range s.Values {
		values = append(values, v.Term+" is "+v.Is)
	}
	if len(values) > 0 {
		name += " (" + strings.Join(values, ", ") + ")"
	}
	return name
}

// Value is what a term had to be.
type Value struct {
	Term string `json:"term"`
	Is   string `json:"is"`
	// Example is one value that is so; nil where there is none to name.
	Example any `json:"example,omitempty"`

	variable int
}

// Prover judges contracts.
type Prover struct {
	Catalogue *block.Catalogue
	// States bounds one proof; DefaultStates when 0.
	States int
}

// Project judges all contracts of a project. What cannot be read is reported;
// it is nobody's proof.
func (pr *Prover) Project(p *flow.Project) ([]Result, []*flow.FileError) {
	files, problems := ReadAll(p)
	out := []Result{}
	for _, f := range files {
		for i := range f.Contracts {
			r := pr.Prove(p, &f.Contracts[i])
			if r.Malformed {
				problems = append(problems, &flow.FileError{Code: "contract", File: r.File, Line: r.Line, Column: 1, Message: fmt.Sprintf("%q: %s", r.Name, r.Reason), Hint: "authflow check lists what there is; docs/contracts.md has the words"})
			}
			out = append(out, r)
		}
	}
	return out, problems
}

// Sound reports whether no contract is refuted, and none could not be read.
func Sound(results []Result) bool {
	return !slices.ContainsFunc(results, func(r Result) bool { return r.Verdict == Refuted || r.Malformed })
}

// Prove judges one contract.
func (pr *Prover) Prove(p *flow.Project, c *Contract) Result {
	r := Result{Name: c.Name, File: c.File, Line: c.Line, Path: []Step{}}
	entries, err := lexicon{p, pr.Catalogue}.entries(c.On)
	if err != nil {
		return r.malformed(err)
	}
	if _, message, _ := c.problem(); message != "" {
		return r.malformed(fmt.Errorf("%s", message))
	}
	judge := map[string]func(*flow.Project, *Contract, []string, Result) Result{"alike": pr.alike, "within": pr.within, "calls_only": pr.callsOnly}[c.kind()]
	if judge == nil {
		judge = pr.paths
	}
	return judge(p, c, entries, r)
}

func (r Result) malformed(err error) Result {
	r.Verdict, r.Reason, r.Malformed = Unknown, err.Error(), true
	return r
}

// paths judges a promise about paths, in each flow that can begin one.
func (pr *Prover) paths(p *flow.Project, c *Contract, entries []string, r Result) Result {
	if err := checkConditions(p, pr.Catalogue, c, entries); err != nil {
		return r.malformed(err)
	}
	all, reached := Result{Verdict: Proved}, false
	for _, slug := range entries {
		one, hit, err := pr.path(p, c, slug)
		if err != nil {
			return r.malformed(err)
		}
		reached = reached || hit
		all.States += one.States
		if worse(one.Verdict, all.Verdict) {
			all.Verdict, all.Reason, all.Path, all.Flow = one.Verdict, one.Reason, one.Path, slug
		}
	}
	r.Verdict, r.Reason, r.Flow, r.States = all.Verdict, all.Reason, all.Flow, all.States
	r.Path = append(r.Path, all.Path...)
	if r.Verdict == Proved && !reached {
		r.Reason = "no path comes to " + strings.Join(slices.Concat(c.Every, c.Never), " or ") + " at all"
	}
	return r
}

var rank = map[Verdict]int{Proved: 0, Unknown: 1, Refuted: 2}

func worse(a, b Verdict) bool { return rank[a] > rank[b] }

// path judges the paths that begin with one flow.
func (pr *Prover) path(p *flow.Project, c *Contract, slug string) (Result, bool, error) {
	m, err := newModel(p, pr.Catalogue, []string{slug})
	if err != nil {
		return Result{Verdict: Unknown, Reason: err.Error()}, true, nil
	}
	pm, err := understand(m, lexicon{p, pr.Catalogue}, c, slug)
	if err != nil {
		return Result{}, false, err
	}
	if err := m.finish(); err != nil {
		return Result{Verdict: Unknown, Reason: err.Error()}, true, nil
	}
	m.liveness()
	s := &search{m: m, p: pm, most: cmp.Or(pr.States, DefaultStates)}
	done := s.run(slug)
	out := Result{Verdict: Proved, States: len(s.states)}
	switch {
	case s.broken:
		out.Verdict, out.Path = Refuted, s.path
	case !done:
		out.Verdict, out.Reason = Unknown, fmt.Sprintf("there are more than %d states: %d conditions are open at once; take some out of the flow, or into a flow of their own", s.most, s.live)
	case s.doubt != nil:
		out.Verdict, out.Path, out.Reason = Unknown, s.doubt, "a path may break it: "+s.why
	}
	return out, s.reached, nil
}

// understand makes a promise of the words of a contract.
func understand(m *model, l lexicon, c *Contract, slug string) (*promise, error) {
	p := &promise{every: len(c.Every) > 0}
	for _, list := range []struct {
		words Words
		into  *[]mark
	}{{slices.Concat(c.Every, c.Never), &p.targets}, {c.Passed, &p.passed}, {c.After, &p.back}} {
		for _, word := range list.words {
			mk, err := l.mark(word)
			if err != nil {
				return nil, err
			}
			*list.into = append(*list.into, mk)
		}
	}
	var err error
	if p.when, err = m.condition(slug, c.When); err != nil {
		return nil, fmt.Errorf("when: %w", err)
	}
	if p.unless, err = m.condition(slug, c.Unless); err != nil {
		return nil, fmt.Errorf("unless: %w", err)
	}
	p.guards = slices.Concat(p.when.uses(), p.unless.uses())
	return p, nil
}

// checkConditions looks whether conditions are conditions, and ask for what
// there is in one of the flows.
func checkConditions(p *flow.Project, c *block.Catalogue, k *Contract, entries []string) error {
	for _, part := range []struct{ name, src string }{{"when", k.When}, {"unless", k.Unless}} {
		if part.src == "" {
			continue
		}
		program, issues := expr.Compile(part.src, expr.Bool, nil)
		if len(issues) > 0 {
			return fmt.Errorf("%s: %s", part.name, issues[0].Message)
		}
		for _, ref := range program.Reads() {
			if err := checkPath(p, c, ref.Path, entries); err != nil {
				return fmt.Errorf("%s: %w", part.name, err)
			}
		}
	}
	return nil
}

func checkPath(p *flow.Project, c *block.Catalogue, path []string, entries []string) error {
	l := lexicon{p, c}
	switch {
	case path[0] == "event" && len(path) > 1:
		name := dotted(path[1:])
		var known []string
		for _, e := range block.EventFields {
			if overlap(e.Path, name) {
				return nil
			}
			known = append(known, e.Path)
		}
		return l.unknown("value of event", name, known)
	case path[0] == "step" && len(path) > 1:
		return checkStep(l, path, entries)
	}
	return nil
}

// checkStep looks for a block that has the output in one of the flows.
func checkStep(l lexicon, path []string, entries []string) error {
	var blocks, outputs []string
	for _, slug := range entries {
		blocks = append(blocks, l.blocks(slug)...)
		b := l.p.Flows[slug].Blocks[path[1]]
		if b == nil {
			continue
		}
		d, ok := l.catalogue.Descriptor(b.Type)
		if len(path) < 3 || !ok || d.OpenOutputs || path[2] == block.ErrorPort {
			return nil
		}
		for _, o := range d.In(l.p, b.Config).OutputsOf(b.Config) {
			if overlap(o.Name, dotted(path[2:])) {
				return nil
			}
			outputs = append(outputs, o.Name)
		}
	}
	if len(outputs) > 0 {
		return l.unknown("output of "+path[1], dotted(path[2:]), outputs)
	}
	return l.unknown("block", path[1], blocks)
}

func dotted(path []string) string { return strings.Join(path, ".") }
