package server

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/block"
	"go.opentelemetry.io/otel/trace"

	"github.com/authflow-studio/authflow/engine/bundle"
	"github.com/authflow-studio/authflow/engine/check"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/web"
	"github.com/authflow-studio/authflow/engine/world"
)

// Scripts runs Actions and reads them.
type Scripts interface {
	block.Scripts
	check.ScriptChecker
}

var _ Scripts = (*script.Pool)(nil)

// Options are what a server is started with.
type Options struct {
	// Issuer is the address under which clients know the server.
	Issuer  string
	Store   store.Store
	Scripts Scripts
	Log     *slog.Logger
	// Policy says which bundles are accepted.
	Policy bundle.Policy
	// Secret answers a secret by name; an error keeps a bundle that needs it
	// from becoming active.
	Secret func(ctx context.Context, name string) (string, error)
	Clock  world.Clock
	// Geo answers from databases of networks; nil for none.
	Geo world.Networks
	// Mail is the server that takes mail; nil for none.
	Mail *world.SMTP
	// ClientIP answers who asks; nil believes the connection alone. See
	// BehindProxies.
	ClientIP func(*http.Request) string
	// Tracer makes a span of each request and of each block that runs; nil: none.
	Tracer trace.TracerProvider
	// Drain is for how long runs on a bundle go on after another one is active; 0: for
	// as long as they may.
	Drain time.Duration
	// HTTP makes outgoing calls; nil takes the egress guard of the active bundle.
	HTTP world.HTTP
}

// Server runs bundles in production.
type Server struct {
	*core
	policy   bundle.Policy
	checker  *check.Checker
	scripts  Scripts
	drain    time.Duration
	draining atomic.Pointer[map[string]time.Time]
	messages *courier
	events   *courier
	metrics  *metrics

	activating sync.Mutex
	mu         sync.Mutex
	status     Status
}

// Status is what a server says of itself at /status.
type Status struct {
	Issuer string `json:"issuer"`
	// Active is the bundle that new runs begin with, Previous the one before.
	Active   *ActiveBundle `json:"active"`
	Previous *ActiveBundle `json:"previous,omitempty"`
	// Refused is the last bundle that did not become active, also when another has
	// since.
	Refused *Refusal `json:"refused,omitempty"`
	// UnsignedAllowed says that this server was told to accept bundles without
	// a trusted signature.
	UnsignedAllowed bool `json:"unsigned_allowed"`
	// Runs counts the runs that wait for a person, by digest of their project.
	Runs map[string]int `json:"runs"`
	// Messages and Events say how what runs have sent fares.
	Messages Deliveries `json:"messages"`
	Events   Deliveries `json:"events"`
}

// ActiveBundle is a bundle in service.
type ActiveBundle struct {
	Digest   string `json:"digest"`
	Name     string `json:"name"`
	Version  string `json:"version"`
	Revision int    `json:"revision,omitzero"`
	Scope    string `json:"scope,omitempty"`
	Expires  string `json:"expires,omitempty"`
	SignedBy string `json:"signed_by,omitempty"`
	// SmokeTests is how many of its scenarios have passed here before it was active.
	SmokeTests  int       `json:"smoke_tests,omitzero"`
	ActivatedAt time.Time `json:"activated_at"`
}

// Refusal says why a bundle did not become active.
type Refusal struct {
	At       time.Time       `json:"at"`
	Code     string          `json:"code"`
	Message  string          `json:"message"`
	Problems []check.Problem `json:"problems,omitempty"`
}

// RefusedError is answered by Activate.
type RefusedError struct {
	Refusal
	cause error
}

func (e *RefusedError) Error() string { return "the bundle is refused: " + e.Message }

// Unwrap answers the cause.
func (e *RefusedError) Unwrap() error { return e.cause }

