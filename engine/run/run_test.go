package run_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/store/bolt"
	"github.com/authflow-studio/authflow/engine/store/storetest"
	"github.com/authflow-studio/authflow/engine/world"
)

func TestMain(m *testing.M) {
	script.ServeWorkerIfAsked()
	os.Exit(m.Run())
}

// rig is an engine on a store and a clock of the test's own.
type rig struct {
	t      *testing.T
	clock  *storetest.Clock
	store  *bolt.Store
	engine *run.Engine
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, clock: storetest.NewClock()}
	var err error
	if r.store, err = bolt.OpenWith(filepath.Join(t.TempDir(), "run.db"), r.clock, bolt.Options{NoSync: true}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.store.Close() })
	r.engine = r.newEngine(1)
	return r
}

// newEngine makes an engine on the rig's store, as another process would.
func (r *rig) newEngine(seed byte) *run.Engine {
	hasher := directory.NewHasher(directory.CheapParams, 2)
	return &run.Engine{Store: r.store, Catalogue: catalogue.All(), Hasher: func() *directory.Hasher { return hasher },
		World: world.World{Clock: r.clock, Random: storetest.NewRandom(seed), Networks: world.NoNetworks{}}}
}

// person creates somebody with a password.
func (r *rig) person(email, password string) {
	r.t.Helper()
	tx := store.Begin(r.store)
	d := directory.New(tx, r.clock, storetest.NewRandom(7), r.engine.Hasher())
	u, err := d.Create(context.Background(), directory.User{ID: "usr_" + strings.Split(email, "@")[0], Email: email, EmailVerified: true})
	if err == nil {
		err = d.SetPassword(context.Background(), u.ID, password)
	}
	if err == nil {
		err = tx.Commit(context.Background())
	}
	if err != nil {
		r.t.Fatal(err)
	}
}

// project makes a project of one flow: its first block and the blocks' JSON.
func project(t *testing.T, start, blocks string) *flow.Project {
	t.Helper()
	return projectWith(t, nil, start, blocks)
}

func projectWith(t *testing.T, more map[string]string, start, blocks string) *flow.Project {
	t.Helper()
	files := map[string][]byte{
		flow.SettingsFile:      []byte(`{"format":1,"name":"test","version":"1"}`),
		flow.FlowPath("login"): []byte(fmt.Sprintf(`{"format":1,"name":"Login","trigger":"login","enabled":true,"start":%q,"blocks":{%s}}`, start, blocks)),
	}
	for name, text := range more {
		files[name] = []byte(text)
	}
	p, problems := flow.Parse(files)
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	return p
}

func (r *rig) start(p *flow.Project) *run.Stop {
	r.t.Helper()
	stop, err := r.engine.Start(context.Background(), run.StartSpec{Project: p, Flow: "login",
		Event: map[string]any{"request": map[string]any{"ip": "192.0.2.1", "user_agent": "test"}, "transaction": map[string]any{}}})
	if err != nil {
		r.t.Fatal(err)
	}
	return stop
}

func (r *rig) submit(e *run.Engine, at *run.Stop, key string, in run.Input) (*run.Stop, error) {
	return e.Submit(context.Background(), at.State.ID, key, e.Ticket(at.State, key), in, block.Carried{})
}

// watcher is a hook that writes down what it sees.
type watcher struct {
	mu     sync.Mutex
	path   []string
	before func(s *run.State)
}

func (w *watcher) Before(_ context.Context, m *run.Moment) (*run.Order, error) {
	if w.before != nil {
		w.before(&m.State)
	}
	return nil, nil
}

func (w *watcher) After(_ context.Context, _ *run.State, step run.Step) (*run.Order, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.path = append(w.path, step.Block+":"+step.Port)
	return nil, nil
}

const passwordLogin = `
"pw":{"type":"password_check","stage":"pre_login","next":{"ok":"risk","failed":"no"}},
"risk":{"type":"risk_evaluate","stage":"post_auth","next":{"next":"pick"}},
"pick":{"type":"decision","stage":"post_auth","config":{"rows":[{"port":"high","when":"step.risk.score > 90"}]},"next":{"high":"no","default":"claim"}},
"claim":{"type":"set_custom_claim","stage":"post_login","config":{"name":"risk","value":"step.risk.score","into":"both"},"next":{"next":"in"}},
"in":{"type":"issue_session","stage":"post_login"},
"no":{"type":"deny","stage":"post_login","config":{"reason":"refused"}}`

