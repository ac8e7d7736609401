package scenario

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/run"
)

// expect answers what is not as it was expected, each with the shortest
// difference. An error says that the expectation itself cannot be read.
func (r *runner) expect(ctx context.Context, e *Expect) ([]miss, error) {
	var failures []miss
	outcome, page, err := r.filled(ctx, e)
	if err != nil {
		return nil, err
	}
	if !knownOutcome(outcome) {
		return nil, errors.New(unknownOutcome(outcome))
	}
	failures = append(failures, r.standing(ctx, e, outcome, page)...)
	path, err := r.fillAll(ctx, e.Path)
	if err != nil {
		return nil, err
	}
	never, err := r.fillAll(ctx, e.Never)
	if err != nil {
		return nil, err
	}
	if err := r.pathNames(slices.Concat(path, never, slices.Collect(maps.Keys(e.Runs)))); err != nil {
		return nil, err
	}
	failures = append(failures, r.path(path, never)...)
	failures = append(failures, r.runs(e.Runs)...)
	failures = append(failures, r.cost(e)...)
	for name, check := range map[string]func() ([]miss, error){
		"claims":   func() ([]miss, error) { return r.claims(ctx, e) },
		"sessions": func() ([]miss, error) { return r.sessions(ctx, e) },
		"sent":     func() ([]miss, error) { return r.traffic(ctx, e) },
		"record":   func() ([]miss, error) { return r.record(ctx, e) },
		"user":     func() ([]miss, error) { return r.account(ctx, e) },
		"nowhere":  func() ([]miss, error) { return r.nowhere(ctx, e.Nowhere) },
	} {
		found, err := check()
		if err != nil {
			return nil, fmt.Errorf("expect %s: %w", name, err)
		}
		failures = append(failures, found...)
	}
	slices.SortFunc(failures, func(a, b miss) int { return cmp.Compare(a.text, b.text) })
	return failures, nil
}

// standing holds where the person and the client stand against what was expected.
func (r *runner) standing(ctx context.Context, e *Expect, outcome, page string) []miss {
	var out []miss
	if outcome != "" && outcome != r.outcome() {
		out = append(out, missed(fmt.Sprintf("the outcome is %s, and should be %s", r.outcome(), outcome), set(r.outcome(), "outcome")))
	}
	if page != "" && page != r.at() {
		out = append(out, missed(r.elsewhere(page), set(r.at(), "page")))
	}
	if err := r.texts(ctx, e.Shows, nil); err != nil {
		out = append(out, kept(err.Error(), "which text the page must show instead is for a person to say"))
	}
	if err := r.texts(ctx, nil, e.Hides); err != nil {
		out = append(out, forbidden(err.Error()))
	}
	if got := r.clientError(); e.Error != "" && e.Error != got {
		out = append(out, missed(fmt.Sprintf("the client got the error %q, and should have got %q", got, e.Error), r.text(e, "error", got)...))
	}
	return out
}

// filled answers outcome and page with the row of the variants filled in.
func (r *runner) filled(ctx context.Context, e *Expect) (outcome, page string, err error) {
	if outcome, err = r.fill(ctx, e.Outcome); err != nil {
		return "", "", err
	}
	page, err = r.fill(ctx, e.Page)
	return outcome, page, err
}

// outcome says in a word where the person and the client stand.
func (r *runner) outcome() string {
	if c := r.client; c != nil && c.arrived > 0 {
		switch {
		case c.err == "access_denied":
			return "refused"
		case c.accessToken == "":
			return "error"
		}
		return "signed_in"
	}
	switch {
	case r.page == nil:
		return "nothing"
	case r.page.External:
		return "waiting"
	case r.at() == "end" && r.page.Status == http.StatusOK:
		return "finished"
	case r.at() == "end" && r.page.Status < http.StatusInternalServerError:
		return "refused"
	case r.page.Status >= http.StatusBadRequest:
		return "error"
	}
	return "waiting"
}

func (r *runner) clientError() string {
	if r.client == nil {
		return ""
	}
	return r.client.err
}

