package run

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/world"
)

// Buckets of the store that this package owns.
const (
	RunsBucket    = "runs"
	JournalBucket = "journal"
)

// keepAfterDeadline is how long a run can still be told "time over" (410)
// instead of "no such run" (404).
const keepAfterDeadline = time.Hour

// Errors of Start and Submit that are the caller's to show.
var (
	// ErrNoRun: there is no such run, or it is over (rules N3, N8).
	ErrNoRun = errors.New("run: there is no such run, or it has ended")
	// ErrStale: the ticket was used already (rule X7).
	ErrStale = errors.New("run: this page was sent already")
	// ErrExpired: the deadline is over (rule N9).
	ErrExpired = errors.New("run: the time for this sign-in is over")
	// ErrDrained: the version that the run began with is served no longer. It is an
	// ErrExpired, too.
	ErrDrained = fmt.Errorf("%w: it began on a version that is served no longer", ErrExpired)
	// ErrNotStartable: no such flow, or it may not be launched (rule G7).
	ErrNotStartable = errors.New("run: this flow cannot be started")
)

// Finisher turns a finished run into an answer for the client that began it,
// in the unit of work of the run's end. It answers where to send the person;
// "" shows a page of ours.
type Finisher func(ctx context.Context, w store.Writer, s *State, issued *block.Issued) (redirect string, err error)

// Engine keeps runs.
type Engine struct {
	Store     store.Store
	World     world.World
	Catalogue *block.Catalogue
	Scripts   block.Scripts
	Hasher    func() *directory.Hasher
	Hook      Hook
	Finish    Finisher
	Secrets   func(ctx context.Context, name string) (string, error)
	// Channels are the ways in which messages can be sent: email, sms.
	Channels []string

	// Origin answers the server's address under a host name of a request.
	Origin func(host string) string

	// Simulated answers the provider that takes the place of a project's; nil in
	// production.
	Simulated block.SimulatedProvider

	// Fault answers the fault that a tester has set on a block; nil in
	// production.
	Fault func(flow, block string) (block.Fault, bool)

	// Drained tells of a project's digest that runs on it are over; nil: none is.
	Drained func(digest string) bool

	// Told is told of each run that has stopped, once that is committed; it may be
	// nil.
	Told func(*State)

	// Past keeps what runs have changed, so that they can be taken back; nil in
	// production.
	Past *Past

	projects projects
}

// StartSpec is how a run begins.
type StartSpec struct {
	Project *flow.Project
	Flow    string // slug
	Event   map[string]any
	Input   map[string]any
	Origin  jsontext.Value
	Carried block.Carried
	// Refresh is the refresh token that a client has presented.
	Refresh block.RefreshGrant
}

// Stop is what came of a stretch of a run.
type Stop struct {
	State    *State
	Issued   *block.Issued
	Redirect string
	// Key is the secret for the run's cookie; only Start answers it.
	Key string
}

// Start begins a run and advances it to its first stop.
func (e *Engine) Start(ctx context.Context, spec StartSpec) (*Stop, error) {
	f := spec.Project.Flows[spec.Flow]
	if f == nil || !f.Startable() {
		return nil, fmt.Errorf("%w: %s", ErrNotStartable, spec.Flow)
	}
	settings := spec.Project.Settings.WithDefaults()
	now := e.World.Clock.Now()
	life := time.Duration(settings.RunLifetime)
	if own := time.Duration(f.Timeout) * time.Second; own > 0 && own < life {
		life = own
	}
	key := e.secret(32)
	s := &State{Format: StateFormat, ID: "run_" + e.secret(12), Trigger: f.Trigger, Status: Running, Project: spec.Project.Digest,
		Frames: []Frame{{Flow: spec.Flow, Block: f.Start, Input: spec.Input}}, Event: spec.Event,
		StartedAt: now.UnixMilli(), Deadline: now.Add(life).UnixMilli(), Key: hash(key), Origin: spec.Origin}
	if s.Event == nil {
		s.Event = map[string]any{}
	}
	stop, err := e.stretch(ctx, s, nil, spec.Project, outside{carried: spec.Carried, refresh: spec.Refresh}, func(tx *store.Tx, j *Journal) error {
		j.add(Entry{Kind: KindStart, Data: startData(s)})
		if err := e.projects.keep(tx, spec.Project, now.Add(life+keepAfterDeadline)); err != nil {
			return err
		}
		return e.audit(tx, s, "run.started", nil)
	})
	if err != nil {
		return nil, err
	}
	e.projects.kept(spec.Project, now.Add(life+keepAfterDeadline))
	stop.Key = key
	return stop, nil
}

