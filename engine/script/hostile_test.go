package script_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/world"
)

type cancelling struct {
	*host
	cancel func()
}

func (c cancelling) Now(ctx context.Context) (time.Time, error) {
	c.cancel()
	return c.host.Now(ctx)
}

// hostileFiles are Actions that want to harm the process they run in, to learn
// what they must not, or to leave something behind. The second line of each
// says how it has to end; more than one code where the machine's speed decides.
// An output called leaked is a success of the attack.
const hostileFiles = "testdata/hostile/*.js"

type hostileAction struct {
	name, source string
	ends         []string
}

func hostileActions(t testing.TB) []hostileAction {
	t.Helper()
	files, err := filepath.Glob(hostileFiles)
	if err != nil || len(files) < 90 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	var out []hostileAction
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(string(text), "\n// ends: ")
		ends, _, ok := strings.Cut(rest, "\n")
		if !ok {
			t.Fatalf("%s does not say how it ends", name)
		}
		out = append(out, hostileAction{strings.TrimSuffix(filepath.Base(name), ".js"), string(text), strings.Fields(ends)})
	}
	return out
}

// guardedHost calls nobody but through the egress guard.
type guardedHost struct{ *host }

var guard = world.NewEgress(func() []string { return []string{"allowed.example", "localhost"} }, nil)

func (guardedHost) Fetch(ctx context.Context, r world.Request) (world.Response, error) {
	res, err := guard.Do(ctx, r)
	if err != nil {
		err = &script.HostError{Code: "call_failed", Message: err.Error()}
	}
	return res, err
}

const hostileBudget = 150 * time.Millisecond

func (h hostileAction) run(ctx context.Context, p *script.Pool) (script.Result, error) {
	return h.runWith(ctx, p, nil)
}

func (h hostileAction) runWith(ctx context.Context, p *script.Pool, d *script.Debug) (script.Result, error) {
	c := call("")
	c.Debug = d
	c.Source, c.Budget, c.Host = h.source, hostileBudget, guardedHost{newHost()}
	return p.Run(ctx, c)
}

func TestA9_HostileActionsEndThemselvesOnly(t *testing.T) {
	p := newPool(t)
	before := resident(t)
	worst := time.Duration(0)
	for _, h := range hostileActions(t) {
		t.Run(h.name, func(t *testing.T) {
			watch := time.Now()
			res, err := h.run(t.Context(), p)
			took := time.Since(watch)
			worst = max(worst, took)
			got := "fine"
			if err != nil {
				got = codeOf(t, err)
			}
			if !slices.Contains(h.ends, got) {
				t.Errorf("ended as %q (%v), want one of: %v", got, err, h.ends)
			}
			if leaked := res.Outputs["leaked"]; leaked != nil {
				t.Errorf("it got hold of %v", leaked)
			}
			if took > 8*time.Second {
				t.Errorf("took %v", took)
			}
			clean := run(t, p, call(`return [1, 2].map(x => x * 2)[1] + ('a,b'.split(',').length) + (({}).polluted || '') + (globalThis.kept || '') + JSON.stringify({a: 1})`))
			if clean.Return != `6{"a":1}` {
				t.Errorf("the next call answered %v", clean.Return)
			}
		})
	}
	t.Logf("the slowest took %v of a budget of %v", worst, hostileBudget)
	if grown := resident(t) - before; grown > 100<<20 {
		t.Errorf("the engine's process has grown by %d MiB", grown>>20)
	}
}

// With hooks in it, after a stop, a hostile Action ends as it does without, and
// what lets the debugger look is of no use to it.
func TestA9_HostileActionsEndTheSameWhenDebugged(t *testing.T) {
	p := newPool(t)
	for _, h := range hostileActions(t) {
		t.Run(h.name, func(t *testing.T) {
			d := &script.Debug{AtEntry: true, Stopped: func(_ context.Context, s *script.Stop) script.Command {
				if scopes, err := s.Scopes(0); err == nil {
					_, _, _ = s.Children(scopes[0].Ref, 0, 10)
				}
				return script.Command{}
			}}
			res, err := h.runWith(t.Context(), p, d)
			got := "fine"
			if err != nil {
				got = codeOf(t, err)
			}
			if !slices.Contains(h.ends, got) {
				t.Errorf("ended as %q (%v), want one of: %v", got, err, h.ends)
			}
			if leaked := res.Outputs["leaked"]; leaked != nil {
				t.Errorf("it got hold of %v", leaked)
			}
		})
	}
}

// resident answers the memory of this process, the worst there has been where
// the system tells.
func resident(t testing.TB) int64 {
	t.Helper()
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.Sys)
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	kb, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return kb << 10
}