var rightPassword = run.Input{Fields: map[string]any{"identifier": "ada@example.com"}, Vault: map[string]string{"password": "s3cret-password"}}

func TestX1_OneBlockAtATimeInTheOrderOfEdges(t *testing.T) {
	r := newRig(t)
	r.person("ada@example.com", "s3cret-password")
	w := &watcher{}
	r.engine.Hook = w
	stop := r.start(project(t, "pw", passwordLogin))
	if _, err := r.submit(r.engine, stop, stop.Key, rightPassword); err != nil {
		t.Fatal(err)
	}
	want := "pw: pw:ok risk:next pick:default claim:next in:"
	if got := strings.Join(w.path, " "); got != want {
		t.Errorf("path %s, want %s", got, want)
	}
}

func TestX2_AnotherProcessResumesAWaitingRun(t *testing.T) {
	r := newRig(t)
	r.person("ada@example.com", "s3cret-password")
	stop := r.start(project(t, "pw", passwordLogin))
	if stop.State.Status != run.Waiting {
		t.Fatalf("status %s", stop.State.Status)
	}
	other := r.newEngine(2) // knows nothing but the store
	done, err := r.submit(other, stop, stop.Key, rightPassword)
	if err != nil {
		t.Fatal(err)
	}
	if done.State.Outcome() != "succeeded" || done.Issued.SessionSecret == "" {
		t.Errorf("outcome %s", done.State.Outcome())
	}
}

func TestX5_AnErrorWithNoWiredPortDenies(t *testing.T) {
	for name, blocks := range map[string]string{
		"an expression that fails":  `"b":{"type":"set_custom_claim","stage":"pre_login","config":{"name":"x","value":"event.nothing.there"},"next":{"next":"ok"}},"ok":{"type":"allow","stage":"pre_login"}`,
		"a port that leads nowhere": `"b":{"type":"set_custom_claim","stage":"pre_login","config":{"name":"x","value":"1"}},"ok":{"type":"allow","stage":"pre_login"}`,
		"an unknown block":          `"b":{"type":"wishful_thinking","stage":"pre_login","next":{"next":"ok"}},"ok":{"type":"allow","stage":"pre_login"}`,
		"an edge to nowhere":        `"b":{"type":"set_custom_claim","stage":"pre_login","config":{"name":"x","value":"1"},"next":{"next":"gone"}}`,
		"a session for nobody":      `"b":{"type":"issue_session","stage":"pre_login"}`,
		"a missing Action":          `"b":{"type":"run_custom_action","stage":"pre_login","config":{"action":"none.js"},"next":{"next":"ok"}},"ok":{"type":"allow","stage":"pre_login"}`,
	} {
		t.Run(name, func(t *testing.T) {
			stop := newRig(t).start(project(t, "b", blocks))
			if s := stop.State; s.Status != run.Ended || s.End.Success || s.Failure == nil {
				t.Errorf("outcome %s, failure %v", s.Outcome(), s.Failure)
			}
		})
	}
}

func TestX5_TheErrorPortIsTakenWhenItIsWired(t *testing.T) {
	p := project(t, "b", `"b":{"type":"set_custom_claim","stage":"pre_login","config":{"name":"x","value":"event.nothing.there"},"next":{"next":"ok","error":"no"}},
		"ok":{"type":"allow","stage":"pre_login"},"no":{"type":"deny","stage":"pre_login","config":{"reason":"mine"}}`)
	s := newRig(t).start(p).State
	if s.End.Success || s.End.Reason != "mine" || s.Failure != nil {
		t.Errorf("end %+v, failure %v", s.End, s.Failure)
	}
}

