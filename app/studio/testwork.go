package studio

// This file is the long work on tests: running them, finding those that are
// missing, and the mistakes that none of them notices. One at a time; it tells
// how far it is, and can be cancelled: then its answer is null, and no error.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"sync"
	"time"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/scenario"
	"github.com/authflow-studio/authflow/engine/server"
	"github.com/authflow-studio/authflow/projects"
)

// testWork is the methods of this file.
func (s *Studio) testWork() map[string]method {
	return map[string]method{
		"tests.run":      typed(s.runTests),
		"tests.generate": typed(s.generateTests),
		"tests.mutate":   typed(s.mutateTests),
		"tests.cancel":   typed(s.cancelTests),
	}
}

// TestProgress is how far the work is.
type TestProgress struct {
	// Work is run, generate or mutate.
	Work string `json:"work"`
	Done int    `json:"done"`
	// Of is how much there is at the most.
	Of int `json:"of"`
	// Found are scenarios so far, or changes that nothing noticed.
	Found int `json:"found"`
}

// working is the work that goes on.
type working struct {
	mu     sync.Mutex
	cancel context.CancelFunc // nil: nothing goes on
}

// begin answers the context of a piece of work, and what ends it.
func (g *working) begin(ctx context.Context) (context.Context, func(), error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.cancel != nil {
		return nil, nil, &Error{Code: "busy", Message: "Tests are being run already.", Hint: "Wait until they have ended, or cancel them."}
	}
	ctx, cancel := context.WithCancel(ctx)
	g.cancel = cancel
	return ctx, func() {
		cancel()
		g.mu.Lock()
		defer g.mu.Unlock()
		g.cancel = nil
	}, nil
}

func (g *working) stop() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.cancel != nil {
		g.cancel()
	}
}

// beginWork begins a piece of work on the tests of the open project.
func (s *Studio) beginWork(ctx context.Context) (*workspace, context.Context, func(), error) {
	w, err := s.workspace()
	if err != nil {
		return nil, nil, nil, err
	}
	ctx, end, err := w.working.begin(ctx)
	return w, ctx, end, err
}

func (s *Studio) cancelTests(context.Context, none) (any, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	w.working.stop()
	return nil, nil
}

// tellEvery is how often front ends are told how far it is.
const tellEvery = 100 * time.Millisecond

// progress answers what tells how far the work is; it may be called by many at once.
func (w *workspace) progress(work string, of int) func(done, found int) {
	var mu sync.Mutex
	var told time.Time
	return func(done, found int) {
		mu.Lock()
		defer mu.Unlock()
		if now := time.Now(); now.Sub(told) >= tellEvery {
			told = now
			w.s.Emit("test_progress", TestProgress{work, done, of, found})
		}
	}
}

