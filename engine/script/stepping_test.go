package script_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/script"
)

// path is where a call stops when it is answered with these moves, and then
// goes on.
func path(t testing.TB, c script.Call, d *script.Debug, moves ...script.Move) []string {
	t.Helper()
	var out []string
	_, err := debugged(t, c, d, func(s *script.Stop) script.Command {
		f := s.Frames[0]
		out = append(out, fmt.Sprintf("%s %s:%d:%d", s.Reason, f.Function, f.Line, f.Column))
		if len(out) > len(moves) {
			return script.Command{}
		}
		return script.Command{Move: moves[len(out)-1]}
	})
	var e *script.Error
	if err != nil && !errors.As(err, &e) {
		t.Fatal(err)
	}
	return out
}

func expect(t testing.TB, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

const (
	over   = script.StepOver
	into   = script.StepInto
	outOf  = script.StepOut
	back   = script.StepBack
	goOn   = script.Continue
	toLast = script.ReverseContinue
)

func TestD3_StepsOverIntoAndOut(t *testing.T) {
	expect(t, path(t, source(simple), &script.Debug{AtEntry: true}, over, over, over, over, over, over),
		"entry main:7:3", "step main:8:3", "step main:9:5", "step main:9:5", "step main:11:3", "step main:12:3")
	expect(t, path(t, source(simple), &script.Debug{AtEntry: true}, over, over, into, into, outOf, into, into, over, over),
		"entry main:7:3", "step main:8:3", "step main:9:5", "step twice:3:3", "step twice:4:3", "step main:9:5",
		"step twice:3:3", "step twice:4:3", "step main:11:3", "step main:12:3")
}

const awaiting = `const load = async (n) => {
  const got = await Promise.resolve(n)
  return got + 1
}
async function sum(list) {
  let s = 0
  for (const n of list) {
    s += await load(n)
  }
  return s
}
export default async function main(event, step, api) {
  const both = Promise.all([sum([1, 2]), sum([10])])
  const [a, b] = await both
  await Promise.resolve().then(() => api.log('info', 'then'))
  api.state.set('all', [a, b])
}
`

// A step over an await stays in its function, however many others run meanwhile.
func TestD3_AStepOverAnAwaitStaysInItsActivation(t *testing.T) {
	c := source(awaiting)
	expect(t, path(t, c, &script.Debug{Breakpoints: []script.Breakpoint{{Place: script.Place{File: "test", Line: 6}, Hits: "1"}}}, over, over, over, over, over, over),
		"breakpoint sum:6:3", "step sum:7:3", "step sum:8:5", "step sum:8:5", "step sum:10:3", "step main:15:3", "step main:16:3")
}

func TestD3_StepsOutOfAnAsyncFunction(t *testing.T) {
	d := &script.Debug{Breakpoints: []script.Breakpoint{{Place: script.Place{File: "test", Line: 3}, Hits: "==1"}}}
	expect(t, path(t, source(awaiting), d, outOf, outOf, over), "breakpoint load:3:3", "step sum:8:5", "step main:15:3", "step main:16:3")
}

func TestD3_AwaitingFunctionsAreOnTheStack(t *testing.T) {
	seen := false
	_, err := debugged(t, source(awaiting), &script.Debug{Breakpoints: line(3)}, func(s *script.Stop) script.Command {
		if seen {
			return script.Command{}
		}
		seen = true
		var names []string
		for _, f := range s.Frames {
			names = append(names, fmt.Sprintf("%s:%d %v", f.Function, f.Line, f.Awaiting))
		}
		expect(t, names, "load:3 false", "sum:8 true", "main:14 true")
		if got := values(t, s, 1, "Locals"); got["s"] != "0" || got["n"] != "1" {
			t.Errorf("%v", got)
		}
		return script.Command{}
	})
	if err != nil || !seen {
		t.Error(err)
	}
}

// A step over much work takes little more of the Action's time than the work.
func TestD3_AStepOverALongLoopStaysWithinTheBudget(t *testing.T) {
	c := source("function work(n) {\n  let s = 0\n  for (let i = 0; i < n; i++) {\n    s += i\n  }\n  return n > 0 ? s + work(-n) : s\n}\nexport default (event, step, api) => {\n  const first = work(600000)\n  const second = first + 1\n  return second\n}")
	c.Budget = time.Minute
	c.Budget = 8*run(t, newPool(t), c).Duration + 300*time.Millisecond // to follow it all takes some fifteen times as long
	var seen []string
	_, err := debugged(t, c, &script.Debug{AtEntry: true}, func(s *script.Stop) script.Command {
		seen = append(seen, fmt.Sprint(s.Frames[0].Line, " ", values(t, s, 0, "Locals")["first"]))
		return script.Command{Move: over}
	})
	if err != nil {
		t.Error(err)
	}
	expect(t, seen, "9 not initialised yet", "10 179999700000", "11 179999700000")
}

func TestD3_StepsWithinOneLine(t *testing.T) {
	c := source("const inc = n => n + 1; export default (e, s, api) => { const a = inc(1); api.log('info', [a].map(x => x * 2)); return a }")
	expect(t, path(t, c, &script.Debug{AtEntry: true}, into, into, into, into),
		"entry default:1:57", "step inc:1:18", "step default:1:75", "step :1:104", "step default:1:113")
	expect(t, path(t, c, &script.Debug{Breakpoints: []script.Breakpoint{{Place: script.Place{File: "test", Line: 1, Column: 76}}}}), "breakpoint :1:104")
}

func TestD3_StepsInGenerators(t *testing.T) {
	c := source("function* two() {\n  yield 1\n  yield 2\n}\nexport default (e, s, api) => {\n  for (const n of two()) {\n    api.log('info', n)\n  }\n}")
	expect(t, path(t, c, &script.Debug{Breakpoints: line(2)}, over, over, over),
		"breakpoint two:2:3", "step default:7:5", "step default:7:5")
}

const outside = `export default async (event, step, api) => {
  const answer = await (await fetch('https://score.example.org')).json()
  const drawn = Math.random()
  const at = api.now()
  const key = api.secrets.get('CRM_KEY')
  const score = answer.score + drawn
  const list = [score, at]
  api.state.set('list', list)
}
`

// Going back shows what was there, with the same answers, and asks nobody.
func TestD3_StepBackShowsTheSameAgain(t *testing.T) {
	c := source(outside)
	h := newHost()
	c.Host = h
	seen := map[int]map[string]string{}
	var ordinals []int
	moves := []script.Move{over, over, over, over, over, over, back, back, back, over, over, over, over}
	res, err := debugged(t, c, &script.Debug{AtEntry: true}, func(s *script.Stop) script.Command {
		got := values(t, s, 0, "Locals")
		if old := seen[s.Ordinal]; old != nil && !reflect.DeepEqual(old, got) {
			t.Errorf("at %d: %v, and before %v", s.Ordinal, got, old)
		}
		seen[s.Ordinal] = got
		ordinals = append(ordinals, s.Ordinal)
		if len(ordinals) > len(moves) {
			return script.Command{}
		}
		return script.Command{Move: moves[len(ordinals)-1]}
	})
	first := ordinals[0]
	for i := range ordinals {
		ordinals[i] -= first
	}
	if err != nil || !slices.Equal(ordinals, []int{0, 1, 2, 3, 4, 5, 6, 5, 4, 3, 4, 5, 6}) {
		t.Errorf("%v %v", ordinals, err)
	}
	if !slices.Equal(h.asked, []string{"fetch https://score.example.org", "random", "now", "secret CRM_KEY"}) {
		t.Errorf("asked %v", h.asked)
	}
	c.Host = newHost()
	if plain := run(t, newPool(t), c); !reflect.DeepEqual(plain.Outputs, res.Outputs) {
		t.Errorf("%v, plain %v", res.Outputs, plain.Outputs)
	}
}

// A call that has ended can be come back into, from what its host answered.
func TestD3_AMomentOfAnEndedCallIsComeToAgain(t *testing.T) {
	c := source(outside)
	answers := &script.Answers{}
	var before map[string]string
	ordinal := 0
	d := &script.Debug{Breakpoints: line(7), Answers: answers}
	if _, err := debugged(t, c, d, func(s *script.Stop) script.Command {
		before, ordinal = values(t, s, 0, "Locals"), s.Ordinal
		return script.Command{}
	}); err != nil || answers.Len() != 4 {
		t.Fatal(err, answers.Len())
	}
	h := newHost()
	c.Host = h
	stops := 0
	_, err := debugged(t, c, &script.Debug{StopAt: ordinal, Answers: answers}, func(s *script.Stop) script.Command {
		stops++
		if got := values(t, s, 0, "Locals"); s.Reason != script.ReasonMoment || s.Ordinal != ordinal || !reflect.DeepEqual(got, before) {
			t.Errorf("%+v: %v, before %v", s, got, before)
		}
		return script.Command{}
	})
	if err != nil || stops != 1 || len(h.asked) != 0 {
		t.Errorf("%d stops, asked %v, %v", stops, h.asked, err)
	}
	c.Source = strings.Replace(c.Source, "score.example", "other.example", 1)
	_, err = debugged(t, c, &script.Debug{StopAt: ordinal, Answers: answers}, func(*script.Stop) script.Command { return script.Command{} })
	var e *script.Error
	if !errors.As(err, &e) || e.Code != script.CodeDiverged || len(h.asked) != 0 {
		t.Errorf("another Action ended with %v, asked %v", err, h.asked)
	}
}

func TestD3_BackToTheBreakpointBefore(t *testing.T) {
	d := &script.Debug{Breakpoints: line(3)}
	expect(t, path(t, source(simple), d, goOn, toLast, toLast, goOn, goOn),
		"breakpoint twice:3:3", "breakpoint twice:3:3", "breakpoint twice:3:3", "entry :1:1", "breakpoint twice:3:3", "breakpoint twice:3:3")
	expect(t, path(t, source(simple), &script.Debug{Breakpoints: line(4)}, back, back, back, script.StepBackInto),
		"breakpoint twice:4:3", "step twice:3:3", "step main:9:5", "step main:8:3", "step main:7:3", "breakpoint twice:4:3", "breakpoint twice:4:3")
}

// What a person has changed is there again at every later moment.
func TestD3_AChangedValueHoldsAndIsKeptOnTheWayBack(t *testing.T) {
	var totals []string
	moves := []script.Move{over, over, back, goOn}
	res, err := debugged(t, source(simple), &script.Debug{Breakpoints: line(9)}, func(s *script.Stop) script.Command {
		if len(totals) == 0 {
			if v, err := s.Assign(0, "total", "90 + 10"); err != nil || v.Value != "100" {
				t.Error(v, err)
			}
		}
		totals = append(totals, values(t, s, 0, "Locals")["total"]+values(t, s, 0, "Closure")["total"])
		return script.Command{Move: moves[min(len(totals), len(moves))-1]}
	})
	expect(t, totals, "100", "106", "118", "106")
	if err != nil || res.Outputs["total"] != 118.0 {
		t.Error(res.Outputs, err)
	}
}

func TestD4_TimeStandsStillWhileItIsStopped(t *testing.T) {
	c := source(simple)
	c.Budget = 150 * time.Millisecond
	res, err := debugged(t, c, &script.Debug{AtEntry: true}, func(s *script.Stop) script.Command {
		time.Sleep(500 * time.Millisecond)
		return script.Command{}
	})
	if err != nil || res.Duration > c.Budget {
		t.Error(res.Duration, err)
	}
	c.Source = "export default () => {\n  let n = 0\n  for (;;) {\n    n++\n  }\n}"
	_, err = debugged(t, c, &script.Debug{AtEntry: true}, func(s *script.Stop) script.Command { return script.Command{} })
	var e *script.Error
	if !errors.As(err, &e) || e.Code != script.CodeTimeout {
		t.Errorf("an endless loop after a stop ended with %v", err)
	}
}

// Somebody who looks on and vanishes ends the call, and the next one is served.
func TestD4_AClientThatVanishesEndsTheCallOnly(t *testing.T) {
	p := newPool(t)
	ctx, cancel := context.WithCancel(t.Context())
	var held *script.Stop
	c := source(simple)
	c.Debug = &script.Debug{AtEntry: true, Stopped: func(ctx context.Context, s *script.Stop) script.Command {
		held = s
		cancel()
		<-ctx.Done()
		return script.Command{}
	}}
	if _, err := p.Run(ctx, c); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, err := held.Scopes(0); !errors.Is(err, script.ErrGoesOn) {
		t.Error(err)
	}
	c.Debug = &script.Debug{AtEntry: true, Stopped: stepThrough(t, over)}
	run(t, p, c)
	c.Debug = nil
	run(t, p, c)
}

// Calls that stand still keep nobody waiting, and each is its own.
func TestD5_SeveralCallsAreDebuggedAtOnce(t *testing.T) {
	p := newPool(t)
	const calls = 6
	var all, ended sync.WaitGroup
	all.Add(calls)
	for i := range calls {
		ended.Go(func() {
			c := source(fmt.Sprintf("export default () => {\n  const own = %d\n  return own\n}", i))
			c.Debug = &script.Debug{Breakpoints: line(3)}
			c.Debug.Stopped = stepOnce(func(s *script.Stop) {
				all.Done()
				all.Wait() // for the others, and for a call that nobody debugs
				if v, err := s.Evaluate(0, "own"); err != nil || v.Value != fmt.Sprint(i) {
					t.Errorf("%d: %v %v", i, v.Value, err)
				}
			})
			if res, err := p.Run(t.Context(), c); err != nil || res.Return != float64(i) {
				t.Errorf("%d: %v %v", i, res.Return, err)
			}
		})
	}
	run(t, p, call("return 1"))
	ended.Wait()
}

// What stops cost beside the script is not the script's time, however many they
// are: the worker ends it by its own count, before the engine has to.
func TestD4_ManyStopsDoNotUseUpTheTime(t *testing.T) {
	c := source("export default () => {\n  let n = 0\n  for (;;) {\n    n++\n  }\n}")
	c.Budget = 100 * time.Millisecond
	stops := 0
	_, err := debugged(t, c, &script.Debug{AtEntry: true}, func(s *script.Stop) script.Command {
		stops++
		return script.Command{Move: script.StepOver}
	})
	var e *script.Error
	if !errors.As(err, &e) || e.Code != script.CodeTimeout || strings.Contains(e.Message, "from outside") || stops < 100 {
		t.Errorf("after %d stops: %v", stops, err)
	}
}
