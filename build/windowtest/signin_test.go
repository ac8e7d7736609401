//go:build windowtest

package windowtest

import (
	"path/filepath"
	"testing"
)

// In the real window, by real clicks: run, sign in beside the graph, stop at a
// breakpoint, go on, see the tokens. WebKit's frame without scripts takes
// another way than Chromium's (docs/decisions/0005).
func TestWindowSignsInBesideTheGraph(t *testing.T) {
	p := programs(t)
	s, screen := openWindow(t, p, newProject(t, p))
	eval[any](s, `%s('debug.set_breakpoint', {flow: 'login', block: 'risk', enabled: true}).then(() => null)`, s.call)
	s.press("Run", `document.querySelector('[role="toolbar"][aria-label="Run"] button')`)
	const inFrame = `[...document.querySelectorAll('iframe')].map((f) => f.contentDocument?.querySelector('%s')).find(Boolean)`
	s.until("the sign-in page is shown", inFrame, "input[name=password]")
	s.press("Fill in Ada Lovelace", `document.querySelector('[aria-label="Fill in Ada Lovelace"]')`)
	s.press("Continue", inFrame, "button.primary")
	const state = `document.querySelector('[data-testid="run-state"]')?.innerText ?? ''`
	s.until("the run is paused", `(%s).includes('Paused')`, state)
	s.until("the values are shown", `document.body.innerText.includes('usr_ada')`)
	img, err := screen.Picture()
	if err != nil {
		t.Fatal(err)
	}
	keep(t, filepath.Join(p.Artifacts, "paused.png"), img)
	s.press("Continue", `document.querySelector('[role="toolbar"][aria-label="Run"] button')`)
	s.until("the run has succeeded", `(%s).includes('Succeeded')`, state)
	s.until("the demo client shows who it is", `[...document.querySelectorAll('iframe')].some((f) => f.contentDocument?.body?.innerText.includes('Signed in as Ada Lovelace'))`)
}