// runTests runs scenarios; each result is told as it comes.
func (s *Studio) runTests(ctx context.Context, a testArg) (*TestReport, error) {
	w, ctx, end, err := s.beginWork(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	p := w.current()
	suite, err := w.suite(a.Names)
	if err != nil {
		return nil, err
	}
	tell, done := w.progress("run", len(suite.Cases())), 0
	var mu sync.Mutex
	suite.Done = func(r scenario.Result) {
		s.Emit("test", r)
		mu.Lock()
		defer mu.Unlock()
		done++
		tell(done, 0)
	}
	rep := &TestReport{Report: suite.Run(ctx), Missed: []string{}}
	if ctx.Err() != nil {
		return nil, nil
	}
	rep.Coverage = rep.Covered(p, s.catalogue)
	rep.Missed = append(rep.Missed, rep.Coverage.Missed()...)
	return rep, nil
}

// suite is the scenarios whose titles hold one of the names; none keeps all.
func (w *workspace) suite(names []string) (*scenario.Suite, error) {
	files, bad := scenario.ReadAll(w.disk.FS())
	if len(bad) > 0 {
		return nil, &Error{Code: "unreadable", Message: bad[0].Error()}
	}
	mk, err := w.benches(server.BenchOptions{})
	if err != nil {
		return nil, err
	}
	suite := &scenario.Suite{Files: files, Make: mk, Parallel: runtime.NumCPU(), Filter: names}
	if len(suite.Cases()) == 0 {
		return nil, errNoScenario
	}
	return suite, nil
}

var errNoScenario = &Error{Code: "no_scenario", Message: "There is no scenario to run.", Hint: "Record a run, or write a file below scenarios/."}

// GeneratedTests is what was found for outcomes that no test covers.
type GeneratedTests struct {
	// Path of the new file; empty where nothing was found.
	Path  string `json:"path"`
	Found int    `json:"found"`
	// Missing are the outcomes that nothing came to.
	Missing []string `json:"missing"`
}

type generateArg struct {
	// Tries is how many sign-ins are tried at most; 0 for as many as authflow generate tries.
	Tries int
}

const defaultTries = 2000

// generateTests finds scenarios for outcomes that none covers yet, and writes them.
func (s *Studio) generateTests(ctx context.Context, a generateArg) (*GeneratedTests, error) {
	w, ctx, end, err := s.beginWork(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	var traces [][]run.Step
	if suite, err := w.suite(nil); err == nil {
		for _, r := range suite.Run(ctx).Results {
			traces = append(traces, r.Trace)
		}
	} else if !errors.Is(err, errNoScenario) {
		return nil, err
	}
	g, err := s.generator(w, w.current())
	if err != nil {
		return nil, err
	}
	g.Tries = cmp.Or(max(0, a.Tries), defaultTries)
	g.Tried = w.progress("generate", g.Tries)
	found, missing, err := g.Generate(ctx, traces)
	if ctx.Err() != nil {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	out := &GeneratedTests{Found: len(found), Missing: append([]string{}, missing...)}
	if len(found) == 0 {
		return out, nil
	}
	text, err := scenario.File{About: "Found by trying. Each expects what happened: look at it before you rely on it.", Scenarios: found}.YAML()
	if err != nil {
		return nil, err
	}
	out.Path, err = w.newScenarioFile("generated", text)
	return out, err
}

// newScenarioFile writes a file that is not there yet.
func (w *workspace) newScenarioFile(name string, text []byte) (string, error) {
	for n := 1; ; n++ {
		path := scenario.Dir + "/" + name + ".yaml"
		if n > 1 {
			path = fmt.Sprintf("%s/%s_%d.yaml", scenario.Dir, name, n)
		}
		_, err := w.disk.CreateFile(path, string(text))
		if !errors.Is(err, projects.ErrExists) && !errors.Is(err, fs.ErrExist) {
			return path, err
		}
	}
}

// mutateTests makes the flows wrong on purpose, and answers what no test notices.
func (s *Studio) mutateTests(ctx context.Context, _ none) (*scenario.Mutation, error) {
	w, ctx, end, err := s.beginWork(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	suite, err := w.suite(nil)
	if err != nil {
		return nil, err
	}
	base := suite.Run(ctx)
	if ctx.Err() != nil {
		return nil, nil
	}
	if base.Failed > 0 || base.Passed == 0 {
		return nil, &Error{Code: "tests_fail", Message: "The tests must pass before they are tried on flows that are wrong.", Hint: "Run all, and mend what fails."}
	}
	mutants, err := scenario.Mutants(w.current())
	if err != nil {
		return nil, err
	}
	worldFile, err := server.ReadWorld(w.disk.FS())
	if err != nil {
		return nil, err
	}
	out, err := scenario.Mutate(ctx, base, suite.Cases(), mutants, func(changed *flow.Project) (scenario.Maker, error) {
		return server.Benches(changed, worldFile, s.Scripts, s.Geo)
	}, runtime.NumCPU(), w.progress("mutate", len(mutants)))
	if ctx.Err() != nil {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &out, nil
}
