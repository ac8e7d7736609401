package debug

import (
	"fmt"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
)

// PauseHere pauses a run at the block that it has come to, also one that nobody
// has seen before: for whoever knows that something is about to go wrong.
func (d *Debugger) PauseHere(s *run.State) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.watch(s).pausing = true
}

// NextTo stops the next run that begins with a flow before a block of it, once;
// an empty block takes that back.
func (d *Debugger) NextTo(p *flow.Project, slug, block string) error {
	if f := p.Flows[slug]; block != "" && (f == nil || f.Blocks[block] == nil) {
		return fmt.Errorf("debug: the flow %q has no block %q", slug, block)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.next = Place{Flow: slug, Block: block}
	return nil
}

// ahead gives a run that begins the way that was asked for. It needs the lock.
func (d *Debugger) ahead(w *watched) {
	if d.next.Block != "" && d.next.Flow == w.view.Flow {
		w.step, d.next = stepping{kind: "to", to: d.next}, Place{}
	}
}
