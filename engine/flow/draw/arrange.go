package draw

// This file gives the blocks of a flow their places, as the studio's full tidy
// does: down each lane in the order of a run, what branches off to the right.

import (
	"maps"
	"math"
	"slices"

	"github.com/authflow-studio/authflow/engine/flow"
)

// Room between cards.
const (
	gapX = 72.0
	gapY = 48.0
)

// Arrange places all blocks of a flow.
func Arrange(f *flow.Flow, describe Describe) *flow.Layout {
	a := &arrangement{f: f, cards: map[string]Card{}, layout: &flow.Layout{Format: flow.Format, Blocks: map[string]flow.Position{}}}
	for id, b := range f.Blocks {
		a.cards[id] = describe(id, b)
	}
	order := a.reach()
	depth := a.depths(order)
	for _, stage := range f.StageOrder() {
		var ids []string
		for _, id := range order {
			if f.Blocks[id].Stage == stage {
				ids = append(ids, id)
			}
		}
		a.lane(ids, depth)
	}
	return a.layout
}

type arrangement struct {
	f      *flow.Flow
	cards  map[string]Card
	layout *flow.Layout
}

// next answers where the ports of a block lead, in the order in which the card
// lists them, the error port last.
func (a *arrangement) next(id string) []string {
	next := a.f.Blocks[id].Next
	var out []string
	add := func(port string) {
		if to := next[port]; to != "" && a.f.Blocks[to] != nil && !slices.Contains(out, to) {
			out = append(out, to)
		}
	}
	for _, p := range a.cards[id].Ports {
		add(p.ID)
	}
	for _, port := range slices.Sorted(maps.Keys(next)) {
		add(port)
	}
	return out
}

// reach answers the blocks in the order in which a run meets them, then those to
// which nothing leads.
func (a *arrangement) reach() []string {
	var order []string
	seen := map[string]bool{}
	visit := func(first string) {
		for todo := []string{first}; len(todo) > 0; todo = todo[1:] {
			id := todo[0]
			if seen[id] || a.f.Blocks[id] == nil {
				continue
			}
			seen[id] = true
			order = append(order, id)
			todo = append(todo, a.next(id)...)
		}
	}
	visit(a.f.Start)
	for _, id := range slices.Sorted(maps.Keys(a.f.Blocks)) {
		visit(id)
	}
	return order
}

type edge struct{ from, to string }

// forward answers the edges without those that close a circle.
func (a *arrangement) forward(order []string) []edge {
	var kept []edge
	open, done := map[string]bool{}, map[string]bool{}
	var visit func(id string)
	visit = func(id string) {
		open[id] = true
		for _, to := range a.next(id) {
			if open[to] {
				continue
			}
			kept = append(kept, edge{id, to})
			if !done[to] {
				visit(to)
			}
		}
		open[id], done[id] = false, true
	}
	for _, id := range order {
		if !done[id] {
			visit(id)
		}
	}
	return kept
}

// depths is the longest way to each block, counted in its own stage.
func (a *arrangement) depths(order []string) map[string]int {
	forward := a.forward(order)
	depth, waiting := map[string]int{}, map[string]int{}
	for _, e := range forward {
		waiting[e.to]++
	}
	var ready []string
	for _, id := range order {
		if waiting[id] == 0 {
			ready = append(ready, id)
		}
	}
	for ; len(ready) > 0; ready = ready[1:] {
		for _, e := range forward {
			if e.from != ready[0] {
				continue
			}
			step := 0
			if a.f.Blocks[e.from].Stage == a.f.Blocks[e.to].Stage {
				step = depth[e.from] + 1
			}
			depth[e.to] = max(depth[e.to], step)
			if waiting[e.to]--; waiting[e.to] == 0 {
				ready = append(ready, e.to)
			}
		}
	}
	return depth
}

// lane places the blocks of one stage: a row for each depth, in columns that
// keep a main line straight.
func (a *arrangement) lane(ids []string, depth map[string]int) {
	wishes := a.wishes(ids)
	rows := map[int][]string{}
	for _, id := range ids {
		rows[depth[id]] = append(rows[depth[id]], id)
	}
	y := laneTop
	for _, row := range slices.Sorted(maps.Keys(rows)) {
		slices.SortStableFunc(rows[row], func(i, j string) int { return wishes[i] - wishes[j] })
		taken := map[int]bool{}
		height := 0.0
		for _, id := range rows[row] {
			column := wishes[id]
			for taken[column] {
				column++
			}
			taken[column] = true
			a.layout.Blocks[id] = flow.Position{X: lanePad + float64(column)*(cardWidth+gapX), Y: y}
			height = max(height, shaped(id, a.cards[id], point{}).h)
		}
		y += math.Ceil((height+gapY)/8) * 8
	}
}

// wishes is the column that each block would like: that of the block before it,
// one further for each side step.
func (a *arrangement) wishes(ids []string) map[string]int {
	mine := map[string]bool{}
	for _, id := range ids {
		mine[id] = true
	}
	wishes := map[string]int{}
	wished := map[string]bool{}
	for _, id := range ids {
		column := wishes[id]
		wished[id] = true
		next := a.next(id)
		// Where the main line goes on in another lane, the first side step takes
		// its place.
		side := 0
		if len(next) > 0 && mine[next[0]] {
			side = 1
		}
		for i, to := range next {
			if !mine[to] || wished[to] {
				continue
			}
			wished[to] = true
			if i == 0 {
				wishes[to] = column
				continue
			}
			wishes[to] = column + side
			side++
		}
	}
	return wishes
}
