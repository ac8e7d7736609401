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
	texts := []string{}
	_, err := debugged(t, c, &script.Debug{Breakpoints: line(4), OnThrow: true, Logged: func(_ script.Place, text string) { texts = append(texts, text) }}, func(s *script.Stop) script.Command {
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
		return script.Command{Breakpoints: &[]script.Breakpoint{{Place: script.Place{File: "test", Line: 4}, Log: "it is {key}"}}, Move: script.StepBack}
	})
	if err == nil || len(texts) < 20 {
		t.Fatal(err, texts)
	}
	for _, text := range texts {
		if strings.Contains(text, "s3cr3t") {
			t.Errorf("%q", text)
		}
	}
}

func TestD2_ConditionsHitsAndMessages(t *testing.T) {
	c := source("export default (event, step, api) => {\n  for (let i = 0; i < 10; i++) {\n    api.log('info', 'i' + i)\n  }\n}")
	at := script.Place{File: "test", Line: 3}
	for _, b := range []struct {
		script.Breakpoint
		want string
	}{
		{script.Breakpoint{Condition: "i % 4 === 1"}, "1 5 9"},
		{script.Breakpoint{Hits: ">7"}, "7 8 9"},
		{script.Breakpoint{Hits: "%3"}, "2 5 8"},
		{script.Breakpoint{Hits: "==2", Condition: "i > 4"}, "6"},
		{script.Breakpoint{Condition: "i > 7 && nowhere"}, "8! 9!"},
		{script.Breakpoint{Condition: "i < 9 ? false : (() => { for (;;) {} })()"}, "9!"},
		{script.Breakpoint{Hits: "often"}, "0! 1! 2! 3! 4! 5! 6! 7! 8! 9!"},
	} {
		b.Place = at
		var got []string
		_, err := debugged(t, c, &script.Debug{Breakpoints: []script.Breakpoint{b.Breakpoint}}, func(s *script.Stop) script.Command {
			i, err := s.Evaluate(0, "i")
			if err != nil {
				t.Error(err)
			}
			if s.Problem != "" {
				i.Value += "!"
			}
			got = append(got, i.Value)
			return script.Command{}
		})
		if err != nil || strings.Join(got, " ") != b.want {
			t.Errorf("%+v: stopped at %v, %v", b.Breakpoint, got, err)
		}
	}
	var said []string
	d := &script.Debug{
		Breakpoints: []script.Breakpoint{{Place: at, Log: "i is {i}, {i * 2} {none}", Hits: ">8"}, {Place: at, Condition: "i == 9"}},
		Logged:      func(at script.Place, text string) { said = append(said, fmt.Sprint(at.Line, " ", text)) },
	}
	if _, err := debugged(t, c, d, func(s *script.Stop) script.Command { return script.Command{} }); err != nil {
		t.Error(err)
	}
	expect(t, said, "3 i is 8, 16 {ReferenceError: none is not defined}", "3 i is 9, 18 {ReferenceError: none is not defined}")
}

func TestD2_StopsAtAThrowThatNothingCatches(t *testing.T) {
	src := "const check = (n) => {\n  const words = 'no ' + n\n  try { throw new Error('caught') } catch {}\n  if (n > 1) throw new Error(words)\n}\nexport default async (event, step, api) => {\n  await null\n  check(1)\n  check(2)\n}"
	n := 0
	_, err := debugged(t, source(src), &script.Debug{OnThrow: true}, func(s *script.Stop) script.Command {
		n++
		if got := values(t, s, 0, "Locals"); s.Reason != script.ReasonThrow || s.Text != "Error: no 2" || s.Frames[0].Line != 4 || s.Frames[1].Line != 9 || got["words"] != `"no 2"` {
			t.Errorf("%+v %v", s, got)
		}
		return script.Command{}
	})
	var e *script.Error
	if !errors.As(err, &e) || e.Line != 4 || n != 1 {
		t.Errorf("%d stops, %v", n, err)
	}
	got := path(t, source("export default () => {\n  const o = {}\n  for (const k of [1]) {\n    o.a.b = k\n  }\n}"), &script.Debug{OnThrow: true})
	expect(t, got, "exception default:4:5")
	got = path(t, source("export default async () => {\n  await null\n  throw 'words'\n}"), &script.Debug{OnThrow: true})
	expect(t, got, "exception default:3:3")
}

func TestD2_StopsAtADenial(t *testing.T) {
	src := "export default (event, step, api) => {\n  const why = 'because'\n  if (event.user) api.deny(why)\n  api.state.set('after', 1)\n}"
	res, err := debugged(t, source(src), &script.Debug{OnDeny: true}, func(s *script.Stop) script.Command {
		if s.Reason != script.ReasonDeny || s.Text != "because" || s.Frames[0].Line != 3 || values(t, s, 0, "Locals")["why"] != `"because"` {
			t.Errorf("%+v", s)
		}
		return script.Command{}
	})
	if err != nil || res.Denied == nil {
		t.Errorf("%+v %v", res, err)
	}
}

