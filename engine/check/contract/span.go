package contract

import (
	"math"
	"slices"
	"strconv"
)

// This file cuts numbers into the intervals that comparisons can tell apart.

// span is an interval; an end that is infinite does not belong to it.
type span struct {
	low, high         float64
	withLow, withHigh bool
}

func (s span) holds(n float64) bool {
	return (n > s.low || s.withLow && n == s.low) && (n < s.high || s.withHigh && n == s.high)
}

// label says in words which numbers are meant.
func (s span) label() string {
	low, high := number(s.low), number(s.high)
	switch {
	case s.low == s.high:
		return low
	case math.IsInf(s.low, -1) && math.IsInf(s.high, 1):
		return "any number"
	case math.IsInf(s.low, -1) && s.withHigh:
		return high + " or less"
	case math.IsInf(s.low, -1):
		return "less than " + high
	case math.IsInf(s.high, 1) && s.withLow:
		return low + " or more"
	case math.IsInf(s.high, 1):
		return "more than " + low
	case s.withLow && s.withHigh:
		return low + " to " + high
	}
	return "between " + low + " and " + high
}

func number(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// example is a number of the interval, a whole one where only such are meant;
// false: there is none.
func (s span) example(whole bool) (float64, bool) {
	candidates := []float64{s.low, s.high, math.Floor(s.low) + 1, math.Ceil(s.high) - 1}
	if !whole {
		candidates = append(candidates, (s.low+s.high)/2)
	}
	for _, n := range candidates {
		if !math.IsInf(n, 0) && !math.IsNaN(n) && s.holds(n) && (!whole || n == math.Trunc(n)) {
			return n, true
		}
	}
	return 0, false
}

// cutNumbers makes the cells of a number. Neighbours that no comparison tells
// apart are one cell: what is open at once multiplies.
func (v *variable) cutNumbers() {
	whole := v.whole || v.typ == "integer"
	low := math.Inf(-1)
	var spans []span
	for _, c := range v.numbers {
		spans = append(spans, span{low: low, high: c}, span{low: c, high: c, withLow: true, withHigh: true})
		low = c
	}
	spans = append(spans, span{low: low, high: math.Inf(1)})
	var last []bool
	for _, s := range spans {
		n, any := s.example(whole)
		if !any || v.size && n < 0 {
			continue
		}
		c := cell{kind: 'n', num: n, span: s}
		told := v.told(c)
		if at := len(v.cells) - 1; at >= 0 && last != nil && slices.Equal(told, last) {
			v.cells[at].span.high, v.cells[at].span.withHigh = s.high, s.withHigh
		} else {
			v.cells = append(v.cells, c)
		}
		last = told
	}
	for i := range v.cells {
		if v.cells[i].kind == 'n' {
			v.cells[i].label = v.cells[i].span.label()
		}
	}
}

// told is what each comparison says of a cell.
func (v *variable) told(c cell) []bool {
	out := make([]bool, len(v.asked))
	for i, a := range v.asked {
		out[i] = c.compare(a.op, a.value) == yes
	}
	return out
}
