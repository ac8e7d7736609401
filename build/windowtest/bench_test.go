//go:build windowtest

package windowtest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
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

// BenchmarkBigFlow measures the first render of a flow of 500 blocks, and the
// frames while it is panned.
func BenchmarkBigFlow(b *testing.B) {
	p, project := benched(b)
	const blocks = 500
	enlarge(b, project, blocks)
	b.Run("window", func(b *testing.B) {
		for b.Loop() {
			s, screen := openWindow(b, p, project)
			b.ReportMetric(s.firstRender(), "render-ms")
			b.ReportMetric(s.fit(blocks), "fit-ms")
			s.pan(b, func(x, y int) error { return screen.hand("mousemove", strconv.Itoa(x), strconv.Itoa(y)) },
				func(down bool) error {
					if down {
						return screen.hand("mousedown", "1")
					}
					return screen.hand("mouseup", "1")
				})
		}
	})
	b.Run("browser", func(b *testing.B) {
		for b.Loop() {
			s := openBrowserMode(b, p, project)
			b.ReportMetric(s.firstRender(), "render-ms")
			b.ReportMetric(s.fit(blocks), "fit-ms")
			held, last := 0, [2]int{}
			mouse := func(kind string) error {
				_, err := s.page.ask("Input.dispatchMouseEvent", map[string]any{"type": kind, "x": last[0], "y": last[1], "button": "left", "buttons": held, "clickCount": 1})
				return err
			}
			s.pan(b, func(x, y int) error {
				last = [2]int{x, y}
				return mouse("mouseMoved")
			}, func(down bool) error {
				if down {
					held = 1
					return mouse("mousePressed")
				}
				held = 0
				return mouse("mouseReleased")
			})
		}
	})
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
	const column = 25
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
			if (document.querySelectorAll('.react-flow__node').length < 10) requestAnimationFrame(look)
			else requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)))
		})
	})`)
}

// fit shows all blocks at once and answers how long it took, in milliseconds:
// the heaviest picture there is.
func (s *studio) fit(blocks int) float64 {
	s.t.Helper()
	return eval[float64](s, `new Promise((done) => {
		const begun = performance.now()
		document.querySelector('[aria-label="Fit everything"]').click()
		requestAnimationFrame(function look() {
			if (document.querySelectorAll('.react-flow__node').length < %d) requestAnimationFrame(look)
			else requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)))
		})
	})`, blocks)
}

// pan drags the empty canvas for a while and reports the times between frames.
func (s *studio) pan(b *testing.B, move func(x, y int) error, button func(down bool) error) {
	b.Helper()
	eval[any](s, "(window.painted = [], window.panning = true, requestAnimationFrame(function tick(now) { painted.push(now); if (panning) requestAnimationFrame(tick) }))")
	for range 4 {
		steps := []error{move(1000, 760), button(true)}
		for x := 1000; x > 400; x -= 10 {
			steps = append(steps, move(x, 760-(1000-x)/4))
			time.Sleep(8 * time.Millisecond) // as often as a mouse tells
		}
		for _, err := range append(steps, button(false)) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	between := eval[[]float64](s, "(panning = false, painted.slice(1).map((t, i) => t - painted[i]).sort((a, b) => a - b))")
	b.ReportMetric(between[len(between)/2], "frame-p50-ms")
	b.ReportMetric(between[len(between)*95/100], "frame-p95-ms")
}
