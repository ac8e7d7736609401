package script_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/script"
)

func TestA4_EventAndStepAreFrozen(t *testing.T) {
	p := newPool(t)
	writes := []string{
		`event.user.email = 'x'`, `event.added = 1`, `delete event.user`, `event.user.factors.push('x')`,
		`event.user.factors[0] = 'x'`, `event.user.factors.length = 0`, `step.risk.severity = 'low'`, `step.mine = {}`,
		`Object.defineProperty(event, 'x', {value: 1})`, `Object.setPrototypeOf(event.user, {admin: true})`,
		`Object.assign(step.risk, {severity: 'low'})`, `event.user.factors.sort()`, `api.config.domains.push('x')`,
		`api.deny = () => {}`, `delete api.deny`, `api.state.set = null`, `Reflect.set(api, 'x', 1) || (() => { throw new TypeError() })()`,
	}
	for _, write := range writes {
		e := fails(t, p, call(write))
		if e.Code != script.CodeRejected || !strings.HasPrefix(e.Message, "TypeError") {
			t.Errorf("%s: %v (%s)", write, e, e.Code)
		}
	}
	frozen := run(t, p, call(`
		const all = o => typeof o !== 'object' || o === null || Object.isFrozen(o) && Object.values(o).every(all);
		return [all(event), all(step), all(api.input), all(api.config)]`))
	if !reflect.DeepEqual(frozen.Return, []any{true, true, true, true}) {
		t.Errorf("frozen: %v", frozen.Return)
	}
}

func TestA4_OnlyJSONValuesAreTaken(t *testing.T) {
	p := newPool(t)
	values := []string{
		`undefined`, `() => {}`, `Symbol('x')`, `10n`, `NaN`, `1/0`, `new Date()`, `new Map()`, `new Set([1])`, `/x/`,
		`new (class A { x = 1 })()`, `[undefined]`, `[,1]`, `{a: undefined}`, `{a: {b: () => 1}}`, `new Proxy({}, {})`,
		`(() => { const o = {}; o.self = o; return o })()`, `new Array(4294967295)`, `Object(1)`, `new String('x')`,
		`Promise.resolve(1)`, `new Uint8Array(4)`, `'x'.repeat(70000)`, `new Error('x')`, `event.user.nothing`,
	}
	for _, value := range values {
		for _, member := range []string{`state.set('k', `, `user.setAppMetadata('k', `, `idToken.setCustomClaim('k', `} {
			e := fails(t, p, call("api."+member+value+")"))
			if e.Code != script.CodeRejected || !strings.Contains(e.Message, "JSON values only") {
				t.Errorf("%s%s: %v (%s)", member, value, e, e.Code)
			}
		}
	}
	good := run(t, p, call(`api.state.set('k', {n: null, o: {a: [1.5, "x", false]}, e: event.user, z: Object.create(null)})`))
	want := map[string]any{
		"n": nil, "o": map[string]any{"a": []any{1.5, "x", false}}, "z": map[string]any{},
		"e": map[string]any{"id": "u1", "email": "ada@example.org", "factors": []any{"totp", "webauthn"}},
	}
	if !reflect.DeepEqual(good.Outputs["k"], want) {
		t.Errorf("got %#v", good.Outputs["k"])
	}
	for _, key := range []string{`''`, `'a b'`, `'1a'`, `5`, `{toString: () => 'k'}`, `undefined`} {
		fails(t, p, call("api.state.set("+key+", 1)"))
	}
}

func TestA4_ResultsAreBounded(t *testing.T) {
	e := fails(t, newPool(t), call(`for (let i = 0; i < 1000; i++) api.state.set('k' + i, 'x'.repeat(60000))`))
	if e.Code != script.CodeTooLarge {
		t.Errorf("got %v (%s)", e, e.Code)
	}
}