// BenchmarkHostileActions is the whole corpus, each with a budget of 150 ms: how
// long after it the slowest has ended, and by how much this process has grown.
func BenchmarkHostileActions(b *testing.B) {
	p := newPool(b)
	actions := hostileActions(b)
	before := resident(b)
	worst := time.Duration(0)
	for b.Loop() {
		for _, h := range actions {
			watch := time.Now()
			_, _ = h.run(b.Context(), p)
			worst = max(worst, time.Since(watch))
		}
	}
	b.ReportMetric(float64((worst-hostileBudget)/time.Millisecond), "ms-after-deadline")
	b.ReportMetric(float64(resident(b)-before)/(1<<20), "MiB-grown")
}

func codeOf(t *testing.T, err error) string {
	t.Helper()
	var e *script.Error
	if !asError(err, &e) {
		t.Fatalf("not a script error: %v", err)
	}
	code := string(e.Code)
	return strings.TrimPrefix(code, "worker_")
}

func TestA9_HostileSourcesAreReadInTheWorker(t *testing.T) {
	p := newPool(t)
	sources := map[string]string{
		"arrows":   strings.Repeat("a=>", 100_000) + "1",
		"bangs":    "export default " + strings.Repeat("!", 400_000) + "1",
		"ternary":  "export default " + strings.Repeat("a?b:", 100_000) + "1",
		"brackets": strings.Repeat("[", 900) + strings.Repeat("]", 900),
		"template": strings.Repeat("`${", 300) + strings.Repeat("}`", 300),
		"bytes":    "\xff\xfe\x00 export default \x80",
	}
	for name, src := range sources {
		c := source(src)
		c.Budget = 150 * time.Millisecond
		if _, err := p.Run(t.Context(), c); err == nil {
			t.Errorf("%s ran", name)
		}
		if _, err := p.Check(t.Context(), script.Unit{Name: "a.js", Source: src}); err != nil {
			t.Errorf("%s: check: %v", name, err)
		}
		run(t, p, call(`return 1`))
	}
}

func TestA9_CallsRunBesideEachOther(t *testing.T) {
	p := script.NewPool(script.Options{Workers: 2})
	defer p.Close()
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() {
			for j := range 5 {
				body := fmt.Sprintf(`return %d`, i*100+j)
				if i == 0 {
					body = `for (;;) {}`
				}
				c := call(body)
				c.Budget = 100 * time.Millisecond
				got, err := p.Run(t.Context(), c)
				if i == 0 && err == nil || i > 0 && (err != nil || got.Return != float64(i*100+j)) {
					t.Errorf("%s: %v, %v", body, got.Return, err)
				}
			}
		})
	}
	wg.Wait()
}

func TestX6_TimeSpentWaitingForTheHostIsNotTheActions(t *testing.T) {
	c := call(`await fetch('https://slow.example.org'); return 'done'`)
	c.Budget = 200 * time.Millisecond
	h := newHost()
	inner := h.fetch
	h.fetch = slowly(inner, 700*time.Millisecond)
	c.Host = h
	got := run(t, newPool(t), c)
	if got.Return != "done" || got.Duration > 500*time.Millisecond {
		t.Errorf("got %+v", got)
	}
}

func TestX6_ATimeoutNamesTheLine(t *testing.T) {
	c := call("\n  let n = 0;\n  for (;;) {\n    n++\n  }")
	c.Budget = 100 * time.Millisecond
	e := fails(t, newPool(t), c)
	if e.Code != script.CodeTimeout || e.Line < 4 || e.Line > 5 || !strings.Contains(e.Message, "100ms") {
		t.Errorf("got %v (%s) %d:%d", e, e.Code, e.Line, e.Column)
	}
}

func FuzzSource(f *testing.F) {
	for _, seed := range []string{
		"export default async function (event, step, api) { api.deny('x') }", "exports.onExecute = (e, api) => {}", "/* é */ export default ``",
		"export\ndefault class A {}", "export default /=/g", "import('x')", "let a = `${export default 1}`", "execute = 1",
	} {
		f.Add(seed)
	}
	p := script.NewPool(script.Options{Workers: 1})
	f.Cleanup(func() { p.Close() })
	f.Fuzz(func(t *testing.T, src string) {
		issues, err := p.Check(t.Context(), script.Unit{Name: "a.js", Source: src})
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Count(src, "\n") + 1
		for _, issue := range issues {
			if issue.Line < 1 || issue.Line > lines || issue.Column < 1 || issue.Message == "" {
				t.Fatalf("issue out of place: %+v", issue)
			}
		}
		c := source(src)
		c.Budget = 50 * time.Millisecond
		_, err = p.Run(t.Context(), c)
		if err != nil {
			codeOf(t, err)
		}
	})
}
