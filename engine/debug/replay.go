package debug

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
)

// This file replays recorded runs under the debugger (rule D7): with its
// breakpoints, step by step, back and forth. Nothing is performed.

// Recorded is a run that was recorded, with what it takes to run it again.
type Recorded struct {
	Journal   []run.Entry
	Project   *flow.Project
	Versions  func(digest string) *flow.Project // further versions; nil for none
	Catalogue *block.Catalogue
	Scripts   block.Scripts
}

type replay struct {
	Recorded
	scripts block.Scripts
}

// Replay replays a recorded run, which stops before its first block, and answers
// the id by which it is known here.
func (d *Debugger) Replay(r Recorded) (id string, err error) {
	if len(r.Journal) == 0 || r.Journal[0].Kind != run.KindStart {
		return "", fmt.Errorf("debug: this is no journal of a run: it does not begin with its start")
	}
	original, _ := r.Journal[0].Data["run_id"].(string)
	slug, _ := r.Journal[0].Data["flow"].(string)
	trigger, _ := r.Journal[0].Data["trigger"].(string)
	d.mu.Lock()
	d.lastID++
	id = fmt.Sprintf("%s~%d", original, d.lastID)
	w := newWatched(&run.State{ID: id, Trigger: trigger, StartedAt: r.Journal[0].At, Frames: []run.Frame{{Flow: slug}}})
	w.replay, w.view.Replay, w.pausing = &replay{Recorded: r}, true, true
	if r.Scripts != nil {
		w.replay.scripts = d.Scripts(r.Scripts)
	}
	d.keep(w)
	d.mu.Unlock()
	go d.replayAgain(w)
	return id, nil
}

// replayAgain runs the journal, from its beginning.
func (d *Debugger) replayAgain(w *watched) {
	r := w.replay
	m := &run.Machine{Catalogue: r.Catalogue, Project: r.Project, Versions: r.Versions, Hook: d, Alias: w.view.ID, Budgets: r.Project.Settings.WithDefaults().Budgets}
	_, err := run.Replay(context.Background(), m, r.scripts, r.Journal)
	d.mu.Lock()
	if err != nil {
		w.view.Error = leftTheRecording(err, r.Journal)
	}
	view := w.copy()
	d.mu.Unlock()
	d.tell(Event{Run: &view})
}

// leftTheRecording says where a replay went another way than the run that was
// recorded.
func leftTheRecording(err error, journal []run.Entry) *Failure {
	f := &Failure{Code: "diverged", Message: err.Error(), Hint: "The flow was changed since it was recorded, or the recording is of another project."}
	var d *run.DivergedError
	if !errors.As(err, &d) {
		return f
	}
	f.Message = fmt.Sprintf("The flow leaves the recording at entry %d of its journal: then it was %q, now it is %q.", d.N, d.Recorded, d.Replayed)
	if i := slices.IndexFunc(journal, func(e run.Entry) bool { return e.N == d.N }); i >= 0 {
		f.Block = journal[i].Block
	}
	return f
}
