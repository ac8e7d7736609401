package debug

import (
	"maps"
	"slices"
	"time"

	"github.com/authflow-studio/authflow/engine/run"
)

// Run is what can be seen of one run.
type Run struct {
	ID        string    `json:"id"`
	Flow      string    `json:"flow"`
	Trigger   string    `json:"trigger"`
	Status    string    `json:"status"` // running, paused, waiting, succeeded, denied, failed, expired, stopped
	StartedAt time.Time `json:"started_at"`
	Stack     []Place   `json:"stack"` // innermost first
	// Replay says that nothing is performed: what was recorded happens again.
	Replay     bool   `json:"replay,omitempty"`
	Reason     string `json:"reason,omitempty"`
	ReasonText string `json:"reason_text,omitempty"`
	// Breakpoint that the run stopped at.
	Breakpoint int `json:"breakpoint,omitempty"`
	// Moment is where the run stands; see Debugger.Look.
	Moment int    `json:"moment"`
	Path   []Step `json:"path"`
	// Left are the stretches that the run was taken back from.
	Left    [][]Step       `json:"left,omitempty"`
	Values  map[string]any `json:"values"`
	Outcome *Outcome       `json:"outcome,omitempty"`
	Error   *Failure       `json:"error,omitempty"`
}

// Place is a block in a flow, or a line of an Action that the block runs.
type Place struct {
	Flow  string `json:"flow"`
	Block string `json:"block"`
	// Function, File, Line and Column are those of an Action.
	Function string `json:"function,omitempty"`
	File     string `json:"file,omitempty"`
	Line     int    `json:"line,omitempty"`
	Column   int    `json:"column,omitempty"`
	// Unreadable says why the variables of a function cannot be seen.
	Unreadable string `json:"unreadable,omitempty"`
}

// Step is one block that has run.
type Step struct {
	N int `json:"n"`
	// Moment is the one before it.
	Moment  int            `json:"moment"`
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
	// Forced says that the block did not run: a person chose its port.
	Forced bool `json:"forced,omitempty"`

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

// watched is a run as the debugger holds it; the debugger's lock guards it.
type watched struct {
	view  Run
	state run.State
	// moments are those that can be looked at, by their number.
	moments map[int]*run.Moment
	oldest  int
	numbers int
	// resume is closed to let a paused run go on; nil while it is not paused.
	resume chan struct{}
	step   stepping
	// pausing stops at the next chance, stopping ends the run there.
	pausing, stopping bool
	// pending is why to stop before the next block.
	pending *stop
	// order is what a person wants of the paused run.
	order *run.Order
	// breakOff takes the run back as soon as the block that runs lets go.
	breakOff *run.Order
	// arriving says why to stop at the moment that the run is taken back to.
	arriving    *stop
	markChanged bool
	hits        map[int]int // by breakpoint
	action      *actionStop
	// edited says that variables of the Action that runs were changed.
	edited bool
	// backing says that the Action goes back to a line.
	backing bool
	// replay is what is replayed; nil for a live run. It stops nowhere before its
	// journal has until entries.
	replay *replay
	until  int
}

func newWatched(s *run.State) *watched {
	return &watched{view: Run{ID: s.ID, Flow: s.Frames[0].Flow, Trigger: s.Trigger, StartedAt: time.UnixMilli(s.StartedAt).UTC(), Path: []Step{}},
		state: *s, moments: map[int]*run.Moment{}, oldest: 1, hits: map[int]int{}}
}

// arrive takes down where a run stands. A run that was taken back stands at a
// moment that is known.
func (w *watched) arrive(m *run.Moment, limit int) {
	w.state = m.State
	w.view.Status, w.view.Reason, w.view.ReasonText = "running", "", ""
	w.view.Outcome, w.view.Error = nil, nil
	w.numbers++
	w.view.Moment = w.numbers
	w.moments[w.numbers] = m
	for len(w.moments) > limit {
		delete(w.moments, w.oldest)
		w.oldest++
	}
}

// takeDown adds a step to the path. A stretch that was begun again, because the
// store refused its commit, replaces what was taken down of it; a block that
// waited and was resumed is one step.
func (w *watched) takeDown(s *run.State, step run.Step) {
	if step.Type == "" {
		return // the run was ended from outside
	}
	if step.N == 1 {
		w.view.Path = slices.DeleteFunc(w.view.Path, func(p Step) bool { return p.visit >= s.Visit })
	}
	n := Step{N: len(w.view.Path) + 1, Moment: w.view.Moment, Flow: step.Flow, Block: step.Block, Type: step.Type, Port: step.Port, At: step.At,
		MS: float64(step.Elapsed.Microseconds()) / 1000, Outputs: step.Outputs, Changed: w.markChanged, Forced: step.Forced, visit: s.Visit}
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

// stopped is the end of a run that a person has stopped: nobody else tells of it.
func (w *watched) stopped() {
	if w.state.Status != run.Ended {
		w.view.Status, w.view.Outcome = "stopped", &Outcome{Reason: "stopped"}
	}
}

func (w *watched) ended(s *run.State) {
	w.view.Outcome = &Outcome{Success: s.End.Success, Reason: s.End.Reason, Message: s.End.Message, UserID: s.End.UserID, SessionID: s.End.SessionID}
	if f := s.Failure; f != nil {
		w.view.Error = &Failure{Code: f.Code, Message: f.Message, Block: f.Block, Line: f.Line, Hint: f.Hint}
	}
}

// copy answers a picture that nobody changes. It needs the lock.
func (w *watched) copy() Run {
	v := w.view
	v.Path, v.Left = slices.Clone(v.Path), slices.Clone(v.Left)
	s := w.shown()
	v.Stack = stackOf(s)
	if w.action != nil {
		v.Stack = append(w.action.places(v.Stack[0]), v.Stack...)
	}
	v.Values = valuesOf(s, len(s.Frames)-1)
	return v
}

// shown is the state that a person sees: with what they have changed.
func (w *watched) shown() *run.State {
	if w.order != nil && w.order.State != nil {
		return w.order.State
	}
	return &w.state
}

func stackOf(s *run.State) []Place {
	out := make([]Place, 0, len(s.Frames))
	for i := len(s.Frames) - 1; i >= 0; i-- {
		out = append(out, Place{Flow: s.Frames[i].Flow, Block: s.Frames[i].Block})
	}
	return out
}

// valuesOf answers what a frame sees; frame 0 is the outermost.
func valuesOf(s *run.State, frame int) map[string]any {
	of := *s
	if frame >= 0 && frame < len(s.Frames) {
		of.Frames = s.Frames[:frame+1]
	}
	v := of.View()
	values := map[string]any{"event": v.Event, "step": v.Step, "input": v.Input, "claims": v.Claims, "flow": v.Flow}
	return maps.Clone(values)
}

// release lets a paused run go on. It needs the lock.
func (w *watched) release() {
	if w.resume != nil {
		close(w.resume)
		w.resume = nil
	}
}
