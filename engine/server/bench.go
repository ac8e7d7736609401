package server

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/scenario"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/web"
	"github.com/authflow-studio/authflow/engine/world"
)

// Benches makes benches for the scenarios of a project. Each is a harness of
// its own, with a clock that stands still and stubs in place of the network.
func Benches(p *flow.Project, worldFile []byte, scripts block.Scripts, geo world.Networks) (scenario.Maker, error) {
	return BenchesWith(p, worldFile, scripts, geo, BenchOptions{})
}

// BenchesWith makes benches with more to say about them.
func BenchesWith(p *flow.Project, worldFile []byte, scripts block.Scripts, geo world.Networks, o BenchOptions) (scenario.Maker, error) {
	var seed world.File
	if len(worldFile) > 0 {
		if err := flow.DecodeYAML(flow.WorldFile, worldFile, &seed); err != nil {
			return nil, err
		}
	}
	return func(ctx context.Context, g scenario.Given, begin time.Time) (scenario.Bench, error) {
		b := &bench{scripts: &lineCounter{Scripts: scripts, lines: map[string]script.Lines{}}}
		options := HarnessOptions{Issuer: benchAddress, Scripts: b.scripts, Hook: b, Geo: geo, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Stubbed: true}
		if o.Hook != nil {
			options.Hook = &watched{b, o.Hook}
		}
		if o.Uncovered {
			options.Scripts = scripts
		}
		if o.Random != nil {
			options.Random = o.Random()
		}
		h, err := NewHarness(options)
		if err != nil {
			return nil, err
		}
		b.Harness = h
		if o.Made != nil {
			o.Made(h)
		}
		h.Clock.FreezeAt(begin)
		h.SetFaults(g.Faults)
		if err := h.take(ctx, p, given(seed, g)); err != nil {
			return nil, errors.Join(err, h.Close())
		}
		b.hashes = h.hasher.Load().Computed()
		return b, nil
	}, nil
}

const benchAddress = "http://127.0.0.1:9400"

// given is the world of the project with what a scenario adds to it.
func given(seed world.File, g scenario.Given) world.File {
	out := seed
	out.People = slices.Clone(seed.People)
	for _, p := range g.People {
		same := func(o world.Person) bool { return o.ID != "" && o.ID == p.ID || o.Identifier() == p.Identifier() }
		if i := slices.IndexFunc(out.People, same); i >= 0 {
			out.People[i] = p
			continue
		}
		out.People = append(out.People, p)
	}
	out.Networks = append(slices.Clone(g.Networks), seed.Networks...)
	out.Stubs = append(slices.Clone(g.Stubs), seed.Stubs...)
	out.Names = map[string]string{}
	maps.Copy(out.Names, seed.Names)
	maps.Copy(out.Names, g.Names)
	out.Risk = map[string]any{}
	maps.Copy(out.Risk, seed.Risk)
	maps.Copy(out.Risk, g.Risk)
	out.Secrets = map[string]string{}
	for _, from := range []map[string]string{seed.Secrets, g.Secrets} {
		for name, v := range from {
			out.Secrets[name] = v
		}
	}
	return out
}

// bench is a harness as scenarios see it. As a hook it notes what has run.
type bench struct {
	*Harness
	scripts *lineCounter
	hashes  int // computed before it began
	mu      sync.Mutex
	trace   []run.Step
}

var _ scenario.Bench = (*bench)(nil)

// Before looks at nothing.
func (b *bench) Before(context.Context, *run.Moment) (*run.Order, error) { return nil, nil }

// After notes a step.
func (b *bench) After(_ context.Context, _ *run.State, s run.Step) (*run.Order, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trace = append(b.trace, s)
	return nil, nil
}

// Recordings answers the runs so far, in the order in which they began.
func (b *bench) Recordings(ctx context.Context) ([]scenario.Recording, error) {
	entries, err := b.Record(ctx)
	if err != nil {
		return nil, err
	}
	var out []scenario.Recording
	for _, e := range entries {
		if e.Type != "run.started" {
			continue
		}
		rec, err := b.Recording(ctx, e.RunID)
		if gone := (*controlError)(nil); errors.As(err, &gone) {
			continue // the scenario has waited longer than journals are kept
		}
		if err != nil {
			return nil, err
		}
		out = append(out, rec)
	}
	return out, nil
}

// Lines answers which lines of Actions have run.
func (b *bench) Lines() map[string]script.Lines { return b.scripts.counted() }

// Hashes answers how many password hashes were computed.
func (b *bench) Hashes() int { return b.hasher.Load().Computed() - b.hashes }

// Secrets answers the values of the world's secrets.
func (b *bench) Secrets() []string {
	b.Harness.mu.Lock()
	defer b.Harness.mu.Unlock()
	return slices.Sorted(maps.Values(b.seed.Secrets))
}

