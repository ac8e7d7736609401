package script_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/authflow-studio/authflow/engine/script"
)

// heavy is an Action that does enough for the price of its statements to be
// seen beside that of its call.
const heavy = `function weigh(n, list) {
  let sum = 0
  for (let i = 0; i < list.length; i++) {
    if (list[i] % 3 === n % 3) {
      sum += list[i] * n
    } else {
      sum -= 1
    }
  }
  return sum
}
export default async function (event, step, api) {
  const list = Array.from({length: 20}, (_, i) => i)
  const seen = new Map()
  let total = 0
  for (let n = 0; n < 1000; n++) {
    const key = 'k' + n % 7
    seen.set(key, (seen.get(key) ?? 0) + weigh(n, list))
    total ^= seen.get(key)
  }
  api.state.set('total', total)
}
`

// BenchmarkDebuggedCall is an Action plain, with a debugger that could stop it
// at its lines, and with one that could look into it, where nothing stops: the
// bars are 1.6 and 3.2 times the plain one.
func BenchmarkDebuggedCall(b *testing.B) {
	nowhere := script.Place{File: "test", Line: 21}
	ways := []struct {
		name string
		d    *script.Debug
	}{
		{"plain", nil},
		{"lines", &script.Debug{Breakpoints: []script.Breakpoint{{Place: nowhere, Hits: ">9"}}}},
		{"scopes", &script.Debug{Breakpoints: []script.Breakpoint{{Place: nowhere, Condition: "false"}}}},
	}
	for _, load := range []struct{ name, source string }{{"heavy", heavy}, {"realistic", call(realistic).Source}} {
		for _, way := range ways {
			b.Run(load.name+"/"+way.name, func(b *testing.B) {
				p := newPool(b)
				c := source(load.source)
				c.Debug = way.d
				run(b, p, c)
				for b.Loop() {
					if _, err := p.Run(b.Context(), c); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkStops is what a stop costs: at a breakpoint, for which the Action is
// run a second time up to there; by a step; and by a step back.
func BenchmarkStops(b *testing.B) {
	for _, move := range []script.Move{script.StepInto, script.StepBackInto} {
		b.Run(string(move), func(b *testing.B) {
			c := source(heavy)
			stops := 0
			c.Debug = &script.Debug{Breakpoints: []script.Breakpoint{{Place: script.Place{File: "test", Line: 17}, Hits: "20"}}}
			b.StopTimer()
			c.Debug.Stopped = func(context.Context, *script.Stop) script.Command {
				if stops == 0 {
					b.StartTimer()
				}
				if stops++; stops > b.N {
					b.StopTimer()
					return script.Command{Move: script.End}
				}
				if stops%400 == 0 { // there and back, so that each step has a like one before it
					return script.Command{Move: script.GoTo, Ordinal: 800}
				}
				return script.Command{Move: move}
			}
			if _, err := newPool(b).Run(b.Context(), c); err == nil {
				b.Fatal("it was not ended")
			}
		})
	}
	b.Run("breakpoint", func(b *testing.B) {
		p := newPool(b)
		c := source(heavy)
		c.Debug = &script.Debug{Breakpoints: []script.Breakpoint{{Place: script.Place{File: "test", Line: 13}}}}
		c.Debug.Stopped = func(context.Context, *script.Stop) script.Command { return script.Command{Move: script.End} }
		for b.Loop() {
			if _, err := p.Run(b.Context(), c); err == nil {
				b.Fatal(fmt.Errorf("it was not ended"))
			}
		}
	})
}
