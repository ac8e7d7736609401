//go:build windowtest

package windowtest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"
)

// BenchmarkStart measures from the start of the program until the flow is on the
// canvas: what a person waits for. In the browser mode, the start of Chromium is
// in it.
func BenchmarkStart(b *testing.B) {
	p, project := benched(b)
	b.Run("window", func(b *testing.B) {
		screen := openScreen(b)
		for b.Loop() {
			window, page, err := p.OpenWindow(screen, b.TempDir(), project)
			if err != nil {
				b.Fatal(err)
			}
			(&studio{t: b, page: page}).ready()
			b.StopTimer()
			closed(b, window.Close())
			b.StartTimer()
		}
	})
	b.Run("browser", func(b *testing.B) {
		for b.Loop() {
			server, url, err := p.OpenBrowserMode(b.TempDir(), project)
			if err != nil {
				b.Fatal(err)
			}
			browser, page, err := p.OpenChromium(b.TempDir(), url)
			if err != nil {
				b.Fatal(err)
			}
			(&studio{t: b, page: page}).ready()
			b.StopTimer()
			closed(b, browser.Close())
			closed(b, server.Close())
			b.StartTimer()
		}
	})
}

// BenchmarkBigFlow measures the first render of large flows, and the frames while
// they are panned.
func BenchmarkBigFlow(b *testing.B) {
	for _, blocks := range []int{500, 2000} {
		b.Run(strconv.Itoa(blocks), func(b *testing.B) { bigFlow(b, blocks) })
	}
}

func bigFlow(b *testing.B, blocks int) {
	p, project := benched(b)
	enlarge(b, project, blocks)
	b.Run("window", func(b *testing.B) {
		found := figures{}
		for b.Loop() {
			s, screen := openWindow(b, p, project)
			found.note(s, screen.move, screen.button)
		}
		found.report(b)
	})
	b.Run("browser", func(b *testing.B) {
		found := figures{}
		for b.Loop() {
			m := &mouse{page: openBrowserMode(b, p, project)}
			found.note(m.page, m.move, m.button)
		}
		found.report(b)
	})
}

func (s *Screen) move(x, y int) error { return s.hand("mousemove", strconv.Itoa(x), strconv.Itoa(y)) }

func (s *Screen) button(down bool) error {
	if down {
		return s.hand("mousedown", "1")
	}
	return s.hand("mouseup", "1")
}

// mouse is the hand for a Chromium page.
type mouse struct {
	page *studio
	x, y int
	held int
}

func (m *mouse) tell(kind string) error {
	_, err := m.page.page.ask("Input.dispatchMouseEvent", map[string]any{"type": kind, "x": m.x, "y": m.y, "button": "left", "buttons": m.held, "clickCount": 1})
	return err
}

func (m *mouse) move(x, y int) error {
	m.x, m.y = x, y
	return m.tell("mouseMoved")
}

func (m *mouse) button(down bool) error {
	if down {
		m.held = 1
		return m.tell("mousePressed")
	}
	m.held = 0
	return m.tell("mouseReleased")
}

func benched(b *testing.B) (Programs, string) {
	b.Helper()
	p := programs(b)
	return p, newProject(b, p)
}

