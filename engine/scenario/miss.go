package scenario

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/flow/yamltext"
	"github.com/authflow-studio/authflow/engine/run"
)

// This file is what an expectation that does not hold is: its words, and how the
// file would say what happened instead.

// miss is an expectation that does not hold.
type miss struct {
	text  string
	edits []edit
	// kept says why the file is not changed to say what happened.
	kept string
}

// edit is one change of an expectation.
type edit struct {
	at yamltext.Path
	// value to set; unset where the place is to go.
	value any
	gone  bool
	// item puts the value behind the list at the place.
	item bool
}

func set(value any, at ...any) edit { return edit{at: at, value: value} }
func remove(at ...any) edit         { return edit{at: at, gone: true} }
func add(value any, at ...any) edit { return edit{at: at, value: value, item: true} }

// missed is one that the file can be changed for.
func missed(text string, edits ...edit) miss { return miss{text: text, edits: edits} }

func kept(text, why string) miss { return miss{text: text, kept: why} }

// forbidden is something that must not have happened: no program weakens that.
func forbidden(text string) miss {
	return kept(text, "what must not have happened is never weakened; take it out by hand if it may")
}

// counted is a number; none at all is a promise that something has not happened.
func counted(text string, want int, e edit) miss {
	if want == 0 {
		return forbidden(text)
	}
	return missed(text, e)
}

func words(list []miss) []string {
	var out []string
	for _, m := range list {
		out = append(out, m.text)
	}
	return out
}

// text changes a text that is not looked at when empty; then the outcome says
// that there is none.
func (r *runner) text(e *Expect, name, got string) []edit {
	switch {
	case got != "":
		return []edit{set(got, name)}
	case e.Outcome == "":
		return []edit{remove(name), set(r.outcome(), "outcome")}
	}
	return []edit{remove(name)}
}

// noClaims is a client that has none of what was expected.
func (r *runner) noClaims(e *Expect, name string, want map[string]any) miss {
	text := fmt.Sprintf("%s: the client has none", name)
	for _, v := range want {
		if v == nil {
			return forbidden(text)
		}
	}
	return missed(text, r.text(e, name, "")...)
}

// literal is a value as an expectation that means just that.
func literal(v any) any {
	if s, ok := v.(string); ok && len(s) > 1 && strings.HasPrefix(s, "/") && strings.HasSuffix(s, "/") {
		return "/^" + regexp.QuoteMeta(s) + "$/"
	}
	return v
}

// pathEdits makes of a path the one that was gone: where all blocks have run, by
// other ports; else all of it anew.
func pathEdits(want []string, trace []run.Step) []edit {
	var ports []edit
	at := 0
	for i, name := range want {
		block, _, hasPort := strings.Cut(name, ":")
		j := slices.IndexFunc(trace[at:], func(s run.Step) bool { return names(s, name) })
		if j < 0 && hasPort {
			j = slices.IndexFunc(trace[at:], func(s run.Step) bool { return names(s, block) && s.Port != "" })
			if j >= 0 {
				ports = append(ports, set(block+":"+trace[at+j].Port, "path", i))
			}
		}
		if j < 0 {
			return []edit{set(wholePath(trace), "path")}
		}
		at += j + 1
	}
	return ports
}

func wholePath(trace []run.Step) []any {
	out := []any{}
	for _, s := range trace {
		if !s.Waits && s.Block != "" {
			out = append(out, stepName(s))
		}
	}
	return out
}

// otherNumber is a list that has more or fewer things than were expected.
func (r *runner) otherNumber(ctx context.Context, name string, want, got []map[string]any) ([]miss, error) {
	text := fmt.Sprintf("%s: there are %d, and should be %d: %s", name, len(got), len(want), short(got))
	if len(want) == 0 {
		return []miss{forbidden(text)}, nil
	}
	m := missed(text)
	for i := range got {
		if i >= len(want) {
			m.edits = append(m.edits, add(alike(want[len(want)-1], got[i]), name))
			continue
		}
		found, err := r.differences(ctx, yamltext.Path{name, i}, want[i], got[i])
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			if f.kept != "" {
				m.kept = f.kept
			}
			m.edits = append(m.edits, f.edits...)
		}
	}
	for i := len(got); i < len(want); i++ {
		m.edits = append(m.edits, remove(name, i))
	}
	return []miss{m}, nil
}

