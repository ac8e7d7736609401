package check

import (
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
	// out is what the block that is being left makes certain, reused for each.
	out bitset
}

type bitset []uint64

func (b bitset) has(i int) bool { return b != nil && b[i/64]&(1<<(i%64)) != 0 }

func (b bitset) with(i int) { b[i/64] |= 1 << (i % 64) }

// facts in the order of their bits, after those of the blocks.
var facts = []string{block.FactUser, block.FactVerified, block.FactStrong, block.FactRefresh}

// analyse starts with the facts that hold where the flow is begun. Blocks are
// taken in the order in which runs come to them, until nothing changes any more.
func analyse(x *inspection, certain []string) *availability {
	n := len(x.g.IDs)
	size := (n+len(facts))/64 + 1
	a := &availability{x: x, in: make([]bitset, n), out: make(bitset, size)}
	if x.g.Start < 0 {
		return a
	}
	a.in[x.g.Start] = make(bitset, size)
	for _, f := range certain {
		a.in[x.g.Start].with(n + slices.Index(facts, f))
	}
	order := x.forward()
	for changed := true; changed; {
		changed = false
		for _, i := range order {
			for _, e := range x.g.Out[i] {
				changed = a.meet(e.To, a.leaving(i, e.Port)) || changed
			}
		}
	}
	return a
}

// leaving answers what is certain after leaving a block by a port.
func (a *availability) leaving(i int, port string) bitset {
	copy(a.out, a.in[i])
	if port == block.ErrorPort {
		return a.out
	}
	a.out.with(i)
	for _, f := range a.gives(i, port) {
		if k := slices.Index(facts, f); k >= 0 {
			a.out.with(len(a.x.g.IDs) + k)
		}
	}
	return a.out
}

// gives answers the facts that leaving a block by a port establishes. A flow
// that is run establishes what is certain at all of its successful ends.
func (a *availability) gives(i int, port string) []string {
	d := a.x.desc[i]
	switch {
	case d == nil:
		return nil
	case d.ID == control.RunFlowID && port == "success":
		return a.x.v.certainAfter(a.x.slug, target(a.x.f.Blocks[a.x.g.IDs[i]]))
	case len(d.Gives[""]) == 0:
		return d.Gives[port]
	}
	return slices.Concat(d.Gives[port], d.Gives[""])
}

// meet takes over what comes in by one more way; it answers whether something
// changed.
func (a *availability) meet(i int, from bitset) bool {
	if a.in[i] == nil {
		a.in[i] = slices.Clone(from)
		return true
	}
	changed := false
	for w, have := range a.in[i] {
		if both := have & from[w]; both != have {
			a.in[i][w], changed = both, true
		}
	}
	return changed
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