// Find answers a run by its id and the secret of its cookie.
func (e *Engine) Find(ctx context.Context, id, key string) (*State, error) {
	s, err := e.load(ctx, e.Store, id)
	if err != nil {
		return nil, err
	}
	if !hmac.Equal([]byte(s.Key), []byte(hash(key))) {
		return nil, ErrNoRun
	}
	if s.Status == Ended {
		if s.expired() {
			return s, ErrExpired
		}
		return s, ErrNoRun
	}
	if e.World.Clock.Now().UnixMilli() > s.Deadline {
		return s, ErrExpired
	}
	if e.Drained != nil && e.Drained(s.Project) {
		return s, ErrDrained
	}
	return s, nil
}

// Ticket answers the one-time ticket for the page that the run shows now. It
// follows from the cookie's secret, so nothing is written when the page is
// shown again.
func (e *Engine) Ticket(s *State, key string) string {
	m := hmac.New(sha256.New, []byte(key))
	m.Write([]byte(s.ID + "|" + strconv.Itoa(s.Visit)))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:18])
}

// Submit resumes a waiting run with what the person sent. Of two submits with
// one ticket, one advances the run (rule X7).
func (e *Engine) Submit(ctx context.Context, id, key, ticket string, in Input, carried block.Carried) (*Stop, error) {
	// A person who goes away does not break off what they asked for.
	ctx = context.WithoutCancel(ctx)
	unlock, err := e.Store.Lock(ctx, "run/"+id)
	if err != nil {
		return nil, fmt.Errorf("run: %w", err)
	}
	defer unlock()
	s, err := e.Find(ctx, id, key)
	if errors.Is(err, ErrExpired) && s.Status != Ended {
		return nil, errors.Join(err, e.close(ctx, s, overBy(err)))
	}
	if err != nil {
		return nil, err
	}
	if s.Status != Waiting || !hmac.Equal([]byte(ticket), []byte(e.Ticket(s, key))) {
		return nil, ErrStale
	}
	project, err := e.projects.get(ctx, e.Store, s.Project)
	if err != nil {
		return nil, err
	}
	return e.stretch(ctx, s, &in, project, outside{carried: carried}, nil)
}

// overBy is the word for why the time of a run is over.
func overBy(err error) string {
	if errors.Is(err, ErrDrained) {
		return failDrained
	}
	return failDeadline
}

// End ends a run whose version is served no longer, when somebody comes back to it.
func (e *Engine) End(ctx context.Context, id, key string) error {
	unlock, err := e.Store.Lock(ctx, "run/"+id)
	if err != nil {
		return fmt.Errorf("run: %w", err)
	}
	defer unlock()
	s, err := e.Find(ctx, id, key)
	if !errors.Is(err, ErrDrained) || s.Status == Ended {
		return nil // somebody else was first
	}
	return e.close(ctx, s, failDrained)
}

// Cancel ends a run on the person's wish, as for POST /fl/restart (rule N7).
func (e *Engine) Cancel(ctx context.Context, id, key, reason string) (*State, error) {
	unlock, err := e.Store.Lock(ctx, "run/"+id)
	if err != nil {
		return nil, fmt.Errorf("run: %w", err)
	}
	defer unlock()
	s, err := e.Find(ctx, id, key)
	if err != nil && !errors.Is(err, ErrExpired) {
		return s, err
	}
	if s.Status == Ended {
		return s, nil
	}
	return s, e.close(ctx, s, reason)
}

func (e *Engine) close(ctx context.Context, s *State, reason string) error {
	tx := store.Begin(e.Store)
	j := NewJournal(e.World.Clock, s)
	(&advance{Machine: &Machine{}, s: s, journal: j}).fail(block.Fail(reason, "the run was ended: %s", reason))
	if err := e.audit(tx, s, "run.ended", map[string]any{"outcome": reason}); err != nil {
		return err
	}
	if err := e.save(tx, s, j); err != nil {
		return err
	}
	if err := e.commit(ctx, s, tx); err != nil {
		return err
	}
	if e.Hook != nil {
		_, err := e.Hook.After(context.WithoutCancel(ctx), s, Step{Flow: s.Top().Flow, Block: s.Top().Block, Ended: true, Error: &s.Failure.Error, At: e.World.Clock.Now()})
		return err
	}
	return nil
}

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

func (e *Engine) secret(n int) string {
	b := make([]byte, n)
	e.World.Random.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Abort ends a run that waits for the person, on behalf of an operator.
func (e *Engine) Abort(ctx context.Context, id string) error {
	unlock, err := e.Store.Lock(ctx, "run/"+id)
	if err != nil {
		return fmt.Errorf("run: %w", err)
	}
	defer unlock()
	s, err := e.load(ctx, e.Store, id)
	if err != nil {
		return err
	}
	if s.Status == Ended {
		return ErrNoRun
	}
	return e.close(ctx, s, failStopped)
}
