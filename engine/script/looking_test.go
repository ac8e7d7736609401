package script_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/script"
)

// stopped runs a body to its line and looks around there, once.
func stopped(t testing.TB, c script.Call, at int, look func(*script.Stop)) (script.Result, error) {
	t.Helper()
	seen := false
	res, err := debugged(t, c, &script.Debug{Breakpoints: line(at)}, func(s *script.Stop) script.Command {
		if !seen {
			seen = true
			look(s)
		}
		return script.Command{}
	})
	if !seen {
		t.Fatalf("it did not stop: %v", err)
	}
	return res, err
}

func variables(t testing.TB, s *script.Stop, ref int) map[string]script.Variable {
	t.Helper()
	list, _, err := s.Children(ref, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]script.Variable{}
	for _, v := range list {
		out[v.Name] = v
	}
	return out
}

const manyValues = `export default (event, step, api) => {
  class Box { #hidden = 1; open = 2; get g() { throw new Error('a getter has run') } }
  const all = {
    text: 'a "quoted" text', n: 1.5, big: 10n, yes: true, nothing: null, none: undefined, sym: Symbol('s'),
    fn: function named() {}, list: [1, [2], {a: 1}], map: new Map([['k', 1]]), set: new Set(['v']), date: new Date(0),
    err: new TypeError('bad'), re: /x/, done: Promise.resolve(1), box: new Box(), proxy: new Proxy({}, {ownKeys() { throw 1 }}),
    get lazy() { api.deny('a getter has run') }, toString() { api.deny('toString has run') }, 'two words': 2, long: 'x'.repeat(5000),
  }
  const many = Array.from({length: 2000}, (_, i) => i)
  all.self = all
  api.state.set('x', 1)
}`

func TestD3_ValuesAreShownWithoutRunningAnything(t *testing.T) {
	res, err := stopped(t, source(manyValues), 11, func(s *script.Stop) {
		scopes, err := s.Scopes(0)
		if err != nil {
			t.Fatal(err)
		}
		locals := variables(t, s, scopes[0].Ref)
		all := variables(t, s, locals["all"].Ref)
		for name, want := range map[string]string{
			"text": `"a \"quoted\" text"`, "n": "1.5", "big": "10n", "yes": "true", "nothing": "null", "none": "undefined",
			"fn": "ƒ named()", "list": "(3) [1, Array(1), {…}]", "map": "Map(1)", "set": "Set(1)", "date": "1970-01-01T00:00:00.000Z",
			"err": "TypeError: bad", "done": "Promise (fulfilled)", "box": "Box {open: 2}", "proxy": "Proxy", "two words": "2",
		} {
			if got := all[name].Value; got != want {
				t.Errorf("%s: %s, want %s", name, got, want)
			}
		}
		if lazy := all["lazy"]; lazy.Type != "getter" || lazy.Ref != 0 || len(all["long"].Value) > 1100 || all["self"].Ref == 0 {
			t.Errorf("%+v, %d characters", lazy, len(all["long"].Value))
		}
		if k := variables(t, s, all["map"].Ref)[`"k"`]; k.Value != "1" {
			t.Errorf("%+v", k)
		}
		page, total, err := s.Children(locals["many"].Ref, 1990, 100)
		if err != nil || total != 2000 || len(page) != 10 || page[0].Name != "1990" || page[0].Path != "many[1990]" {
			t.Errorf("%d %v %v", total, page, err)
		}
		if path := all["two words"].Path; path != `all["two words"]` {
			t.Error(path)
		}
		if v, err := s.Set(locals["all"].Ref, "n", "all.n * 2"); err != nil || v.Value != "3" || v.Name != "n" {
			t.Errorf("%+v %v", v, err)
		}
		if _, _, err := s.Children(9999, 0, 1); err == nil {
			t.Error("a value that is not there was opened")
		}
	})
	if err != nil || res.Denied != nil {
		t.Errorf("%v %v", res.Denied, err)
	}
}

const inPlaces = `const top = 1
class Box {
  #v = 5
  method(a) {
    return this.#v + a
  }
}
export default (event, step, api) => {
  const fixed = 1
  let free = 2
  function plain(x) {
    return x
  }
  const b = new Box().method(3)
  plain('first', 'second')
  for (let i = 0; i < 2; i++) {
    api.log('info', 'i' + i)
  }
  let late = 3
  return free + late
}`