// Trace answers every block that has run, in order.
func (b *bench) Trace() []run.Step {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.trace)
}

// Address of the server.
func (b *bench) Address() string { return b.Issuer }

// Now answers the time of the scenario.
func (b *bench) Now() time.Time { return b.Clock.Now() }

// Wait lets time pass.
func (b *bench) Wait(d time.Duration) { b.Clock.Advance(d) }

// AddressIn answers an address of a network or country that the world knows.
func (b *bench) AddressIn(network, country string) (string, bool) {
	b.Harness.mu.Lock()
	defer b.Harness.mu.Unlock()
	return b.networks.Find(network, country)
}

// ClientOf answers a client and its secret.
func (b *bench) ClientOf(id string) (flow.Client, string, bool) {
	if id == "" {
		id = b.PublicClient()
	}
	if id == HarnessClient {
		return flow.Client{ID: HarnessClient, AnyLoopbackRedirect: true}, "", true
	}
	for _, c := range b.project.Load().Clients {
		if c.ID != id {
			continue
		}
		secret := ""
		if c.SecretName != "" {
			secret, _ = b.secret(context.Background(), c.SecretName) // without one the provider refuses, as it would anybody
		}
		return c, secret, true
	}
	return flow.Client{}, "", false
}

// Clients lists their ids.
func (b *bench) Clients() []string {
	out := []string{HarnessClient}
	for _, c := range b.project.Load().Clients {
		out = append(out, c.ID)
	}
	return out
}

// Blocks lists every block as flow.block.
func (b *bench) Blocks() []string {
	var out []string
	for slug, f := range b.project.Load().Flows {
		for id := range f.Blocks {
			out = append(out, slug+"."+id)
		}
	}
	slices.Sort(out)
	return out
}

// Pages lists the pages that a flow can show.
func (b *bench) Pages() []string { return web.Templates(b.project.Load()) }

// Sent answers the messages, the oldest first.
func (b *bench) Sent(ctx context.Context) ([]scenario.Sent, error) {
	list, err := b.Outbox(ctx)
	out := make([]scenario.Sent, len(list))
	for i, m := range list {
		out[i] = scenario.Sent{Channel: m.Channel, To: m.To, Subject: m.Subject, Text: m.Text, Code: m.Code, Links: m.Links}
	}
	return out, err
}

// Calls answers the outgoing calls.
func (b *bench) Calls() []world.StubbedCall { return b.stubs.Calls() }

// Sessions answers the live sessions of somebody.
func (b *bench) Sessions(ctx context.Context, userID string) ([]session.Session, error) {
	return session.New(store.Begin(b.Store()), b.Clock, b.World.Random).List(ctx, userID)
}

// Record answers the audit record.
func (b *bench) Record(ctx context.Context) ([]audit.Entry, error) {
	return audit.New(store.Begin(b.Store()), b.Clock).Read(ctx, 0, 0)
}

// Person finds an account by an identifier or its id.
func (b *bench) Person(ctx context.Context, identifier string) (directory.User, bool, error) {
	d := directory.New(store.Begin(b.Store()), b.Clock, b.World.Random, b.hasher.Load())
	u, err := d.FindByIdentifier(ctx, identifier)
	if errors.Is(err, directory.ErrNotFound) {
		u, err = d.Get(ctx, identifier)
	}
	if errors.Is(err, directory.ErrNotFound) {
		return directory.User{}, false, nil
	}
	return u, err == nil, err
}

// Update changes an account, as somebody with rights does: one that is
// deactivated loses its sessions.
func (b *bench) Update(ctx context.Context, userID string, change func(*directory.User) error) error {
	tx := store.Begin(b.Store())
	u, err := directory.New(tx, b.Clock, b.World.Random, b.hasher.Load()).Update(ctx, userID, change)
	if err != nil {
		return err
	}
	if u.Status == directory.Deactivated {
		if _, err := session.New(tx, b.Clock, b.World.Random).EndUser(ctx, userID, session.ReasonDeactivated); err != nil {
			return err
		}
	}
	return tx.Commit(ctx)
}

// Kept answers everything that is stored, as it is stored.
func (b *bench) Kept(ctx context.Context) ([]byte, error) {
	entries, err := b.bolt.All(ctx)
	var out []byte
	for _, e := range entries {
		out = append(out, e.Bucket+"/"+e.ID+" "...)
		out = append(append(out, e.Value...), '\n')
	}
	return out, err
}

// Revoke ends all sessions of somebody.
func (b *bench) Revoke(ctx context.Context, userID string) error {
	tx := store.Begin(b.Store())
	if _, err := session.New(tx, b.Clock, b.World.Random).RevokeUser(ctx, userID); err != nil {
		return err
	}
	return tx.Commit(ctx)
}
