package debug_test

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/debug"
	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/store/bolt"
	"github.com/authflow-studio/authflow/engine/store/storetest"
	"github.com/authflow-studio/authflow/engine/world"
)

// rig is an engine with a debugger and somebody who can sign in.
type rig struct {
	t       *testing.T
	engine  *run.Engine
	d       *debug.Debugger
	project *flow.Project
	changes chan debug.Run
	logs    chan debug.Log
	back    chan *run.Stop // of runs that went back while nobody's request waited
	frozen  freezer
}

type freezer struct {
	mu  sync.Mutex
	log []string
}

func (f *freezer) Freeze() { f.note("freeze") }
func (f *freezer) Thaw()   { f.note("thaw") }
func (f *freezer) note(s string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.log = append(f.log, s)
}

const login = `{"format":1,"name":"Login","trigger":"login","enabled":true,"start":"pw","blocks":{
"pw":{"type":"password_check","stage":"pre_login","next":{"ok":"risk","failed":"no"}},
"risk":{"type":"risk_evaluate","stage":"post_auth","next":{"next":"pick"}},
"pick":{"type":"decision","stage":"post_auth","config":{"rows":[{"port":"high","when":"step.risk.score > 90"}]},"next":{"high":"no","default":"claim"}},
"claim":{"type":"set_custom_claim","stage":"post_login","config":{"name":"risk","value":"step.risk.score","into":"both"},"next":{"next":"in"}},
"in":{"type":"issue_session","stage":"post_login"},
"no":{"type":"deny","stage":"post_login","config":{"reason":"refused"}}}}`

