package scenario

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/flow/yamltext"
	"github.com/authflow-studio/authflow/engine/session"
)

// This file holds tokens, sessions, messages, calls, the record and the account
// against what was expected of them.

func (r *runner) claims(ctx context.Context, e *Expect) ([]miss, error) {
	var failures []miss
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
			failures = append(failures, r.noClaims(e, t.name, t.want))
			continue
		}
		found, err := r.differences(ctx, yamltext.Path{t.name}, t.want, got)
		if err != nil {
			return nil, err
		}
		failures = append(failures, found...)
	}
	return failures, nil
}

func (r *runner) sessions(ctx context.Context, e *Expect) ([]miss, error) {
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
	var failures []miss
	if e.Sessions != nil && len(list) != *e.Sessions {
		failures = append(failures, counted(fmt.Sprintf("there are %d sessions, and should be %d", len(list), *e.Sessions), *e.Sessions, set(len(list), "sessions")))
	}
	if e.Session == nil {
		return failures, nil
	}
	if len(list) == 0 {
		return append(failures, missed("there is no session", remove("session"), set(0, "sessions"))), nil
	}
	newest := slices.MaxFunc(list, func(a, b session.Session) int { return a.Created.Compare(b.Created) })
	found, err := r.differences(ctx, yamltext.Path{"session"}, e.Session, plain(newest))
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

func (r *runner) traffic(ctx context.Context, e *Expect) ([]miss, error) {
	var failures []miss
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
	r.callsExpected = true
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
func (r *runner) each(ctx context.Context, name string, want, got []map[string]any) ([]miss, error) {
	if len(want) != len(got) {
		return r.otherNumber(ctx, name, want, got)
	}
	var failures []miss
	for i := range want {
		found, err := r.differences(ctx, yamltext.Path{name, i}, want[i], got[i])
		if err != nil {
			return nil, err
		}
		failures = append(failures, found...)
	}
	return failures, nil
}

func (r *runner) record(ctx context.Context, e *Expect) ([]miss, error) {
	if e.Reason == "" && len(e.Audit)+len(e.NotAudited) == 0 {
		return nil, nil
	}
	entries, err := r.bench.Record(ctx)
	if err != nil {
		return nil, err
	}
	var failures []miss
	var types []string
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
		failures = append(failures, missed(fmt.Sprintf("the reason is %q, and should be %q", reason, want), r.text(e, "reason", reason)...))
	}
	for i, want := range e.Audit {
		nearest, there, err := r.nearest(ctx, yamltext.Path{"audit", i}, want, all)
		if err != nil {
			return nil, err
		}
		if !there {
			failures = append(failures, missed(fmt.Sprintf("the record has no entry with %s; it has %s", short(want), strings.Join(types, ", ")), nearest...))
		}
	}
	for _, t := range e.NotAudited {
		if slices.Contains(types, t) {
			failures = append(failures, forbidden(fmt.Sprintf("the record has an entry %s, and should not", t)))
		}
	}
	return failures, nil
}

func (r *runner) account(ctx context.Context, e *Expect) ([]miss, error) {
	var failures []miss
	for _, who := range e.NoUser {
		who, err := r.fill(ctx, who)
		if err != nil {
			return nil, err
		}
		if _, there, err := r.bench.Person(ctx, who); err != nil {
			return nil, err
		} else if there {
			failures = append(failures, forbidden(fmt.Sprintf("there is an account %s, and should be none", who)))
		}
	}
	if e.User == nil {
		return failures, nil
	}
	u, ok, err := r.whose(ctx, e)
	if err != nil || !ok {
		return append(failures, kept(fmt.Sprintf("there is no account %q", cmp.Or(e.Whose, r.given.Person)), "whose account is meant is for a person to say")), err
	}
	found, err := r.differences(ctx, yamltext.Path{"user"}, e.User, plain(u))
	return append(failures, found...), err
}
