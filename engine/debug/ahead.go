package debug

import "github.com/authflow-studio/authflow/engine/run"

// PauseHere pauses a run at the block that it has come to, also one that nobody
// has seen before: for whoever knows that something is about to go wrong.
func (d *Debugger) PauseHere(s *run.State) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.watch(s).pausing = true
}
