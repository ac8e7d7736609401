//go:build windowtest

package windowtest

import (
	"os"
	"path/filepath"
	"testing"
)

const mistyped = `/** @title Mistyped */
export default async function (event: Authflow.Event, step: Authflow.Step, api: Authflow.Api) {
  api.leave('nowhere')
}
`

// The types of an Action come from a worker. Its file is one of the studio's
// own, which the policy lets run; the web view must start it from the scheme
// that the window is served by.
func TestTypesOfActionsAreKnown(t *testing.T) {
	p := programs(t)
	project := newProject(t, p)
	if err := os.WriteFile(filepath.Join(project, "actions", "mistyped.ts"), []byte(mistyped), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, open := range map[string]func() *studio{
		"window":  func() *studio { s, _ := openWindow(t, p, project); return s },
		"browser": func() *studio { return openBrowserMode(t, p, project) },
	} {
		t.Run(name, func(t *testing.T) {
			s := open()
			s.t = t
			s.press("Actions", `[...document.querySelectorAll('.rail button')].find((b) => b.textContent === 'Actions')`)
			s.press("the Action", `[...document.querySelectorAll('.side-entry')].find((b) => b.textContent.includes('Mistyped'))`)
			s.until("a type error", `document.querySelector('.cm-lintRange-warning')?.textContent === "'nowhere'"`)
		})
	}
}