func TestX6_ABreachOfABudgetNamesTheBlock(t *testing.T) {
	loop := `"a":{"type":"set_custom_claim","stage":"pre_login","config":{"name":"x","value":"1"},"next":{"next":"b"}},"b":{"type":"set_custom_claim","stage":"pre_login","config":{"name":"y","value":"1"},"next":{"next":"a"}}`
	s := newRig(t).start(project(t, "a", loop)).State
	if s.Failure == nil || s.Failure.Code != "budget_blocks" || s.Failure.Block == "" {
		t.Errorf("failure %+v", s.Failure)
	}
	slow := projectWith(t, map[string]string{
		flow.SettingsFile: `{"format":1,"name":"test","version":"1","budgets":{"run":"150ms","action":"10s"}}`,
		"actions/slow.js": "export default function () { for (;;); }",
	}, "a", `"a":{"type":"run_custom_action","stage":"pre_login","config":{"action":"slow.js"},"next":{"next":"ok"}},"ok":{"type":"allow","stage":"pre_login"}`)
	r := newRig(t)
	pool := script.NewPool(script.Options{Workers: 1})
	defer pool.Close()
	r.engine.Scripts = pool
	s = r.start(slow).State
	if s.Failure == nil || s.Failure.Code != "budget_run" || s.Failure.Block != "a" || !strings.Contains(s.Failure.Message, "150ms") {
		t.Errorf("failure %+v", s.Failure)
	}
}

func TestX7_OfTwoSubmitsOneWins(t *testing.T) {
	r := newRig(t)
	r.person("ada@example.com", "s3cret-password")
	stop := r.start(project(t, "pw", passwordLogin))
	const many = 8
	results := make(chan error, many)
	for range many {
		go func() {
			_, err := r.submit(r.engine, stop, stop.Key, rightPassword)
			results <- err
		}()
	}
	won := 0
	for range many {
		if err := <-results; err == nil {
			won++
		}
	}
	if won != 1 {
		t.Errorf("%d submits were accepted", won)
	}
}

func TestX7_AUsedTicketChangesNothing(t *testing.T) {
	r := newRig(t)
	r.person("ada@example.com", "s3cret-password")
	stop := r.start(project(t, "pw", passwordLogin))
	wrong := run.Input{Fields: map[string]any{"identifier": "ada@example.com"}, Vault: map[string]string{"password": "wrong"}}
	again, err := r.submit(r.engine, stop, stop.Key, wrong)
	if err != nil || again.State.Status != run.Waiting {
		t.Fatal(err, again.State.Status)
	}
	before, err := r.engine.Find(context.Background(), stop.State.ID, stop.Key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.submit(r.engine, stop, stop.Key, rightPassword); err == nil {
		t.Error("the used ticket was accepted")
	}
	if _, err := r.submit(r.engine, again, "another key", rightPassword); err == nil {
		t.Error("another key was accepted")
	}
	after, err := r.engine.Find(context.Background(), stop.State.ID, stop.Key)
	if err != nil || after.Visit != before.Visit || after.Journal != before.Journal {
		t.Errorf("the run has moved: %v", err)
	}
}

func TestX8_ARunKeepsTheVersionItBeganWith(t *testing.T) {
	r := newRig(t)
	r.person("ada@example.com", "s3cret-password")
	stop := r.start(project(t, "pw", passwordLogin))
	// Somebody edits the flow so that nobody gets in, and the program restarts.
	r.start(project(t, "pw", strings.ReplaceAll(passwordLogin, `"default":"claim"`, `"default":"no"`)))
	done, err := r.submit(r.newEngine(3), stop, stop.Key, rightPassword)
	if err != nil || done.State.Outcome() != "succeeded" {
		t.Errorf("outcome %v, %v", done, err)
	}
}

func TestN9_TheDeadlineIsCheckedOnResume(t *testing.T) {
	r := newRig(t)
	p := projectWith(t, map[string]string{flow.SettingsFile: `{"format":1,"name":"test","version":"1","run_lifetime":"300s"}`}, "pw", passwordLogin)
	p.Flows["login"].Timeout = 120
	stop := r.start(p)
	r.clock.Advance(130 * time.Second)
	if _, err := r.submit(r.engine, stop, stop.Key, rightPassword); err == nil || !strings.Contains(err.Error(), "time") {
		t.Errorf("a late submit answered %v", err)
	}
	if _, err := r.submit(r.engine, stop, stop.Key, rightPassword); err == nil {
		t.Error("a second late submit was accepted")
	}
}

func TestG7_OnlyFlowsThatMayBeLaunchedAre(t *testing.T) {
	for _, change := range []func(*flow.Flow){
		func(f *flow.Flow) { f.Enabled = false },
		func(f *flow.Flow) { f.SubflowOnly = true },
	} {
		p := project(t, "ok", `"ok":{"type":"allow","stage":"pre_login"}`)
		change(p.Flows["login"])
		if _, err := newRig(t).engine.Start(context.Background(), run.StartSpec{Project: p, Flow: "login"}); err == nil {
			t.Error("the flow was started")
		}
	}
}
