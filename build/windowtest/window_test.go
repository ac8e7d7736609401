//go:build windowtest

package windowtest

import (
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const width, height = 1440, 900

// studio is a studio that is open somewhere, and the hand for it.
type studio struct {
	t     testing.TB
	page  *Inspector
	click func(x, y int) error
	// call is an expression that calls a method: call("name", args).
	call string
}

func openScreen(t testing.TB) *Screen {
	t.Helper()
	screen, err := OpenScreen(t.TempDir(), width, height)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, screen.Close()) })
	return screen
}

// openWindow opens the real window on a display of its own.
func openWindow(t testing.TB, p Programs, project string) (*studio, *Screen) {
	t.Helper()
	screen := openScreen(t)
	window, page, err := p.OpenWindow(screen, t.TempDir(), project)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, window.Close()) })
	s := &studio{t: t, page: page, click: screen.Click, call: `(async (name, arg) => JSON.parse(await window.go.desktop.Bridge.Call(name, JSON.stringify(arg ?? {}))))`}
	s.ready()
	return s, screen
}

// openBrowserMode opens the same studio in Chromium.
func openBrowserMode(t testing.TB, p Programs, project string) *studio {
	t.Helper()
	server, url, err := p.OpenBrowserMode(t.TempDir(), project)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, server.Close()) })
	browser, page, err := p.OpenChromium(t.TempDir(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, browser.Close()) })
	s := &studio{t: t, page: page, click: page.Click, call: `(async (name, arg) => (await fetch('/api/call/' + name, {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(arg ?? {})})).json())`}
	s.ready()
	return s
}

func closed(t testing.TB, err error) {
	if err != nil {
		t.Error("cannot close:", err)
	}
}

func newProject(t testing.TB, p Programs) string {
	t.Helper()
	project, err := p.NewProject(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return project
}

func programs(t testing.TB) Programs {
	t.Helper()
	p, err := FindPrograms()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// eval reads a value out of the page.
func eval[T any](s *studio, expression string, args ...any) T {
	s.t.Helper()
	var v T
	if err := s.page.Eval(fmt.Sprintf(expression, args...), &v); err != nil {
		s.t.Fatalf("%v\nin %s", err, fmt.Sprintf(expression, args...))
	}
	return v
}

// until waits for something to be true in the page.
func (s *studio) until(what, expression string, args ...any) {
	s.t.Helper()
	err := Until(func() (bool, error) {
		var ok bool
		err := s.page.Eval("!!("+fmt.Sprintf(expression, args...)+")", &ok)
		return ok, err
	})
	if err != nil {
		s.t.Fatalf("%s: %v; the page says:\n%.2000s", what, err, eval[string](s, "document.body.innerText"))
	}
}

// ready waits for the flow on the canvas.
func (s *studio) ready() {
	s.t.Helper()
	s.until("the flow is on the canvas", "document.querySelectorAll('.react-flow__node').length >= 10")
}

// place is where a person would click on an element; of a frame's element, its
// place in the frame is added to that of the frame.
const place = `((find) => { const e = find(); if (!e) return null; e.scrollIntoView({block: 'nearest'}); const r = e.getBoundingClientRect(); const f = e.ownerDocument === document ? {left: 0, top: 0} : [...document.querySelectorAll('iframe')].find((i) => i.contentDocument === e.ownerDocument).getBoundingClientRect(); return [Math.round(f.left + r.left + r.width / 2), Math.round(f.top + r.top + r.height / 2)] })`

// press clicks on the element that an expression finds, for real.
func (s *studio) press(what, expression string, args ...any) {
	s.t.Helper()
	find := fmt.Sprintf("%s(() => %s)", place, fmt.Sprintf(expression, args...))
	s.until(what+" is there", "%s", find)
	at := eval[[]int](s, "%s", find)
	if at == nil {
		s.t.Fatalf("%s has gone again", what)
	}
	if err := s.click(at[0], at[1]); err != nil {
		s.t.Fatal(err)
	}
}

// The window opens, paints the flow, and a real click in it selects a block.
func TestWindowShowsTheFlowAndTakesClicks(t *testing.T) {
	p := programs(t)
	s, screen := openWindow(t, p, newProject(t, p))

	const inspector = `document.querySelector('[data-region="inspector"]')?.innerText ?? ''`
	if text := eval[string](s, inspector); strings.Contains(text, "Risk") {
		t.Fatalf("the inspector shows the block before it was clicked:\n%s", text)
	}
	s.press("the block risk", `document.querySelector('.react-flow__node[data-id="risk"]')`)
	s.until("the inspector shows the block", `(%s).includes('Risk')`, inspector)

	canvas := eval[[]int](s, "(({left, top, right, bottom}) => [left, top, right, bottom].map(Math.round))(document.querySelector('.react-flow').getBoundingClientRect())")
	img := painted(t, screen, image.Rect(canvas[0], canvas[1], canvas[2], canvas[3]))
	keep(t, filepath.Join(p.Artifacts, "window.png"), img)
}

// painted waits until a part of the screen shows more than a few flat areas:
// text and lines have dozens of colours.
func painted(t *testing.T, screen *Screen, part image.Rectangle) image.Image {
	t.Helper()
	var img image.Image
	err := Until(func() (ok bool, err error) {
		img, err = screen.Picture()
		return err == nil && Colors(img, part) > 50, err
	})
	if err != nil {
		t.Fatalf("the canvas at %v is not painted: %v", part, err)
	}
	return img
}

func keep(t *testing.T, path string, img image.Image) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
}
