package studio

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/authflow-studio/authflow/engine/check"
	"github.com/authflow-studio/authflow/engine/debug"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/scenario/agent"
	"github.com/authflow-studio/authflow/engine/server"
	"github.com/authflow-studio/authflow/projects"
)

// workspace is an open project: its files, the harness that runs it, the
// debugger that watches, and the browser beside the graph.
type workspace struct {
	s        *Studio
	disk     *projects.Project
	harness  *server.Harness
	listener net.Listener
	http     *http.Server
	debugger *debug.Pins
	browser  *browserPanel
	left     *leftovers
	promises *promises
	working  working
	cancel   context.CancelFunc

	reloading sync.Mutex // held while it is loaded: a save, a run and the watcher may all want it
	mu        sync.Mutex
	project   *flow.Project
	problems  []check.Problem
	letBe     []check.Suppressed
	// written holds the revision of each file as this program last wrote it, so
	// that its own writes are not taken for somebody else's.
	written map[string]string
	tokens  *Tokens
	// freshDevice begins each run with no cookies at all.
	freshDevice bool
	testing     debugged
}

func (s *Studio) openWorkspace(disk *projects.Project) (*workspace, error) {
	w := &workspace{s: s, disk: disk, debugger: &debug.Pins{Debugger: debug.New()}, written: map[string]string{}, left: newLeftovers(), promises: newPromises()}
	listener, err := net.Listen("tcp", s.HarnessAddr)
	if err != nil {
		// The port is another program's, or another window's: any will do.
		if listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			return nil, fmt.Errorf("studio: the harness cannot listen on this machine: %w", err)
		}
	}
	w.listener = listener
	issuer := "http://" + listener.Addr().String()
	w.harness, err = server.NewHarness(server.HarnessOptions{Issuer: issuer, Scripts: w.debugger.Scripts(s.Scripts), Geo: s.Geo, Hook: w.debugger, Log: s.Log, Tokens: w.gotTokens, Committed: w.left.changed})
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	w.debugger.Clock = w.harness.Clock
	w.debugger.GoBack, w.debugger.Journal = w.goneBack, w.journalOf
	w.debugger.Listen(w.debugged)
	w.browser = newBrowserPanel(agent.New(w.harness, issuer), func(v BrowserView) { s.Emit("browser", v) })
	if err := w.reload(); err != nil {
		return nil, errors.Join(err, listener.Close(), w.harness.Close())
	}
	w.readBreakpoints()
	w.http = &http.Server{Handler: w.harness, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = w.http.Serve(listener) }()
	ctx, cancel := context.WithCancel(context.Background())
	w.cancel = cancel
	go w.tellOfLeftovers(ctx)
	go w.watchPromises(ctx)
	if err := disk.Watch(ctx, w.changedOnDisk); err != nil {
		s.Log.Warn("changes by other programs will not be noticed", "error", err)
	}
	return w, nil
}

func (w *workspace) close() error {
	w.cancel()
	w.debugger.Close()
	w.testing.end()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	_ = w.http.Shutdown(ctx)
	return errors.Join(w.harness.Close(), w.disk.Close())
}

// reload takes over what is on disk, checks it, and runs it from now on. Files
// that cannot be read are problems; what can be read is run.
func (w *workspace) reload() error {
	w.reloading.Lock()
	defer w.reloading.Unlock()
	p, unreadable := w.disk.Load()
	world, err := server.ReadWorld(w.disk.FS())
	if err != nil {
		return err
	}
	found := w.s.checker.Findings(context.Background(), p, unreadable)
	problems := found.Problems
	if err := w.harness.Load(context.Background(), p, world); err != nil {
		// The project stays open, and says why it does not run.
		problems = append(problems, check.Problem{Code: "harness", Severity: check.Error, File: flow.WorldFile, Message: err.Error(), Why: "The harness goes on with what it had before."})
	}
	w.mu.Lock()
	w.project, w.problems, w.letBe = p, problems, found.Suppressed
	w.mu.Unlock()
	w.verifyBreakpoints()
	w.promises.changed()
	return nil
}

// announce tells the front ends what is there now.
func (w *workspace) announce() {
	w.s.Emit("problems", w.currentProblems())
	w.s.Emit("suppressed", w.currentSuppressed())
	w.s.Emit("project", w.view())
}

// currentProblems are those of the checks, and what was last proven of the contracts.
func (w *workspace) currentProblems() []check.Problem {
	last := w.promises.judged()
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Concat([]check.Problem{}, w.problems, last.problems(w.problems))
}

func (w *workspace) current() *flow.Project {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.project
}

// wrote notes a write of this program.
func (w *workspace) wrote(name, revision string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.written[name] = revision
}

// changedOnDisk is told of files that were changed, by whomever.
func (w *workspace) changedOnDisk(paths []string) {
	foreign := false
	for _, name := range paths {
		if revision, other := w.foreign(name); other {
			foreign = true
			w.s.Emit("changed", map[string]string{"path": name, "revision": revision})
		}
	}
	if !foreign {
		return
	}
	if err := w.reload(); err != nil {
		w.s.Log.Error("the changed project cannot be loaded", "error", err)
	}
	w.announce()
}

// foreign reports whether a file is not as this program last wrote it.
func (w *workspace) foreign(name string) (revision string, other bool) {
	if slug, ok := flowOf(name); ok {
		l, err := w.disk.LoadFlow(slug)
		if err == nil {
			revision = l.Revision
		}
		name = flow.FlowPath(slug)
	} else if f, err := w.disk.LoadFile(name); err == nil {
		revision = f.Revision
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return revision, revision == "" || w.written[name] != revision
}

// debugged is told what the debugger sees.
func (w *workspace) debugged(e debug.Event) {
	if e.Run != nil {
		w.runChanged(*e.Run)
	}
	if e.Log != nil {
		w.s.Emit("debug_log", e.Log)
	}
}

// goneBack takes a run back that has no request waiting; the browser beside the
// graph goes on with it where it stops.
func (w *workspace) goneBack(ctx context.Context, to *run.Moment, p *flow.Project) error {
	if entries, err := w.harness.Engine().JournalOf(ctx, to.State.ID); err == nil && len(entries) == 0 {
		return &Error{Code: "run_of_a_test", Message: "This run belongs to a test, which answers its pages by itself: it goes back only while it is paused.", Hint: "Debug the test again."}
	}
	address, err := w.harness.GoBack(ctx, to, p)
	if err != nil {
		return err
	}
	w.browser.do(address, func(ctx context.Context) (*agent.Page, error) { return w.browser.agent.Get(ctx, address) })
	return nil
}

// runChanged is told of each run at each stop.
func (w *workspace) runChanged(r debug.Run) {
	w.s.Emit("run", r)
	w.browser.follow(r)
}