func TestD3_ExpressionsAreEvaluatedWhereTheyStand(t *testing.T) {
	cases := []struct {
		line             int
		expression, want string
	}{
		{5, "this.#v + a", "8"}, {5, "this.constructor.name", `"Box"`}, {5, "top", "1"},
		{12, "arguments.length", "2"}, {12, "arguments[1]", `"second"`}, {12, "fixed + free", "3"},
		{17, "i + free", "2"}, {17, "{a: free}", "{a: 2}"}, {17, "let z = 4; z * 2", "8"}, {17, "(() => i)()", "0"},
		{17, "event.user.email", `"ada@example.org"`}, {17, "[1, 2].map(x => x * free)", "(2) [2, 4]"},
		{17, "async () => await 1", "ƒ ()"}, {17, "plain(7)", "7"},
		{17, "late", "!not been reached"}, {17, "late = 4", "!not been reached"}, {17, "fixed = 2", "!it is a const"},
		{17, "nowhere", "!nowhere is not defined"}, {17, "await 1", "!await cannot be used here"}, {17, "1 +", "!"}, {17, "", "!nothing to evaluate"},
		{17, "arguments", "!arrow function"}, {17, "eval('1')", "!eval is not defined"}, {17, "new Function('return 1')()", "!not a constructor"},
		{17, "(async () => {}).constructor('return 1')", "!code from text"}, {17, "(function* () {}).constructor('1')", "!code from text"},
		{17, "fetch('https://x.example.org')", "!no call is made"}, {17, "api.secrets.get('CRM_KEY')", "!secret asks nobody"},
		{17, "Math.random()", "!no randomness"}, {17, "Date.now()", "!clock"}, {17, "api.deny('x')", "!takes nothing"},
		{17, "api.state.set('a', 1)", "!takes nothing"}, {17, "for (;;) {}", "!longer than 200ms"}, {17, "(function f() { f() })()", "!deep"},
		{17, "event.user.id = 'x'", "!"}, {17, strings.Repeat("(", 2000), "!too long"},
	}
	for _, c := range cases {
		t.Run(fmt.Sprintf("%d %.30s", c.line, c.expression), func(t *testing.T) {
			call := source(inPlaces)
			h := newHost()
			call.Host = h
			res, err := stopped(t, call, c.line, func(s *script.Stop) {
				v, err := s.Evaluate(0, c.expression)
				words, refused := strings.CutPrefix(c.want, "!")
				var look *script.LookError
				if refused != (err != nil) || refused && (!errors.As(err, &look) || !strings.Contains(err.Error(), words)) || !refused && v.Value != c.want {
					t.Errorf("%+v, %v", v, err)
				}
			})
			if err != nil || res.Return != 5.0 || len(res.Logs) != 2 || len(h.asked) != 0 {
				t.Errorf("then it went on to %+v, asked %v, %v", res, h.asked, err)
			}
		})
	}
}

// A native loop takes no notice of anything; it takes the call with it, in time.
func TestD3_AnExpressionThatCannotBeInterruptedEndsTheCall(t *testing.T) {
	before := time.Now()
	_, err := stopped(t, source(inPlaces), 17, func(s *script.Stop) {
		if _, err := s.Evaluate(0, "Array.prototype.indexOf.call({length: 2 ** 53}, 1)"); err == nil {
			t.Error("it was evaluated")
		}
	})
	var e *script.Error
	if !errors.As(err, &e) || e.Code != script.CodeTimeout || time.Since(before) > 5*time.Second {
		t.Errorf("%v after %v", err, time.Since(before))
	}
}

func TestD3_WhatIsLoggedWhileLookingIsNoLogOfTheCall(t *testing.T) {
	res, err := stopped(t, source(inPlaces), 17, func(s *script.Stop) {
		v, err := s.Evaluate(0, "console.log('watched', free)")
		if err != nil || len(v.Logs) != 1 || v.Logs[0].Message != "watched 2" {
			t.Errorf("%+v %v", v, err)
		}
	})
	if err != nil || len(res.Logs) != 2 {
		t.Errorf("%v %v", res.Logs, err)
	}
}

func TestT3_SecretsAreNotShown(t *testing.T) {
	c := source("export default (event, step, api) => {\n  const key = api.secrets.get('CRM_KEY')\n  const all = {key, list: ['Bearer ' + key], err: new Error(key), map: new Map([[key, key]])}\n  throw new Error(key)\n}")
	texts, stops := []string{}, 0
	log := script.Breakpoint{Place: script.Place{File: "test", Line: 3}, Log: "it is {key}"}
	_, err := debugged(t, c, &script.Debug{Breakpoints: append(line(4), log), OnThrow: true, Logged: func(_ script.Place, text string) { texts = append(texts, text) }}, func(s *script.Stop) script.Command {
		texts = append(texts, s.Text)
		scopes, err := s.Scopes(0)
		if err != nil {
			t.Fatal(err)
		}
		var open func(ref int)
		open = func(ref int) {
			for _, v := range variables(t, s, ref) {
				texts = append(texts, v.Name, v.Value, v.Path)
				if v.Ref != 0 && v.Name != "api" && v.Name != "event" && v.Name != "step" {
					open(v.Ref)
				}
			}
		}
		for _, sc := range scopes {
			open(sc.Ref)
		}
		for _, expression := range []string{"key", "'x' + key", "all", "null.x[key]"} {
			v, err := s.Evaluate(0, expression)
			texts = append(texts, v.Value, fmt.Sprint(err))
		}
		stops++
		if stops > 4 { // back at the beginning once, it may go on to its end
			return script.Command{}
		}
		return script.Command{Move: script.StepBack}
	})
	var failed *script.Error
	if !errors.As(err, &failed) || failed.Code != script.CodeThrow || !slices.Contains(texts, "it is [secret CRM_KEY]") || len(texts) < 20 {
		t.Fatal(err, texts)
	}
	for _, text := range texts {
		if strings.Contains(text, "s3cr3t") {
			t.Errorf("%q", text)
		}
	}
}
