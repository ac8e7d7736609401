package cli_test

import (
	"context"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/scenario"
)

// This file sees every scenario fail: each expectation of each is broken, one
// at a time, and the scenario must notice.

// Things that are nowhere.
const (
	noText = "no page has ever said this"
	noPage = "no/such/page"
)

// moment is a scenario up to a step, with what is expected there.
type moment struct {
	c      scenario.Case
	steps  []scenario.Step
	expect scenario.Expect
	status int // of the page
}

// breach is one expectation that was made wrong.
type breach struct {
	what   string
	expect scenario.Expect
	status int
}

func TestEveryExpectationCanFail(t *testing.T) {
	for _, p := range everyProject(t) {
		t.Run(p.name, func(t *testing.T) {
			var all []moment
			for _, c := range p.suite.Cases() {
				all = append(all, moments(t, c)...)
			}
			var mu sync.Mutex
			var wg sync.WaitGroup
			tried, gate := 0, make(chan struct{}, runtime.NumCPU())
			for _, m := range all {
				gate <- struct{}{}
				wg.Go(func() {
					defer func() { <-gate }()
					n := m.broken(t, p)
					mu.Lock()
					defer mu.Unlock()
					tried += n
				})
			}
			wg.Wait()
			t.Logf("%d expectations broken", tried)
		})
	}
}

// broken breaks what is expected at a moment, one by one, and answers how much
// it was.
func (m moment) broken(t *testing.T, p *tried) int {
	base := m.run(p, m.expect, m.status)
	if !base.Passed {
		t.Errorf("%s does not pass up to step %d: %v", m.c.Name, len(m.steps), base.Failures)
		return 0
	}
	list := breaches(m, base, p.project)
	for _, b := range list {
		if m.run(p, b.expect, b.status).Passed {
			t.Errorf("%s passes with %s after step %d", m.c.Name, b.what, len(m.steps))
		}
	}
	return len(list)
}

func (m moment) run(p *tried, e scenario.Expect, status int) scenario.Result {
	s := *m.c.Scenario
	s.Steps, s.Expect = m.steps, e
	if status != 0 {
		s.Steps = append(slices.Clone(m.steps), scenario.Step{Status: status})
	}
	return scenario.Run(context.Background(), scenario.Case{File: m.c.File, Scenario: &s, Variant: m.c.Variant, Name: m.c.Name}, p.suite.Make, false)
}

// moments answers every place of a scenario at which something is expected.
func moments(t *testing.T, c scenario.Case) []moment {
	t.Helper()
	var out []moment
	var done []scenario.Step
	var walk func(list []scenario.Step)
	walk = func(list []scenario.Step) {
		for _, s := range list {
			if s.Page != "" || len(s.Shows)+len(s.Hides)+s.Status > 0 {
				out = append(out, moment{c, slices.Clone(done), scenario.Expect{Page: s.Page, Shows: s.Shows, Hides: s.Hides}, s.Status})
			}
			plain := s
			plain.Expect, plain.Steps, plain.Repeat = nil, nil, 0
			for range max(1, s.Repeat) {
				done = append(done, plain)
				walk(s.Steps)
			}
			if s.Expect != nil {
				out = append(out, moment{c, slices.Clone(done), *s.Expect, 0})
			}
		}
	}
	walk(c.Scenario.Steps)
	last := moment{c, done, c.Scenario.Expect, 0}
	if fmt.Sprint(last.expect) == fmt.Sprint(scenario.Expect{}) {
		t.Errorf("%s expects nothing in the end", c.Name)
	}
	return append(out, last)
}

// breaches answers every way in which what is expected is made wrong.
func breaches(m moment, base scenario.Result, p *flow.Project) []breach {
	var out []breach
	add := func(what string, change func(e *scenario.Expect)) {
		e := m.expect
		change(&e)
		out = append(out, breach{what, e, m.status})
	}
	e := m.expect
	if m.status != 0 {
		out = append(out, breach{"another status", e, m.status + 1})
	}
	if e.Outcome != "" {
		for _, other := range []string{"signed_in", "refused", "error", "waiting", "finished"} {
			if other != filledBy(m.c.Variant, e.Outcome) {
				add("the outcome "+other, func(e *scenario.Expect) { e.Outcome = other })
			}
		}
	}
	for what, at := range map[string]func(e *scenario.Expect) *string{
		"the page": func(e *scenario.Expect) *string { return &e.Page }, "the error": func(e *scenario.Expect) *string { return &e.Error }, "the reason": func(e *scenario.Expect) *string { return &e.Reason },
	} {
		if *at(&e) != "" {
			add(what+" "+noPage, func(e *scenario.Expect) { *at(e) = noPage })
		}
	}
	ran, idle := ranAndNot(base, p)
	for _, l := range []struct {
		what, other string
		of          func(e *scenario.Expect) *[]string
	}{
		{"a text that is not shown", noText, func(e *scenario.Expect) *[]string { return &e.Shows }},
		{"a text hidden that is shown", firstWord(base.PageText), func(e *scenario.Expect) *[]string { return &e.Hides }},
		{"a block in the path that has not run", idle, func(e *scenario.Expect) *[]string { return &e.Path }},
		{"a block never that has run", ran, func(e *scenario.Expect) *[]string { return &e.Never }},
		{"a record not audited that is", "run.started", func(e *scenario.Expect) *[]string { return &e.NotAudited }},
		{"no account where there is one", "ada@example.com", func(e *scenario.Expect) *[]string { return &e.NoUser }},
		{"a text nowhere that is somewhere", "run.started", func(e *scenario.Expect) *[]string { return &e.Nowhere }},
	} {
		for i, was := range *l.of(&e) {
			if l.other == "" {
				continue
			}
			add(l.what+" in place of "+was, func(e *scenario.Expect) {
				list := slices.Clone(*l.of(e))
				list[i] = l.other
				*l.of(e) = list
			})
		}
	}
	for name := range e.Runs {
		add("another count of "+name, func(e *scenario.Expect) {
			e.Runs = maps.Clone(e.Runs)
			e.Runs[name]++
		})
	}
	return append(out, valueBreaches(e)...)
}

