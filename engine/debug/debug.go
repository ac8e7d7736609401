// Package debug is the debugger's core: breakpoints, pausing and stepping, and
// what can be seen of every run.
//
// It owns: Debugger, a run.Hook, and Run, the picture of one run.
// It delegates: running to engine/run; protocols and screens to those above.
// The law: it observes. A run with the debugger attached is the run without
// it, unless a person changes a value, which the journal marks (rules D1, D3).
package debug

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"sync"
	"time"

	"github.com/authflow-studio/authflow/engine/run"
)

// Breakpoint stops a run before a block is entered.
type Breakpoint struct {
	Flow    string `json:"flow"`
	Block   string `json:"block"`
	Enabled bool   `json:"enabled"`
	// Verified is false while the block does not exist.
	Verified bool `json:"verified"`
}

// Run is what can be seen of one run.
type Run struct {
	ID         string         `json:"id"`
	Flow       string         `json:"flow"`
	Trigger    string         `json:"trigger"`
	Status     string         `json:"status"` // running, paused, waiting, succeeded, denied, failed, expired, stopped
	StartedAt  time.Time      `json:"started_at"`
	Stack      []Place        `json:"stack"` // innermost first
	Reason     string         `json:"reason,omitempty"`
	ReasonText string         `json:"reason_text,omitempty"`
	Path       []Step         `json:"path"`
	Values     map[string]any `json:"values"`
	Outcome    *Outcome       `json:"outcome,omitempty"`
	Error      *Failure       `json:"error,omitempty"`
}

// Place is a block in a flow.
type Place struct {
	Flow  string `json:"flow"`
	Block string `json:"block"`
}

// Step is one block that has run.
type Step struct {
	N       int            `json:"n"`
	Flow    string         `json:"flow"`
	Block   string         `json:"block"`
	Type    string         `json:"type"`
	Port    string         `json:"port"`
	At      time.Time      `json:"at"`
	MS      float64        `json:"ms"`
	Outputs map[string]any `json:"outputs"`
	Error   string         `json:"error,omitempty"`
	// Changed says that a person changed a value before this step.
	Changed bool `json:"changed,omitempty"`

	visit int
}

// Outcome is how a run ended.
type Outcome struct {
	Success   bool   `json:"success"`
	Reason    string `json:"reason"`
	Message   string `json:"message"`
	UserID    string `json:"user_id,omitempty"`
	SessionID string `json:"session_id,omitempty"`
}

// Failure is the error that ended a run.
type Failure struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Block   string `json:"block"`
	Line    int    `json:"line,omitempty"`
	Hint    string `json:"hint,omitempty"`
}

// maxRuns bounds how many ended runs can still be looked at.
const maxRuns = 200

// Debugger watches runs and stops them.
type Debugger struct {
	// Changed is told of each run at each stop, outside of all locks.
	Changed func(Run)
	// Clock is stopped while a run is paused (rule D4); nil leaves it alone.
	Clock interface {
		Freeze()
		Thaw()
	}

	mu          sync.Mutex
	breakpoints []Breakpoint
	runs        map[string]*watched
	order       []string
	paused      int
	closed      bool
}

// watched is a run as the debugger holds it; the debugger's lock guards it.
type watched struct {
	view  Run
	state run.State
	// resume is closed to let a paused run go on; nil while it is not paused.
	resume chan struct{}
	// stepping stops before the next block, pausing at the next chance.
	stepping, pausing, stopping bool
	// edited is the state that a person changed while it is paused.
	edited      *run.State
	markChanged bool
}

// New makes a debugger.
func New() *Debugger { return &Debugger{runs: map[string]*watched{}} }

var _ run.Hook = (*Debugger)(nil)

// Before stops the run where a breakpoint, a step or a person asks for it.
func (d *Debugger) Before(ctx context.Context, m *run.Moment) (*run.Order, error) {
	s, resumed := &m.State, m.Resumed
	d.mu.Lock()
	w := d.watch(s)
	w.state = *s
	w.view.Status, w.view.Reason, w.view.ReasonText = "running", "", ""
	d.picture(w)
	reason, text := d.why(w, s, resumed)
	if w.stopping {
		d.mu.Unlock()
		return nil, run.ErrStopped
	}
	if reason == "" || d.closed {
		d.mu.Unlock()
		return nil, nil
	}
	resume := d.pause(w, reason, text)
	view := w.copy()
	d.mu.Unlock()
	d.tell(view)

	select {
	case <-resume:
	case <-ctx.Done():
	}
	return d.resumed(w)
}

// why answers the reason to stop here, "" for none.
func (d *Debugger) why(w *watched, s *run.State, resumed bool) (reason, text string) {
	top := s.Top()
	switch {
	case w.pausing:
		return "pause", "Paused."
	case w.stepping && !resumed:
		return "step", fmt.Sprintf("Stepped to %s.", top.Block)
	case !resumed && slices.ContainsFunc(d.breakpoints, func(b Breakpoint) bool { return b.Enabled && b.Flow == top.Flow && b.Block == top.Block }):
		return "breakpoint", fmt.Sprintf("Stopped at the breakpoint on %s.", top.Block)
	}
	return "", ""
}

