package run

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/world"
)

// This file is the front of the engine: a run is started, found and sent on.

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

func (e *Engine) secret(n int) string {
	b := make([]byte, n)
	e.World.Random.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
