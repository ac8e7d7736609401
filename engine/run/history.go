package run

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/store"
)

// This file takes the world of a run back: what its commits changed is known
// and can be undone, or done again, entry by entry. Only the harness asks for
// it (Engine.Past); a journal and the audit chain are never taken back.

// Past keeps what each commit of a run has changed, so that the run can be taken
// back across its pauses.
type Past struct {
	// World answers what brings the rest of a simulated world, such as its clock,
	// back to how it is now; nil for nothing.
	World func() (restore func())

	mu    sync.Mutex
	runs  map[string][]*commit
	order []string
}

// maxPasts bounds how many runs are kept.
const maxPasts = 500

// commit is what one commit of a run changed.
type commit []entryChange

type entryChange struct {
	before, after store.Entry
	had, has      bool
	counted       bool
}

// of answers the commits of a run, which nobody changes.
func (p *Past) of(run string) []*commit {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clip(p.runs[run])
}

func (p *Past) set(run string, all []*commit) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.runs == nil {
		p.runs = map[string][]*commit{}
	}
	if _, known := p.runs[run]; !known {
		if p.order = append(p.order, run); len(p.order) > maxPasts {
			delete(p.runs, p.order[0])
			p.order = p.order[1:]
		}
	}
	p.runs[run] = all
}

// commit applies operations on behalf of a run, and keeps what they changed.
func (p *Past) commit(ctx context.Context, s store.Store, run string, ops []store.Op, apply func() error) error {
	if p == nil {
		return apply()
	}
	made := commit{}
	seen := map[string]bool{}
	for _, op := range ops {
		key := op.Bucket + "\x00" + op.ID
		if seen[key] || op.Kind == store.OpChain || op.Bucket == JournalBucket || op.Bucket == ProjectsBucket {
			continue
		}
		seen[key] = true
		e, had, err := entry(ctx, s, op.Bucket, op.ID)
		if err != nil {
			return err
		}
		made = append(made, entryChange{before: e, had: had, counted: op.Kind == store.OpAdd})
	}
	if err := apply(); err != nil {
		return err
	}
	for i := range made {
		var err error
		if made[i].after, made[i].has, err = entry(ctx, s, made[i].before.Bucket, made[i].before.ID); err != nil {
			return err
		}
	}
	p.set(run, append(p.of(run), &made))
	return nil
}

func entry(ctx context.Context, r store.Reader, bucket, id string) (store.Entry, bool, error) {
	e, err := r.Get(ctx, bucket, id)
	if errors.Is(err, store.ErrNotFound) {
		return store.Entry{Bucket: bucket, ID: id}, false, nil
	}
	return e, err == nil, err
}

// goTo makes the store as it was when exactly these commits of the run had
// happened. An entry that somebody else has changed since stays as they left it,
// unless the run had made it.
func (p *Past) goTo(ctx context.Context, s store.Store, run string, want []*commit) error {
	have := p.of(run)
	same := 0
	for same < len(have) && same < len(want) && have[same] == want[same] {
		same++
	}
	for i := len(have) - 1; i >= same; i-- {
		if err := have[i].apply(ctx, s, true); err != nil {
			return err
		}
	}
	for _, c := range want[same:] {
		if err := c.apply(ctx, s, false); err != nil {
			return err
		}
	}
	p.set(run, want)
	return nil
}

// apply undoes a commit, or does it again.
func (c *commit) apply(ctx context.Context, s store.Store, undo bool) error {
	var ops []store.Op
	for _, ch := range *c {
		from, to, there := ch.before, ch.after, ch.has
		if undo {
			from, to, there = ch.after, ch.before, ch.had
		}
		now, found, err := entry(ctx, s, from.Bucket, from.ID)
		if err != nil {
			return err
		}
		switch {
		case ch.counted && there && found:
			if to, err = recount(now, from, to); err != nil {
				return err
			}
		case there && found && !bytes.Equal(now.Value, from.Value):
			continue
		}
		op := store.Op{Kind: store.OpDelete, Bucket: to.Bucket, ID: to.ID, Expect: store.ExpectAny}
		if there {
			op = store.Op{Kind: store.OpPut, Bucket: to.Bucket, ID: to.ID, Value: to.Value, Expires: to.Expires, Expect: store.ExpectAny}
		}
		ops = append(ops, op)
	}
	if len(ops) == 0 {
		return nil
	}
	return s.Commit(ctx, ops...)
}

