package dap_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/authflow-studio/authflow/engine/debug"
	"github.com/authflow-studio/authflow/engine/debug/dap"
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

// tagged is a login that tags the account in a flow of its own, by an Action.
const tagged = `{"format":1,"name":"Tag","trigger":"custom","enabled":true,"subflow_only":true,"start":"kind","blocks":{
  "kind": {
    "type": "run_custom_action",
    "config": {"action": "account_kind.js", "config": {"corporate_domains": "acme.example"}},
    "next": {
      "next": "sort"
    }
  },
  "sort": {"type": "decision", "config": {"rows": [{"port": "corporate", "when": "step.kind.kind == 'corporate'"}]},
    "next": {"corporate": "no", "default": "yes"}},
  "yes": {"type": "finish", "config": {"success": true}},
  "no": {"type": "finish", "config": {"success": false}}
}}
`

// rig is the starter project on a harness that is debugged, on disk as an editor
// sees it.
type rig struct {
	t       *testing.T
	dir     string
	harness *server.Harness
	d       *debug.Debugger
	s       *dap.Server
	project atomic.Pointer[flow.Project]
	pool    *script.Pool
}

func newRig(t *testing.T, change func(o *dap.Options)) *rig {
	t.Helper()
	r := &rig{t: t, dir: filepath.Join(t.TempDir(), "acme"), d: debug.New()}
	disk, err := projects.Create(r.dir, "starter", "acme")
	r.do(err)
	t.Cleanup(func() { disk.Close() })
	r.dir = disk.Dir()
	r.write("flows/tag.json", tagged)
	login := r.read("flows/login.json")
	login = strings.Replace(login, `"type": "run_custom_action",
      "stage": "post_login",
      "label": "Account kind",
      "config": {
        "action": "account_kind.js",
        "config": {
          "corporate_domains": "acme.example"
        }
      },
      "next": {
        "next": "signed_in"
      }`, `"type": "run_flow",
      "stage": "post_login",
      "config": {
        "flow": "tag"
      },
      "next": {
        "success": "signed_in",
        "failure": "factor_failed",
        "aborted": "factor_failed"
      }`, 1)
	r.write("flows/login.json", login)
	r.write("actions/account_kind.js", strings.ReplaceAll(r.read("actions/account_kind.js"), "const ", "let "))
	r.pool = script.NewPool(script.Options{Workers: 1})
	t.Cleanup(func() { r.pool.Close() })
	r.harness, err = server.NewHarness(server.HarnessOptions{Issuer: issuer, Scripts: r.d.Scripts(r.pool), Hook: r.d, Log: slog.New(slog.DiscardHandler)})
	r.do(err)
	t.Cleanup(func() { r.d.Close(); r.harness.Close() })
	r.d.Clock, r.d.Journal = r.harness.Clock, r.harness.Engine().JournalOf
	r.d.GoBack = func(ctx context.Context, to *run.Moment, p *flow.Project) error {
		_, err := r.harness.GoBack(ctx, to, p)
		return err
	}
	r.load()
	o := dap.Options{Debugger: r.d, Dir: r.dir, Project: r.project.Load, Places: r.pool, Abort: r.harness.Engine().Abort, Greeting: "Open " + r.harness.DemoURL() + " to sign in."}
	if change != nil {
		change(&o)
	}
	r.s = dap.New(o)
	t.Cleanup(r.s.Close)
	return r
}

func (r *rig) do(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) file(name string) string { return filepath.Join(r.dir, filepath.FromSlash(name)) }

func (r *rig) read(name string) string {
	r.t.Helper()
	text, err := os.ReadFile(r.file(name))
	r.do(err)
	return string(text)
}

func (r *rig) write(name, text string) {
	r.t.Helper()
	r.do(os.WriteFile(r.file(name), []byte(text), 0o644))
}

// load takes over what is on disk.
func (r *rig) load() {
	r.t.Helper()
	p, problems := flow.Load(os.DirFS(r.dir))
	if len(problems) > 0 {
		r.t.Fatal(problems[0])
	}
	world, err := server.ReadWorld(os.DirFS(r.dir))
	r.do(err)
	r.do(r.harness.Load(context.Background(), p, world))
	r.project.Store(p)
}

// line is the number of the first line of a file that holds a text.
func (r *rig) line(name, text string) int {
	r.t.Helper()
	for i, l := range strings.Split(r.read(name), "\n") {
		if strings.Contains(l, text) {
			return i + 1
		}
	}
	r.t.Fatalf("%s has no line with %s", name, text)
	return 0
}

// person is somebody who signs in.
type person struct {
	*agent.Agent
	t    *testing.T
	page *agent.Page
}

func (r *rig) person() *person {
	r.t.Helper()
	p := &person{Agent: agent.New(r.harness, issuer), t: r.t}
	var err error
	p.page, err = p.Get(context.Background(), r.harness.DemoURL()+"/login?prompt=login")
	r.do(err)
	return p
}

// signIn sends the password; the answer comes when the run stops.
func (p *person) signIn(name, password string) chan *agent.Page {
	answer := make(chan *agent.Page, 1)
	go func() {
		page, err := p.Fill(context.Background(), p.page, map[string]string{"identifier": name, "password": password}, "")
		if err != nil {
			p.t.Error(err)
		}
		answer <- page
	}()
	return answer
}

func (r *rig) ada() (*person, chan *agent.Page) {
	r.t.Helper()
	p := r.person()
	return p, p.signIn("ada@example.com", "analytical-engine")
}

// journal is what is recorded of the newest run.
func (r *rig) journal() string {
	r.t.Helper()
	entries, err := r.harness.Engine().JournalOf(context.Background(), r.d.Runs()[0].ID)
	r.do(err)
	text, err := json.Marshal(entries)
	r.do(err)
	return string(text)
}
