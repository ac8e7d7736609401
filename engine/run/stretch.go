package run

import (
	"context"
	"fmt"
	"maps"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
)

// This file moves a run from one stop to the next and commits all of that at once.

// outside is what came with the request and is no part of the run.
type outside struct {
	carried block.Carried
	refresh block.RefreshGrant
	// done is what a stretch that is run again must not do again.
	done map[string]any
}

// commitTries bounds how often a stretch is run again because somebody else
// changed an entry that it read.
const commitTries = 4

// stretch advances a run from one stop to the next and commits all of it at
// once. When the store refuses because of a conflict, nothing has happened and
// the stretch begins again from the same state.
func (e *Engine) stretch(ctx context.Context, from *State, in *Input, p *flow.Project, out outside, begin func(*store.Tx, *Journal) error) (*Stop, error) {
	out.done = map[string]any{}
	for try := 1; ; try++ {
		s := *from
		var back bool
		stop, err := e.once(ctx, &s, p, out, begin, func(m *Machine, env *block.Env, j *Journal) {
			m.Advance(ctx, &s, in.clone(), env, j)
			back = j.wentBack()
		})
		// After going back the world is no longer the one that the stretch began in.
		if err == nil || !store.IsConflict(err) || back || try == commitTries {
			return stop, err
		}
	}
}

func (in *Input) clone() *Input {
	if in == nil {
		return nil
	}
	c := *in
	c.Vault = maps.Clone(in.Vault)
	return &c
}

// once advances a run and commits what came of it.
func (e *Engine) once(ctx context.Context, s *State, p *flow.Project, out outside, begin func(*store.Tx, *Journal) error, advance func(*Machine, *block.Env, *Journal)) (*Stop, error) {
	tx := store.Begin(e.Store)
	j := NewJournal(e.World.Clock, s)
	if begin != nil {
		if err := begin(tx, j); err != nil {
			return nil, err
		}
	}
	env := e.env(tx, s.ID, p, out)
	m := &Machine{Catalogue: e.Catalogue, Project: p, Hook: e.Hook, Budgets: p.Settings.WithDefaults().Budgets}
	if e.Past != nil {
		m.past = &stretchPast{ctx: ctx, e: e, tx: tx, env: env, run: s.ID}
	}
	advance(m, env, j)
	stop := &Stop{State: s, Issued: env.Issued}
	if s.Status == Ended {
		data := map[string]any{"outcome": s.Outcome(), "reason": s.End.Reason}
		if s.Failure != nil {
			data["error"] = s.Failure.String()
		}
		if err := e.audit(tx, s, "run.ended", data); err != nil {
			return nil, err
		}
		if e.Finish != nil && len(s.Origin) > 0 {
			var err error
			if stop.Redirect, err = e.Finish(ctx, tx, s, env.Issued); err != nil {
				return nil, fmt.Errorf("run: finish %s: %w", s.ID, err)
			}
			// A refusal with words is shown before the person goes back.
			if !s.End.Success && s.End.Message != "" {
				s.Return, stop.Redirect = stop.Redirect, ""
			}
		}
	}
	if err := e.save(tx, s, j); err != nil {
		return nil, err
	}
	return stop, e.commit(ctx, s, tx)
}

func (e *Engine) env(tx *store.Tx, run string, p *flow.Project, out outside) *block.Env {
	return &block.Env{World: e.World, Store: tx, Project: p, Scripts: e.Scripts, Secrets: e.Secrets, Channels: e.Channels, Carried: out.carried, Refresh: out.refresh, Origin: e.Origin, Simulated: e.Simulated, Done: out.done,
		Directory: directory.New(tx, e.World.Clock, e.World.Random, e.Hasher()),
		Sessions:  session.New(tx, e.World.Clock, e.World.Random),
		Audit:     audit.New(tx, e.World.Clock), Issued: &block.Issued{}, Count: e.countFor(run), Fault: e.Fault}
}

func (e *Engine) audit(tx *store.Tx, s *State, kind string, data map[string]any) error {
	r := audit.Record{Type: kind, RunID: s.ID, Flow: s.Top().Flow, Data: data}
	if req, ok := s.Event["request"].(map[string]any); ok {
		r.IP, _ = req["ip"].(string)
	}
	if c, ok := s.Event["client"].(map[string]any); ok {
		r.ClientID, _ = c["id"].(string)
	}
	r.UserID = s.Subject.UserID
	if s.End != nil {
		r.SessionID = s.End.SessionID
	}
	return audit.New(tx, e.World.Clock).Append(r)
}
