package server

import (
	"context"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/idp"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/store/bolt"
	"github.com/authflow-studio/authflow/engine/web"
	"github.com/authflow-studio/authflow/engine/world"
)

// HarnessOptions are what a harness is started with.
type HarnessOptions struct {
	// Issuer is the harness's own address, http://127.0.0.1:PORT.
	Issuer string
	// Hosts are further names under which it is an issuer.
	Hosts   []string
	Scripts block.Scripts
	Hook    run.Hook
	// Geo answers from databases of networks; nil for none.
	Geo world.Networks
	Log *slog.Logger
	// Random is where randomness comes from; nil: the machine's. A test that must
	// come out the same twice gives one.
	Random world.Random
	// Stubbed keeps calls from leaving: what no stub answers fails.
	Stubbed bool
	// Tokens is told of each sign-in of the demo client; it may be nil.
	Tokens func(TokenSet)
	// Committed is told of what a commit has changed, on the goroutine that has
	// committed it, which must not be held; it may be nil.
	Committed func(Changed)
}

// Harness runs a live project on this machine, in a simulated world (rule W1).
type Harness struct {
	*core
	Clock *world.SimulatedClock
	// ControlToken opens the control API.
	ControlToken string

	dir    string // of the scratch store
	bolt   *bolt.Store
	cancel context.CancelFunc
	demo   *demo
	events *courier
	stubs  *world.Stubs
	// blockFaults are by block, or flow.block.
	blockFaults atomic.Pointer[map[string]block.Fault]
	riskSet     atomic.Pointer[riskSet]
	social      *socialProviders
	resumable   resumable

	taking   sync.Mutex // held while a project is taken over
	mu       sync.Mutex
	seed     world.File
	networks *world.NetworkTable
	hosts    []string // asked for at the start
	others   []string // addresses besides the issuer
	ip       string   // as which loopback requests are seen; empty: as they are
}

// HarnessClient is the public client that every harness has when the project
// has none of the kind: any loopback redirect (RFC 8252 section 7.3).
const HarnessClient = "authflow-local"

// NewHarness makes a harness with a scratch store of its own. Close removes it.
func NewHarness(o HarnessOptions) (*Harness, error) {
	dir, err := os.MkdirTemp("", "authflow-harness-")
	if err != nil {
		return nil, fmt.Errorf("harness: no scratch folder: %w", err)
	}
	h := &Harness{Clock: &world.SimulatedClock{}, dir: dir, hosts: o.Hosts}
	all, err := issuers(o.Issuer, o.Hosts)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	h.others = all[1:]
	// Nothing in the scratch store outlives the process, so nothing is synced.
	if h.bolt, err = bolt.OpenWith(filepath.Join(dir, "harness.db"), h.Clock, bolt.Options{NoSync: true}); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	random := o.Random
	if random == nil {
		random = world.SystemRandom{}
	}
	h.ControlToken = randomToken(random)
	w := world.World{Clock: h.Clock, Random: random, Networks: h, HTTP: beside{h, h.outgoing(o.Stubbed)}, Address: o.Issuer}
	h.social = newSocialProviders(h)
	h.core, err = newCore(coreConfig{Issuer: o.Issuer, Store: store.Observed(h.bolt, telling(o.Committed)), World: w, Scripts: o.Scripts,
		Networks: &networks{geo: o.Geo}, Hook: o.Hook, Channels: []string{"email", "sms"}, Testing: true, Secrets: h.secret, ClientIP: h.clientIP, Log: o.Log,
		Aliases: h.aliases, People: h.personNames, Clients: []idp.Client{h.ownClient(all)}, Simulated: h.social.standIn})
	if err != nil {
		return nil, errors.Join(err, h.Close())
	}
	h.engine.Fault, h.engine.Past = h.faultOf, h.past()
	h.events = h.eventCourier(h.loopbackAllowed)
	h.demo = newDemo(h, o.Tokens)
	mux := http.NewServeMux()
	mux.Handle("/", h.core.handler)
	mux.Handle("/demo", h.demo)
	mux.Handle("/demo/", h.demo)
	mux.Handle("/control/", h.control())
	mux.HandleFunc("GET "+resumePath+"{token}", h.resume)
	mux.Handle(socialPath, h.social)
	h.core.handler = h.guardHost(mux)
	ctx, cancel := context.WithCancel(context.Background())
	h.cancel = cancel
	go h.sweep(ctx)
	go h.idp.KeepDelivering(ctx)
	go h.events.keepDelivering(ctx)
	return h, nil
}

// outgoing is the network: stubs first, and behind them the real one or nobody.
func (h *Harness) outgoing(stubbed bool) world.HTTP {
	h.stubs = &world.Stubs{Guard: world.NewEgress(h.egressHosts, h.loopbackHosts), Clock: h.Clock, Real: !stubbed}
	return h.stubs
}

func randomToken(r world.Random) string {
	b := make([]byte, 24)
	r.Read(b)
	return hex.EncodeToString(b)
}

// Close ends the harness and removes its scratch store.
func (h *Harness) Close() error {
	if h.cancel != nil {
		h.cancel()
	}
	return errors.Join(h.bolt.Close(), os.RemoveAll(h.dir))
}

// ServeHTTP answers everything: provider, pages, demo client, control API.
func (h *Harness) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.core.handler.ServeHTTP(w, r) }

