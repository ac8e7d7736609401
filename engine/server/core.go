// Package server wires the engine into one http.Handler: a live project in the
// harness (Harness), or a bundle in production (Server).
//
// It owns: which room meets which, the harness's control API and demo client,
// activation and status of bundles.
// It delegates: everything that they do to the rooms below.
// The law: both ways run through the same core; what the harness adds is
// reachable on loopback with a token only, and no part of production.
package server

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/idp"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/web"
	"github.com/authflow-studio/authflow/engine/world"
)

// coreConfig is what differs between the harness and production.
type coreConfig struct {
	Issuer   string
	Store    store.Store
	World    world.World
	Scripts  block.Scripts
	Hook     run.Hook
	Secrets  func(ctx context.Context, name string) (string, error)
	ClientIP func(*http.Request) string
	Clients  []idp.Client // besides those of the project
	// Networks is where the project's own table of networks is put in service.
	Networks *networks
	// Channels are the ways in which messages can be sent: email, sms.
	Channels []string
	// Testing lends the provider's faults, queued claims and recorded requests
	// to people's own tests; only the harness sets it.
	Testing bool
	// Aliases are further addresses under which the harness is an issuer, People
	// who stands first where somebody is picked; production has neither.
	Aliases func() []string
	People  func() []string
	// Simulated answers the providers that take the place of the project's; only
	// the harness has any.
	Simulated block.SimulatedProvider
	Log       *slog.Logger
}

// hashWorkers bounds how many passwords are hashed at once: each takes 19 MiB.
const hashWorkers = 4

// core is the engine behind one issuer.
type core struct {
	coreConfig
	engine  *run.Engine
	web     *web.Handler
	idp     *idp.Provider
	cookies web.Cookies
	project atomic.Pointer[flow.Project]
	hasher  atomic.Pointer[directory.Hasher]
	clients atomic.Pointer[idp.Registry]
	handler http.Handler
}

func newCore(cfg coreConfig) (*core, error) {
	c := &core{coreConfig: cfg, cookies: web.NewCookies(cfg.Issuer)}
	c.hasher.Store(directory.NewHasher(directory.DefaultParams, hashWorkers))
	registry, err := idp.NewRegistry(cfg.Clients...)
	if err != nil {
		return nil, err
	}
	c.clients.Store(registry)
	c.engine = &run.Engine{Store: cfg.Store, World: cfg.World, Catalogue: catalogue.All(), Scripts: cfg.Scripts, Hasher: c.hasher.Load, Hook: cfg.Hook, Secrets: cfg.Secrets, Channels: cfg.Channels, Finish: c.finish, Origin: c.originUnder, Simulated: cfg.Simulated}
	c.web = web.New(web.Options{Engine: c.engine, Project: c.project.Load, Cookies: c.cookies, ClientIP: cfg.ClientIP, Log: cfg.Log})
	c.idp, err = idp.New(c.providerOptions())
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/oauth2/", c.idp.Handler(c))
	mux.Handle("/.well-known/", c.idp.Handler(c))
	mux.Handle(web.FlowPath, c.web)
	mux.Handle(web.LaunchPath, c.web)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	mux.HandleFunc("GET /readyz", c.ready)
	c.handler = mux
	return c, nil
}

func (c *core) ready(w http.ResponseWriter, _ *http.Request) {
	if c.project.Load() == nil {
		http.Error(w, "no project is loaded yet", http.StatusServiceUnavailable)
		return
	}
	_, _ = w.Write([]byte("ok\n"))
}

// use makes a project the one that new runs begin with.
func (c *core) use(ctx context.Context, p *flow.Project) error {
	all := slices.Clone(c.Clients)
	for _, cl := range p.Clients {
		converted, err := c.client(ctx, cl)
		if err != nil {
			return err
		}
		all = append(all, converted)
	}
	registry, err := idp.NewRegistry(all...)
	if err != nil {
		return err
	}
	if err := c.Networks.use(p); err != nil {
		return err
	}
	c.clients.Store(registry)
	c.project.Store(p)
	return nil
}

// Client answers a registered client, as of now.
func (c *core) Client(ctx context.Context, id string) (idp.Client, bool) {
	return c.clients.Load().Client(ctx, id)
}

// OriginAllowed reports whether a client has that origin.
func (c *core) OriginAllowed(ctx context.Context, origin string) bool {
	return c.clients.Load().OriginAllowed(ctx, origin)
}

var (
	_ idp.Clients   = (*core)(nil)
	_ idp.Starter   = (*core)(nil)
	_ idp.Flows     = (*core)(nil)
	_ idp.Refresher = (*core)(nil)
)

// sweepEvery is how often expired entries are removed.
const sweepEvery = time.Minute

// sweep removes expired entries until ctx ends, all that there are each time: the
// store does so in steps that let others in between.
func (c *core) sweep(ctx context.Context) {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if _, err := c.Store.Sweep(ctx, 0); err != nil && !errors.Is(err, context.Canceled) {
				c.Log.Warn("expired entries could not be removed", "error", err)
			}
		}
	}
}
