package scenario

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/flow/yamltext"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/scenario/agent"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/world"
)

// totpStep is the step of RFC 6238.
const totpStep = 30 * time.Second

// Begin is the moment at which scenarios begin that name none: noon, so that no
// limit of a day is near.
var Begin = time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)

// Result is what came of one scenario.
type Result struct {
	File    string `json:"file"`
	Name    string `json:"name"`
	Passed  bool   `json:"passed"`
	Skipped string `json:"skipped,omitempty"`
	// Step that failed, from 1; 0: an expectation at the end, or none.
	Step     int           `json:"step,omitempty"`
	Failures []string      `json:"failures,omitempty"`
	Page     string        `json:"page,omitempty"`
	PageText string        `json:"page_text,omitempty"`
	Path     []string      `json:"path,omitempty"`
	Took     time.Duration `json:"took"`
	// Trace is every block that has run, for coverage.
	Trace []run.Step `json:"-"`
	// Lines of Actions, for coverage.
	Lines map[string]script.Lines `json:"-"`
	// Recordings are the runs, where the suite keeps them.
	Recordings []Recording `json:"-"`
}

// Case is one scenario, or one row of its variants.
type Case struct {
	File     *File
	Scenario *Scenario
	Variant  map[string]any
	Name     string
}

// Cases answers all that is to be run of a file.
func (f *File) Cases() []Case {
	var out []Case
	for i := range f.Scenarios {
		s := &f.Scenarios[i]
		if len(s.Variants) == 0 {
			out = append(out, Case{f, s, nil, f.Title(s)})
		}
		for j, v := range s.Variants {
			name := fmt.Sprintf("%s [%d]", f.Title(s), j+1)
			if label, ok := v["name"]; ok {
				name = fmt.Sprintf("%s [%v]", f.Title(s), label)
			}
			out = append(out, Case{f, s, v, name})
		}
	}
	return out
}

// runner is one case under way.
type runner struct {
	c       Case
	given   Given
	bench   Bench
	begin   time.Time
	origin  string // at which the person finds the server
	variant map[string]any
	starts  int

	seat
	seats         map[[2]string]*seat // by browser and tab, but for the one in use
	browser, tab  string
	authenticator *authenticator

	// callsExpected says that the scenario named its calls.
	callsExpected bool

	shown      []string
	totpSecret string

	// onStep is told of each step before it is done; it may be nil.
	onStep func(n int, b Bench)
	// revising gathers what does not hold; nil while it is only tested.
	revising *findings
}

// Run runs one case on a bench of its own; keep asks for its recordings.
func Run(ctx context.Context, c Case, mk Maker, keep bool) Result {
	return runCase(ctx, &runner{c: c}, mk, keep)
}

// RunWatched runs one case, and tells of each step before it is done, from 1.
func RunWatched(ctx context.Context, c Case, mk Maker, each func(n int, b Bench)) Result {
	return runCase(ctx, &runner{c: c, onStep: each}, mk, false)
}

func runCase(ctx context.Context, r *runner, mk Maker, keep bool) Result {
	watch := world.NewStopwatch()
	c := r.c
	res := Result{File: c.File.Path, Name: c.Name}
	if c.Scenario.Skip != "" {
		res.Skipped = c.Scenario.Skip
		return res
	}
	r.variant = c.Variant
	err := r.run(ctx, mk, &res)
	if err != nil {
		res.Failures = append(res.Failures, err.Error())
	}
	if r.bench != nil {
		r.describe(&res)
		if keep {
			if res.Recordings, err = r.bench.Recordings(ctx); err != nil {
				res.Failures = append(res.Failures, "its runs could not be recorded: "+err.Error())
			}
		}
		if err := r.bench.Close(); err != nil {
			res.Failures = append(res.Failures, "the world of the scenario could not be put away: "+err.Error())
		}
	}
	res.Passed = len(res.Failures) == 0
	res.Took = watch.Elapsed()
	return res
}

func (r *runner) run(ctx context.Context, mk Maker, res *Result) error {
	var err error
	if r.given, err = r.merged(ctx); err != nil {
		return err
	}
	r.begin = Begin
	if r.given.Clock != "" {
		if r.begin, err = time.Parse(time.RFC3339, r.given.Clock); err != nil {
			return fmt.Errorf("given.clock: %q is no moment such as 2026-01-15T12:00:00Z", r.given.Clock)
		}
	}
	if r.bench, err = mk(ctx, r.given, r.begin); err != nil {
		return err
	}
	if r.origin = r.bench.Address(); r.given.Host != "" {
		if r.origin, err = named(r.origin, r.given.Host); err != nil {
			return err
		}
	}
	r.agent, r.browser, r.tab = agent.New(r.bench, r.origin), firstSeat, firstSeat
	if r.given.Person != "" {
		if _, ok := r.person(); !ok {
			return r.unknown("person", r.given.Person, r.identifiers())
		}
	}
	if err := r.come(r.given.From); err != nil {
		return err
	}
	for i := range r.c.Scenario.Steps {
		if r.onStep != nil {
			r.onStep(i+1, r.bench)
		}
		if failures, err := r.steps(ctx, r.c.Scenario.Steps[i:i+1], yamltext.Path{"steps"}, i); err != nil || len(failures) > 0 {
			res.Step, res.Failures = i+1, words(failures)
			return err
		}
	}
	failures, err := r.held(ctx, &r.c.Scenario.Expect, yamltext.Path{"expect"})
	if open := r.unanswered(); err == nil && r.revising != nil {
		err = r.note(ctx, open, nil)
	} else if err == nil {
		failures = append(failures, open...)
	}
	res.Failures = words(failures)
	return err
}