// Load takes a project over for new runs, with what its world.yaml says. People
// who are there already stay as they are; see ResetUsers.
func (h *Harness) Load(ctx context.Context, p *flow.Project, worldFile []byte) error {
	var seed world.File
	if err := flow.DecodeYAML(flow.WorldFile, worldFile, &seed); err != nil && len(worldFile) > 0 {
		return err
	}
	return h.take(ctx, p, seed)
}

// take takes a project over, in a world: one at a time.
func (h *Harness) take(ctx context.Context, p *flow.Project, seed world.File) error {
	h.taking.Lock()
	defer h.taking.Unlock()
	if err := h.SetStubs(seed.Stubs); err != nil {
		return fmt.Errorf("%s: %w", flow.WorldFile, err)
	}
	if err := h.seedRisk(seed.Risk); err != nil {
		return err
	}
	if err := h.stubs.SetNames(seed.Names); err != nil {
		return fmt.Errorf("%s: %w", flow.WorldFile, err)
	}
	networks, err := world.NewNetworkTable(seed.Networks)
	if err != nil {
		return fmt.Errorf("%s: %w", flow.WorldFile, err)
	}
	if err := h.rename(p, seed, networks); err != nil {
		return err
	}
	if p.Settings.Harness != nil && p.Settings.Harness.FastHashing {
		h.hasher.Store(directory.NewHasher(directory.CheapParams, hashWorkers))
	}
	if err := h.use(ctx, p); err != nil {
		return err
	}
	return seedPeople(ctx, h.core, seed.People, false)
}

// rename takes over the names that a project wants, with what its world.yaml
// says.
func (h *Harness) rename(p *flow.Project, seed world.File, networks *world.NetworkTable) error {
	names := slices.Clone(h.hosts)
	if p.Settings.Harness != nil {
		names = append(names, p.Settings.Harness.Hosts...)
	}
	all, err := issuers(h.Issuer, names)
	if err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seed, h.networks, h.others = seed, networks, all[1:]
	h.core.Clients = []idp.Client{h.ownClient(all)}
	return nil
}

// ownClient takes any redirect on this machine, and that of the demo client
// under each name.
func (h *Harness) ownClient(issuers []string) idp.Client {
	c := idp.Client{ID: HarnessClient, Name: "Authflow Studio", AnyLoopbackRedirect: true}
	for _, issuer := range issuers {
		c.RedirectURIs = append(c.RedirectURIs, issuer+demoCallback)
	}
	return c
}

// ReadWorld reads world.yaml of a project folder; a missing one is empty.
func ReadWorld(fsys fs.FS) ([]byte, error) {
	text, err := fs.ReadFile(fsys, flow.WorldFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return text, err
}

// People answers who can sign in.
func (h *Harness) People() []world.Person {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.seed.People
}

// ResetUsers brings everybody of world.yaml back to what it says and removes
// all others; their sessions end.
func (h *Harness) ResetUsers(ctx context.Context) error {
	return seedPeople(ctx, h.core, h.People(), true)
}

// PublicClient answers the client for people's own tests: the project's public
// client that accepts any loopback redirect, or the harness's own.
func (h *Harness) PublicClient() string {
	if p := h.project.Load(); p != nil {
		for _, c := range p.Clients {
			if c.AnyLoopbackRedirect && c.SecretName == "" {
				return c.ID
			}
		}
	}
	return HarnessClient
}

// Engine answers the engine, for the studio above.
func (h *Harness) Engine() *run.Engine { return h.engine }

// Store answers the scratch store.
func (h *Harness) Store() store.Store { return h.core.Store }

// DemoURL is the demo client's address.
func (h *Harness) DemoURL() string { return h.Issuer + "/demo" }

// ControlURL is the control API's address.
func (h *Harness) ControlURL() string { return h.Issuer + "/control/v1" }

// Lookup answers what is known of an address: world.yaml stands before the
// project's table and the databases of this machine.
func (h *Harness) Lookup(ip string) world.Network {
	h.mu.Lock()
	t := h.networks
	h.mu.Unlock()
	if t == nil {
		return h.asGiven(h.Networks.Lookup(ip))
	}
	return h.asGiven(world.Layers{t, h.Networks}.Lookup(ip))
}

// SetIP makes requests from this machine appear to come from another address;
// "" ends that (rule W2).
func (h *Harness) SetIP(ip string) error {
	if ip != "" {
		if _, err := netip.ParseAddr(ip); err != nil {
			return fmt.Errorf("harness: %q is no IP address", ip)
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ip = ip
	return nil
}

func (h *Harness) clientIP(r *http.Request) string {
	ip := web.RemoteIP(r)
	h.mu.Lock()
	defer h.mu.Unlock()
	if a, err := netip.ParseAddr(ip); err == nil && a.IsLoopback() && h.ip != "" {
		return h.ip
	}
	return ip
}

func (h *Harness) egressHosts() []string {
	if p := h.project.Load(); p != nil {
		return p.Settings.EgressHosts
	}
	return nil
}

func (h *Harness) loopbackHosts() []string {
	if p := h.project.Load(); p != nil && p.Settings.Harness != nil {
		return p.Settings.Harness.LoopbackHosts
	}
	return nil
}

func (h *Harness) secret(_ context.Context, name string) (string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	v, ok := h.seed.Secrets[name]
	if !ok {
		return "", fmt.Errorf("world.yaml has no secret %q; add it under secrets", name)
	}
	return v, nil
}

func sameToken(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
