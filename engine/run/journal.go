package run

import (
	"errors"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/authflow-studio/authflow/engine/block"
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
	KindChange = "change" // by a person in the debugger (rule D3)
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

// Journal records a run between two stops.
type Journal struct {
	clock   world.Clock
	state   *State
	entries []Entry
}

// NewJournal begins recording at the state's next entry.
func NewJournal(clock world.Clock, s *State) *Journal { return &Journal{clock: clock, state: s} }

var _ block.Recorder = (*Journal)(nil)

// Entries answers what was recorded.
func (j *Journal) Entries() []Entry { return j.entries }

func (j *Journal) add(e Entry) {
	j.state.Journal++
	e.N, e.At = j.state.Journal, j.clock.Now().UnixMilli()
	top := j.state.Top()
	e.Flow, e.Block = top.Flow, top.Block
	j.entries = append(j.entries, e)
}

// Effect performs an effect and writes down what it answered.
func (j *Journal) Effect(kind string, request jsontext.Value, do func() (jsontext.Value, error)) (jsontext.Value, error) {
	res, err := do()
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