// enlarge puts blocks that only write a log between two of the starter's, until
// the flow has so many.
func enlarge(b *testing.B, project string, blocks int) {
	b.Helper()
	change := func(name string, change func(all map[string]any)) {
		path := filepath.Join(project, "flows", name)
		text, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		var file map[string]any
		if err := json.Unmarshal(text, &file); err != nil {
			b.Fatal(err)
		}
		change(file["blocks"].(map[string]any))
		if text, err = json.MarshalIndent(file, "", "  "); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(path, text, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	more := 0
	change("login.json", func(all map[string]any) {
		more = blocks - len(all)
		next := "account_kind"
		for i := range more {
			id := fmt.Sprintf("note_%d", i)
			all[id] = map[string]any{"type": "log_event", "stage": "post_login", "config": map[string]any{"type": "note." + id}, "next": map[string]any{"next": next}}
			next = id
		}
		all["department"].(map[string]any)["next"] = map[string]any{"next": next}
	})
	column := max(25, blocks/44)
	change("login.layout.json", func(all map[string]any) {
		for i := range more {
			all[fmt.Sprintf("note_%d", i)] = map[string]any{"x": 40 + i/column*320, "y": 800 + i%column*160}
		}
	})
}

// firstRender closes the flow, opens it from the list and answers how long it
// took until its cards were painted, in milliseconds.
func (s *studio) firstRender() float64 {
	s.t.Helper()
	eval[any](s, "document.querySelector('.tab-close').click()")
	s.until("the flow is closed", "!document.querySelector('.react-flow__node')")
	return eval[float64](s, `new Promise((done) => {
		const begun = performance.now()
		document.querySelector('[aria-label="Flows"] .side-entry').click()
		requestAnimationFrame(function look() {
			if (document.querySelectorAll('.react-flow__node').length < 10 && !document.querySelector('.afar-picture')) requestAnimationFrame(look)
			else requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)))
		})
	})`)
}

// fit shows all blocks at once, so many that they are painted as one picture,
// and answers how long that took, in milliseconds.
func (s *studio) fit() float64 {
	s.t.Helper()
	return eval[float64](s, `new Promise((done) => {
		const begun = performance.now()
		document.querySelector('[aria-label="Fit everything"]').click()
		requestAnimationFrame(function look() {
			const picture = document.querySelector('.afar-picture')
			if (!picture || !picture.style.transform) requestAnimationFrame(look)
			else requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)))
		})
	})`)
}

// pan drags the empty canvas for a while and answers the times between frames,
// in order of their length.
func (s *studio) pan(move func(x, y int) error, button func(down bool) error) []float64 {
	s.t.Helper()
	at := eval[[]int](s, `(() => {
		const r = document.querySelector('.react-flow').getBoundingClientRect()
		for (let y = r.bottom - 60; y > r.top + 60; y -= 7) for (let x = r.right - 60; x > r.left + 400; x -= 7)
			if (document.elementFromPoint(x, y).classList.contains('react-flow__pane')) return [Math.round(x), Math.round(y)]
	})()`)
	before := eval[string](s, "document.querySelector('.react-flow__viewport').style.transform")
	eval[any](s, "(window.painted = [], window.panning = true, requestAnimationFrame(function tick(now) { painted.push(now); if (panning) requestAnimationFrame(tick) }))")
	steps := []error{move(at[0], at[1]), button(true)}
	for range 3 {
		for far := -300; far <= 300; far += 10 {
			steps = append(steps, move(at[0]-300+max(far, -far), at[1]))
			time.Sleep(8 * time.Millisecond) // as often as a mouse tells
		}
	}
	for _, err := range append(steps, move(at[0]-100, at[1]), button(false)) {
		if err != nil {
			s.t.Fatal(err)
		}
	}
	if after := eval[string](s, "document.querySelector('.react-flow__viewport').style.transform"); after == before {
		s.t.Fatal("the canvas was not panned")
	}
	return eval[[]float64](s, "(panning = false, painted.slice(1).map((t, i) => t - painted[i]).sort((a, b) => a - b))")
}

// figures are what was measured each time; the middle one of each is reported.
type figures map[string][]float64

func (f figures) note(s *studio, move func(x, y int) error, button func(down bool) error) {
	f["render-ms"] = append(f["render-ms"], s.firstRender())
	f["fit-ms"] = append(f["fit-ms"], s.fit())
	between := s.pan(move, button)
	f["frame-p50-ms"] = append(f["frame-p50-ms"], between[len(between)/2])
	f["frame-p95-ms"] = append(f["frame-p95-ms"], between[len(between)*95/100])
}

func (f figures) report(b *testing.B) {
	b.ReportMetric(0, "ns/op") // the figures say more than their sum
	for name, all := range f {
		slices.Sort(all)
		b.ReportMetric(all[len(all)/2], name)
	}
}
