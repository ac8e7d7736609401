// Package debug is the debugger's core: breakpoints, pausing and stepping, the
// history of every run, and the way back in it.
//
// It owns: Debugger, a run.Hook; Breakpoint; Run, the picture of one run.
// It delegates: running and going back to engine/run, stopping inside of Actions
// to engine/script, protocols and screens to those above (debug/dap, app).
// The law: it observes. A run with the debugger attached is the run without
// it, unless a person changes something, which the journal marks (rules D1, D3).
package debug

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
)

// Bounds of what is kept.
const (
	// maxRuns bounds how many ended runs can still be looked at.
	maxRuns = 200
	// DefaultHistory is how many moments of a run are kept unless it is set.
	DefaultHistory = 20000
)

// Debugger watches runs and stops them.
type Debugger struct {
	// Clock is stopped while a run is paused (rule D4); nil leaves it alone.
	Clock interface {
		Freeze()
		Thaw()
	}
	// GoBack takes a run that waits or has ended back, and returns when it has
	// stopped again (run.Engine.GoBack); nil where only paused runs can go back.
	GoBack func(ctx context.Context, to *run.Moment, project *flow.Project) error
	// Journal answers what is recorded of a run (run.Engine.JournalOf).
	Journal func(ctx context.Context, id string) ([]run.Entry, error)
	// History bounds how many moments of a run are kept; 0: DefaultHistory.
	History int

	mu          sync.Mutex
	breakpoints []*bound
	lastID      int
	runs        map[string]*watched
	order       []string
	paused      int
	closed      bool
	catching    Catching
	next        Place // where the next run that begins with its flow stops
	listeners   map[int]func(Event)
}

// Event is something that those who look on are told, outside of all locks.
type Event struct {
	Run *Run // when it begins, at each stop, and when it goes on or ends
	Log *Log // a breakpoint with a message was come to
}

// Log is what a breakpoint with a message says.
type Log struct {
	Run        string    `json:"run"`
	Breakpoint int       `json:"breakpoint"`
	Place      Place     `json:"place"`
	Text       string    `json:"text"`
	At         time.Time `json:"at"`
}

// New makes a debugger.
func New() *Debugger {
	return &Debugger{runs: map[string]*watched{}, listeners: map[int]func(Event){}}
}

var (
	_ run.Hook    = (*Debugger)(nil)
	_ run.Breaker = (*Debugger)(nil)
)

// Listen has f told of events until stop is called.
func (d *Debugger) Listen(f func(Event)) (stop func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lastID++
	id := d.lastID
	d.listeners[id] = f
	return func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		delete(d.listeners, id)
	}
}

// tellOf tells of a run as it is. It is called with the lock, which it gives up
// meanwhile.
func (d *Debugger) tellOf(w *watched) {
	view := w.copy()
	d.mu.Unlock()
	d.tell(Event{Run: &view})
	d.mu.Lock()
}

