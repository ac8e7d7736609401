package script_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/script"
)

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
