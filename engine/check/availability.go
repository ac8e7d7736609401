package check

import (
	"math/bits"
	"slices"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/block/control"
)

// availability says what is certain when a block is entered: which blocks have
// run and left by a proper outcome, and which facts hold. It is a forward
// must-analysis: at a join only what holds on every way in stays (rule E1).
type availability struct {
	x *inspection
	// in holds a bit per block and then one per fact; nil: not reached.
	in []bitset
}

type bitset []uint64

func (b bitset) has(i int) bool { return b != nil && b[i/64]&(1<<(i%64)) != 0 }

func (b bitset) with(i int) { b[i/64] |= 1 << (i % 64) }

func (b bitset) count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// facts in the order of their bits, after those of the blocks.
var facts = []string{block.FactUser, block.FactVerified, block.FactStrong, block.FactRefresh}

func analyse(x *inspection) *availability {
	n := len(x.g.IDs)
	a := &availability{x: x, in: make([]bitset, n)}
	if x.g.Start < 0 {
		return a
	}
	size := (n+len(facts))/64 + 1
	a.in[x.g.Start] = make(bitset, size)
	for _, f := range x.certainBefore() {
		a.in[x.g.Start].with(n + slices.Index(facts, f))
	}
	todo := []int{x.g.Start}
	for len(todo) > 0 {
		i := todo[0]
		todo = todo[1:]
		for _, e := range x.g.Out[i] {
			out := a.out(i, e.Port)
			if a.meet(e.To, out) && !slices.Contains(todo, e.To) {
				todo = append(todo, e.To)
			}
		}
	}
	return a
}

// out answers what is certain after leaving a block by a port.
func (a *availability) out(i int, port string) bitset {
	out := slices.Clone(a.in[i])
	if port == block.ErrorPort {
		return out
	}
	out.with(i)
	for k, f := range facts {
		if slices.Contains(a.gives(i, port), f) {
			out.with(len(a.x.g.IDs) + k)
		}
	}
	return out
}

// gives answers the facts that leaving a block by a port establishes. A flow
// that is run establishes what is certain at all of its successful ends.
func (a *availability) gives(i int, port string) []string {
	d := a.x.desc[i]
	switch {
	case d == nil:
		return nil
	case d.ID == control.RunFlowID && port == "success":
		return a.x.certainAfter(a.x.target(i))
	}
	return slices.Concat(d.Gives[port], d.Gives[""])
}

// meet takes over what comes in by one more way; it answers whether something
// changed.
func (a *availability) meet(i int, from bitset) bool {
	if a.in[i] == nil {
		a.in[i] = from
		return true
	}
	before := a.in[i].count()
	for w := range a.in[i] {
		a.in[i][w] &= from[w]
	}
	return a.in[i].count() != before
}

// ran reports whether block j has certainly run when block i is entered.
func (a *availability) ran(i, j int) bool { return a.in[i].has(j) }

// fact reports whether a fact certainly holds when block i is entered.
func (a *availability) fact(i int, name string) bool {
	return a.in[i].has(len(a.x.g.IDs) + slices.Index(facts, name))
}

// mayHaveRun answers from which blocks a way leads to block i.
func (a *availability) mayHaveRun(i int) []bool {
	before := a.x.g.Reaching([]int{i})
	onCycle := false
	for _, e := range a.x.g.Out[i] {
		onCycle = onCycle || before[e.To]
	}
	before[i] = onCycle
	return before
}
