package debug_test

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/debug"
	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/store/bolt"
	"github.com/authflow-studio/authflow/engine/store/storetest"
	"github.com/authflow-studio/authflow/engine/world"
)

// newLoop is an engine with a flow that goes round rounds times: three blocks
// a round.
func newLoop(b *testing.B, rounds int) (*run.Engine, *flow.Project) {
	b.Helper()
	times, outer := rounds, 1
	for times > 1000 {
		times, outer = times/10, outer*10
	}
	blocks := fmt.Sprintf(`"far":{"type":"repeat","stage":"pre_login","config":{"times":%d},"next":{"again":"near","done":"ok"}},
		"near":{"type":"repeat","stage":"pre_login","config":{"times":%d},"next":{"again":"set","done":"far"}},
		"set":{"type":"set_value","stage":"pre_login","config":{"values":{"v":"{{ event.request.ip }}"}},"next":{"next":"pick"}},
		"pick":{"type":"decision","stage":"pre_login","config":{"rows":[{"port":"x","when":"step.set.v == 'no'"}]},"next":{"x":"no","default":"near"}},
		"ok":{"type":"allow","stage":"pre_login"},"no":{"type":"deny","stage":"pre_login","config":{"reason":"x"}}`, outer, times)
	p, problems := flow.Parse(map[string][]byte{flow.SettingsFile: []byte(`{"format":1,"name":"bench","version":"1","budgets":{"blocks":10000000,"run":"10m"}}`),
		"flows/login.json": []byte(`{"format":1,"name":"b","trigger":"login","enabled":true,"start":"far","blocks":{` + blocks + `}}`)})
	if len(problems) > 0 {
		b.Fatal(problems[0])
	}
	clock := storetest.NewClock()
	st, err := bolt.OpenWith(filepath.Join(b.TempDir(), "bench.db"), clock, bolt.Options{NoSync: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { st.Close() })
	return &run.Engine{Store: st, Catalogue: catalogue.All(), Hasher: func() *directory.Hasher { return nil }, Past: &run.Past{},
		World: world.World{Clock: clock, Random: storetest.NewRandom(1), Networks: world.NoNetworks{}}}, p
}

func once(b *testing.B, e *run.Engine, p *flow.Project) {
	b.Helper()
	stop, err := e.Start(context.Background(), run.StartSpec{Project: p, Flow: "login", Event: map[string]any{"request": map[string]any{"ip": "192.0.2.1"}}})
	if err != nil || stop.State.Outcome() != "succeeded" {
		b.Fatal(err, stop)
	}
}

// BenchmarkLookingOn is a run of 300 blocks with nobody, and with a debugger
// that never stops it.
func BenchmarkLookingOn(b *testing.B) {
	for name, attach := range map[string]func(*debug.Debugger){
		"nobody":   nil,
		"attached": func(*debug.Debugger) {},
		"breakpoint": func(d *debug.Debugger) {
			d.SetBreakpoints([]debug.Breakpoint{{Flow: "login", Block: "no", Enabled: true}})
		},
		"conditional": func(d *debug.Debugger) {
			d.SetBreakpoints([]debug.Breakpoint{{Flow: "login", Block: "set", Enabled: true, Condition: "event.request.ip == 'x'"}})
		},
	} {
		b.Run(name, func(b *testing.B) {
			e, p := newLoop(b, 100)
			if attach != nil {
				d := debug.New()
				attach(d)
				e.Hook = d
			}
			for b.Loop() {
				once(b, e, p)
			}
		})
	}
}

// pausedAfter is a run that is paused when so many blocks have run.
func pausedAfter(b *testing.B, blocks int) (*debug.Debugger, string, chan debug.Run) {
	b.Helper()
	e, p := newLoop(b, 1_000_000)
	d := debug.New()
	d.History = 2 * blocks
	e.Hook = d
	paused := make(chan debug.Run, 10)
	d.Listen(func(ev debug.Event) {
		if ev.Run != nil && ev.Run.Status == "paused" {
			paused <- *ev.Run
		}
	})
	d.SetBreakpoints([]debug.Breakpoint{{Flow: "login", Block: "set", Enabled: true, Hit: fmt.Sprint(blocks / 3)}})
	go func() {
		_, _ = e.Start(context.Background(), run.StartSpec{Project: p, Flow: "login", Event: map[string]any{"request": map[string]any{"ip": "192.0.2.1"}}})
	}()
	v := <-paused
	d.SetBreakpoints(nil)
	b.Cleanup(func() { _ = d.Stop(v.ID) })
	return d, v.ID, paused
}

// BenchmarkStep is a step over, from the command until it is told of.
func BenchmarkStep(b *testing.B) {
	d, id, paused := pausedAfter(b, 30)
	for b.Loop() {
		if err := d.StepOver(id); err != nil {
			b.Fatal(err)
		}
		<-paused
	}
}

// BenchmarkStepBack is a step back by one, at the end of a long history.
func BenchmarkStepBack(b *testing.B) {
	for _, blocks := range []int{1000, 10000} {
		b.Run(fmt.Sprint(blocks), func(b *testing.B) {
			d, id, paused := pausedAfter(b, blocks)
			for b.Loop() {
				if err := d.StepBack(b.Context(), id); err != nil {
					b.Fatal(err)
				}
				<-paused
			}
		})
	}
}

// BenchmarkBackToTheStart goes back over a whole history at once.
func BenchmarkBackToTheStart(b *testing.B) {
	for _, blocks := range []int{1000, 10000} {
		b.Run(fmt.Sprint(blocks), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				d, id, paused := pausedAfter(b, blocks)
				v, _ := d.Run(id)
				b.StartTimer()
				if err := d.BackTo(b.Context(), id, v.Path[0].Moment, nil); err != nil {
					b.Fatal(err)
				}
				<-paused
				b.StopTimer()
				_ = d.Stop(id)
				b.StartTimer()
			}
		})
	}
}

// BenchmarkHistory measures what a snapshot of each block takes to keep.
func BenchmarkHistory(b *testing.B) {
	const blocks = 10000
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		d, id, _ := pausedAfter(b, blocks)
		runtime.GC()
		runtime.ReadMemStats(&after)
		v, _ := d.Run(id)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(len(v.Path)), "B/step")
		_ = d.Stop(id)
	}
}