// pause needs the lock.
func (d *Debugger) pause(w *watched, reason, text string) chan struct{} {
	w.view.Status, w.view.Reason, w.view.ReasonText = "paused", reason, text
	w.resume, w.stepping, w.pausing = make(chan struct{}), false, false
	if d.paused++; d.paused == 1 && d.Clock != nil {
		d.Clock.Freeze()
	}
	return w.resume
}

// resumed takes a run out of its pause.
func (d *Debugger) resumed(w *watched) (*run.Order, error) {
	d.mu.Lock()
	if d.paused--; d.paused == 0 && d.Clock != nil {
		d.Clock.Thaw()
	}
	w.resume = nil
	w.view.Status, w.view.Reason, w.view.ReasonText = "running", "", ""
	edited := w.edited
	w.edited = nil
	w.markChanged = edited != nil
	stopping := w.stopping
	view := w.copy()
	d.mu.Unlock()
	d.tell(view)
	if stopping {
		return nil, run.ErrStopped
	}
	if edited == nil {
		return nil, nil
	}
	return &run.Order{State: edited}, nil
}

// After takes down what a block did.
func (d *Debugger) After(_ context.Context, s *run.State, step run.Step) (*run.Order, error) {
	d.mu.Lock()
	w := d.watch(s)
	w.state = *s
	d.takeDown(w, s, step)
	ended := s.Status == run.Ended
	if ended {
		w.view.Outcome = &Outcome{Success: s.End.Success, Reason: s.End.Reason, Message: s.End.Message, UserID: s.End.UserID, SessionID: s.End.SessionID}
		if f := s.Failure; f != nil {
			w.view.Error = &Failure{Code: f.Code, Message: f.Message, Block: f.Block, Line: f.Line, Hint: f.Hint}
		}
	}
	w.view.Status = s.Outcome()
	d.picture(w)
	view := w.copy()
	d.mu.Unlock()
	if step.Waits || ended {
		d.tell(view)
	}
	return nil, nil
}

// takeDown adds a step to the path. A stretch that was begun again, because the
// store refused its commit, replaces what was taken down of it; a block that
// waited and was resumed is one step.
func (d *Debugger) takeDown(w *watched, s *run.State, step run.Step) {
	if step.Type == "" {
		return // the run was ended from outside
	}
	if step.N == 1 {
		w.view.Path = slices.DeleteFunc(w.view.Path, func(p Step) bool { return p.visit >= s.Visit })
	}
	n := Step{N: len(w.view.Path) + 1, Flow: step.Flow, Block: step.Block, Type: step.Type, Port: step.Port, At: step.At,
		MS: float64(step.Elapsed.Microseconds()) / 1000, Outputs: step.Outputs, Changed: w.markChanged, visit: s.Visit}
	if n.Outputs == nil {
		n.Outputs = map[string]any{}
	}
	if step.Error != nil {
		n.Error = step.Error.Error()
	}
	w.markChanged = false
	if last := len(w.view.Path) - 1; last >= 0 && w.view.Path[last].Port == "" && w.view.Path[last].Block == n.Block && w.view.Path[last].Flow == n.Flow {
		n.N, n.At = w.view.Path[last].N, w.view.Path[last].At
		w.view.Path[last] = n
		return
	}
	w.view.Path = append(w.view.Path, n)
}

// watch answers what is held of a run, and begins to hold it. It needs the lock.
func (d *Debugger) watch(s *run.State) *watched {
	if w := d.runs[s.ID]; w != nil {
		return w
	}
	w := &watched{view: Run{ID: s.ID, Flow: s.Frames[0].Flow, Trigger: s.Trigger, StartedAt: time.UnixMilli(s.StartedAt).UTC(), Path: []Step{}}}
	d.runs[s.ID] = w
	d.order = append(d.order, s.ID)
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

// picture renews stack and values. It needs the lock.
func (d *Debugger) picture(w *watched) {
	s := &w.state
	if w.edited != nil {
		s = w.edited
	}
	w.view.Stack = w.view.Stack[:0:0]
	for i := len(s.Frames) - 1; i >= 0; i-- {
		w.view.Stack = append(w.view.Stack, Place{Flow: s.Frames[i].Flow, Block: s.Frames[i].Block})
	}
	v := s.View()
	w.view.Values = map[string]any{"event": v.Event, "step": v.Step, "input": v.Input, "claims": v.Claims}
}

// copy answers a picture that nobody changes. It needs the lock.
func (w *watched) copy() Run {
	v := w.view
	v.Path = slices.Clone(v.Path)
	return v
}

func (d *Debugger) tell(r Run) {
	if d.Changed != nil {
		d.Changed(r)
	}
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

// Breakpoints answers all breakpoints.
func (d *Debugger) Breakpoints() []Breakpoint {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.breakpoints)
}

// SetBreakpoints replaces all breakpoints.
func (d *Debugger) SetBreakpoints(bs []Breakpoint) {
	bs = slices.Clone(bs)
	sort.Slice(bs, func(i, j int) bool {
		if bs[i].Flow != bs[j].Flow {
			return bs[i].Flow < bs[j].Flow
		}
		return bs[i].Block < bs[j].Block
	})
	d.mu.Lock()
	defer d.mu.Unlock()
	d.breakpoints = bs
}