// tell must be called without the lock.
func (d *Debugger) tell(events ...Event) {
	d.mu.Lock()
	ids := make([]int, 0, len(d.listeners))
	for id := range d.listeners {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	var all []func(Event)
	for _, id := range ids {
		all = append(all, d.listeners[id])
	}
	d.mu.Unlock()
	for _, e := range events {
		for _, f := range all {
			f(e)
		}
	}
}

// Before stops the run where a breakpoint, a step or a person asks for it.
func (d *Debugger) Before(ctx context.Context, m *run.Moment) (*run.Order, error) {
	d.mu.Lock()
	begins := d.runs[m.State.ID] == nil
	w := d.watch(&m.State)
	w.arrive(m, d.historyLimit())
	if begins {
		d.ahead(w)
		d.tellOf(w)
	}
	if w.stopping {
		w.stopped()
		d.tellOf(w)
		d.mu.Unlock()
		return nil, run.ErrStopped
	}
	if m.State.Journal < w.until {
		d.mu.Unlock()
		return nil, nil
	}
	w.until = 0
	stop, logs := d.whyBefore(w, m)
	if stop == nil || d.closed {
		d.mu.Unlock()
		d.tell(logs...)
		return nil, nil
	}
	return d.hold(ctx, w, *stop, logs)
}

// After takes down what a block did; it stops the run where it would wait or
// end, and else before the next block.
func (d *Debugger) After(ctx context.Context, s *run.State, step run.Step) (*run.Order, error) {
	d.mu.Lock()
	w := d.watch(s)
	before := w.state
	w.state = *s
	w.takeDown(s, step)
	w.view.Status = s.Outcome()
	if s.Journal < w.until {
		d.mu.Unlock()
		return nil, nil
	}
	stop, logs := d.whyAfter(w, &before, s, step)
	if s.Status == run.Running {
		if w.pending == nil {
			w.pending = stop
		}
		d.mu.Unlock()
		d.tell(logs...)
		return nil, nil
	}
	if s.Status == run.Ended {
		w.ended(s)
	}
	if stop != nil && !d.closed && !w.stopping {
		return d.hold(ctx, w, *stop, logs)
	}
	view := w.copy()
	d.mu.Unlock()
	d.tell(append(logs, Event{Run: &view})...)
	return nil, nil
}

// Broken answers where a run goes that was taken back in the middle of a block;
// one that was stopped there ends.
func (d *Debugger) Broken(s *run.State) (*run.Order, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	w := d.runs[s.ID]
	switch {
	case w == nil:
		return nil, nil
	case w.stopping:
		return nil, run.ErrStopped
	}
	o := w.breakOff
	w.breakOff = nil
	return o, nil
}

// hold pauses a run until somebody lets it go. It is called with the lock and
// gives it up.
func (d *Debugger) hold(ctx context.Context, w *watched, why stop, logs []Event) (*run.Order, error) {
	status := w.view.Status
	resume := d.pause(w, why)
	view := w.copy()
	d.mu.Unlock()
	d.tell(append(logs, Event{Run: &view})...)
	select {
	case <-resume:
	case <-ctx.Done():
	}
	return d.resumed(w, status)
}

// pause needs the lock.
func (d *Debugger) pause(w *watched, why stop) chan struct{} {
	w.view.Status, w.view.Reason, w.view.ReasonText, w.view.Breakpoint = "paused", why.reason, why.text, why.breakpoint
	w.resume, w.step, w.pausing, w.pending = make(chan struct{}), stepping{}, false, nil
	if d.paused++; d.paused == 1 && d.Clock != nil {
		d.Clock.Freeze()
	}
	return w.resume
}

// resumed takes a run out of its pause.
func (d *Debugger) resumed(w *watched, status string) (*run.Order, error) {
	d.mu.Lock()
	if d.paused--; d.paused == 0 && d.Clock != nil {
		d.Clock.Thaw()
	}
	w.resume = nil
	w.view.Status, w.view.Reason, w.view.ReasonText, w.view.Breakpoint = status, "", "", 0
	if status == "paused" {
		w.view.Status = "running"
	}
	order := w.order
	w.order = nil
	w.markChanged = w.edited || order != nil && (order.State != nil || order.Leave != nil)
	stopping := w.stopping
	if stopping {
		w.stopped()
	}
	view := w.copy()
	d.mu.Unlock()
	d.tell(Event{Run: &view})
	if stopping {
		return nil, run.ErrStopped
	}
	return order, nil
}

// watch answers what is held of a run, and begins to hold it. It needs the lock.
func (d *Debugger) watch(s *run.State) *watched {
	if w := d.runs[s.ID]; w != nil {
		return w
	}
	return d.keep(newWatched(s))
}

// keep holds a run, and lets go of the oldest. It needs the lock.
func (d *Debugger) keep(w *watched) *watched {
	d.runs[w.view.ID] = w
	d.order = append(d.order, w.view.ID)
	for i := 0; len(d.order) > maxRuns && i < len(d.order); {
		if old := d.runs[d.order[i]]; old.resume != nil {
			i++
			continue
		}
		delete(d.runs, d.order[i])
		d.order = slices.Delete(d.order, i, i+1)
	}
	return w
}

func (d *Debugger) historyLimit() int {
	if d.History > 0 {
		return d.History
	}
	return DefaultHistory
}

// Runs answers all runs that are held, the newest first.
func (d *Debugger) Runs() []Run {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := make([]Run, 0, len(d.order))
	for i := len(d.order) - 1; i >= 0; i-- {
		out = append(out, d.runs[d.order[i]].copy())
	}
	return out
}

// Run answers one run.
func (d *Debugger) Run(id string) (Run, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	w := d.runs[id]
	if w == nil {
		return Run{}, false
	}
	return w.copy(), true
}

// Close lets every run go on and stops none any more: nobody is left to resume
// them.
func (d *Debugger) Close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
	d.releaseAll()
}

// Release lets every paused run go on.
func (d *Debugger) Release() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.releaseAll()
}

func (d *Debugger) releaseAll() {
	for _, w := range d.runs {
		w.release()
	}
}
