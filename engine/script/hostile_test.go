package script_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/script"
)

type cancelling struct {
	*host
	cancel func()
}

func (c cancelling) Now(ctx context.Context) (time.Time, error) {
	c.cancel()
	return c.host.Now(ctx)
}

// hostile are scripts that want to harm the process they run in. Each says how
// it has to end; more than one code where the machine's speed decides.
var hostile = map[string]string{
	"endless loop":                   `for (;;) {} // timeout`,
	"endless loop in a promise":      `const f = () => Promise.resolve().then(f); await f(); // timeout memory pending_promise`,
	"endless await":                  `for (;;) await null; // timeout memory`,
	"endless getter":                 `const o = {get x() { for (;;); }}; api.state.set('k', o); // timeout`,
	"endless toJSON":                 `JSON.stringify({toJSON() { for (;;); }}) // timeout`,
	"endless native sort":            `[3, 2, 1].sort(() => { for (;;); }) // timeout`,
	"endless finally":                `try { for (;;); } finally { for (;;); } // timeout`,
	"catch and go on":                `for (;;) { try { for (;;); } catch {} } // timeout`,
	"native loop over a length":      `Array.prototype.indexOf.call({length: 2**53}, 1) // timeout`,
	"native fill":                    `Array.prototype.fill.call({length: 2**53}, 1) // timeout memory died`,
	"array of 2**32":                 `new Array(2**32 - 1).fill(0) // timeout memory died`,
	"join of a huge array":           `new Array(2**32 - 1).join('xxxxxxxx') // timeout memory died`,
	"deep recursion":                 `const f = () => f() + 1; f() // too_deep`,
	"deep recursion caught":          `const f = () => { try { f() } catch { f() } }; f() // too_deep timeout`,
	"deep recursion through natives": `const f = x => [1].map(f); f(1) // too_deep`,
	"deep toString":                  `const o = {toString: () => '' + o}; '' + o // too_deep died`,
	"doubling a text":                `let s = 'x'; for (;;) s += s; // memory died timeout rejected`,
	"repeat(2**30)":                  `const s = 'x'.repeat(2**30); return s.length // memory died rejected`,
	"repeat(2**40)":                  `'x'.repeat(2**40) // memory died rejected`,
	"padStart":                       `'x'.padStart(2**33, 'y') // memory died rejected timeout`,
	"a growing array":                `const a = []; for (;;) a.push(new Array(1000).fill(1)); // memory died timeout`,
	"a growing object":               `const o = {}; for (let i = 0; ; i++) o['k' + i] = {}; // memory died timeout`,
	"a typed array":                  `new Uint8Array(2**34) // memory died rejected`,
	"many buffers":                   `const a = []; for (;;) a.push(new ArrayBuffer(2**20)); // memory died timeout`,
	"split of a long text":           `'x'.repeat(2**26).split('') // memory died timeout`,
	"a huge BigInt":                  `let n = 2n; for (;;) n = n * n; // memory died timeout rejected`,
	"BigInt power":                   `10n ** 100000000n // timeout memory died rejected`,
	"catastrophic regexp":            `/^(?=(a+)+$)\1b/.test('a'.repeat(40)) // timeout fine`,
	"catastrophic backreference":     `/^(\w+\s?)*\1$/.test('aaaa aaaa aaaa aaaa aaaa aaaa aaaa aaaa!') // timeout`,
	"a regexp made at run time":      `'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.match('^(?!b)(a+)+$') // timeout`,
	"a huge regexp":                  `new RegExp('(a{1,1000}){1,1000}').test('a') // rejected timeout memory fine`,
	"deep JSON":                      `JSON.parse('['.repeat(10000000)) // died too_deep memory timeout rejected`,
	"deep JSON out":                  `let o = {}; for (let i = 0; i < 1000000; i++) o = {o}; JSON.stringify(o) // died too_deep memory timeout rejected`,
	"deep argument":                  `let o = {}; for (let i = 0; i < 100000; i++) o = {o}; api.state.set('k', o) // rejected timeout`,
	"deep flat":                      `let a = []; for (let i = 0; i < 1000000; i++) a = [a]; a.flat(Infinity) // died too_deep memory timeout rejected`,
	"many arguments":                 `Math.max(...new Array(10000000).fill(1)) // died too_deep memory timeout rejected fine`,
	"apply with a huge length":       `Math.max.apply(null, {length: 2**32 - 1}) // died too_deep memory timeout rejected`,
	"a proxy that never ends":        `for (const k in new Proxy({}, {ownKeys() { for (;;); }})); // timeout`,
	"keys of a proxy":                `api.state.set('k', new Proxy({}, {ownKeys: () => new Array(1e9).fill('x')})) // rejected`,
	"many log lines":                 `for (let i = 0; i < 100000; i++) console.log('x'.repeat(1000)) // fine timeout`,
	"a huge log line":                `console.log('x'.repeat(2**24)) // fine timeout`,
	"console of a trap":              `console.log(new Proxy({}, {get() { for (;;); }}), {get x() { throw 1 }}) // fine rejected`,
	"many promises":                  `const a = []; for (;;) a.push(Promise.reject(1)); // memory died timeout`,
	"a thenable":                     `return {then() { for (;;); }} // timeout`,
	"replace with a function":        `'x'.repeat(1e7).replace(/x/g, () => 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyy') // memory died timeout fine rejected`,
	"localeCompare":                  `'x'.repeat(2**26).normalize('NFD').localeCompare('y') // memory died timeout fine`,
	"symbol species":                 `class A extends Array { static get [Symbol.species]() { for (;;); } } new A(1, 2).map(x => x) // timeout`,
	"date source":                    `for (;;) Date.now(); // timeout`,
}

func TestA9_HostileScriptsEndThemselvesOnly(t *testing.T) {
	p := newPool(t)
	before := heap()
	for name, script := range hostile {
		t.Run(name, func(t *testing.T) {
			body, allowed, _ := strings.Cut(script, "// ")
			c := call(body)
			c.Budget = 150 * time.Millisecond
			start := time.Now()
			_, err := p.Run(t.Context(), c)
			got := "fine"
			if err != nil {
				got = codeOf(t, err)
			}
			if !strings.Contains(" "+allowed+" ", " "+got+" ") {
				t.Errorf("ended as %q (%v), want one of: %s", got, err, allowed)
			}
			if took := time.Since(start); took > 8*time.Second {
				t.Errorf("took %v", took)
			}
			if got := run(t, p, call(`return [1, 2].map(x => x * 2)[1]`)).Return; got != 4.0 {
				t.Errorf("the next call answered %v", got)
			}
		})
	}
	if grown := heap() - before; grown > 32<<20 {
		t.Errorf("the engine's heap has grown by %d bytes", grown)
	}
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

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
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
