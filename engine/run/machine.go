package run

import (
	"context"
	"errors"
	"sort"
	"time"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/world"
)

// Hook sees a run before and after each block; it is how the debugger, the
// coverage and the recorder look on. A nil Hook costs nothing. Each method may
// hold the run as long as it likes: budgets do not run meanwhile (rule D4). Each
// may answer an order, or an error that ends the run; nil, nil goes on.
type Hook interface {
	// Before is called before a block runs.
	Before(ctx context.Context, m *Moment) (*Order, error)
	// After is called when a block has left, waits, or ended the run. The
	// state is the one after it; of an order only going back is carried out.
	After(ctx context.Context, s *State, step Step) (*Order, error)
}

// Breaker is a Hook that can break a block off while it runs, by making what
// the block calls fail. Broken is called when a block has run and nothing of it
// has been taken over: an order throws all of it away, an error ends the run.
type Breaker interface {
	Broken(s *State) (*Order, error)
}

// Step is one execution of a block, for those who look on.
type Step struct {
	N       int // counts the steps of the run's present stretch
	Flow    string
	Block   string
	Type    string
	Port    string
	At      time.Time
	Elapsed time.Duration
	Outputs map[string]any
	Error   *block.Error
	Waits   bool
	Ended   bool
	// Forced says that the block did not run: a person has chosen its port.
	Forced bool
}

// ErrStopped is answered by a Hook to end a run from outside.
var ErrStopped = errors.New("run: stopped")

// Machine advances runs of one project.
type Machine struct {
	Catalogue *block.Catalogue
	Project   *flow.Project
	Hook      Hook
	Budgets   flow.Budgets

	// Versions answers a version of the project by its digest, for a replay of a
	// run that was taken over to another one; nil for none.
	Versions func(digest string) *flow.Project

	// Alias is the id by which the hook knows the run; empty: its own. Two replays
	// of one run are told apart by it.
	Alias string

	// past takes the world back; nil where only the run itself can be.
	past past
}

// Input is what a person sent to a waiting run.
type Input struct {
	Fields map[string]any
	Button string
	// Abort cancels the flow that shows the page (rule C4).
	Abort bool
	// Vault holds the secret fields; they never enter the state.
	Vault map[string]string
}

// Advance moves a run until it waits or has ended (rule X1). It changes *s and
// writes effects to env.Store; nothing is committed here.
func (m *Machine) Advance(ctx context.Context, s *State, in *Input, env *block.Env, j *Journal) {
	a, done := m.begin(ctx, s, env, j)
	defer done()
	if in != nil {
		a.submit(in)
	}
	a.n = 1
	a.on()
}

func (m *Machine) begin(ctx context.Context, s *State, env *block.Env, j *Journal) (*advance, func()) {
	own := *m // an order may put it on another version of the project
	if own.Alias == "" {
		own.Alias = s.ID
	}
	ctx = context.WithValue(ctx, runKey{}, own.Alias)
	a := &advance{Machine: &own, ctx: ctx, s: s, env: env, journal: j, vault: map[string]string{}}
	a.budget = world.NewBudget(ctx, time.Duration(m.Budgets.Run))
	return a, func() { a.budget.Stop() }
}

func (a *advance) submit(in *Input) {
	a.vault = in.Vault
	page := a.s.Page
	a.s.Status, a.s.Page, a.s.Away, a.s.AwaySecrets = Running, nil, "", nil
	a.s.Visit++
	a.journal.add(Entry{Kind: KindSubmit, Data: in.journal()})
	if in.Abort {
		a.abort(page, in)
		return
	}
	a.in = in
}

// on runs blocks until the run waits or has ended.
func (a *advance) on() {
	for ; a.s.Status == Running; a.n++ {
		if a.n > a.Budgets.Blocks {
			a.fail(block.Fail("budget_blocks", "%d blocks ran without a pause", a.Budgets.Blocks).Hinted("look for a loop that never asks the person, or raise budgets.blocks"))
			break
		}
		a.block()
	}
}

type runKey struct{}

// IDFrom answers the run that a block's context belongs to, "" for none.
func IDFrom(ctx context.Context) string {
	id, _ := ctx.Value(runKey{}).(string)
	return id
}

func (in *Input) journal() map[string]any {
	data := map[string]any{}
	if len(in.Fields) > 0 {
		data["fields"] = in.Fields
	}
	if in.Button != "" {
		data["button"] = in.Button
	}
	if in.Abort {
		data["abort"] = true
	}
	// That a secret was sent is recorded; the secret is not (rule T3).
	sent := []string{}
	for name, v := range in.Vault {
		if v != "" {
			sent = append(sent, name)
		}
	}
	if sort.Strings(sent); len(sent) > 0 {
		data["secrets"] = sent
	}
	return data
}

// advance is one stretch of a run between two pauses.
type advance struct {
	*Machine
	ctx     context.Context
	s       *State
	env     *block.Env
	journal *Journal
	budget  *world.Budget
	n       int // counts the blocks
	// in is what the person sent, for the block that waited; vault its secrets.
	in    *Input
	vault map[string]string
}

