package script_test

import (
	"errors"
	"testing"
	"time"

	"github.com/dop251/goja"

	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/world"
)

func asError(err error, target **script.Error) bool { return errors.As(err, target) }

func slowly(next func(world.Request) (world.Response, error), by time.Duration) func(world.Request) (world.Response, error) {
	return func(r world.Request) (world.Response, error) {
		time.Sleep(by)
		return next(r)
	}
}

const realistic = `
	const domain = event.user.email.split('@')[1];
	if (!api.config.domains.includes(domain)) api.deny('domain', {user_message: 'Use your work address.'});
	if (step.risk.severity === 'high') api.requireMfa();
	api.state.set('domain', domain);
	api.accessToken.setCustomClaim('https://example.org/domain', domain);`

// BenchmarkCall is a realistic Action through a worker.
func BenchmarkCall(b *testing.B) {
	p := newPool(b)
	c := call(realistic)
	run(b, p, c)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Run(b.Context(), c); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkEmptyCall is what a call costs before the Action does anything.
func BenchmarkEmptyCall(b *testing.B) {
	p := newPool(b)
	c := call(``)
	c.Event, c.Step, c.Input, c.Config = nil, nil, nil, nil
	run(b, p, c)
	for b.Loop() {
		if _, err := p.Run(b.Context(), c); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBareGoja is the same Action on a fresh runtime in this process, with
// an api that does nothing: what it would cost without any protection.
func BenchmarkBareGoja(b *testing.B) {
	program := goja.MustCompile("", "(async function (event, step, api) {"+realistic+"})", true)
	event := map[string]any{"user": map[string]any{"email": "ada@example.org"}}
	step := map[string]any{"risk": map[string]any{"severity": "high"}}
	nothing := func(goja.FunctionCall) goja.Value { return goja.Undefined() }
	b.ReportAllocs()
	for b.Loop() {
		rt := goja.New()
		fn, err := rt.RunProgram(program)
		if err != nil {
			b.Fatal(err)
		}
		call, _ := goja.AssertFunction(fn)
		api := map[string]any{
			"config": map[string]any{"domains": []any{"example.org"}}, "deny": nothing, "requireMfa": nothing,
			"state": map[string]any{"set": nothing}, "accessToken": map[string]any{"setCustomClaim": nothing},
		}
		if _, err := call(goja.Undefined(), rt.ToValue(event), rt.ToValue(step), rt.ToValue(api)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkEvent is the price of the frozen event alone: an Action that reads
// one value of a whole event, beside EmptyCall.
func BenchmarkEvent(b *testing.B) {
	p := newPool(b)
	c := call(`return event.request.geo.country`)
	c.Event = map[string]any{"user": map[string]any{"id": "usr_ada", "email": "ada@example.org", "factors": []any{"totp"}, "app_metadata": map[string]any{"plan": "pro"}},
		"request":        map[string]any{"ip": "192.0.2.1", "user_agent": "Mozilla/5.0", "geo": map[string]any{"country": "GB", "city": "London", "lat": 51.5, "lon": -0.1}},
		"authentication": map[string]any{"aal": "aal1", "methods": []any{"pwd"}}, "transaction": map[string]any{"scopes": []any{"openid"}}}
	run(b, p, c)
	for b.Loop() {
		if _, err := p.Run(b.Context(), c); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkTypeScript is the realistic Action in TypeScript: built once, then as
// fast as JavaScript.
func BenchmarkTypeScript(b *testing.B) {
	p := newPool(b)
	c := call(realistic)
	c.Action = "action.ts"
	run(b, p, c)
	for b.Loop() {
		if _, err := p.Run(b.Context(), c); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkColdCall starts a worker for each call.
func BenchmarkColdCall(b *testing.B) {
	c := call(realistic)
	for b.Loop() {
		p := script.NewPool(script.Options{Workers: 1})
		if _, err := p.Run(b.Context(), c); err != nil {
			b.Fatal(err)
		}
		p.Close()
	}
}
