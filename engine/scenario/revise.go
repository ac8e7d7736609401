package scenario

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/authflow-studio/authflow/engine/flow/yamltext"
)

// This file revises expectations: what a scenario file expects is made what
// really happened, where that is safe. It never touches a scenario whose steps
// fail, never weakens what must not have happened, and takes a change only when
// the scenario passes with it.

// Revision is what became of the expectations of one failing scenario.
type Revision struct {
	File string `json:"file"`
	Name string `json:"name"`
	// Diff are the lines that were changed: - before, + after.
	Diff []string `json:"diff,omitempty"`
	// Kept says why nothing was changed.
	Kept []string `json:"kept,omitempty"`
}

// findings are the expectations of one case that do not hold.
type findings struct {
	edits []edit
	kept  []string
}

// note takes down what does not hold at a place.
func (r *runner) note(ctx context.Context, failures []miss, at yamltext.Path) error {
	if len(failures) == 0 {
		return nil
	}
	names, err := r.symbols(ctx)
	if err != nil {
		return err
	}
	secrets := r.hidden()
	for _, m := range failures {
		if m.kept != "" {
			r.revising.kept = append(r.revising.kept, m.text+": "+m.kept)
			continue
		}
		for _, e := range m.edits {
			value, ok := told(e.value, names, secrets)
			if !ok {
				r.revising.kept = append(r.revising.kept, fmt.Sprintf("%s: what happened holds a secret, which no file may have", at.Below(e.at...)))
				continue
			}
			e.value, e.at = value, at.Below(e.at...)
			if !slices.ContainsFunc(r.revising.edits, func(o edit) bool { return reflect.DeepEqual(o, e) }) {
				r.revising.edits = append(r.revising.edits, e)
			}
		}
	}
	return nil
}

// Any tells whether one of the file's cases is so.
func (f *File) Any(so func(Case) bool) bool { return slices.ContainsFunc(f.Cases(), so) }

// Revise answers the text of a scenario file in which the scenarios that have a
// failed case expect what really happened, and what became of each.
func Revise(ctx context.Context, path string, text []byte, failed func(Case) bool, mk Maker) ([]byte, []Revision, error) {
	f, bad := Read(path, text)
	if bad != nil {
		return nil, nil, bad
	}
	var out []Revision
	for i := range f.Scenarios {
		own := f.casesOf(i)
		if !slices.ContainsFunc(own, failed) {
			continue
		}
		rev := Revision{File: path, Name: f.Title(&f.Scenarios[i])}
		revised, kept := reviseOne(ctx, &f, i, text, mk)
		switch {
		case len(kept) > 0:
			rev.Kept = kept
		default:
			rev.Diff = lineDiff(string(text), string(revised))
			text = revised
		}
		if len(rev.Diff)+len(rev.Kept) > 0 {
			out = append(out, rev)
		}
	}
	return text, out, ctx.Err()
}

// reviseOne answers the file with one scenario revised, or why it is not.
func reviseOne(ctx context.Context, f *File, n int, text []byte, mk Maker) (revised []byte, kept []string) {
	edits, kept := gather(ctx, f, n, text, mk)
	if len(kept) > 0 || len(edits) == 0 {
		return text, kept
	}
	revised = text
	for _, e := range inOrder(edits) {
		var err error
		at := yamltext.Path{"scenarios", n}.Below(e.at...)
		switch {
		case e.gone:
			revised, err = yamltext.Remove(revised, at)
		case e.item:
			revised, err = yamltext.Insert(revised, at, 1<<30, e.value)
		default:
			revised, err = yamltext.Set(revised, at, e.value)
		}
		if err != nil {
			return text, []string{err.Error()}
		}
	}
	if why := holds(ctx, f, n, revised, mk); why != "" {
		return text, []string{why}
	}
	return revised, nil
}

// inOrder puts changes so that none moves the place of a later one.
func inOrder(edits []edit) []edit {
	rank := func(e edit) int {
		switch {
		case e.gone:
			return 2
		case e.item:
			return 1
		}
		return 0
	}
	out := slices.Clone(edits)
	slices.SortStableFunc(out, func(a, b edit) int {
		if d := rank(a) - rank(b); d != 0 || !a.gone {
			return d
		}
		return later(a.at, b.at)
	})
	return out
}