// New makes a server with no bundle active.
func New(o Options) (*Server, error) {
	if o.Clock == nil {
		o.Clock = world.SystemClock{}
	}
	s := &Server{policy: o.Policy, scripts: o.Scripts, drain: o.Drain}
	known := &networks{geo: o.Geo}
	w := world.World{Clock: o.Clock, Random: world.SystemRandom{}, Networks: known, HTTP: o.HTTP, Address: o.Issuer}
	if w.HTTP == nil {
		w.HTTP = world.NewEgress(s.egressHosts, nil)
	}
	channels := []string{block.ByGateway}
	if o.Mail != nil {
		if err := o.Mail.Check(); err != nil {
			return nil, err
		}
		channels = append(channels, block.Email)
	}
	var err error
	if o.ClientIP == nil {
		o.ClientIP = web.RemoteIP
	}
	var hook run.Hook
	if o.Tracer != nil {
		hook = tracing{o.Tracer.Tracer(tracerName)}
	}
	s.core, err = newCore(coreConfig{Issuer: o.Issuer, Store: o.Store, World: w, Scripts: o.Scripts, Hook: hook, Networks: known, Secrets: o.Secret, ClientIP: o.ClientIP, Channels: channels, Log: o.Log})
	if err != nil {
		return nil, err
	}
	s.messages, s.events = s.messageCourier(o.Mail), s.eventCourier(nil)
	s.checker = &check.Checker{Catalogue: s.engine.Catalogue, Scripts: o.Scripts}
	s.status = Status{Issuer: o.Issuer, UnsignedAllowed: o.Policy.AllowUnsigned}
	s.metrics = newMetrics(s)
	s.engine.Drained = s.drained
	s.engine.Told = func(state *run.State) {
		if state.Status == run.Ended {
			s.metrics.ended(state, o.Clock.Now())
		}
	}
	mux := http.NewServeMux()
	mux.Handle("/", s.core.handler)
	mux.HandleFunc("GET /status", s.answerStatus)
	s.core.handler = s.metrics.watch(mux)
	if o.Tracer != nil {
		s.core.handler = traced(o.Tracer.Tracer(tracerName), s.core.handler)
	}
	return s, nil
}

// work is the context of what no request asked for.
func (s *Server) work() context.Context { return context.Background() }

// ServeHTTP answers provider, pages, health and status.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.core.handler.ServeHTTP(w, r) }

// Work does what a server does besides answering, until ctx ends: it removes
// expired entries, tells clients of logouts, and delivers messages and events.
func (s *Server) Work(ctx context.Context) {
	go s.messages.keepDelivering(ctx)
	go s.events.keepDelivering(ctx)
	go s.idp.KeepDelivering(ctx)
	s.sweep(ctx)
}

// StatusURL is where the status is answered.
func (s *Server) StatusURL() string { return s.Issuer + "/status" }

func (s *Server) egressHosts() []string {
	if p := s.project.Load(); p != nil {
		return p.Settings.EgressHosts
	}
	return nil
}

// note writes an audit record.
func (s *Server) note(ctx context.Context, kind string, data map[string]any) error {
	tx := store.Begin(s.Store)
	if err := audit.New(tx, s.World.Clock).Append(audit.Record{Type: kind, Data: data}); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func (s *Server) answerStatus(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	st, err := s.Status(r.Context())
	answer(w, st, err)
}

// Status answers what is active, what was refused, and what runs on what.
func (s *Server) Status(ctx context.Context) (Status, error) {
	counts, err := s.engine.Waiting(ctx)
	if err != nil {
		return Status{}, err
	}
	s.mu.Lock()
	st := s.status
	s.mu.Unlock()
	maps.DeleteFunc(counts, func(digest string, _ int) bool { return s.drained(digest) })
	st.Runs = counts
	if st.Messages, err = s.messages.status(ctx); err != nil {
		return Status{}, err
	}
	st.Events, err = s.events.status(ctx)
	return st, err
}

// AddPeople creates accounts that are not there yet, as `serve --users` does.
func (s *Server) AddPeople(ctx context.Context, file world.File) error {
	return seedPeople(ctx, s.core, file.People, false)
}
