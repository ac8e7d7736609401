package block

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/world"
)

// This file makes the outgoing calls of blocks whose config names secrets. In
// the journal a secret is its name; its value is known inside the effect alone,
// so that a replay, which has no secrets, asks for the same (rules X4, T3).

// Outcall is a call as it is written down: [secret NAME] stands where a secret
// is put in.
type Outcall struct {
	Request world.Request
	// SignWith names the secret that signs the body; ID and At are signed too.
	SignWith string
	ID       string
	// Secrets are the names whose placeholders are the config's own, and no part
	// of a value that was filled in.
	Secrets []string
}

// Answered is what came of a call; Problem says in a word why there is no
// answer: timeout, unreachable.
type Answered struct {
	world.Response
	Problem string `json:"problem,omitempty"`
	MS      int64  `json:"ms"`
}

// secretMark surrounds the name of a secret while templates are filled in: it
// holds what FillWithSecrets takes out of values, so that none passes for one.
const secretMark = "\x00"

// FillWithSecrets fills a template in and leaves its [secret NAME] for the call;
// it answers which are named. A value that reads like one is no placeholder.
func (c *Call) FillWithSecrets(field, text string) (any, []string, error) {
	names := flow.SecretNames(text)
	if len(names) == 0 {
		v, err := c.Fill(field, text)
		if s, ok := v.(string); ok {
			v = strings.ReplaceAll(s, secretMark, "")
		}
		return v, nil, err
	}
	var out strings.Builder
	for _, name := range append(names, "") {
		before, after, _ := strings.Cut(text, "[secret "+name+"]")
		if name == "" {
			before = text
		}
		v, err := c.Fill(field, before)
		if err != nil {
			return nil, nil, err
		}
		if v != nil {
			out.WriteString(strings.ReplaceAll(fmt.Sprint(v), secretMark, ""))
		}
		if name != "" {
			out.WriteString(secretMark + name + secretMark)
		}
		text = after
	}
	return out.String(), names, nil
}

// Call makes the call. Only a refusal of ours is an error; that nobody answered
// is an answer.
func (c *Call) Call(ctx context.Context, o Outcall) (Answered, error) {
	return Effect(c, "http", o.shown(), func(env *Env) (Answered, error) {
		values := map[string]string{}
		for _, name := range append(o.Secrets[:len(o.Secrets):len(o.Secrets)], o.SignWith) {
			if name == "" {
				continue
			}
			if env.Secrets == nil {
				return Answered{}, Fail("no_secret", "there is no secret %q", name)
			}
			v, err := env.Secrets(ctx, name)
			if err != nil {
				return Answered{}, Fail("no_secret", "%w", err).Hinted("name it in authflow.json and give its value to the server")
			}
			values[name] = v
		}
		watch := world.NewStopwatch()
		res, err := env.World.HTTP.Do(ctx, o.real(env, values))
		out := Answered{Response: readable(res), MS: watch.Elapsed().Milliseconds()}
		hide := hiding(values)
		out.Body = hide.Replace(out.Body)
		for name, v := range out.Header {
			out.Header[name] = hide.Replace(v)
		}
		return out, out.judge(err, hide)
	})
}

func (a *Answered) judge(err error, hide *strings.Replacer) error {
	refused := (*world.EgressError)(nil)
	switch {
	case err == nil:
	case errors.As(err, &refused):
		return Fail("egress_refused", "%s", hide.Replace(err.Error())).In("url").Hinted("call https hosts that stand in egress_hosts of authflow.json")
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		a.Problem = "timeout"
	default:
		a.Problem = "unreachable"
	}
	return nil
}

// real is the call with its secrets and its signature.
func (o Outcall) real(env *Env, values map[string]string) world.Request {
	r := o.Request
	r.Header = map[string]string{}
	put := func(text string, escape func(string) string) string {
		for _, name := range o.Secrets {
			text = replaceMark(text, name, escape(values[name]), inJSON(values[name]))
		}
		return text
	}
	same := func(s string) string { return s }
	r.URL, r.Body = put(r.URL, url.PathEscape), put(r.Body, same)
	for name, v := range o.Request.Header {
		r.Header[name] = put(v, same)
	}
	if o.SignWith != "" {
		maps.Copy(r.Header, world.SignCall(values[o.SignWith], o.ID, env.World.Clock.Now(), r.Body))
	}
	return r
}

// shown is the call as the journal holds it.
func (o Outcall) shown() shownRequest {
	plain := func(text string) string {
		for _, n := range o.Secrets {
			text = replaceMark(text, n, "[secret "+n+"]", "[secret "+n+"]")
		}
		return text
	}
	s := shownRequest{Method: o.Request.Method, URL: plain(o.Request.URL), Body: plain(o.Request.Body), Header: map[string]string{}}
	for name, v := range o.Request.Header {
		if world.SensitiveHeader(name) && !strings.Contains(v, secretMark) {
			v = "[redacted]"
		}
		s.Header[name] = plain(v)
	}
	return s
}

// replaceMark puts something in the place of a secret: as it is in a text, and
// in its own way in a text that was made JSON after it was filled in.
func replaceMark(text, name, plain, quoted string) string {
	text = strings.ReplaceAll(text, secretMark+name+secretMark, plain)
	mark := inJSON(secretMark)
	return strings.ReplaceAll(text, mark+name+mark, quoted)
}

// inJSON answers a text as it stands between the quotes of a JSON string.
func inJSON(s string) string {
	raw, err := json.Marshal(s)
	if err != nil {
		return ""
	}
	return string(raw[1 : len(raw)-1])
}

// hiding takes secrets out of what came back: a service may repeat what it was
// told.
func hiding(values map[string]string) *strings.Replacer {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		v := values[name]
		for _, form := range []string{v, url.PathEscape(v), url.QueryEscape(v), inJSON(v)} {
			if form != "" {
				pairs = append(pairs, form, "[secret "+name+"]")
			}
		}
	}
	return strings.NewReplacer(pairs...)
}

// RandomID makes an id with that prefix.
func (c *Call) RandomID(prefix string) (string, error) {
	return Effect(c, "random", map[string]any{"id": prefix}, func(env *Env) (string, error) { return newID(env, prefix), nil })
}

// CallBudget is how long one outgoing call may take (rule X6).
func (c *Call) CallBudget() flow.Duration { return c.env.Project.Settings.WithDefaults().Budgets.Call }
