//go:build windowtest

package windowtest

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
)

// A foreign document in a frame could call bound methods if it ran scripts. The
// studio's policy keeps every foreign document out, in both modes.
func TestNoForeignDocumentIsFramed(t *testing.T) {
	p := programs(t)
	project := newProject(t, p)
	for name, open := range map[string]func() *studio{
		"window":  func() *studio { s, _ := openWindow(t, p, project); return s },
		"browser": func() *studio { return openBrowserMode(t, p, project) },
	} {
		t.Run(name, func(t *testing.T) {
			var asked atomic.Int64
			foreign := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				asked.Add(1)
				w.WriteHeader(http.StatusOK)
			}))
			defer foreign.Close()
			s := open()
			s.t = t
			refused := eval[string](s, `new Promise((done) => {
				addEventListener('securitypolicyviolation', (e) => done(e.effectiveDirective), {once: true})
				const f = document.createElement('iframe')
				f.src = %q
				document.body.append(f)
				setTimeout(() => done('nothing'), 5000)
			})`, foreign.URL)
			if refused != "frame-src" || asked.Load() > 0 {
				t.Errorf("a foreign document was not refused: the policy spoke of %s, the document was asked for %d times", refused, asked.Load())
			}
			inline := eval[string](s, `new Promise((done) => {
				addEventListener('securitypolicyviolation', (e) => done(e.effectiveDirective), {once: true})
				const script = document.createElement('script')
				script.textContent = 'window.inlined = true'
				document.body.append(script)
				setTimeout(() => done('nothing'), 5000)
			})`)
			if ran := eval[bool](s, "!!window.inlined"); ran || inline == "nothing" {
				t.Errorf("a script that is no file of the studio ran: %v; the policy spoke of %s", ran, inline)
			}
		})
	}
}
