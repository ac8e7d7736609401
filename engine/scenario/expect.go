package scenario

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sort"
	"strings"

	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/session"
)

// expect answers what is not as it was expected, each with the shortest
// difference. An error says that the expectation itself cannot be read.
func (r *runner) expect(ctx context.Context, e *Expect) ([]string, error) {
	var failures []string
	miss := func(format string, args ...any) { failures = append(failures, fmt.Sprintf(format, args...)) }
	outcome, page, err := r.filled(ctx, e)
	if err != nil {
		return nil, err
	}
	if !knownOutcome(outcome) {
		return nil, errors.New(unknownOutcome(outcome))
	}
	if outcome != "" && outcome != r.outcome() {
		miss("the outcome is %s, and should be %s", r.outcome(), outcome)
	}
	if page != "" && page != r.at() {
		miss("the person is at %q, and should be at %q", r.at(), page)
	}
	if err := r.texts(ctx, e.Shows, e.Hides); err != nil {
		miss("%v", err)
	}
	if got := r.clientError(); e.Error != "" && e.Error != got {
		miss("the client got the error %q, and should have got %q", got, e.Error)
	}
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
	for name, check := range map[string]func() ([]string, error){
		"claims":   func() ([]string, error) { return r.claims(ctx, e) },
		"sessions": func() ([]string, error) { return r.sessions(ctx, e) },
		"sent":     func() ([]string, error) { return r.traffic(ctx, e) },
		"record":   func() ([]string, error) { return r.record(ctx, e) },
		"user":     func() ([]string, error) { return r.account(ctx, e) },
		"nowhere":  func() ([]string, error) { return r.nowhere(ctx, e.Nowhere) },
	} {
		found, err := check()
		if err != nil {
			return nil, fmt.Errorf("expect %s: %w", name, err)
		}
		failures = append(failures, found...)
	}
	sort.Strings(failures)
	return failures, nil
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
func (r *runner) path(want, never []string) []string {
	var failures []string
	trace := r.bench.Trace()
	at := 0
	for _, name := range want {
		i := slices.IndexFunc(trace[at:], func(s run.Step) bool { return names(s, name) })
		if i < 0 {
			after := ""
			if at > 0 {
				after = " after " + stepName(trace[at-1])
			}
			failures = append(failures, fmt.Sprintf("%s has not run%s; the path is %s", name, after, pathText(trace)))
			break
		}
		at += i + 1
	}
	for _, name := range never {
		if slices.ContainsFunc(trace, func(s run.Step) bool { return names(s, name) }) {
			failures = append(failures, fmt.Sprintf("%s has run, and should not have; the path is %s", name, pathText(trace)))
		}
	}
	return failures
}

// runs counts how often blocks have run.
func (r *runner) runs(want map[string]int) []string {
	var failures []string
	for _, name := range slices.Sorted(maps.Keys(want)) {
		n := 0
		for _, s := range r.bench.Trace() {
			if names(s, name) && !s.Waits {
				n++
			}
		}
		if n != want[name] {
			failures = append(failures, fmt.Sprintf("%s has run %d times, and should have %d times", name, n, want[name]))
		}
	}
	return failures
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

func (r *runner) claims(ctx context.Context, e *Expect) ([]string, error) {
	var failures []string
	for _, t := range []struct {
		name string
		want map[string]any
		got  func() map[string]any
	}{
		{"id_token", e.IDToken, func() map[string]any { return payload(r.client.idToken) }},
		{"access_token", e.AccessToken, func() map[string]any { return payload(r.client.accessToken) }},
		{"userinfo", e.UserInfo, func() map[string]any { return r.client.userinfo }},
		{"client", e.Client, func() map[string]any { return r.client.last }},
	} {
		if t.want == nil {
			continue
		}
		var got map[string]any
		if r.client != nil {
			got = t.got()
		}
		if got == nil {
			failures = append(failures, fmt.Sprintf("%s: the client has none", t.name))
			continue
		}
		found, err := r.differences(ctx, t.name, t.want, got)
		if err != nil {
			return nil, err
		}
		failures = append(failures, found...)
	}
	return failures, nil
}

func (r *runner) sessions(ctx context.Context, e *Expect) ([]string, error) {
	if e.Session == nil && e.Sessions == nil {
		return nil, nil
	}
	u, ok, err := r.whose(ctx, e)
	if err != nil {
		return nil, err
	}
	var list []session.Session
	if ok {
		if list, err = r.bench.Sessions(ctx, u.ID); err != nil {
			return nil, err
		}
	}
	var failures []string
	if e.Sessions != nil && len(list) != *e.Sessions {
		failures = append(failures, fmt.Sprintf("there are %d sessions, and should be %d", len(list), *e.Sessions))
	}
	if e.Session == nil {
		return failures, nil
	}
	if len(list) == 0 {
		return append(failures, "there is no session"), nil
	}
	newest := slices.MaxFunc(list, func(a, b session.Session) int { return a.Created.Compare(b.Created) })
	found, err := r.differences(ctx, "session", e.Session, plain(newest))
	return append(failures, found...), err
}

// whose answers the account that an expectation is about.
func (r *runner) whose(ctx context.Context, e *Expect) (directory.User, bool, error) {
	id, err := r.fill(ctx, cmp.Or(e.Whose, r.given.Person))
	if err != nil {
		return directory.User{}, false, err
	}
	return r.bench.Person(ctx, id)
}

func (r *runner) traffic(ctx context.Context, e *Expect) ([]string, error) {
	var failures []string
	if e.Sent != nil {
		sent, err := r.bench.Sent(ctx)
		if err != nil {
			return nil, err
		}
		got := make([]map[string]any, len(sent))
		for i, m := range sent {
			got[i] = map[string]any{"channel": m.Channel, "to": m.To, "subject": m.Subject, "text": m.Text}
		}
		found, err := r.each(ctx, "sent", *e.Sent, got)
		if err != nil {
			return nil, err
		}
		failures = append(failures, found...)
	}
	if e.Calls == nil {
		return failures, nil
	}
	var got []map[string]any
	for _, call := range r.bench.Calls() {
		m := plain(call)
		var body any
		if json.Unmarshal([]byte(call.Body), &body) == nil {
			m["json"] = body
		}
		got = append(got, m)
	}
	found, err := r.each(ctx, "calls", *e.Calls, got)
	return append(failures, found...), err
}

// each holds as many things as were expected against them, one by one.
func (r *runner) each(ctx context.Context, name string, want, got []map[string]any) ([]string, error) {
	if len(want) != len(got) {
		return []string{fmt.Sprintf("%s: there are %d, and should be %d: %s", name, len(got), len(want), short(got))}, nil
	}
	var failures []string
	for i := range want {
		found, err := r.differences(ctx, fmt.Sprintf("%s[%d]", name, i), want[i], got[i])
		if err != nil {
			return nil, err
		}
		failures = append(failures, found...)
	}
	return failures, nil
}

func (r *runner) record(ctx context.Context, e *Expect) ([]string, error) {
	if e.Reason == "" && len(e.Audit)+len(e.NotAudited) == 0 {
		return nil, nil
	}
	entries, err := r.bench.Record(ctx)
	if err != nil {
		return nil, err
	}
	var failures, types []string
	all := make([]map[string]any, len(entries))
	reason := ""
	for i, entry := range entries {
		all[i] = plain(entry.Record)
		types = append(types, entry.Type)
		if entry.Type == "run.ended" {
			reason = ""
			for _, key := range []string{"reason", "error", "code"} {
				if s, _ := entry.Data[key].(string); s != "" && reason == "" {
					reason = s
				}
			}
		}
	}
	if want, err := r.fill(ctx, e.Reason); err != nil {
		return nil, err
	} else if want != "" && want != reason {
		failures = append(failures, fmt.Sprintf("the reason is %q, and should be %q", reason, want))
	}
	for _, want := range e.Audit {
		there := false
		for _, got := range all {
			found, err := r.differences(ctx, "audit", want, got)
			if err != nil {
				return nil, err
			}
			there = there || len(found) == 0
		}
		if !there {
			failures = append(failures, fmt.Sprintf("the record has no entry with %s; it has %s", short(want), strings.Join(types, ", ")))
		}
	}
	for _, t := range e.NotAudited {
		if slices.Contains(types, t) {
			failures = append(failures, fmt.Sprintf("the record has an entry %s, and should not", t))
		}
	}
	return failures, nil
}

func (r *runner) account(ctx context.Context, e *Expect) ([]string, error) {
	var failures []string
	for _, who := range e.NoUser {
		who, err := r.fill(ctx, who)
		if err != nil {
			return nil, err
		}
		if _, there, err := r.bench.Person(ctx, who); err != nil {
			return nil, err
		} else if there {
			failures = append(failures, fmt.Sprintf("there is an account %s, and should be none", who))
		}
	}
	if e.User == nil {
		return failures, nil
	}
	u, ok, err := r.whose(ctx, e)
	if err != nil || !ok {
		return append(failures, fmt.Sprintf("there is no account %q", cmp.Or(e.Whose, r.given.Person))), err
	}
	found, err := r.differences(ctx, "user", e.User, plain(u))
	return append(failures, found...), err
}