// alike says of a thing what was said of another one.
func alike(model, got map[string]any) map[string]any {
	out := map[string]any{}
	for name := range model {
		if v, there := lookup(got, name); there {
			out[name] = literal(v)
		}
	}
	return out
}

// nearest looks for an entry of the record, and answers what would have to be
// changed for the one that is most like it.
func (r *runner) nearest(ctx context.Context, at yamltext.Path, want map[string]any, all []map[string]any) (edits []edit, there bool, err error) {
	best := -1
	for _, got := range all {
		found, err := r.differences(ctx, at, want, got)
		if err != nil {
			return nil, false, err
		}
		if len(found) == 0 {
			return nil, true, nil
		}
		if got["type"] != want["type"] || best >= 0 && len(found) >= best || slices.ContainsFunc(found, func(m miss) bool { return m.kept != "" }) {
			continue
		}
		best, edits = len(found), nil
		for _, m := range found {
			edits = append(edits, m.edits...)
		}
	}
	if best < 0 {
		return []edit{remove(at...)}, false, nil
	}
	return edits, false, nil
}

// symbol is a text that no file should hold as it is, and its name.
type symbol struct{ text, name string }

// symbols are what changes from run to run, or is secret but has a name.
func (r *runner) symbols(ctx context.Context) ([]symbol, error) {
	var out []symbol
	sent, err := r.bench.Sent(ctx)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, m := range slices.Backward(sent) {
		channel := map[string]string{"email": "mail"}[m.Channel]
		if channel == "" {
			channel = m.Channel
		}
		if seen[channel] {
			continue
		}
		seen[channel] = true
		if len(m.Links) > 0 {
			out = append(out, symbol{m.Links[0], "{{ " + channel + ".link }}"})
		}
		out = append(out, symbol{m.Code, "{{ " + channel + ".code }}"})
	}
	if p, ok := r.person(); ok {
		out = append(out, symbol{p.Password, "{{ person.password }}"})
	}
	if r.client != nil {
		out = append(out, symbol{r.client.code, "{{ client.code }}"})
	}
	return out, nil
}

// hidden are secrets that have no name: what holds one is not written.
func (r *runner) hidden() []string {
	out := r.bench.Secrets()
	for _, p := range r.bench.People() {
		out = append(out, p.Password, p.TOTPSecret)
	}
	if c := r.client; c != nil {
		out = append(out, c.accessToken, c.idToken, c.refresh, c.oldRefresh, c.secret)
	}
	return append(out, r.totpSecret)
}

// told answers a value as a file may hold it: codes by where they come from. It
// is not ok when a secret would be left.
func told(v any, names []symbol, secrets []string) (any, bool) {
	switch v := v.(type) {
	case string:
		for _, s := range names {
			if len(s.text) > 3 {
				v = strings.ReplaceAll(v, s.text, s.name)
			}
		}
		return v, !slices.ContainsFunc(secrets, func(s string) bool { return len(s) > 3 && strings.Contains(v, s) })
	case map[string]any:
		out, ok := make(map[string]any, len(v)), true
		for _, name := range slices.Sorted(maps.Keys(v)) {
			var fine bool
			out[name], fine = told(v[name], names, secrets)
			ok = ok && fine
		}
		return out, ok
	case []any:
		out, ok := make([]any, len(v)), true
		for i := range v {
			var fine bool
			out[i], fine = told(v[i], names, secrets)
			ok = ok && fine
		}
		return out, ok
	}
	return v, true
}