func newRig(t *testing.T, attached bool) *rig {
	t.Helper()
	clock := storetest.NewClock()
	st, err := bolt.OpenWith(filepath.Join(t.TempDir(), "debug.db"), clock, bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	hasher := directory.NewHasher(directory.CheapParams, 2)
	r := &rig{t: t, d: debug.New(), changes: make(chan debug.Run, 10000), logs: make(chan debug.Log, 1000), back: make(chan *run.Stop, 10)}
	r.d.Listen(func(e debug.Event) {
		if e.Run != nil {
			r.changes <- *e.Run
		}
		if e.Log != nil {
			r.logs <- *e.Log
		}
	})
	r.d.Clock = &r.frozen
	r.engine = &run.Engine{Store: st, Catalogue: catalogue.All(), Hasher: func() *directory.Hasher { return hasher },
		World: world.World{Clock: clock, Random: storetest.NewRandom(1), Networks: world.NoNetworks{}}}
	r.engine.Past = &run.Past{}
	if attached {
		r.engine.Hook, r.d.Journal = r.d, r.engine.JournalOf
		r.d.GoBack = func(ctx context.Context, to *run.Moment, p *flow.Project) error {
			stop, err := r.engine.GoBack(ctx, to, p)
			r.back <- stop
			return err
		}
	}
	tx := store.Begin(st)
	dir := directory.New(tx, clock, storetest.NewRandom(2), hasher)
	u, err := dir.Create(context.Background(), directory.User{ID: "usr_ada", Email: "ada@example.com"})
	if err == nil {
		err = dir.SetPassword(context.Background(), u.ID, "s3cret-password")
	}
	if err == nil {
		err = tx.Commit(context.Background())
	}
	if err != nil {
		t.Fatal(err)
	}
	p, problems := flow.Parse(map[string][]byte{flow.SettingsFile: []byte(`{"format":1,"name":"x","version":"1"}`), "flows/login.json": []byte(login)})
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	r.project = p
	return r
}

// begin starts a run, which waits for the password.
func (r *rig) begin() *run.Stop {
	r.t.Helper()
	stop, err := r.engine.Start(context.Background(), run.StartSpec{Project: r.project, Flow: "login", Event: map[string]any{"request": map[string]any{"ip": "192.0.2.1", "user_agent": "Mozilla/5.0"}}})
	if err != nil {
		r.t.Fatal(err)
	}
	return stop
}

// submit sends the password; the answer comes when the run stops.
func (r *rig) submit(at *run.Stop) chan *run.Stop {
	answer := make(chan *run.Stop, 1)
	go func() {
		in := run.Input{Fields: map[string]any{"identifier": "ada@example.com"}, Vault: map[string]string{"password": "s3cret-password"}}
		done, err := r.engine.Submit(context.Background(), at.State.ID, at.Key, r.engine.Ticket(at.State, at.Key), in, block.Carried{})
		if err != nil {
			r.t.Error(err)
		}
		answer <- done
	}()
	return answer
}

// until waits for the debugger to tell of a status.
func (r *rig) until(status string) debug.Run {
	r.t.Helper()
	timeout := time.After(20 * time.Second)
	for {
		select {
		case v := <-r.changes:
			if v.Status == status {
				return v
			}
		case <-timeout:
			r.t.Fatalf("no run came to be %s", status)
		}
	}
}

func (r *rig) journal(id string) []byte {
	r.t.Helper()
	entries, err := r.engine.JournalOf(context.Background(), id)
	if err != nil {
		r.t.Fatal(err)
	}
	text, err := json.Marshal(entries, json.Deterministic(true))
	if err != nil {
		r.t.Fatal(err)
	}
	return text
}

func TestD1_TheDebuggerChangesNothing(t *testing.T) {
	plain := newRig(t, false)
	at := plain.begin()
	<-plain.submit(at)
	want := plain.journal(at.State.ID)

	stepped := newRig(t, true)
	stepped.d.SetBreakpoints([]debug.Breakpoint{{Flow: "login", Block: "pw", Enabled: true}})
	started := make(chan *run.Stop, 1)
	go func() { started <- stepped.begin() }()
	id := stepped.until("paused").ID
	if err := stepped.d.StepOver(id); err != nil {
		t.Fatal(err)
	}
	answer := stepped.submit(<-started)
	for range 4 {
		stepped.until("paused")
		if err := stepped.d.StepOver(id); err != nil {
			t.Fatal(err)
		}
	}
	if done := <-answer; done.State.Outcome() != "succeeded" {
		t.Errorf("outcome %s", done.State.Outcome())
	}
	if got := stepped.journal(id); !bytes.Equal(got, want) {
		t.Errorf("with the debugger:\n%s\nwithout:\n%s", got, want)
	}
}

func TestD2_ABreakpointStopsBeforeItsBlock(t *testing.T) {
	r := newRig(t, true)
	r.d.SetBreakpoints([]debug.Breakpoint{{Flow: "login", Block: "risk", Enabled: true}, {Flow: "login", Block: "pick", Enabled: false}})
	answer := r.submit(r.begin())
	v := r.until("paused")
	if v.Reason != "breakpoint" || v.Stack[0].Block != "risk" || len(v.Path) != 1 || v.Path[0].Port != "ok" {
		t.Errorf("stopped: %+v", v)
	}
	steps, _ := v.Values["step"].(map[string]any)
	if _, ran := steps["risk"]; ran {
		t.Error("the block has run already")
	}
	if err := r.d.Continue(v.ID); err != nil {
		t.Fatal(err)
	}
	<-answer
	end := r.until("succeeded")
	if end.Outcome == nil || !end.Outcome.Success || len(end.Path) != 5 {
		t.Errorf("end: %+v", end)
	}
}

func TestD3_AChangedValueTakesTheOtherBranchAndIsMarked(t *testing.T) {
	r := newRig(t, true)
	r.d.SetBreakpoints([]debug.Breakpoint{{Flow: "login", Block: "pick", Enabled: true}})
	answer := r.submit(r.begin())
	v := r.until("paused")
	if _, err := r.d.SetValue(v.ID, "step.risk.score", 95.0); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"step.claim.value", "event", "flow.name", "secrets.x", "claims.id_token"} {
		if _, err := r.d.SetValue(v.ID, bad, 1.0); err == nil {
			t.Errorf("%s was changed", bad)
		}
	}
	if err := r.d.Continue(v.ID); err != nil {
		t.Fatal(err)
	}
	if done := <-answer; done.State.End.Reason != "refused" {
		t.Errorf("end %+v", done.State.End)
	}
	if !strings.Contains(string(r.journal(v.ID)), `"kind":"change"`) {
		t.Error("the journal does not mark the change")
	}
	if end := r.until("denied"); !end.Path[len(end.Path)-2].Changed {
		t.Errorf("path %+v", end.Path)
	}
}

