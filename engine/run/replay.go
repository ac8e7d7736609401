package run

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/authflow-studio/authflow/engine/block"
)

// DivergedError says at which entry a replay did something else than was
// recorded: the flow is another, or a block is not deterministic.
type DivergedError struct {
	N        int
	Recorded string
	Replayed string
}

func (e *DivergedError) Error() string {
	return fmt.Sprintf("replay: entry %d was %s, and is now %s", e.N, e.Recorded, e.Replayed)
}

// replayedSecret stands for a secret that was sent. No effect is performed in a
// replay, so nobody compares it with anything.
const replayedSecret = "[redacted]"

// start is what the first entry of a journal says.
type start struct {
	RunID     string         `json:"run_id"`
	Flow      string         `json:"flow"`
	Trigger   string         `json:"trigger"`
	Block     string         `json:"block"`
	Event     map[string]any `json:"event"`
	Input     map[string]any `json:"input"`
	Project   string         `json:"project"`
	StartedAt int64          `json:"started_at"`
	Deadline  int64          `json:"deadline"`
}

func startData(s *State) map[string]any {
	f := s.Frames[0]
	return map[string]any{"run_id": s.ID, "flow": f.Flow, "trigger": s.Trigger, "block": f.Block, "event": s.Event, "input": f.Input,
		"project": s.Project, "started_at": s.StartedAt, "deadline": s.Deadline}
}

type submit struct {
	Fields  map[string]any `json:"fields"`
	Button  string         `json:"button"`
	Abort   bool           `json:"abort"`
	Secrets []string       `json:"secrets"`
}

// Replay runs a journal again on the machine's project, performing no effect:
// the same flow and journal give the same run (rule X4). It answers the state at
// the end of the journal; a run that does something else than was recorded is a
// DivergedError, with the state where it did.
func Replay(ctx context.Context, m *Machine, scripts block.Scripts, journal []Entry) (*State, error) {
	if len(journal) == 0 || journal[0].Kind != KindStart {
		return nil, fmt.Errorf("replay: this is no journal of a run: it does not begin with its start")
	}
	var begun start
	if err := reread(journal[0].Data, &begun); err != nil {
		return nil, err
	}
	s := &State{Format: StateFormat, ID: begun.RunID, Trigger: begun.Trigger, Status: Running, Project: begun.Project, Event: begun.Event,
		Frames: []Frame{{Flow: begun.Flow, Block: begun.Block, Input: begun.Input}}, StartedAt: begun.StartedAt, Deadline: begun.Deadline}
	j := &Journal{state: s, recorded: journal, versions: m.Versions}
	if slices.ContainsFunc(journal, func(e Entry) bool { return e.Kind == KindBack }) {
		j.moments = map[int]*Moment{}
	}
	j.add(Entry{Kind: KindStart, Data: startData(s)})
	env := &block.Env{Project: m.Project, Scripts: scripts}
	m.Advance(ctx, s, nil, env, j)
	for s.Status == Waiting && j.diverged == nil {
		next := j.next()
		if next == nil || next.Kind != KindSubmit {
			break // the journal ends while the run waits
		}
		in, err := resubmit(next)
		if err != nil {
			return s, err
		}
		m.Advance(ctx, s, in, env, j)
	}
	if j.diverged != nil {
		return s, j.diverged
	}
	return s, nil
}

func resubmit(e *Entry) (*Input, error) {
	var sent submit
	if err := reread(e.Data, &sent); err != nil {
		return nil, err
	}
	in := &Input{Fields: sent.Fields, Button: sent.Button, Abort: sent.Abort, Vault: map[string]string{}}
	for _, name := range sent.Secrets {
		in.Vault[name] = replayedSecret
	}
	return in, nil
}

// reread reads the data of an entry into its type.
func reread(data map[string]any, into any) error {
	text, err := json.Marshal(data)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		return fmt.Errorf("replay: the journal cannot be read: %w", err)
	}
	return nil
}

// next answers the recorded entry that comes next, nil at the end and in a live
// run.
func (j *Journal) next() *Entry {
	if len(j.entries) >= len(j.recorded) {
		return nil
	}
	return &j.recorded[len(j.entries)]
}

// answer gives the recorded result of an effect.
func (j *Journal) answer(kind string, request jsontext.Value) (jsontext.Value, error) {
	next := j.next()
	want := describe(Entry{Kind: KindEffect, Effect: kind, Request: request})
	if next == nil || describe(*next) != want {
		j.diverge(next, want)
		return nil, block.Fail(block.DivergedCode, "the replay asked for %s, which was not recorded here", want)
	}
	if next.Error != nil {
		return nil, next.Error
	}
	if len(next.Result) == 0 {
		return jsontext.Value("null"), nil // an empty result is not written down
	}
	return next.Result, nil
}

// compare holds an entry of a replay against the recorded one.
func (j *Journal) compare(e Entry) {
	if j.recorded == nil || j.diverged != nil {
		return
	}
	var recorded *Entry
	if n := len(j.entries); n <= len(j.recorded) {
		recorded = &j.recorded[n-1]
	}
	if recorded == nil || describe(*recorded) != describe(e) {
		j.diverge(recorded, describe(e))
	}
}

func (j *Journal) diverge(recorded *Entry, replayed string) {
	if j.diverged != nil {
		return
	}
	j.diverged = &DivergedError{N: len(j.entries), Recorded: "the end of the journal", Replayed: replayed}
	if recorded != nil {
		j.diverged.N, j.diverged.Recorded = recorded.N, describe(*recorded)
	}
}

// describe says what an entry is, without its result and time.
func describe(e Entry) string {
	var b bytes.Buffer
	b.WriteString(e.Kind)
	for _, part := range []string{e.Block, e.Effect, e.Port} {
		if part != "" && (e.Kind != KindEffect || part == e.Effect) {
			b.WriteString(" " + part)
		}
	}
	if r := e.Request; len(r) > 0 && string(r) != "null" {
		c := r.Clone()
		if c.Canonicalize() == nil {
			b.WriteString(" " + string(c))
		}
	}
	return b.String()
}
