package run

import (
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/world"
)

// This file is how those who look on take a hand in a run: the moment before
// each block, and the orders that can be given there (rule D3).

// Kinds of journal entries that a person in the debugger has caused.
const (
	// KindChange: values were changed.
	KindChange = "change"
	// KindForce: a block was not run; it left by the port that was chosen.
	KindForce = "force"
	// KindBack: the run was taken back to before the entry after Data.to. What
	// stands between was the run once, and is so no more.
	KindBack = "back"
)

// Moment is where a run stands before a block. It shares its structure with the
// run, so that keeping one costs little; a run can be taken back to it.
type Moment struct {
	State State
	// Type of the block that is to run.
	Type string
	// Resumed says that the block ran before, and waited for what has come now.
	Resumed bool
	// Entries are what the journal of this stretch of the run holds so far.
	Entries []Entry
	// Project is the version that the run is on.
	Project *flow.Project

	n     int
	in    *Input
	vault map[string]string
	// replayed counts the entries of a replay so far.
	replay   bool
	replayed int
	world    any // what past wants to find again
}

// Replayed reports whether this is a replay: nothing is performed, and nothing
// can be changed.
func (m *Moment) Replayed() bool { return m.replay }

// Returnable reports whether the run can be taken back here.
func (m *Moment) Returnable() bool { return m.world != nil || m.replay }

// Order is what a Hook wants of a run. With Back nothing but Project counts;
// values are taken before the way out.
type Order struct {
	// State takes the place of the run's values.
	State *State
	// Leave does not run the block: it leaves by a port.
	Leave *Leave
	// Back takes the run, and the world with it, to a moment of its past.
	Back *Moment
	// Project is the version that the run goes on with from there; nil leaves it
	// on its own (rule X8).
	Project *flow.Project
}

// Leave is a way out of a block, as if it had run.
type Leave struct {
	Port    string         `json:"port"`
	Outputs map[string]any `json:"outputs,omitempty"`
}

// past is the world around a run, as far as it can be taken back.
type past interface {
	// mark answers what the world is like now.
	mark() any
	// back makes it so again, and readies the unit of work; project is the
	// version that the run goes on with.
	back(s *State, m *Moment, project *flow.Project) error
}

func (a *advance) moment(b *flow.Block) *Moment {
	m := &Moment{State: *a.s, Type: b.Type, Resumed: a.in != nil || a.s.Returned != nil, Entries: slices.Clip(a.journal.entries),
		n: a.n, in: a.in, vault: a.vault, replay: a.journal.recorded != nil, replayed: len(a.journal.entries), Project: a.Project}
	m.State.ID = a.Alias
	if a.past != nil {
		m.world = a.past.mark()
	}
	return m
}

// before lets the hook look; it answers whether the block is to be run.
func (a *advance) before(b *flow.Block) bool {
	if a.journal.recorded != nil {
		a.journal.remember(a, b)
		if o := a.journal.order(a.s); o != nil {
			return a.obey(o) && a.before(b)
		}
	}
	if a.Hook == nil {
		return true
	}
	a.budget.Pause()
	order, err := a.Hook.Before(a.budget.Context(), a.moment(b))
	a.budget.Resume()
	if err != nil {
		a.stopped(err)
		return false
	}
	return order == nil || a.obey(order)
}

func (a *advance) stopped(err error) {
	code := failStopped
	if !errors.Is(err, ErrStopped) {
		code = "hook"
	}
	a.fail(block.Fail(code, "%w", err))
}

// broken reports whether the block was broken off by an order.
func (a *advance) broken() bool {
	if o := a.journal.back(); o != nil {
		return !a.obey(o)
	}
	if breaker, ok := a.Hook.(Breaker); ok {
		seen := *a.s
		seen.ID = a.Alias
		switch o, err := breaker.Broken(&seen); {
		case err != nil:
			a.stopped(err)
			return true
		case o != nil && o.Back != nil:
			return !a.obey(o)
		}
	}
	return false
}

// after tells the hook what a block did.
func (a *advance) after(step Step) {
	if o := a.journal.back(); o != nil {
		a.obey(o)
		return
	}
	if a.Hook == nil {
		return
	}
	a.budget.Pause()
	seen := *a.s
	seen.ID = a.Alias
	order, err := a.Hook.After(a.ctx, &seen, step)
	a.budget.Resume()
	switch {
	case err != nil && a.s.Status != Ended:
		a.stopped(err)
	case order != nil && order.Back != nil:
		a.obey(order)
	}
}

// obey carries an order out, and answers whether the block is still to be run.
func (a *advance) obey(o *Order) bool {
	if o.Back != nil {
		a.back(o.Back, o.Project)
		return false
	}
	if o.State != nil {
		a.change(o.State)
	}
	if o.Leave != nil {
		a.force(*o.Leave)
		return false
	}
	return true
}

func (a *advance) change(to *State) {
	id, journal, project := a.s.ID, a.s.Journal, a.s.Project
	*a.s = *to
	a.s.ID, a.s.Journal, a.s.Project = id, journal, project
	top := to.Top()
	a.journal.add(Entry{Kind: KindChange, Data: map[string]any{"event": to.Event, "steps": top.Steps, "input": top.Input, "claims": to.Claims}})
}

// force leaves a block that did not run.
func (a *advance) force(l Leave) {
	top := *a.s.Top()
	b, problem := a.find(top)
	if problem != nil {
		a.fail(problem)
		return
	}
	a.in, a.s.Returned = nil, nil
	step := Step{N: a.n, Flow: top.Flow, Block: top.Block, Type: b.Type, At: a.journal.now(), Forced: true}
	a.journal.add(Entry{Kind: KindForce, Port: l.Port, Outputs: l.Outputs})
	a.leave(b, block.Result{Port: l.Port, Outputs: l.Outputs}, &step)
	a.after(step)
}

// back takes the run to a moment of its past, and the world with it.
func (a *advance) back(m *Moment, project *flow.Project) {
	if project == nil {
		project = m.Project
	}
	replaying := a.journal.recorded != nil
	if err := a.worldBack(m, project); err != nil {
		a.fail(block.Fail("no_way_back", "the world could not be taken back: %w", err).Hinted("start a new run"))
		return
	}
	id, journal, visit, key := a.s.ID, a.s.Journal, a.s.Visit, a.s.Key
	*a.s = m.State
	// A page that was answered once must not be answered again with its old
	// ticket (rule X7).
	a.s.ID, a.s.Journal, a.s.Visit, a.s.Key, a.s.Project = id, journal, max(visit, m.State.Visit), key, project.Digest
	a.Project, a.env.Project = project, project
	a.in, a.vault = m.in.clone(), maps.Clone(m.vault)
	a.n = m.n - 1
	a.budget.Stop()
	a.budget = world.NewBudget(a.ctx, time.Duration(a.Budgets.Run))
	if replaying && a.journal.back() == nil {
		a.journal.rewind(m)
		a.s.Journal, a.s.Visit = m.State.Journal, m.State.Visit
		return
	}
	a.journal.add(Entry{Kind: KindBack, Data: map[string]any{"to": m.State.Journal, "project": project.Digest}})
}

func (a *advance) worldBack(m *Moment, project *flow.Project) error {
	if a.journal.recorded != nil {
		return nil // nothing was performed
	}
	if a.past == nil {
		return errors.New("this engine keeps no past of its runs")
	}
	return a.past.back(a.s, m, project)
}
