package script_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/world"
)

func TestMain(m *testing.M) {
	script.ServeWorkerIfAsked()
	os.Exit(m.Run())
}

// host is a small world that notes what it was asked.
type host struct {
	asked   []string
	fetch   func(world.Request) (world.Response, error)
	secrets map[string]string
	now     time.Time
	stop    error
}

func newHost() *host {
	return &host{
		now:     time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC),
		secrets: map[string]string{"CRM_KEY": "s3cr3t-value"},
		fetch: func(r world.Request) (world.Response, error) {
			return world.Response{Status: 200, Header: map[string]string{"X-Seen": r.Method}, Body: `{"score": 0.5}`}, nil
		},
	}
}

func (h *host) Now(context.Context) (time.Time, error) {
	h.asked = append(h.asked, "now")
	h.now = h.now.Add(time.Second)
	return h.now, nil
}

func (h *host) Random(_ context.Context, n int) ([]byte, error) {
	h.asked = append(h.asked, "random")
	return []byte(strings.Repeat("r", n)), nil
}

func (h *host) Fetch(_ context.Context, r world.Request) (world.Response, error) {
	h.asked = append(h.asked, "fetch "+r.URL)
	if h.stop != nil {
		return world.Response{}, h.stop
	}
	return h.fetch(r)
}

func (h *host) Secret(_ context.Context, name string) (string, error) {
	h.asked = append(h.asked, "secret "+name)
	value, ok := h.secrets[name]
	if !ok {
		return "", &script.HostError{Code: "unknown_secret", Message: "there is no secret " + name}
	}
	return value, nil
}

func newPool(t testing.TB) *script.Pool {
	t.Helper()
	p := script.NewPool(script.Options{Workers: 1})
	t.Cleanup(func() { p.Close() })
	return p
}

// call is an Action of which the body is given, with a usual event.
func call(body string) script.Call {
	return source("export default async function (event, step, api) {\n" + body + "\n}")
}

func source(src string) script.Call {
	return script.Call{
		Action: "test", Source: src, Host: newHost(),
		Event: map[string]any{
			"user":           map[string]any{"id": "u1", "email": "ada@example.org", "factors": []any{"totp", "webauthn"}},
			"authentication": map[string]any{"aal": 1, "risk_score": 12.5},
		},
		Step:   map[string]any{"risk": map[string]any{"severity": "high", "signals": []any{"tor"}}},
		Input:  map[string]any{"tenant": "acme"},
		Config: map[string]any{"domains": []any{"example.org"}},
	}
}

func run(t testing.TB, p *script.Pool, c script.Call) script.Result {
	t.Helper()
	result, err := p.Run(t.Context(), c)
	if err != nil {
		t.Fatalf("%v\n%s", err, c.Source)
	}
	return result
}

// fails runs a call that must not succeed and answers its error.
func fails(t testing.TB, p *script.Pool, c script.Call) *script.Error {
	t.Helper()
	result, err := p.Run(t.Context(), c)
	var e *script.Error
	if !errors.As(err, &e) {
		t.Fatalf("no script error but %v and %+v\n%s", err, result, c.Source)
	}
	return e
}

func TestA1_TheFormsInWhichAnActionIsWritten(t *testing.T) {
	p := newPool(t)
	forms := []string{
		"export default async function (event, step, api) { api.state.set('got', event.user.id + step.risk.severity) }",
		"export default async function named(event, step, api) { api.state.set('got', event.user.id + step.risk.severity) }",
		"export default (event, step, api) => { api.state.set('got', event.user.id + step.risk.severity) }",
		"export default async (event, step, api) => api.state.set('got', event.user.id + step.risk.severity);",
		"const f = (event, step, api) => { api.state.set('got', event.user.id + step.risk.severity) }\nexport default f\n",
		"// export default\nconst x = 'export default'; export\n  default  function main(event, step, api) { main.done = x; api.state.set('got', event.user.id + step.risk.severity) }",
		"export default (event, api) => { api.state.set('got', event.user.id + 'high') }",
		"export default async function (event, api) { api.state.set('got', event.user.id + 'high') }",
		"exports.onExecutePostLogin = async (event, api) => { api.state.set('got', event.user.id + 'high') }",
		"exports.onExecute = async function (event, step, api) { api.state.set('got', event.user.id + step.risk.severity) }",
		"module.exports = async function (event, step, api) { api.state.set('got', event.user.id + step.risk.severity) }",
		"module.exports = (event, api) => { api.state.set('got', event.user.id + 'high') }",
		"module.exports = { onExecutePostLogin(event, api) { api.state.set('got', event.user.id + 'high') } }",
		"function execute(event, api) { api.state.set('got', event.user.id + 'high') }",
		"const execute = async (event, step, api) => { api.state.set('got', event.user.id + step.risk.severity) }",
	}
	for _, src := range forms {
		if got := run(t, p, source(src)).Outputs["got"]; got != "u1high" {
			t.Errorf("got %v from:\n%s", got, src)
		}
		if issues, err := p.Check(t.Context(), script.Unit{Name: "a.js", Source: src}); err != nil || len(issues) > 0 {
			t.Errorf("check: %v, %v on:\n%s", issues, err, src)
		}
	}
}

