package draw

import (
	"math"
	"slices"

	"github.com/authflow-studio/authflow/engine/flow"
)

// This file is the line of a wire, as frontend/src/canvas/edge-path.ts draws it:
// forwards a calm curve, else round the right side and in from above.

type point struct{ x, y float64 }

type wire struct {
	tone string
	path path
	end  point   // where the arrow points to
	turn float64 // its direction, in radians
}

const (
	forward = 10.0
	above   = 20.0
)

func (p *Picture) wire(f *flow.Flow) {
	at := map[string]card{}
	for _, c := range p.cards {
		at[c.id] = c
	}
	for _, c := range p.cards {
		for i, port := range c.Ports {
			if to, ok := at[f.Blocks[c.id].Next[port.ID]]; ok {
				from := point{c.right(), c.y + c.ports[i]}
				// The error port stands behind the last one, where it is wired.
				channel := len(c.Ports) - 1 - i
				if c.Error != nil && f.Blocks[c.id].Next[c.Error.ID] != "" {
					channel++
				}
				p.lay(port.Tone, from, to, false, channel)
			}
		}
		if c.Error != nil {
			if to, ok := at[f.Blocks[c.id].Next[c.Error.ID]]; ok {
				p.lay(c.Error.Tone, point{c.x + errorPortX, c.bottom()}, to, true, 0)
			}
		}
	}
	if first, ok := at[f.Start]; ok {
		p.start = point{first.x - 50 + 14, first.y + inPortY}
		p.lay("neutral", point{p.start.x + 14, p.start.y}, first, false, 0)
	}
}

func (p *Picture) lay(tone string, from point, to card, down bool, channel int) {
	line := route(from, point{to.x - portSize, to.y + inPortY}, down, float64(channel))
	last := line[len(line)-1]
	before := last.last()
	prev := last.points[max(0, len(last.points)-2)]
	if len(last.points) == 1 {
		prev = line[len(line)-2].last()
	}
	p.wires = append(p.wires, wire{tone, line, before, math.Atan2(before.y-prev.y, before.x-prev.x)})
}

func route(from, to point, down bool, channel float64) path {
	ahead := to.x >= from.x+forward
	if ahead && !down {
		bend := min(max((to.x-from.x)*0.45, 8), 140)
		return path{move(from), {'C', []point{{from.x + bend, from.y}, {to.x - bend, to.y}, to}}}
	}
	if ahead && to.y >= from.y+16 {
		return rounded(from, point{from.x, to.y}, to)
	}
	top := point{to.x + portSize + cardWidth/2, to.y - inPortY - 1}
	if down && top.y >= from.y+above {
		y := top.y - above
		return rounded(from, point{from.x, y}, point{top.x, y}, top)
	}
	pass, out := 0.0, from.x
	if math.Abs(top.y-from.y) > 180 {
		pass = 12
	}
	if down {
		out += 40
	}
	out += 14 + pass + channel*8
	y := top.y - above + min(channel, 2)*5
	if down {
		return rounded(from, point{from.x, from.y + 16}, point{out, from.y + 16}, point{out, y}, point{top.x, y}, top)
	}
	return rounded(from, point{out, from.y}, point{out, y}, point{top.x, y}, top)
}

// rounded leads straight from point to point, with round corners.
func rounded(points ...point) path {
	out := path{move(points[0])}
	for i := 1; i < len(points)-1; i++ {
		before, corner, after := points[i-1], points[i], points[i+1]
		r := min(10, distance(before, corner)/2, distance(corner, after)/2)
		out = append(out, segment{'L', []point{towards(corner, before, r)}}, segment{'Q', []point{corner, towards(corner, after, r)}})
	}
	return append(out, segment{'L', slices.Clone(points[len(points)-1:])})
}

func distance(a, b point) float64 { return math.Hypot(a.x-b.x, a.y-b.y) }

func towards(from, to point, by float64) point {
	d := distance(from, to)
	if d == 0 {
		return from
	}
	return point{from.x + (to.x-from.x)*by/d, from.y + (to.y-from.y)*by/d}
}

// path is a line of segments; a segment is a move, a straight piece or a curve.
type path []segment

type segment struct {
	kind   byte // M, L, Q or C
	points []point
}

func move(p point) segment { return segment{'M', []point{p}} }

func (s segment) last() point { return s.points[len(s.points)-1] }

// flat answers the corners of a path whose curves are cut into straight pieces.
func (p path) flat() []point {
	const pieces = 32
	var out []point
	for _, s := range p {
		if s.kind == 'M' || s.kind == 'L' {
			out = append(out, s.points...)
			continue
		}
		from := out[len(out)-1]
		for i := 1; i <= pieces; i++ {
			out = append(out, curve(from, s.points, float64(i)/pieces))
		}
	}
	return out
}

// curve is de Casteljau's point at t.
func curve(from point, points []point, t float64) point {
	level := append([]point{from}, points...)
	for len(level) > 1 {
		for i := range len(level) - 1 {
			level[i] = point{level[i].x + (level[i+1].x-level[i].x)*t, level[i].y + (level[i+1].y-level[i].y)*t}
		}
		level = level[:len(level)-1]
	}
	return level[0]
}
