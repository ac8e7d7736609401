package run

import (
	"errors"
	"slices"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/world"
)

// Kinds of journal entries.
const (
	KindStart  = "start"
	KindEnter  = "enter"
	KindEffect = "effect"
	KindLeave  = "leave"
	KindWait   = "wait"
	KindSubmit = "submit"
	KindEnd    = "end"
)

// Entry is one line of a run's journal (rule X4).
type Entry struct {
	N       int            `json:"n"`
	Kind    string         `json:"kind"`
	At      int64          `json:"at"` // ms since 1970
	Flow    string         `json:"flow,omitempty"`
	Block   string         `json:"block,omitempty"`
	Port    string         `json:"port,omitempty"`
	Effect  string         `json:"effect,omitempty"`
	Request jsontext.Value `json:"request,omitempty"`
	Result  jsontext.Value `json:"result,omitempty"`
	Error   *block.Error   `json:"error,omitempty"`
	Outputs map[string]any `json:"outputs,omitempty"`
	Data    map[string]any `json:"data,omitempty"`
}

// Journal records a run between two stops, or replays what was recorded.
type Journal struct {
	clock   world.Clock
	state   *State
	entries []Entry
	// recorded is what is replayed; nil when the run is live.
	recorded []Entry
	diverged *DivergedError
	// moments are those that a replay can be taken back to, by how many entries
	// there were; nil when the recorded run was never taken back.
	moments  map[int]*Moment
	versions func(digest string) *flow.Project
}

// NewJournal begins recording at the state's next entry.
func NewJournal(clock world.Clock, s *State) *Journal { return &Journal{clock: clock, state: s} }

var _ block.Recorder = (*Journal)(nil)

// Entries answers what was recorded.
func (j *Journal) Entries() []Entry { return j.entries }

func (j *Journal) add(e Entry) {
	j.state.Journal++
	e.N, e.At = j.state.Journal, j.now().UnixMilli()
	top := j.state.Top()
	e.Flow, e.Block = top.Flow, top.Block
	j.entries = append(j.entries, e)
	j.compare(e)
}

// now answers the time of the next entry.
func (j *Journal) now() time.Time {
	if next := j.next(); next != nil {
		return time.UnixMilli(next.At).UTC()
	}
	if j.recorded != nil {
		return time.Time{}
	}
	return j.clock.Now()
}

// Effect performs an effect and writes down what it answered; in a replay it
// answers what was written down, and nothing is performed.
func (j *Journal) Effect(kind string, request jsontext.Value, do func() (jsontext.Value, error)) (jsontext.Value, error) {
	var res jsontext.Value
	var err error
	if j.recorded != nil {
		res, err = j.answer(kind, request)
	} else {
		res, err = do()
	}
	e := Entry{Kind: KindEffect, Effect: kind, Result: res}
	if string(request) != "null" {
		e.Request = request
	}
	if err != nil {
		var known *block.Error
		if !errors.As(err, &known) {
			known = block.Fail("effect_failed", "%s: %w", kind, err)
		}
		e.Error = known
		err = known
	}
	j.add(e)
	return res, err
}

// wentBack reports whether the run was taken back in this stretch.
func (j *Journal) wentBack() bool {
	return slices.ContainsFunc(j.entries, func(e Entry) bool { return e.Kind == KindBack })
}