// steps does steps in order, each as often as it says, and holds what each
// expects against what there is after it. The first of them is number first of
// the list at that place of the scenario.
func (r *runner) steps(ctx context.Context, list []Step, at yamltext.Path, first int) ([]miss, error) {
	for i := range list {
		step, place := &list[i], at.Below(first+i)
		for range max(1, step.Repeat) {
			err := r.step(ctx, step)
			var failures []miss
			if err == nil {
				failures, err = r.steps(ctx, step.Steps, place.Below("steps"), 0)
			}
			if err != nil || len(failures) > 0 {
				return failures, err
			}
		}
		if step.Expect == nil {
			continue
		}
		if failures, err := r.held(ctx, step.Expect, place.Below("expect")); err != nil || len(failures) > 0 {
			return failures, err
		}
	}
	return nil, nil
}

// held holds an expectation against what there is. One who revises expectations
// goes on past those that do not hold.
func (r *runner) held(ctx context.Context, e *Expect, at yamltext.Path) ([]miss, error) {
	failures, err := r.expect(ctx, e)
	if err != nil || r.revising == nil {
		return failures, err
	}
	return nil, r.note(ctx, failures, at)
}

// describe says where the scenario stood, for a person who looks at a failure.
func (r *runner) describe(res *Result) {
	res.Trace, res.Lines = r.bench.Trace(), r.bench.Lines()
	for _, s := range res.Trace {
		res.Path = append(res.Path, stepName(s))
	}
	if r.page != nil {
		res.Page, res.PageText = r.at(), pageText(r.page.HTML)
	}
}

func stepName(s run.Step) string {
	name := s.Flow + "." + s.Block
	if s.Port != "" {
		name += ":" + s.Port
	}
	return name
}

// come says from where the person comes from now on.
func (r *runner) come(f *From) error {
	if f == nil {
		return nil
	}
	s := r.agent.Settings()
	if f.UserAgent != "" {
		s.UserAgent = f.UserAgent
	}
	switch {
	case f.IP != "":
		s.IP = f.IP
	case f.Network != "" || f.Country != "":
		ip, ok := r.bench.AddressIn(f.Network, f.Country)
		if !ok {
			return fmt.Errorf("world.yaml has no network of kind %q in country %q; add one, or name an ip", f.Network, f.Country)
		}
		s.IP = ip
	}
	switch f.Device {
	case "":
	case "new":
		r.agent.Forget()
	case "same":
		r.agent.ForgetSession()
	default:
		return fmt.Errorf("from.device is new (no cookies at all) or same (a new browser session on the same device), and not %q", f.Device)
	}
	r.agent.Set(s)
	return nil
}

// person answers who sits in front, as world.yaml or the scenario knows them.
func (r *runner) person() (world.Person, bool) {
	for _, p := range r.bench.People() {
		for _, id := range []string{p.Email, p.Username, p.Phone, p.ID} {
			if id != "" && id == r.given.Person {
				return p, true
			}
		}
	}
	return world.Person{}, false
}

func (r *runner) identifiers() []string {
	var out []string
	for _, p := range r.bench.People() {
		out = append(out, p.Identifier())
	}
	return out
}

// unknown says that there is no such thing, and what was most likely meant.
func (r *runner) unknown(what, name string, names []string) error {
	if near := flow.Nearest(name, names); near != "" {
		return fmt.Errorf("there is no %s %q; did you mean %q?", what, name, near)
	}
	if len(names) == 0 {
		return fmt.Errorf("there is no %s %q", what, name)
	}
	return fmt.Errorf("there is no %s %q; there are %s", what, name, strings.Join(names, ", "))
}

// at answers the page the person is at: a template without extension, or the
// address of what is none.
func (r *runner) at() string {
	if r.page == nil {
		return ""
	}
	if r.page.External {
		return r.page.URL
	}
	u, err := url.Parse(r.page.URL)
	if err != nil {
		return r.page.URL
	}
	if name, ok := strings.CutPrefix(u.Path, "/fl/"); ok {
		return name
	}
	return u.Path
}

var (
	tags    = regexp.MustCompile(`(?s)<(?:style|script|head).*?</(?:style|script|head)>|<[^>]*>`)
	spaces  = regexp.MustCompile(`\s+`)
	codes   = regexp.MustCompile(`<code[^>]*>([^<]+)</code>`)
	base32s = regexp.MustCompile(`^[A-Z2-7]{16,}$`)
)

func pageText(html string) string {
	return strings.TrimSpace(spaces.ReplaceAllString(unescape(tags.ReplaceAllString(html, " ")), " "))
}

func unescape(s string) string {
	return strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">", "&#39;", "'", "&#34;", `"`, "&quot;", `"`).Replace(s)
}