func TestD2_BreakpointsChangeAtAStop(t *testing.T) {
	c := source("export default (event, step, api) => {\n  api.log('info', 'a')\n  api.log('info', 'b')\n  api.log('info', 'c')\n}")
	var got []int
	_, err := debugged(t, c, &script.Debug{Breakpoints: line(2)}, func(s *script.Stop) script.Command {
		got = append(got, s.Frames[0].Line)
		next := line(4)
		return script.Command{Breakpoints: &next}
	})
	if err != nil || !slices.Equal(got, []int{2, 4}) {
		t.Error(got, err)
	}
}

func TestD2_PlacesThatABreakpointBindsTo(t *testing.T) {
	src := "// a comment\nexport default (event, step, api, more = {\n  a: () => 1,\n}) => {\n\n  const x = {\n    b: 2,\n  }\n  class Box {\n    field = [\n      1,\n    ]\n  }\n  if (x) return x; else return 1\n}\n"
	p := newPool(t)
	places, err := p.Places(t.Context(), script.Unit{Name: "a.js", Source: src})
	if err != nil {
		t.Fatal(err)
	}
	for wish, want := range map[int]string{5: "6:3", 6: "6:3", 7: "9:3", 11: "the value of a field", 14: "14:3", 1: "2:1", 15: "at or after line 15"} {
		got, err := places.Bind(script.Place{File: "a.js", Line: wish})
		if err == nil && fmt.Sprintf("%d:%d", got.Line, got.Column) != want || err != nil && (!errors.Is(err, script.ErrUnbound) || !strings.Contains(err.Error(), want)) {
			t.Errorf("line %d: %v, %v; want %s", wish, got, err, want)
		}
	}
	if got, err := places.Bind(script.Place{File: "a.js", Line: 14, Column: 11}); err != nil || got.Column != 25 {
		t.Errorf("%v %v", got, err)
	}
	typed := form(t, "typed.ts")
	places, err = p.Places(t.Context(), script.Unit{Name: typed.Action, Source: typed.Source, Modules: typed.Modules})
	if err != nil {
		t.Fatal(err)
	}
	if at, err := places.Bind(script.Place{File: "lib/mail.ts", Line: 3}); err != nil || at != (script.Place{File: "lib/mail.ts", Line: 3, Column: 3}) {
		t.Errorf("%v %v", at, err)
	}
	if _, err := p.Places(t.Context(), script.Unit{Name: "a.js", Source: "export default ("}); err == nil {
		t.Error("a source that does not parse has places")
	}
}

func TestD2_EveryKindOfStatementHasItsPlace(t *testing.T) {
	src := `function f(x) {
  if (x) x = 1
  for (;;) break
  for (const k in x) k
  for (const k of x) k
  while (x) x--
  do x++; while (x < 0)
  switch (x) { case 1: }
  try { x } finally { x }
  label: for (;;) { break label }
  let a, b
  var c = 2
  class D {}
  if (/* if */ (x)) { throw x } else if (a) return
  debugger
  ;[a, b] = [b, a]
  (function () { return 1 })()
  return x
}
`
	places, err := newPool(t).Places(t.Context(), script.Unit{Name: "a.js", Source: src})
	if err != nil {
		t.Fatal(err)
	}
	for n, text := range strings.Split(src, "\n") {
		if n == 0 || n > 17 || n == 16 {
			continue
		}
		want := script.Place{File: "a.js", Line: n + 1, Column: 1 + len(text) - len(strings.TrimLeft(text, " ;"))}
		if !slices.Contains(places.Stops, want) {
			t.Errorf("%q is not at %v", text, want)
		}
	}
}

func TestD2_ABreakpointInAModule(t *testing.T) {
	c := form(t, "typed.ts")
	n := 0
	_, err := debugged(t, c, &script.Debug{Breakpoints: []script.Breakpoint{{Place: script.Place{File: "lib/mail.ts", Line: 3}}}}, func(s *script.Stop) script.Command {
		if n++; n == 1 {
			caller := s.Frames[1]
			if s.Frames[0].File != "lib/mail.ts" || s.Frames[0].Line != 3 || caller.File != "typed.ts" || caller.Line != 8 || values(t, s, 0, "Arguments")["a"] != `"ada@example.org"` {
				t.Errorf("%+v", s.Frames)
			}
		}
		return script.Command{}
	})
	if err == nil || n != 2 {
		t.Error(n, err)
	}
}

// Who copies a value gets all of it; who only looks on is told what would change
// something.
func TestD3_ATextIsAnsweredWhole(t *testing.T) {
	_, err := stopped(t, source(manyValues), 11, func(s *script.Stop) {
		if v, err := s.Whole(0, "all.long"); err != nil || v.Value != strings.Repeat("x", 5000) || v.Changed {
			t.Errorf("copied %d bytes, %v", len(v.Value), err)
		}
		if v, err := s.Whole(0, "many"); err != nil || !strings.HasPrefix(v.Value, "(2000) [0, 1") {
			t.Errorf("copied %s, %v", v.Value, err)
		}
		if _, err := s.Whole(0, "nowhere"); err == nil {
			t.Error("a variable that is not there was copied")
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{"all.long": false, "many[0] + 1": false, "n++": true, "f()": true, "a = 1": true, "`${x}`": false, "delete all.n": true, "(": true, strings.Repeat("1+", 9000) + "1": true} {
		if script.MayChange(text) != want {
			t.Errorf("that %.30s may change something: %v", text, !want)
		}
	}
}