func TestA1_WhatIsNoActionIsRefusedWithItsPlace(t *testing.T) {
	p := newPool(t)
	cases := []struct {
		src          string
		code         script.Code
		line, column int
	}{
		{"export default async function (event, step, api) {\n  const é = 1; if (\n}", script.CodeSyntax, 3, 1},
		{"/* é */ let x = ;", script.CodeSyntax, 1, 17},
		{"import x from 'y'", script.CodeSyntax, 1, 1},
		{"export default () => {}\n export const a = 1", script.CodeSyntax, 2, 2},
		{"export const a = 1", script.CodeSyntax, 1, 1},
		{"let a; let a; export default () => {}", script.CodeSyntax, 1, 12},
		{"const helper = 1", script.CodeNoEntry, 1, 1},
		{"export default 5", script.CodeNoEntry, 0, 0},
		{"", script.CodeNoEntry, 1, 1},
		{strings.Repeat("(", 2000), script.CodeTooLarge, 1, 1},
		{strings.Repeat("x", 600<<10), script.CodeTooLarge, 1, 1},
	}
	for _, c := range cases {
		if e := fails(t, p, source(c.src)); e.Code != c.code {
			t.Errorf("%.40q: %v (%s), want %s", c.src, e, e.Code, c.code)
		}
		issues, err := p.Check(t.Context(), script.Unit{Name: "a.js", Source: c.src})
		if c.line == 0 {
			continue
		}
		if err != nil || len(issues) == 0 || issues[0].Code != c.code || issues[0].Line != c.line || issues[0].Column != c.column {
			t.Errorf("%.40q: issues %+v, %v; want %s at %d:%d", c.src, issues, err, c.code, c.line, c.column)
		}
	}
}

func TestA1_LinesAndColumnsAreThoseOfTheSource(t *testing.T) {
	p := newPool(t)
	cases := map[string][2]int{
		"export default async function (event, step, api) {\n  throw new Error('x')\n}":           {2, 9},
		"/* éé */ export default (event) => { null.x }":                                           {1, 43},
		"export default async () => {\n  await null;\n  const f = () => { undefined.y };\n f() }": {3, 31},
		"exports.onExecute = () => {\n\n   throw new TypeError('x') }":                            {3, 10},
		"const é = 1; throw new Error('at the top')":                                              {1, 20},
	}
	for src, want := range cases {
		e := fails(t, p, source(src))
		if e.Line != want[0] || e.Column != want[1] || !strings.Contains(e.Stack, fmt.Sprintf("(%d:%d)", want[0], want[1])) {
			t.Errorf("%d:%d, want %v\n%s\nstack %s", e.Line, e.Column, want, src, e.Stack)
		}
	}
}

func TestA1_CheckWarnsOfSlowPatterns(t *testing.T) {
	issues, err := newPool(t).Check(t.Context(), script.Unit{Name: "a.js", Source: "export default () => {\n  return /^(?=.*\\d).+$/.test('x') && /abc/.test('y') }"})
	if err != nil || len(issues) != 1 || issues[0].Code != script.CodeSlowRegexp || issues[0].Severity != "warning" || issues[0].Line != 2 || issues[0].Column != 10 {
		t.Fatalf("got %+v, %v", issues, err)
	}
}

func TestA2_TheEventIsWhatTheRunKnows(t *testing.T) {
	p := newPool(t)
	got := run(t, p, call(`return [
		event.user.email, event.user.factors.includes('webauthn'), event.authentication.risk_score * 2,
		event.user.phone === undefined, Object.keys(event), JSON.stringify(event.user), Array.isArray(event.user.factors),
		{...event.user}.id, event.user.factors.map(f => f.toUpperCase()), step.risk.signals.length, 'device' in event,
		api.input.tenant, api.config.domains[0]]`)).Return
	want := []any{
		"ada@example.org", true, 25.0, true, []any{"authentication", "user"},
		`{"email":"ada@example.org","factors":["totp","webauthn"],"id":"u1"}`, true,
		"u1", []any{"TOTP", "WEBAUTHN"}, 1.0, false, "acme", "example.org",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %#v\nwant %#v", got, want)
	}
	c := call(`return [typeof event.user, Object.keys(step).length]`)
	c.Event, c.Step = nil, nil
	if got := run(t, p, c).Return; !reflect.DeepEqual(got, []any{"undefined", 0.0}) {
		t.Errorf("with nothing known: %#v", got)
	}
}