// recount takes from a counter what this run has added and leaves what others
// have.
func recount(now, from, to store.Entry) (store.Entry, error) {
	var n [3]int64
	for i, e := range []store.Entry{now, from, to} {
		if len(e.Value) == 0 {
			continue
		}
		var err error
		if n[i], err = store.CounterValue(e); err != nil {
			return to, err
		}
	}
	to.Value = fmt.Appendf(nil, "%d", n[0]-n[1]+n[2])
	return to, nil
}

// stretchPast is the past of a run while one of its stretches goes on.
type stretchPast struct {
	ctx context.Context
	e   *Engine
	tx  *store.Tx
	env *block.Env
	run string
}

// worldMark is what the world of a run was like.
type worldMark struct {
	tx       *store.Tx // the unit of work that position belongs to
	position store.Position
	commits  []*commit
	issued   block.Issued
	done     map[string]any
	carried  block.Carried
	refresh  block.RefreshGrant
	restore  func()
}

func (p *stretchPast) mark() any {
	m := &worldMark{tx: p.tx, position: p.tx.Position(), commits: p.e.Past.of(p.run), issued: *p.env.Issued, done: maps.Clone(p.env.Done), carried: p.env.Carried, refresh: p.env.Refresh}
	if p.e.Past.World != nil {
		m.restore = p.e.Past.World()
	}
	return m
}

func (p *stretchPast) back(s *State, to *Moment, project *flow.Project) error {
	m, ok := to.world.(*worldMark)
	if !ok {
		return errors.New("run: this moment belongs to a replay")
	}
	if m.restore != nil {
		m.restore()
	}
	if err := p.e.Past.goTo(p.ctx, p.e.Store, p.run, m.commits); err != nil {
		return err
	}
	position := m.position
	if m.tx != p.tx {
		position = position.Unconditional()
	}
	p.tx.Return(position)
	*p.env.Issued, p.env.Done, p.env.Carried, p.env.Refresh = m.issued, maps.Clone(m.done), m.carried, m.refresh
	if err := p.e.projects.keep(p.tx, project, time.UnixMilli(to.State.Deadline).Add(keepAfterDeadline)); err != nil {
		return err
	}
	return audit.New(p.tx, p.e.World.Clock).Append(audit.Record{Type: "run.taken_back", RunID: s.ID, Flow: to.State.Top().Flow,
		Data: map[string]any{"from": s.Journal, "to": to.State.Journal}})
}

// GoBack takes a run that waits or has ended to a moment of its past, and the
// world with it, and runs it from there; project is the version that it goes on
// with, nil for its own. Nobody's browser waits for the answer, and the one that
// the run had may have forgotten it: the run has a new Key.
func (e *Engine) GoBack(ctx context.Context, to *Moment, project *flow.Project) (*Stop, error) {
	ctx = context.WithoutCancel(ctx)
	if e.Past == nil {
		return nil, errors.New("run: this engine keeps no past of its runs")
	}
	unlock, err := e.Store.Lock(ctx, "run/"+to.State.ID)
	if err != nil {
		return nil, fmt.Errorf("run: %w", err)
	}
	defer unlock()
	s, err := e.load(ctx, e.Store, to.State.ID)
	if err != nil {
		return nil, err
	}
	if s.Status == Running {
		return nil, errors.New("run: the run goes on at this moment; pause it first")
	}
	key := e.secret(32)
	s.Key = hash(key)
	stop, err := e.once(ctx, s, to.Project, outside{done: map[string]any{}}, nil, func(m *Machine, env *block.Env, j *Journal) {
		m.advanceFrom(ctx, s, to, project, env, j)
	})
	if err != nil {
		return nil, err
	}
	stop.Key = key
	return stop, nil
}

// advanceFrom takes a run to a moment of its past and moves it from there.
func (m *Machine) advanceFrom(ctx context.Context, s *State, to *Moment, project *flow.Project, env *block.Env, j *Journal) {
	a, done := m.begin(ctx, s, env, j)
	defer done()
	a.back(to, project)
	a.n++
	a.on()
}
