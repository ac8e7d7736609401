package server_test

import (
	"context"
	"io"
	"log/slog"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/scenario/agent"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/server"
	"github.com/authflow-studio/authflow/projects"
)

func TestMain(m *testing.M) {
	script.ServeWorkerIfAsked()
	os.Exit(m.Run())
}

const issuer = "http://127.0.0.1:9400"

// rig is a harness on the starter project with somebody in front of it.
type rig struct {
	t *testing.T
	*server.Harness
	agent  *agent.Agent
	page   *agent.Page
	tokens *server.TokenSet
}

func newRig(t *testing.T, hook run.Hook, change func(files fstest.MapFS)) *rig {
	t.Helper()
	pool := script.NewPool(script.Options{Workers: 1})
	t.Cleanup(func() { pool.Close() })
	r := &rig{t: t}
	h, err := server.NewHarness(server.HarnessOptions{Issuer: issuer, Scripts: pool, Hook: hook, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Tokens: func(s server.TokenSet) { r.tokens = &s }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	r.Harness, r.agent = h, agent.New(h, issuer)
	files := starterFiles(t)
	if change != nil {
		change(files)
	}
	r.load(files)
	return r
}

func starterFiles(t *testing.T) fstest.MapFS {
	t.Helper()
	fsys, err := projects.TemplateFS("starter")
	if err != nil {
		t.Fatal(err)
	}
	p, problems := flow.Load(fsys)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	files := fstest.MapFS{}
	for name, text := range p.Files {
		if !strings.HasPrefix(name, flow.ContractsDir+"/") { // tests change what it promises
			files[name] = &fstest.MapFile{Data: text}
		}
	}
	world, err := server.ReadWorld(fsys)
	if err != nil {
		t.Fatal(err)
	}
	files[flow.WorldFile] = &fstest.MapFile{Data: world}
	return files
}

func (r *rig) load(files fstest.MapFS) {
	r.t.Helper()
	p, problems := flow.Load(files)
	if len(problems) > 0 {
		r.t.Fatal(problems)
	}
	if err := r.Load(context.Background(), p, files[flow.WorldFile].Data); err != nil {
		r.t.Fatal(err)
	}
}

// open asks for a page.
func (r *rig) open(address string) *agent.Page {
	r.t.Helper()
	p, err := r.agent.Get(context.Background(), address)
	if err != nil {
		r.t.Fatal(err)
	}
	r.page = p
	return p
}

// fill submits the page's form.
func (r *rig) fill(button string, values map[string]string) *agent.Page {
	r.t.Helper()
	p, err := r.agent.Fill(context.Background(), r.page, values, button)
	if err != nil {
		r.t.Fatalf("%v\n%s", err, r.page.HTML)
	}
	r.page = p
	return p
}

// begin starts a sign-in of the demo client.
func (r *rig) begin() *agent.Page { r.t.Helper(); return r.open(r.DemoURL() + "/login?prompt=login") }

// signIn gives name and password.
func (r *rig) signIn(name, password string) *agent.Page {
	r.t.Helper()
	return r.fill("", map[string]string{"identifier": name, "password": password})
}

// at fails unless the page is the one with that path.
func (r *rig) at(path string, status int) {
	r.t.Helper()
	if r.page.URL != issuer+path && !(len(r.page.URL) > len(issuer+path) && r.page.URL[:len(issuer+path)+1] == issuer+path+"?") || r.page.Status != status {
		r.t.Fatalf("at %s (%d), want %s (%d)\n%s", r.page.URL, r.page.Status, path, status, r.page.HTML)
	}
}

// newRigAgent answers another browser in front of the same harness.
func newRigAgent(r *rig) *agent.Agent { return agent.New(r.Harness, issuer) }