func TestA4_RegisteredClaimsCannotBeOverwritten(t *testing.T) {
	p := newPool(t)
	for _, name := range []string{"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "nonce", "acr", "amr", "azp", "at_hash",
		"c_hash", "auth_time", "sid", "client_id", "scope", "email_verified"} {
		for _, token := range []string{"session", "accessToken", "idToken"} {
			e := fails(t, p, call("api."+token+".setCustomClaim('"+name+"', 'x')"))
			if !strings.Contains(e.Message, name+" is set by the server") {
				t.Errorf("%s.%s: %v", token, name, e)
			}
		}
	}
}

func TestA5_AnUncaughtThrowIsAnError(t *testing.T) {
	p := newPool(t)
	cases := map[string]struct {
		code script.Code
		says string
	}{
		`throw new Error('boom')`:         {script.CodeRejected, "Error: boom"},
		`throw 'text'`:                    {script.CodeRejected, "text"},
		`throw null`:                      {script.CodeRejected, "null"},
		`throw {message: 'in an object'}`: {script.CodeRejected, "in an object"},
		`class Mine extends Error { get name() { return 'X' } }; throw new Mine('m')`:          {script.CodeRejected, "m"},
		`await Promise.reject(new TypeError('no'))`:                                            {script.CodeRejected, "TypeError: no"},
		`Promise.reject(new Error('nobody waits'))`:                                            {script.CodeRejected, "nobody waits"},
		`await new Promise(() => {})`:                                                          {script.CodePending, "nothing can fulfil"},
		`throw {get message() { for (;;); }}`:                                                  {script.CodeRejected, "an object without a message"},
		`throw new Proxy({}, {get() { for (;;); }, getOwnPropertyDescriptor() { for (;;); }})`: {script.CodeRejected, "a Proxy was thrown"},
		`throw {toString() { for (;;); }}`:                                                     {script.CodeRejected, "an object"},
		`throw Symbol('s')`:                                                                    {script.CodeRejected, "s"},
	}
	for body, want := range cases {
		c := call(body)
		e := fails(t, p, c)
		if e.Code != want.code || !strings.Contains(e.Message, want.says) {
			t.Errorf("%s: %v (%s), want %s %q", body, e, e.Code, want.code, want.says)
		}
	}
	if e := fails(t, p, source(`export default function () { throw new Error('at once') }`)); e.Code != script.CodeThrow {
		t.Errorf("a synchronous throw: %v (%s)", e, e.Code)
	}
	run(t, p, call(`Promise.reject(new Error('x')).catch(() => {}); try { throw 1 } catch {}`))
}

