package draw

import (
	"image/color"
	"math"
	"strings"
)

// This file says what is painted, in order; a pen says how. SVG and PNG are two
// pens, so that neither picture can lack what the other has.

type pen interface {
	rect(b box, radius float64, fill, line paint)
	circle(at point, radius float64, fill, line paint)
	line(p path, line paint)
	polygon(points []point, fill color.NRGBA)
	text(at point, s string, style style)
}

// paint is a colour and, for lines, a width; without a width nothing is painted.
type paint struct {
	color color.NRGBA
	width float64
	dash  float64
}

type style struct {
	size  float64
	bold  bool
	mono  bool
	right bool // at is the right end of the text
	color color.NRGBA
}

func fill(c color.NRGBA) paint                  { return paint{color: c, width: 1} }
func stroke(c color.NRGBA, width float64) paint { return paint{color: c, width: width} }
func dashed(c color.NRGBA, width float64) paint { return paint{color: c, width: width, dash: 5} }

func (p *Picture) paint(t Theme, k pen) {
	p.ground(t, k)
	for _, f := range p.frames {
		k.rect(f.box, 10, fill(t.frame), dashed(t.text3, 1.5))
		k.text(point{f.x + 12, f.y + 19}, fit(f.title, f.w-24, style{size: 12, bold: true}), style{size: 12, bold: true, color: t.text2})
	}
	for _, n := range p.notes {
		p.note(t, k, n)
	}
	for _, w := range p.wires {
		c := t.tone(w.tone)
		k.line(w.path, stroke(c, 1.75))
		k.polygon(arrow(w.end, w.turn), c)
	}
	if p.start != (point{}) {
		k.circle(p.start, 14, fill(t.text2), paint{})
		k.polygon([]point{{p.start.x - 3.5, p.start.y - 6}, {p.start.x + 6.5, p.start.y}, {p.start.x - 3.5, p.start.y + 6}}, t.onStart)
	}
	for _, c := range p.cards {
		p.card(t, k, c)
	}
}

func (p *Picture) ground(t Theme, k pen) {
	k.rect(p.size, 0, fill(t.canvas), paint{})
	head := style{size: 12, bold: true, color: t.text}
	top := box{p.size.x, p.size.y, p.size.w, laneHead}
	k.rect(top, 0, fill(t.head), paint{})
	for i, ln := range p.lanes {
		if i%2 == 1 {
			k.rect(box{ln.x, p.size.y + laneHead, ln.w, p.size.h - laneHead}, 0, fill(t.laneOdd), paint{})
		}
		k.text(point{ln.x + 16, p.size.y + 23}, fit(ln.title, ln.w-32, head), head)
		if i > 0 {
			k.line(path{move(point{ln.x, p.size.y}), {'L', []point{{ln.x, p.size.bottom()}}}}, dashed(t.strong, 1))
		}
	}
	k.line(path{move(point{top.x, top.bottom()}), {'L', []point{{top.right(), top.bottom()}}}}, stroke(t.border, 1))
}

func (p *Picture) note(t Theme, k pen, n noted) {
	k.rect(n.box, 6, fill(t.note), stroke(t.noteLine, 1))
	s := style{size: 12, color: t.text}
	y := n.y + 20
	for _, line := range wrap(n.text, n.w-20, s) {
		if y > n.bottom()-6 {
			return
		}
		k.text(point{n.x + 10, y}, line, s)
		y += 17
	}
}

func (p *Picture) card(t Theme, k pen, c card) {
	family := t.families[min(max(c.Family, 0), len(t.families)-1)]
	k.rect(c.box, 9, fill(t.surface), stroke(t.strong, 1))
	k.rect(box{c.x + 10, c.y + 12, 24, 24}, 6, fill(soft(family, t.surface)), paint{})
	k.circle(point{c.x + 22, c.y + 24}, 5, fill(family), paint{})
	title, id := style{size: 13, bold: true, color: t.text}, style{size: 10.5, mono: true, color: t.text3}
	k.text(point{c.x + 44, c.y + 21}, fit(c.Title, cardWidth-56, title), title)
	k.text(point{c.x + 44, c.y + 36}, fit(c.id, cardWidth-56, id), id)
	if c.Summary != "" {
		s := style{size: 11, color: t.text2}
		k.text(point{c.x + 10, c.y + headHeight + 12}, fit(c.Summary, cardWidth-20, s), s)
	}
	k.circle(point{c.x, c.y + inPortY}, 4, fill(t.strong), stroke(t.surface, 2))
	for i, port := range c.Ports {
		p.port(t, k, c, port, point{c.right(), c.y + c.ports[i]})
	}
	if c.Error != nil && p.wired(c.x+errorPortX, c.bottom()) {
		k.circle(point{c.x + errorPortX, c.bottom()}, 5, fill(t.tone(c.Error.Tone)), stroke(t.tone(c.Error.Tone), 2))
	}
}

func (p *Picture) port(t Theme, k pen, c card, port Port, at point) {
	name := style{size: 12, right: true, color: t.text2}
	title := fit(port.Title, cardWidth-28, name)
	k.text(point{at.x - 14, at.y + 4}, title, name)
	if room := cardWidth - 32 - width(title, name); port.Detail != "" && room > 30 {
		detail := style{size: 10, mono: true, color: t.text3}
		k.text(point{c.x + 10, at.y + 4}, fit(port.Detail, room, detail), detail)
	}
	inside := fill(t.surface)
	if p.wired(at.x, at.y) {
		inside = fill(t.tone(port.Tone))
	}
	k.circle(at, 5, inside, stroke(t.tone(port.Tone), 2))
}

// wired reports whether a wire begins at a place.
func (p *Picture) wired(x, y float64) bool {
	for _, w := range p.wires {
		if w.path[0].points[0] == (point{x, y}) {
			return true
		}
	}
	return false
}

func arrow(tip point, turn float64) []point {
	sin, cos := math.Sincos(turn)
	at := func(x, y float64) point { return point{tip.x + x*cos - y*sin, tip.y + x*sin + y*cos} }
	return []point{at(0.5, 0), at(-6.5, 3.5), at(-5, 0), at(-6.5, -3.5)}
}

func soft(c, ground color.NRGBA) color.NRGBA {
	mix := func(a, b uint8) uint8 { return uint8((int(a)*16 + int(b)*84) / 100) }
	return color.NRGBA{R: mix(c.R, ground.R), G: mix(c.G, ground.G), B: mix(c.B, ground.B), A: 255}
}

// fit cuts a text that is wider than its room.
func fit(s string, room float64, st style) string {
	s = strings.Join(strings.Fields(s), " ")
	if width(s, st) <= room {
		return s
	}
	runes := []rune(s)
	for len(runes) > 0 && width(string(runes)+"…", st) > room {
		runes = runes[:len(runes)-1]
	}
	return string(runes) + "…"
}

// wrap breaks a text into lines.
func wrap(s string, room float64, st style) []string {
	var lines []string
	for _, paragraph := range strings.Split(s, "\n") {
		line := ""
		for _, word := range strings.Fields(paragraph) {
			if line != "" && width(line+" "+word, st) > room {
				lines = append(lines, line)
				line = ""
			}
			line = strings.TrimSpace(line + " " + word)
		}
		lines = append(lines, fit(line, room, st))
	}
	return lines
}