// valueBreaches breaks what is expected of tokens, sessions, messages, calls,
// records and accounts.
func valueBreaches(e scenario.Expect) []breach {
	var out []breach
	add := func(what string, change func(e *scenario.Expect)) {
		own := e
		change(&own)
		out = append(out, breach{what, own, 0})
	}
	for what, of := range map[string]func(e *scenario.Expect) *map[string]any{
		"id_token": func(e *scenario.Expect) *map[string]any { return &e.IDToken }, "access_token": func(e *scenario.Expect) *map[string]any { return &e.AccessToken },
		"userinfo": func(e *scenario.Expect) *map[string]any { return &e.UserInfo }, "session": func(e *scenario.Expect) *map[string]any { return &e.Session },
		"user": func(e *scenario.Expect) *map[string]any { return &e.User }, "client": func(e *scenario.Expect) *map[string]any { return &e.Client },
	} {
		for name := range *of(&e) {
			add(what+"."+name, func(e *scenario.Expect) { *of(e) = wrong(*of(e), name) })
		}
	}
	lists := map[string]func(e *scenario.Expect) *[]map[string]any{"audit": func(e *scenario.Expect) *[]map[string]any { return &e.Audit }}
	if e.Sent != nil {
		lists["sent"] = func(e *scenario.Expect) *[]map[string]any { return e.Sent }
	}
	if e.Calls != nil {
		lists["calls"] = func(e *scenario.Expect) *[]map[string]any { return e.Calls }
	}
	for what, of := range lists {
		for i, entry := range *of(&e) {
			for name := range entry {
				add(fmt.Sprintf("%s[%d].%s", what, i, name), func(e *scenario.Expect) {
					list := slices.Clone(*of(e))
					list[i] = wrong(entry, name)
					setList(e, what, list)
				})
			}
		}
		if what != "audit" {
			add("one more of "+what, func(e *scenario.Expect) { setList(e, what, append(slices.Clone(*of(e)), map[string]any{})) })
		}
	}
	if e.Sessions != nil {
		add("one session more", func(e *scenario.Expect) { n := *e.Sessions + 1; e.Sessions = &n })
	}
	if e.Hashes != nil {
		add("one hash more", func(e *scenario.Expect) { n := *e.Hashes + 1; e.Hashes = &n })
	}
	if e.Elapsed != "" {
		add("another time", func(e *scenario.Expect) { e.Elapsed = "77h0m0s" })
	}
	if e.Session != nil || e.User != nil {
		add("somebody else", func(e *scenario.Expect) { e.Whose = "nobody@nowhere.example" })
	}
	return out
}

func setList(e *scenario.Expect, what string, list []map[string]any) {
	switch what {
	case "audit":
		e.Audit = list
	case "sent":
		e.Sent = &list
	case "calls":
		e.Calls = &list
	}
}

// wrong answers what is expected with another value under a name.
func wrong(m map[string]any, name string) map[string]any {
	out := maps.Clone(m)
	out[name] = noText
	return out
}

// ranAndNot answers a block that has run, and one that has not.
func ranAndNot(base scenario.Result, p *flow.Project) (ran, idle string) {
	seen := map[string]bool{}
	for _, step := range base.Path {
		name, _, _ := strings.Cut(step, ":")
		seen[name] = true
		ran = name
	}
	for _, slug := range slices.Sorted(maps.Keys(p.Flows)) {
		for _, id := range slices.Sorted(maps.Keys(p.Flows[slug].Blocks)) {
			if name := slug + "." + id; !seen[name] {
				idle = name
			}
		}
	}
	return ran, idle
}

// filledBy puts a row of the variants into a text.
func filledBy(row map[string]any, text string) string {
	for name, v := range row {
		text = strings.ReplaceAll(text, "{{ variant."+name+" }}", fmt.Sprint(v))
	}
	return text
}

func firstWord(text string) string {
	word, _, _ := strings.Cut(text, " ")
	return word
}
