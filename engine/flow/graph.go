package flow

import "sort"

// Edge leads from a port of a block to another block, both by index.
type Edge struct {
	From int
	Port string
	To   int
}

// Graph is a flow indexed for algorithms. Blocks are sorted by id, edges that
// lead nowhere are left out.
type Graph struct {
	IDs   []string
	Index map[string]int
	Out   [][]Edge
	In    [][]Edge
	Start int // -1 when the start block does not exist
}

// NewGraph indexes a flow.
func NewGraph(f *Flow) *Graph {
	g := &Graph{Index: make(map[string]int, len(f.Blocks)), Start: -1}
	for id := range f.Blocks {
		g.IDs = append(g.IDs, id)
	}
	sort.Strings(g.IDs)
	for i, id := range g.IDs {
		g.Index[id] = i
	}
	g.Out, g.In = make([][]Edge, len(g.IDs)), make([][]Edge, len(g.IDs))
	for i, id := range g.IDs {
		next := f.Blocks[id].Next
		ports := make([]string, 0, len(next))
		for p := range next {
			ports = append(ports, p)
		}
		sort.Strings(ports)
		for _, p := range ports {
			if to, ok := g.Index[next[p]]; ok {
				e := Edge{From: i, Port: p, To: to}
				g.Out[i] = append(g.Out[i], e)
				g.In[to] = append(g.In[to], e)
			}
		}
	}
	if s, ok := g.Index[f.Start]; ok {
		g.Start = s
	}
	return g
}

// Reachable answers which blocks can be reached from the start.
func (g *Graph) Reachable() []bool {
	if g.Start < 0 {
		return make([]bool, len(g.IDs))
	}
	return walk(len(g.IDs), []int{g.Start}, func(i int, visit func(int)) {
		for _, e := range g.Out[i] {
			visit(e.To)
		}
	})
}

// Reaching answers from which blocks one of the targets can be reached.
func (g *Graph) Reaching(targets []int) []bool {
	return walk(len(g.IDs), targets, func(i int, visit func(int)) {
		for _, e := range g.In[i] {
			visit(e.From)
		}
	})
}

func walk(n int, from []int, neighbours func(int, func(int))) []bool {
	seen := make([]bool, n)
	var todo []int
	visit := func(i int) {
		if !seen[i] {
			seen[i] = true
			todo = append(todo, i)
		}
	}
	for _, i := range from {
		visit(i)
	}
	for len(todo) > 0 {
		i := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		neighbours(i, visit)
	}
	return seen
}

// Cycles answers the strongly connected components that hold a cycle (Tarjan,
// without recursion so that a long flow cannot exhaust the stack), as if the
// blocks for which skip answers true were not there.
func (g *Graph) Cycles(skip func(i int) bool) [][]int {
	n := len(g.IDs)
	t := &tarjan{g: g, skip: skip, index: make([]int, n), low: make([]int, n), on: make([]bool, n)}
	for i := range n {
		if t.index[i] == 0 && !skip(i) {
			t.from(i)
		}
	}
	return t.found
}

type tarjan struct {
	g          *Graph
	skip       func(int) bool
	index, low []int
	on         []bool
	stack      []int
	next       int
	found      [][]int
}

type tarjanFrame struct{ block, edge int }

func (t *tarjan) enter(i int) tarjanFrame {
	t.next++
	t.index[i], t.low[i], t.on[i] = t.next, t.next, true
	t.stack = append(t.stack, i)
	return tarjanFrame{block: i}
}

func (t *tarjan) from(root int) {
	work := []tarjanFrame{t.enter(root)}
	for len(work) > 0 {
		top := &work[len(work)-1]
		if top.edge < len(t.g.Out[top.block]) {
			to := t.g.Out[top.block][top.edge].To
			top.edge++
			switch {
			case t.skip(to):
			case t.index[to] == 0:
				work = append(work, t.enter(to))
			case t.on[to]:
				t.low[top.block] = min(t.low[top.block], t.index[to])
			}
			continue
		}
		done := top.block
		work = work[:len(work)-1]
		if len(work) > 0 {
			parent := work[len(work)-1].block
			t.low[parent] = min(t.low[parent], t.low[done])
		}
		if t.low[done] == t.index[done] {
			t.pop(done)
		}
	}
}

func (t *tarjan) pop(root int) {
	var part []int
	for {
		i := t.stack[len(t.stack)-1]
		t.stack = t.stack[:len(t.stack)-1]
		t.on[i] = false
		part = append(part, i)
		if i == root {
			break
		}
	}
	self := false
	for _, e := range t.g.Out[root] {
		self = self || e.To == root
	}
	if len(part) > 1 || self {
		sort.Ints(part)
		t.found = append(t.found, part)
	}
}