func TestA3_TheWholeAPI(t *testing.T) {
	c := call(`
		api.requireMfa('totp');
		api.state.set('tier', {level: 2, tags: ['a', null, true]});
		api.log('warn', 'looked', {n: 1});
		console.info('hello', {a: [1]}, 3);
		api.user.setAppMetadata('plan', 'pro');
		api.user.setUserMetadata('theme', 'dark');
		api.session.setCustomClaim('s', 1);
		api.accessToken.setCustomClaim('https://example.org/dept', 'R&D');
		api.idToken.setCustomClaim('i', [1]);
		api.redirect.to('https://example.org/next');
		const r = await api.fetch('https://crm.example.org/x', {method: 'post', headers: {'X-A': 'b'}, body: 'text'});
		const data = await r.json();
		return {score: data.score, status: r.status, ok: r.ok, seen: r.headers.get('x-seen'), t: api.now(), d: Date.now() === api.now(), r: api.random() < 1};`)
	h := newHost()
	c.Host = h
	var sent world.Request
	inner := h.fetch
	h.fetch = func(r world.Request) (world.Response, error) { sent = r; return inner(r) }
	got := run(t, newPool(t), c)
	want := script.Result{
		RequireMFA:   ptr("totp"),
		Outputs:      map[string]any{"tier": map[string]any{"level": 2.0, "tags": []any{"a", nil, true}}},
		AppMetadata:  map[string]any{"plan": "pro"},
		UserMetadata: map[string]any{"theme": "dark"},
		Claims: script.Claims{
			Session:     map[string]any{"s": 1.0},
			AccessToken: map[string]any{"https://example.org/dept": "R&D"},
			IDToken:     map[string]any{"i": []any{1.0}},
		},
		Redirect: "https://example.org/next",
		Logs: []script.LogLine{
			{Level: "warn", Message: "looked", Fields: map[string]any{"n": 1.0}},
			{Level: "info", Message: `hello {"a":[1]} 3`},
		},
		Return: map[string]any{
			"score": 0.5, "status": 200.0, "ok": true, "seen": "POST", "d": true, "r": true,
			"t": float64(time.Date(2026, 11, 20, 12, 0, 1, 0, time.UTC).UnixMilli()),
		},
	}
	got.Duration = 0
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if sent.Method != "POST" || sent.Header["X-A"] != "b" || sent.Body != "text" {
		t.Errorf("sent %+v", sent)
	}
	if asked := strings.Join(h.asked, ","); asked != "fetch https://crm.example.org/x,now,random" {
		t.Errorf("the host was asked %s", asked)
	}
}

func ptr[T any](v T) *T { return &v }

func TestA3_NamesOfOtherProducts(t *testing.T) {
	p := newPool(t)
	got := run(t, p, source(`exports.onExecutePostLogin = async (event, api) => {
		api.multifactor.enable('google-authenticator');
		api.redirect.sendUserTo('https://example.org/terms');
		api.accessToken.setCustomClaim('plan', 'pro');
		api.user.setAppMetadata('seen', true);
	}`))
	if *got.RequireMFA != "totp" || got.Redirect == "" || got.AppMetadata["seen"] != true || got.Claims.AccessToken["plan"] != "pro" {
		t.Errorf("got %+v", got)
	}
	got = run(t, p, source(`exports.onExecutePreUserRegistration = async (event, api) => {
		api.multifactor.enable('any');
		api.access.deny('not_allowed', 'Please ask us.');
	}`))
	if *got.RequireMFA != "" || *got.Denied != (script.Denial{Reason: "not_allowed", UserMessage: "Please ask us."}) {
		t.Errorf("got %+v", got)
	}
}

func TestA3_TheHostsRefusalsCanBeCaughtAndSayOnlyWhatTheyMay(t *testing.T) {
	p := newPool(t)
	c := call(`
		const out = [];
		try { await fetch('https://internal.example.org') } catch (e) { out.push(e.code, e.message, e instanceof Error) }
		try { api.secrets.get('NOPE') } catch (e) { out.push(e.code, e.message) }
		return out`)
	h := newHost()
	h.fetch = func(world.Request) (world.Response, error) {
		return world.Response{}, errors.New("dial tcp 10.0.0.7: secret detail")
	}
	c.Host = h
	want := []any{"fetch_failed", "the call failed", true, "unknown_secret", "there is no secret NOPE"}
	if got := run(t, p, c).Return; !reflect.DeepEqual(got, want) {
		t.Errorf("got %#v", got)
	}
}

func TestA3_AHostCanStopACallForGood(t *testing.T) {
	p := newPool(t)
	c := call(`console.log('before'); try { await fetch('https://x.example.org') } catch { } finally { api.state.set('a', 1) } return 1`)
	h := newHost()
	h.stop = fmt.Errorf("the replay left its record: %w", script.ErrStop)
	c.Host = h
	got, err := p.Run(t.Context(), c)
	if !errors.Is(err, script.ErrStop) || got.Outputs != nil || len(got.Logs) != 1 {
		t.Errorf("got %+v, %v", got, err)
	}
	run(t, p, call(`return 1`))
}

func TestA3_TooManyCallsEndIt(t *testing.T) {
	p := newPool(t)
	e := fails(t, p, call(`for (let i = 0; i < 1000; i++) await fetch('https://x.example.org/' + i)`))
	if e.Code != script.CodeTooMany {
		t.Errorf("got %v (%s)", e, e.Code)
	}
}
