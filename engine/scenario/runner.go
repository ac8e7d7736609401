package scenario

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/authflow-studio/authflow/engine/flow"
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

	shown      []string
	totpSecret string
}

// Run runs one case on a bench of its own; keep asks for its recordings.
func Run(ctx context.Context, c Case, mk Maker, keep bool) Result {
	watch := world.NewStopwatch()
	res := Result{File: c.File.Path, Name: c.Name}
	if c.Scenario.Skip != "" {
		res.Skipped = c.Scenario.Skip
		return res
	}
	r := &runner{c: c, variant: c.Variant}
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
		if failures, err := r.steps(ctx, r.c.Scenario.Steps[i:i+1]); err != nil || len(failures) > 0 {
			res.Step, res.Failures = i+1, failures
			return err
		}
	}
	res.Failures, err = r.expect(ctx, &r.c.Scenario.Expect)
	return err
}

// steps does steps in order, each as often as it says, and holds what each
// expects against what there is after it.
func (r *runner) steps(ctx context.Context, list []Step) ([]string, error) {
	for i := range list {
		step := &list[i]
		for range max(1, step.Repeat) {
			err := r.step(ctx, step)
			var failures []string
			if err == nil {
				failures, err = r.steps(ctx, step.Steps)
			}
			if err != nil || len(failures) > 0 {
				return failures, err
			}
		}
		if step.Expect == nil {
			continue
		}
		if failures, err := r.expect(ctx, step.Expect); err != nil || len(failures) > 0 {
			return failures, err
		}
	}
	return nil, nil
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
	g.Secrets, g.Faults = joined(g.Secrets, own.Secrets), joined(g.Faults, own.Faults)
	var err error
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
