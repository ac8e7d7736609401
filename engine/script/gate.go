package script

// This file is what the added nodes of a script reach: the gate that each
// statement passes.

import (
	"github.com/dop251/goja"
)

// gate is looked at before each statement. It is an array only in name: its
// cells are worked out here, so that statements are counted as they are passed.
type gate struct {
	program *program
	ordinal int   // statements reached so far
	last    []int // by statement: the ordinal at which it was reached last
	// open lets everything through to the hook; wanted, by statement, some of it;
	// moment what is reached then.
	open   bool
	wanted []bool
	moment int
	closed bool // nothing counts and nothing stops: the debugger itself runs code
}

func newGate(p *program) *gate {
	return &gate{program: p, last: make([]int, len(p.statements)), wanted: make([]bool, len(p.statements))}
}

// Get answers whether statement n calls the hook.
func (g *gate) Get(n int) goja.Value {
	if g.closed || uint(n) >= uint(len(g.last)) {
		return goja.Undefined()
	}
	if !g.program.statements[n].onlyCount {
		g.ordinal++
	}
	g.last[n] = max(g.ordinal, 1)
	if g.open || g.wanted[n] || g.ordinal == g.moment {
		return isTrue
	}
	return goja.Undefined()
}

var isTrue = goja.New().ToValue(true)

// Len is how many statements there are.
func (g *gate) Len() int { return len(g.last) }

// Set refuses.
func (*gate) Set(int, goja.Value) bool { return false }

// SetLen refuses.
func (*gate) SetLen(int) bool { return false }

// reading is an array whose cells are worked out, and nothing else.
type reading func(n int) goja.Value

// Get answers a cell.
func (r reading) Get(n int) goja.Value { return r(n) }

// Len is that of an array without cells.
func (reading) Len() int { return 0 }

// Set refuses.
func (reading) Set(int, goja.Value) bool { return false }

// SetLen refuses.
func (reading) SetLen(int) bool { return false }

// hand gives the script what its nodes need. It takes them out of the global
// object with its first statements, before any of its own.
func (m *machine) hand() {
	if m.gate == nil {
		return
	}
	m.lend(hostSide(gateName), m.rt.NewDynamicArray(m.gate))
	if m.program.flavour < lines {
		return
	}
	m.lend(hostSide(hookName), m.rt.ToValue(m.debug.hook))
	m.lend(hostSide(callsName), m.rt.NewDynamicArray(reading(m.debug.begins)))
	m.lend(hostSide(endsName), m.rt.NewDynamicArray(reading(m.debug.ends)))
}

// lend defines a global that is gone as soon as it was read.
func (m *machine) lend(name string, value goja.Value) {
	global := m.rt.GlobalObject()
	getter := m.rt.ToValue(func(goja.FunctionCall) goja.Value {
		m.must(global.Delete(name))
		return value
	})
	m.must(global.DefineAccessorProperty(name, getter, nil, goja.FLAG_TRUE, goja.FLAG_FALSE))
}