// later puts higher numbers of a list first.
func later(a, b yamltext.Path) int {
	for i := range min(len(a), len(b)) {
		x, xn := a[i].(int)
		y, yn := b[i].(int)
		if xn && yn && x != y {
			return y - x
		}
	}
	return 0
}

// holds says why a revised file is not taken: it says something else than the
// old one beside what is expected, or does not pass.
func holds(ctx context.Context, was *File, n int, text []byte, mk Maker) string {
	now, bad := Read(was.Path, text)
	if bad != nil {
		return "the file could not be read any more: " + bad.Error()
	}
	if len(now.Scenarios) != len(was.Scenarios) || !reflect.DeepEqual(now.Given, was.Given) {
		return "more than its expectations would change"
	}
	for i := range now.Scenarios {
		a, b := was.Scenarios[i], now.Scenarios[i]
		if i == n {
			if a.Variants, b.Variants = nil, nil; !reflect.DeepEqual(promises(&a), promises(&b)) {
				return "what must not have happened would change"
			}
			a, b = bare(a), bare(b)
		}
		if !reflect.DeepEqual(a, b) {
			return "more than its expectations would change"
		}
	}
	for _, c := range now.casesOf(n) {
		if res := Run(ctx, c, mk, false); !res.Passed {
			return fmt.Sprintf("what happens differs from run to run, or a change belies another: %s", strings.Join(res.Failures, "; "))
		}
	}
	return ""
}

// bare is a scenario without what it expects.
func bare(s Scenario) Scenario {
	s.Expect = Expect{}
	s.Steps = bareSteps(s.Steps)
	return s
}

func bareSteps(list []Step) []Step {
	out := slices.Clone(list)
	for i := range out {
		out[i].Expect, out[i].Steps = nil, bareSteps(out[i].Steps)
	}
	return out
}

// promises are all texts that say what must not have happened.
func promises(s *Scenario) (out []string) {
	of := func(e *Expect) {
		out = slices.Concat(out, e.Never, e.Hides, e.NotAudited, e.NoUser, e.Nowhere)
	}
	of(&s.Expect)
	var walk func(list []Step)
	walk = func(list []Step) {
		for i := range list {
			if list[i].Expect != nil {
				of(list[i].Expect)
			}
			walk(list[i].Steps)
		}
	}
	walk(s.Steps)
	return out
}

// casesOf answers the cases of one scenario of the file.
func (f *File) casesOf(n int) []Case {
	var out []Case
	for _, c := range f.Cases() {
		if c.Scenario == &f.Scenarios[n] {
			out = append(out, c)
		}
	}
	return out
}

// gather runs a scenario, all rows of it, and answers what would have to be
// changed.
func gather(ctx context.Context, f *File, n int, text []byte, mk Maker) (edits []edit, kept []string) {
	var whole map[string]any
	if err := yaml.Unmarshal(text, &whole); err != nil {
		return nil, []string{err.Error()}
	}
	own, _ := valueAt(whole, yamltext.Path{"scenarios", n}).(map[string]any)
	rows := &table{own: own, scenario: &f.Scenarios[n]}
	for j, c := range f.casesOf(n) {
		found := &findings{}
		res := runCase(ctx, &runner{c: c, revising: found}, mk, false)
		if len(res.Failures) > 0 {
			return nil, []string{fmt.Sprintf("%s: its steps cannot be done, so its expectations are left alone: %s", c.Name, strings.Join(res.Failures, "; "))}
		}
		kept = append(kept, found.kept...)
		rows.take(j, c, found.edits)
	}
	edits, more := rows.edits()
	slices.Sort(kept)
	return edits, append(slices.Compact(kept), more...)
}

// valueAt answers what stands at a place of a decoded file.
func valueAt(v any, at yamltext.Path) any {
	for _, step := range at {
		switch s := step.(type) {
		case int:
			list, _ := v.([]any)
			if s >= len(list) {
				return nil
			}
			v = list[s]
		case string:
			m, _ := v.(map[string]any)
			v = m[s]
		}
	}
	return v
}
