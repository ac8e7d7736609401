// Package draw makes pictures of a flow: SVG and PNG as the canvas shows it, and
// text for Mermaid.
//
// It owns: where each part of the picture stands, the path of each wire, the two
// themes, the writers.
// It delegates: what a block is called and which ports it has, to the caller, who
// knows the catalogue.
// The law: a picture is complete (lanes, wires, ports, notes, frames), needs
// nothing from outside, and is the same bytes for the same flow.
package draw

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"github.com/authflow-studio/authflow/engine/flow"
)

// Card is what a block shows of itself.
type Card struct {
	Title   string
	Summary string
	Note    string
	Family  int // index into the palette of families
	Ports   []Port
	Error   *Port
}

// Port is one outcome.
type Port struct {
	ID, Title, Detail string
	Tone              string // good, bad, warn or neutral
}

// Describe answers what a block shows; the drawing asks once for each.
type Describe func(id string, b *flow.Block) Card

// Measures of the canvas, as frontend/src/document draws it.
const (
	cardWidth  = 224.0
	headHeight = 48.0
	sumHeight  = 20.0
	portHeight = 22.0
	portsPad   = 5.0
	inPortY    = 24.0
	errorPortX = cardWidth - 28
	lanePad    = 56.0
	laneTop    = 64.0
	laneHead   = 36.0
	portSize   = 6.0
	framePad   = 18.0
	frameHead  = 26.0
	margin     = 16.0
)

type box struct{ x, y, w, h float64 }

func (b box) right() float64  { return b.x + b.w }
func (b box) bottom() float64 { return b.y + b.h }

type card struct {
	id string
	Card
	box
	ports []float64 // the middle of each port, from the top of the card
}

type lane struct {
	id, title string
	x, w      float64
}

// Picture is a flow with the place of each of its parts.
type Picture struct {
	name   string
	lanes  []lane
	cards  []card
	wires  []wire
	frames []framed
	notes  []noted
	start  point
	size   box
}

type framed struct {
	title string
	box
}

type noted struct {
	text string
	box
}

// Of places the parts of a flow. Blocks without a place stand below each other in
// their lanes.
func Of(f *flow.Flow, l *flow.Layout, describe Describe) *Picture {
	if l == nil {
		l = &flow.Layout{}
	}
	ids := slices.Sorted(maps.Keys(f.Blocks))
	cards := map[string]Card{}
	for _, id := range ids {
		cards[id] = describe(id, f.Blocks[id])
	}
	places := placesOf(f, l, ids, cards)
	p := &Picture{name: f.Name, lanes: lanesOf(f, l, places)}
	begins := map[string]float64{}
	for _, ln := range p.lanes {
		begins[ln.id] = ln.x
	}
	for _, id := range ids {
		at := places[id]
		p.cards = append(p.cards, shaped(id, cards[id], point{begins[f.Blocks[id].Stage] + at.X, at.Y}))
	}
	for _, id := range slices.Sorted(maps.Keys(l.Notes)) {
		n := l.Notes[id]
		p.notes = append(p.notes, noted{n.Text, box{begins[n.Stage] + n.X, n.Y, n.Width, n.Height}})
	}
	p.wire(f)
	p.frame(l)
	p.measure()
	return p
}

func shaped(id string, c Card, at point) card {
	top := headHeight
	if c.Summary != "" {
		top += sumHeight
	}
	pad := 0.0
	if len(c.Ports) > 0 {
		pad = portsPad
	}
	top += pad
	out := card{id: id, Card: c, box: box{at.x, at.y, cardWidth, top + portHeight*float64(len(c.Ports)) + pad}}
	for i := range c.Ports {
		out.ports = append(out.ports, top+portHeight*float64(i)+portHeight/2)
	}
	return out
}

// placesOf answers the layout's places, and a column for blocks that have none.
func placesOf(f *flow.Flow, l *flow.Layout, ids []string, cards map[string]Card) map[string]flow.Position {
	places := maps.Clone(l.Blocks)
	if places == nil {
		places = map[string]flow.Position{}
	}
	below := map[string]float64{}
	down := func(id string) {
		stage := f.Blocks[id].Stage
		below[stage] = max(below[stage], shaped(id, cards[id], point{0, places[id].Y}).bottom()+lanePad)
	}
	for _, id := range ids {
		if _, ok := places[id]; ok {
			down(id)
		}
	}
	for _, id := range ids {
		if _, ok := places[id]; !ok {
			places[id] = flow.Position{X: lanePad, Y: max(laneTop, below[f.Blocks[id].Stage])}
			down(id)
		}
	}
	return places
}

func lanesOf(f *flow.Flow, l *flow.Layout, places map[string]flow.Position) []lane {
	order := slices.Clone(f.StageOrder())
	titles := map[string]string{}
	if t, ok := flow.TriggerByID(f.Trigger); ok {
		for _, s := range t.Stages {
			titles[s.ID] = s.Title
		}
	}
	reach := map[string]float64{}
	for _, id := range slices.Sorted(maps.Keys(f.Blocks)) {
		stage := f.Blocks[id].Stage
		if !slices.Contains(order, stage) {
			order = append(order, stage)
		}
		reach[stage] = max(reach[stage], places[id].X+cardWidth+lanePad)
	}
	for _, n := range l.Notes {
		reach[n.Stage] = max(reach[n.Stage], n.X+n.Width+lanePad/2)
	}
	var lanes []lane
	x := 0.0
	for _, stage := range order {
		w := math.Ceil(max(cardWidth+2*lanePad, reach[stage])/8) * 8
		lanes = append(lanes, lane{stage, cmp.Or(titles[stage], titled(stage)), x, w})
		x += w
	}
	return lanes
}

// frame puts a line around the blocks that each frame names.
func (p *Picture) frame(l *flow.Layout) {
	for _, id := range slices.Sorted(maps.Keys(l.Frames)) {
		var around *box
		for _, c := range p.cards {
			if !slices.Contains(l.Frames[id].Blocks, c.id) {
				continue
			}
			if around == nil {
				b := c.box
				around = &b
				continue
			}
			x, y := min(around.x, c.x), min(around.y, c.y)
			*around = box{x, y, max(around.right(), c.right()) - x, max(around.bottom(), c.bottom()) - y}
		}
		if around != nil {
			p.frames = append(p.frames, framed{l.Frames[id].Title, box{around.x - framePad, around.y - framePad - frameHead, around.w + 2*framePad, around.h + 2*framePad + frameHead}})
		}
	}
}

// measure finds how large the picture is.
func (p *Picture) measure() {
	left, right, top, bottom := 0.0, 0.0, 0.0, 240.0
	if p.start != (point{}) {
		left = min(left, p.start.x-14-margin)
	}
	for _, ln := range p.lanes {
		right = max(right, ln.x+ln.w)
	}
	reach := func(b box) {
		left, top, bottom = min(left, b.x-margin), min(top, b.y-margin), max(bottom, b.bottom()+lanePad)
	}
	for _, c := range p.cards {
		reach(c.box)
	}
	for _, f := range p.frames {
		reach(f.box)
	}
	for _, n := range p.notes {
		reach(n.box)
	}
	p.size = box{left, top - laneHead, max(right, cardWidth+2*lanePad) - left, bottom - top + laneHead}
}

func titled(id string) string {
	text := []rune(id)
	for i, r := range text {
		if r == '_' {
			text[i] = ' '
		}
	}
	if len(text) == 0 {
		return "No stage"
	}
	if text[0] >= 'a' && text[0] <= 'z' {
		text[0] -= 'a' - 'A'
	}
	return string(text)
}