// block runs one block.
func (a *advance) block() {
	top := *a.s.Top()
	b, problem := a.find(top)
	if !a.before(b) {
		return
	}
	if now := *a.s.Top(); now.Block != top.Block { // a person has moved it
		top = now
		b, problem = a.find(top)
	}
	if problem != nil {
		a.fail(problem)
		return
	}
	top = *a.s.Top()
	impl, _ := a.Catalogue.Block(b.Type)
	desc, _ := a.Catalogue.Descriptor(b.Type)
	desc = desc.In(a.Project, b.Config)
	in := a.in
	if in == nil && a.s.Returned == nil {
		a.journal.add(Entry{Kind: KindEnter})
	}
	call := a.call(top, b, desc, in)
	a.in, a.s.Returned = nil, nil
	started := a.journal.now()
	watch := world.NewStopwatch()
	res, err := a.runBlock(impl, call)
	if a.broken() {
		return
	}
	step := Step{N: a.n, Flow: top.Flow, Block: top.Block, Type: b.Type, At: started, Elapsed: watch.Elapsed()}
	a.finish(call, b, res, err, &step)
	a.after(step)
}

// find answers the block that is to be run.
func (a *advance) find(top Frame) (*flow.Block, *block.Error) {
	def := a.Project.Flows[top.Flow]
	if def == nil || def.Blocks[top.Block] == nil {
		return &flow.Block{}, block.Fail("no_block", "flow %q has no block %q", top.Flow, top.Block)
	}
	b := def.Blocks[top.Block]
	if _, ok := a.Catalogue.Block(b.Type); !ok {
		return b, block.Fail("unknown_block", "this engine has no block type %q", b.Type)
	}
	return b, nil
}

func (a *advance) call(top Frame, b *flow.Block, desc *block.Descriptor, in *Input) *block.Call {
	c := block.NewCall(a.budget.Context(), a.env, a.journal, top.Memory, a.vault)
	c.ID, c.FlowID, c.RunID, c.Block, c.Desc = top.Block, top.Flow, a.s.ID, b, desc
	c.View, c.Subject, c.Returned, c.Kept = a.s.View(), a.s.Subject, a.s.Returned, top.Kept[top.Block]
	if in != nil {
		c.Submit, c.Button = in.Fields, in.Button
		if c.Submit == nil {
			c.Submit = map[string]any{}
		}
	}
	return c
}

// runBlock fails closed when a block crashes.
func (a *advance) runBlock(impl block.Block, c *block.Call) (res block.Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = block.Fail("crash", "block %s crashed: %v", c.ID, p)
		}
	}()
	if err := a.fault(c); err != nil {
		return block.Result{}, err
	}
	return impl.Run(c)
}

// finish takes over what came of a block.
func (a *advance) finish(c *block.Call, b *flow.Block, res block.Result, err error, step *Step) {
	if over := a.budget.Exceeded(); over > 0 {
		err = block.Fail("budget_run", "the run's time budget of %v was over after %v", time.Duration(a.Budgets.Run), over.Round(time.Millisecond)).
			Hinted("make what happens between two pages shorter, or raise budgets.run")
		a.fail(err)
		step.Error, step.Ended = block.AsError(err), true
		return
	}
	if err != nil {
		a.failed(b, block.AsError(err), step)
		return
	}
	a.s.apply(c.Changes())
	a.s.applyKept(c.ID, c.Changes().Kept)
	switch {
	case res.Page != nil:
		err = a.wait(c, res.Page, "")
		step.Waits = err == nil
	case res.Away != "":
		err = a.wait(c, nil, res.Away)
		a.s.AwaySecrets = res.AwaySecrets
		step.Waits = err == nil
	case res.Flow != nil:
		err = a.enter(c, res.Flow)
	case res.End != nil:
		a.s.record(c.ID, res.Outputs)
		step.Outputs = res.Outputs
		a.finishFlow(*res.End)
		step.Ended = a.s.Status == Ended
	default:
		a.leave(b, res, step)
	}
	if err != nil {
		a.failed(b, block.AsError(err), step)
	}
}

// leave follows an edge.
func (a *advance) leave(b *flow.Block, res block.Result, step *Step) {
	id := a.s.Top().Block
	a.s.record(id, res.Outputs)
	a.journal.add(Entry{Kind: KindLeave, Port: res.Port, Outputs: res.Outputs})
	step.Port, step.Outputs = res.Port, res.Outputs
	next := b.Next[res.Port]
	if next == "" {
		err := block.Fail("unwired", "port %q of block %q leads nowhere", res.Port, id).Hinted("connect it to a block")
		step.Error = err
		a.raise(err)
		step.Ended = a.s.Status == Ended
		return
	}
	a.goTo(next)
}

func (a *advance) goTo(id string) {
	top := *a.s.Top()
	top.Block, top.Memory = id, nil
	a.s.setTop(top)
}

// failed leads to the port error where it is wired, else the run is denied
// (rule X5).
func (a *advance) failed(b *flow.Block, err *block.Error, step *Step) {
	step.Error, step.Port = err, block.ErrorPort
	next := b.Next[block.ErrorPort]
	if next == "" {
		a.raise(err)
		step.Ended = a.s.Status == Ended
		return
	}
	step.Outputs = map[string]any{"error": map[string]any{"code": err.Code, "message": err.Message}}
	a.s.record(a.s.Top().Block, step.Outputs)
	a.journal.add(Entry{Kind: KindLeave, Port: block.ErrorPort, Outputs: step.Outputs, Error: err})
	a.goTo(next)
}

// fail ends the run as denied because of an error.
func (a *advance) fail(err error) {
	e := block.AsError(err)
	top := a.s.Top()
	a.s.Failure = &Failure{Error: *e, Flow: top.Flow, Block: top.Block}
	a.end(block.End{Success: false, Reason: e.Code})
}

func (a *advance) end(e block.End) {
	a.s.Status, a.s.End, a.s.Page = Ended, &e, nil
	entry := Entry{Kind: KindEnd, Data: map[string]any{"success": e.Success, "reason": e.Reason}}
	if a.s.Failure != nil {
		entry.Error = &a.s.Failure.Error
	}
	a.journal.add(entry)
}