func TestD4_TimeStandsStillWhilePaused(t *testing.T) {
	r := newRig(t, true)
	r.project.Settings.Budgets.Run = flow.Duration(200 * time.Millisecond)
	r.d.SetBreakpoints([]debug.Breakpoint{{Flow: "login", Block: "risk", Enabled: true}})
	answer := r.submit(r.begin())
	v := r.until("paused")
	time.Sleep(400 * time.Millisecond) // longer than the whole budget
	if err := r.d.Continue(v.ID); err != nil {
		t.Fatal(err)
	}
	if done := <-answer; done.State.Outcome() != "succeeded" {
		t.Errorf("outcome %s: %v", done.State.Outcome(), done.State.Failure)
	}
	r.frozen.mu.Lock()
	defer r.frozen.mu.Unlock()
	if got := strings.Join(r.frozen.log, " "); got != "freeze thaw" {
		t.Errorf("the clock: %s", got)
	}
}

func TestD5_SeveralRunsAtOnce(t *testing.T) {
	r := newRig(t, true)
	r.d.SetBreakpoints([]debug.Breakpoint{{Flow: "login", Block: "risk", Enabled: true}})
	const many = 20
	answers := make([]chan *run.Stop, many)
	for i := range many {
		answers[i] = r.submit(r.begin())
	}
	paused := map[string]bool{}
	for len(paused) < many {
		paused[r.until("paused").ID] = true
	}
	for id := range paused {
		if err := r.d.Continue(id); err != nil {
			t.Error(err)
		}
	}
	for _, a := range answers {
		if done := <-a; done.State.Outcome() != "succeeded" {
			t.Errorf("outcome %s", done.State.Outcome())
		}
	}
}

func TestPauseStopAndClose(t *testing.T) {
	r := newRig(t, true)
	at := r.begin()
	if err := r.d.Pause(at.State.ID); err != nil {
		t.Fatal(err)
	}
	answer := r.submit(at)
	v := r.until("paused")
	if v.Reason != "pause" {
		t.Errorf("reason %s", v.Reason)
	}
	if err := r.d.Stop(v.ID); err != nil {
		t.Fatal(err)
	}
	if done := <-answer; done.State.Outcome() != "stopped" {
		t.Errorf("outcome %s", done.State.Outcome())
	}
	if v := r.until("stopped"); v.Outcome == nil || v.Outcome.Success {
		t.Errorf("it is seen as %+v", v.Outcome)
	}
	r.d.SetBreakpoints([]debug.Breakpoint{{Flow: "login", Block: "risk", Enabled: true}})
	answer = r.submit(r.begin())
	r.until("paused")
	r.d.Close() // the window is gone: the person's sign-in goes on
	if done := <-answer; done.State.Outcome() != "succeeded" {
		t.Errorf("outcome %s", done.State.Outcome())
	}
}

func TestCommandsForRunsThatAreNotThere(t *testing.T) {
	r := newRig(t, true)
	if r.d.Continue("run_x") == nil || r.d.StepOver("run_x") == nil || r.d.Pause("run_x") == nil || r.d.Stop("run_x") == nil {
		t.Error("a command for no run was taken")
	}
	at := r.begin()
	if r.d.Continue(at.State.ID) == nil {
		t.Error("a run that waits for the person was continued")
	}
	if _, err := r.d.SetValue(at.State.ID, "event.x", 1.0); err == nil {
		t.Error("a value of a run that is not paused was changed")
	}
}
