package studio

// This file debugs a scenario: on a server of its own, as always, with the
// studio's debugger looking on.

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/authflow-studio/authflow/engine/debug"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/scenario"
	"github.com/authflow-studio/authflow/engine/server"
)

// debugged is the scenario that is being debugged; there is one at a time.
type debugged struct {
	begins sync.Mutex // held while one begins and the one before ends

	mu    sync.Mutex
	hook  *pausing
	done  chan struct{}
	bench *server.Harness
}

// end ends what is debugged.
func (d *debugged) end() {
	d.mu.Lock()
	hook, done := d.hook, d.done
	d.hook = nil
	d.mu.Unlock()
	if hook != nil {
		hook.stopAll(done)
	}
}

func (d *debugged) began(hook *pausing, done chan struct{}) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.hook, d.done = hook, done
}

func (d *debugged) made(h *server.Harness) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.bench = h
}

// harness of the scenario; nil while none is debugged.
func (d *debugged) harness() *server.Harness {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.bench
}

type testNameArg struct{ Name string }

// debugTest runs one scenario with the debugger. It stops at breakpoints; where
// there are none, at the block with which the step begins that goes wrong, or of
// one that passes at its first block. What came of it is told as any result.
func (s *Studio) debugTest(ctx context.Context, a testNameArg) (any, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	c, err := w.testCase(a.Name)
	if err != nil {
		return nil, err
	}
	w.testing.begins.Lock()
	defer w.testing.begins.Unlock()
	w.testing.end()
	stopAt := 0
	if !slices.ContainsFunc(w.debugger.Breakpoints(), func(b debug.Breakpoint) bool { return b.Enabled }) {
		if stopAt, err = w.stepToStopAt(ctx, c); err != nil {
			return nil, err
		}
	}
	h := &pausing{Debugger: w.debugger.Debugger, over: make(chan struct{}), runs: map[string]bool{}}
	mk, err := w.benches(server.BenchOptions{Hook: h, Made: w.testing.made})
	if err != nil {
		return nil, err
	}
	done := make(chan struct{})
	w.testing.began(h, done)
	go func() {
		defer close(done)
		defer w.testing.made(nil)
		res := scenario.RunWatched(context.WithoutCancel(ctx), c, mk, func(n int, _ scenario.Bench) { h.armed.Store(n == stopAt) })
		select {
		case <-h.over: // given up: nothing came of it
		default:
			s.Emit("test", res)
		}
	}()
	return nil, nil
}

// testCase answers a scenario by its title.
func (w *workspace) testCase(name string) (scenario.Case, error) {
	files, bad := scenario.ReadAll(w.disk.FS())
	for i := range files {
		for _, c := range files[i].Cases() {
			if c.Name == name {
				return c, nil
			}
		}
	}
	if len(bad) > 0 {
		return scenario.Case{}, &Error{Code: "unreadable", Message: bad[0].Error()}
	}
	return scenario.Case{}, &Error{Code: "no_scenario", Message: fmt.Sprintf("There is no test %q any more.", name)}
}

// benches makes benches of the project as it is on disk.
func (w *workspace) benches(o server.BenchOptions) (scenario.Maker, error) {
	worldFile, err := server.ReadWorld(w.disk.FS())
	if err != nil {
		return nil, err
	}
	scripts := w.s.Scripts
	if o.Hook != nil {
		return server.BenchesWith(w.current(), worldFile, w.debugger.Scripts(scripts), w.s.Geo, o)
	}
	return server.BenchesWith(w.current(), worldFile, scripts, w.s.Geo, o)
}

// stepToStopAt runs the scenario once to see which step moves a flow last before
// it goes wrong, or first when nothing does.
func (w *workspace) stepToStopAt(ctx context.Context, c scenario.Case) (int, error) {
	mk, err := w.benches(server.BenchOptions{})
	if err != nil {
		return 0, err
	}
	var before []int // blocks that have run before each step
	res := scenario.RunWatched(ctx, c, mk, func(_ int, b scenario.Bench) { before = append(before, len(b.Trace())) })
	before = append(before, len(res.Trace))
	stop := 0
	for i := 1; i < len(before); i++ {
		if before[i] > before[i-1] && (stop == 0 || !res.Passed) {
			stop = i
		}
	}
	return stop, nil
}

// pausing is the debugger, asked to stop at the next block when it is armed. It
// knows the runs of its scenario, and can end them all.
type pausing struct {
	*debug.Debugger
	armed atomic.Bool
	over  chan struct{}

	mu   sync.Mutex
	runs map[string]bool
}

// Before pauses the run here when that was asked for.
func (p *pausing) Before(ctx context.Context, m *run.Moment) (*run.Order, error) {
	select {
	case <-p.over:
		return nil, run.ErrStopped
	default:
	}
	p.mu.Lock()
	p.runs[m.State.ID] = true
	p.mu.Unlock()
	if p.armed.CompareAndSwap(true, false) {
		p.PauseHere(&m.State)
	}
	return p.Debugger.Before(ctx, m)
}

// stopAll ends the runs of the scenario, also one that is just about to pause,
// until the scenario is done.
func (p *pausing) stopAll(done <-chan struct{}) {
	close(p.over)
	for {
		p.mu.Lock()
		ids := slices.Collect(maps.Keys(p.runs))
		p.mu.Unlock()
		for _, id := range ids {
			_ = p.Stop(id) // it may be over already
		}
		select {
		case <-done:
			return
		case <-time.After(stopAgain):
		}
	}
}

// stopAgain is how long it is waited for a run to end.
const stopAgain = 20 * time.Millisecond

// journalOf answers what is recorded of a run of the harness, or of the scenario
// that is debugged.
func (w *workspace) journalOf(ctx context.Context, id string) ([]run.Entry, error) {
	entries, err := w.harness.Engine().JournalOf(ctx, id)
	if bench := w.testing.harness(); bench != nil && (err != nil || len(entries) == 0) {
		return bench.Engine().JournalOf(ctx, id)
	}
	return entries, err
}

// Revised is a file of scenarios in which one expects what really happened.
type Revised struct {
	Path string `json:"path"`
	// Base is the revision that Text was made of: file.save takes both.
	Base string   `json:"base"`
	Text string   `json:"text"`
	Diff []string `json:"diff"`
	// Kept says why nothing is changed.
	Kept []string `json:"kept"`
}

// reviseTest shows what would change if a failing test expected what happened.
// It writes nothing: file.save does, as for any edit.
func (s *Studio) reviseTest(ctx context.Context, a testNameArg) (*Revised, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	c, err := w.testCase(a.Name)
	if err != nil {
		return nil, err
	}
	mk, err := w.benches(server.BenchOptions{})
	if err != nil {
		return nil, err
	}
	f, err := w.disk.LoadFile(c.File.Path)
	if err != nil {
		return nil, err
	}
	text, revisions, err := scenario.Revise(ctx, f.Path, []byte(f.Text), func(o scenario.Case) bool { return o.Name == a.Name }, mk)
	if err != nil {
		return nil, err
	}
	out := &Revised{Path: f.Path, Base: f.Revision, Text: string(text), Diff: []string{}, Kept: []string{}}
	for _, r := range revisions {
		out.Diff, out.Kept = append(out.Diff, r.Diff...), append(out.Kept, r.Kept...)
	}
	return out, nil
}