// path holds the blocks that have run against those that must and must not.
func (r *runner) path(want, never []string) []miss {
	var failures []miss
	trace := r.bench.Trace()
	at := 0
	for _, name := range want {
		i := slices.IndexFunc(trace[at:], func(s run.Step) bool { return names(s, name) })
		if i < 0 {
			after := ""
			if at > 0 {
				after = " after " + stepName(trace[at-1])
			}
			failures = append(failures, missed(fmt.Sprintf("%s has not run%s; the path is %s", name, after, pathText(trace)), pathEdits(want, trace)...))
			break
		}
		at += i + 1
	}
	for _, name := range never {
		if slices.ContainsFunc(trace, func(s run.Step) bool { return names(s, name) }) {
			failures = append(failures, forbidden(fmt.Sprintf("%s has run, and should not have; the path is %s", name, pathText(trace))))
		}
	}
	return failures
}

// runs counts how often blocks have run.
func (r *runner) runs(want map[string]int) []miss {
	var failures []miss
	for _, name := range slices.Sorted(maps.Keys(want)) {
		n := 0
		for _, s := range r.bench.Trace() {
			if names(s, name) && !s.Waits {
				n++
			}
		}
		if n != want[name] {
			failures = append(failures, counted(fmt.Sprintf("%s has run %d times, and should have %d times", name, n, want[name]), want[name], set(n, "runs", name)))
		}
	}
	return failures
}

// elsewhere says where the person is, and which page was most likely meant when
// there is none of that name.
func (r *runner) elsewhere(want string) string {
	text := fmt.Sprintf("the person is at %q, and should be at %q", r.at(), want)
	if pages := r.bench.Pages(); !strings.ContainsAny(want, ":?") && !strings.HasPrefix(want, "/") && !slices.Contains(pages, want) {
		text += "; " + r.unknown("page", want, append(pages, "end")).Error()
	}
	return text
}

// unanswered are calls that no stub was meant for, where the scenario says
// nothing of its calls: whoever forgot a stub, or mistyped its address, is told.
func (r *runner) unanswered() []miss {
	if r.callsExpected {
		return nil
	}
	var out []miss
	for _, c := range r.bench.Calls() {
		if c.Unmatched {
			out = append(out, kept(fmt.Sprintf("%s; give a stub, or say under calls what is expected", c.Error), "whether a call is to be answered is for a person to say"))
		}
	}
	return out
}

// cost holds what was computed, and the time that has passed.
func (r *runner) cost(e *Expect) []miss {
	var out []miss
	if n := r.bench.Hashes(); e.Hashes != nil && n != *e.Hashes {
		out = append(out, counted(fmt.Sprintf("%d password hashes were computed, and should be %d", n, *e.Hashes), *e.Hashes, set(n, "hashes")))
	}
	if took := r.bench.Now().Sub(r.begin).String(); e.Elapsed != "" && took != e.Elapsed {
		out = append(out, missed(fmt.Sprintf("%s have passed, and should be %s", took, e.Elapsed), set(took, "elapsed")))
	}
	return out
}

func pathText(trace []run.Step) string {
	var out []string
	for _, s := range trace {
		if name := stepName(s); len(out) == 0 || out[len(out)-1] != name {
			out = append(out, name)
		}
	}
	return strings.Join(out, " → ")
}

// names tells whether a step is the one of that name: block, flow.block, either
// with :port.
func names(s run.Step, name string) bool {
	name, port, hasPort := strings.Cut(name, ":")
	return (name == s.Block || name == s.Flow+"."+s.Block) && (!hasPort || port == s.Port)
}

// pathNames refuses names of blocks that no flow has: a promise about them
// would hold for ever.
func (r *runner) pathNames(list []string) error {
	blocks := r.bench.Blocks()
	for _, name := range list {
		name, _, _ := strings.Cut(name, ":")
		if !slices.ContainsFunc(blocks, func(b string) bool { return b == name || strings.HasSuffix(b, "."+name) }) {
			short := make([]string, 0, 2*len(blocks))
			for _, b := range blocks {
				_, id, _ := strings.Cut(b, ".")
				short = append(short, b, id)
			}
			return r.unknown("block", name, short)
		}
	}
	return nil
}