func TestA5_AFailedCallLeavesOnlyItsWords(t *testing.T) {
	c := call(`api.state.set('a', 1); api.user.setAppMetadata('b', 2); console.log('said'); throw new Error('boom')`)
	got, err := newPool(t).Run(t.Context(), c)
	if err == nil || got.Outputs != nil || got.AppMetadata != nil || len(got.Logs) != 1 || got.Logs[0].Message != "said" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestA5_AfterDenyNothingHasAnEffect(t *testing.T) {
	p := newPool(t)
	after := []string{
		``, `throw new Error('later')`, `await new Promise(() => {})`, `Promise.reject(1)`, `await fetch('https://x.example.org')`,
		`try { await fetch('https://x.example.org') } catch { }`,
	}
	for _, more := range after {
		c := call(`
			api.state.set('before', 1);
			api.deny('too_risky', {user_message: 'Not today.'});
			api.deny('another', {user_message: 'x'});
			api.state.set('after', 1); api.user.setAppMetadata('a', 1); api.user.setUserMetadata('a', 1);
			api.accessToken.setCustomClaim('a', 1); api.idToken.setCustomClaim('a', 1); api.session.setCustomClaim('a', 1);
			api.requireMfa(); api.redirect.to('https://example.org');
			` + more)
		got := run(t, p, c)
		if *got.Denied != (script.Denial{Reason: "too_risky", UserMessage: "Not today."}) {
			t.Errorf("%s: denied %+v", more, got.Denied)
		}
		if !reflect.DeepEqual(got.Outputs, map[string]any{"before": 1.0}) || got.AppMetadata != nil || got.UserMetadata != nil ||
			!reflect.DeepEqual(got.Claims, script.Claims{}) || got.RequireMFA != nil || got.Redirect != "" {
			t.Errorf("%s: left behind %+v", more, got)
		}
		if asked := c.Host.(*host).asked; len(asked) > 0 {
			t.Errorf("%s: the host was asked %v", more, asked)
		}
	}
}

func TestA6_ThereIsNothingElseInItsWorld(t *testing.T) {
	p := newPool(t)
	t.Setenv("AUTHFLOW_TEST_SECRET", "in the environment")
	for _, name := range []string{"process", "require", "global", "Deno", "Bun", "window", "XMLHttpRequest", "WebSocket", "WebAssembly",
		"SharedArrayBuffer", "eval", "os", "fs", "importScripts", "setTimeout"} {
		if got := run(t, p, call("return typeof "+name)).Return; got != "undefined" {
			t.Errorf("%s is there: %v", name, got)
		}
	}
	got := run(t, p, call(`
		const names = Object.getOwnPropertyNames(globalThis);
		return names.filter(n => !/^[A-Z]/.test(n)).sort()`)).Return
	want := []any{"console", "decodeURI", "decodeURIComponent", "default export", "encodeURI", "encodeURIComponent", "escape", "exports", "fetch",
		"globalThis", "isFinite", "isNaN", "module", "parseFloat", "parseInt", "undefined", "unescape"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("globals: %v", got)
	}
}

func TestA6_CodeCannotBeMadeFromText(t *testing.T) {
	p := newPool(t)
	for _, attempt := range []string{
		`Function('return 1')()`, `new Function('return 1')()`, `(() => {}).constructor('return 1')()`,
		`(async () => {}).constructor('return 1')()`, `(function* () {}).constructor('return 1')()`,
		`Object.getPrototypeOf(async function () {}).constructor('x')`, `console.log.constructor('return 1')()`,
		`api.deny.constructor('return 1')()`, `Reflect.construct((class {}).constructor, ['return 1'])`,
		`globalThis['ev' + 'al']('1')`, `(0, eval)('1')`, `Function.prototype.constructor('return 1')`,
		`Object.getPrototypeOf(Object.getPrototypeOf(async () => {})).constructor('return 1')()`,
	} {
		e := fails(t, p, call("return "+attempt))
		if e.Code != script.CodeRejected || !strings.Contains(e.Message, "Error") {
			t.Errorf("%s: %v (%s)", attempt, e, e.Code)
		}
	}
	if got := run(t, p, call(`return [(() => {}) instanceof Function, typeof Function]`)).Return; !reflect.DeepEqual(got, []any{true, "function"}) {
		t.Errorf("instanceof Function: %v", got)
	}
}

func TestA7_NothingSurvivesACall(t *testing.T) {
	p := newPool(t)
	poison := []string{
		`globalThis.kept = 1`, `Object.prototype.kept = 1`, `Array.prototype.map = () => 'poisoned'`, `JSON.stringify = () => 'poisoned'`,
		`Object.freeze = x => x`, `Promise.prototype.then = function () { for (;;); }`, `String.prototype.startsWith = () => true`,
		`Object.defineProperty(Object.prototype, 'reason', {get() { return 'poisoned' }})`, `console.log = null; Math.random = () => 4`,
		`Object.setPrototypeOf(globalThis, {kept: 1})`, `Error.prototype.name = 'poisoned'`, `RegExp.prototype.exec = () => null`,
	}
	probe := source(`let counter = 0; export default async function (event, step, api) {
		counter++; globalThis.counted = (globalThis.counted || 0) + 1;
		return [counter, counted, typeof kept, ({}).kept === undefined, [1].map(x => x + 1)[0], JSON.stringify([1]), Object.isFrozen(event),
			'x'.startsWith('y'), ({}).reason === undefined, Math.random() < 1, new Error('x').name, /a/.test('a')]
	}`)
	want := []any{1.0, 1.0, "undefined", true, 2.0, "[1]", true, false, true, true, "Error", true}
	for _, body := range poison {
		p.Run(t.Context(), call(body)) // some of them harm their own call
		if got := run(t, p, probe).Return; !reflect.DeepEqual(got, want) {
			t.Errorf("after %s:\ngot  %v\nwant %v", body, got, want)
		}
	}
}

func TestX4_TheSameHostGivesTheSameCall(t *testing.T) {
	p := newPool(t)
	c := call(`
		const out = [Date.now(), Math.random(), api.random(), new Date().toISOString()];
		await fetch('https://x.example.org');
		return [...out, Date.now(), Object.keys(event.user), Object.keys(api), Object.keys(globalThis), JSON.stringify(await (await fetch('https://y.example.org')).json())]`)
	first := run(t, p, c).Return
	c.Host = newHost()
	if second := run(t, p, c).Return; !reflect.DeepEqual(first, second) {
		t.Errorf("%v\n%v", first, second)
	}
	if asked := strings.Join(c.Host.(*host).asked, ","); asked != "now,random,fetch https://x.example.org,now,fetch https://y.example.org" {
		t.Errorf("the host was asked %s", asked)
	}
}

func TestT3_SecretsStayInTheCall(t *testing.T) {
	p := newPool(t)
	got := run(t, p, call(`
		const key = api.secrets.get('CRM_KEY');
		console.log('key is ' + key, {key}); api.log('info', key, {['a' + key]: [key]});
		await fetch('https://crm.example.org', {headers: {Authorization: 'Bearer ' + key}});
		return key.length`))
	for _, line := range got.Logs {
		if strings.Contains(line.Message, "s3cr3t") || strings.Contains(strings.Join(keys(line.Fields), ""), "s3cr3t") {
			t.Errorf("logged %+v", line)
		}
	}
	if e := fails(t, p, call(`throw new Error('with ' + api.secrets.get('CRM_KEY'))`)); strings.Contains(e.Error()+e.Stack, "s3cr3t") {
		t.Errorf("thrown %v\n%s", e, e.Stack)
	}
	for _, leak := range []string{
		`api.state.set('k', {deep: [key]})`, `api.accessToken.setCustomClaim('k', 'x' + key)`, `api.user.setAppMetadata(key, 1)`,
		`api.redirect.to('https://example.org/?k=' + key)`, `return [key]`, `api.session.setCustomClaim('k', key)`,
	} {
		if e := fails(t, p, call(`const key = api.secrets.get('CRM_KEY'); `+leak)); e.Code != script.CodeSecret || strings.Contains(e.Message, "s3cr3t") {
			t.Errorf("%s: %v (%s)", leak, e, e.Code)
		}
	}
	denied := run(t, p, call(`api.deny('because ' + api.secrets.get('CRM_KEY'))`))
	if denied.Denied == nil || strings.Contains(denied.Denied.Reason, "s3cr3t") {
		t.Errorf("denied %+v", denied.Denied)
	}
}

func keys(m map[string]any) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	return out
}

func TestPool_ACancelledContextEndsTheCall(t *testing.T) {
	p := newPool(t)
	ctx, cancel := context.WithCancel(t.Context())
	h := newHost()
	c := call(`console.log(Date.now()); for (;;) {}`)
	c.Host = cancelling{h, cancel}
	if _, err := p.Run(ctx, c); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	run(t, p, call(`return 1`))
}

func TestPool_ClosedPoolRefuses(t *testing.T) {
	p := script.NewPool(script.Options{})
	run(t, p, call(`return 1`))
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Run(t.Context(), call(`return 1`)); !errors.Is(err, script.ErrClosed) {
		t.Errorf("got %v", err)
	}
}

func TestPool_AProgramThatIsNoWorkerIsToldApart(t *testing.T) {
	p := script.NewPool(script.Options{Executable: "/bin/true"})
	defer p.Close()
	if _, err := p.Run(t.Context(), call(`return 1`)); err == nil || !strings.Contains(err.Error(), "ServeWorkerIfAsked") {
		t.Errorf("got %v", err)
	}
}
