package debug

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
)

// Pin is an outcome that a block is held to: it leaves by the port, with the
// outputs, in every run and without running, as Debugger.Force does once. The
// journal marks each (rule D3).
type Pin struct {
	Flow    string         `json:"flow"`
	Block   string         `json:"block"`
	Port    string         `json:"port"`
	Outputs map[string]any `json:"outputs"`
	Enabled bool           `json:"enabled"`
	// Why the pin holds nothing: its block is gone. Verify sets it.
	Why string `json:"why,omitempty"`
}

// Pins is a debugger that holds blocks to their pins. Runs that must not know of
// any, such as scenarios, are given the debugger itself.
type Pins struct {
	*Debugger

	mu   sync.Mutex
	pins []Pin
}

var (
	_ run.Hook    = (*Pins)(nil)
	_ run.Breaker = (*Pins)(nil)
)

// Before has a pinned block left, once the debugger lets the run go on. What a
// person has just ordered comes first.
func (p *Pins) Before(ctx context.Context, m *run.Moment) (*run.Order, error) {
	o, err := p.Debugger.Before(ctx, m)
	if err != nil || m.Resumed || o != nil && (o.Leave != nil || o.Back != nil) {
		return o, err
	}
	at := m.State.Top()
	if o != nil && o.State != nil {
		at = o.State.Top()
	}
	pin, ok := p.at(at.Flow, at.Block)
	if !ok || !pin.Enabled {
		return o, nil
	}
	if o == nil {
		o = &run.Order{}
	}
	o.Leave = &run.Leave{Port: pin.Port, Outputs: pin.Outputs}
	return o, nil
}

func (p *Pins) at(flow, block string) (Pin, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	i := slices.IndexFunc(p.pins, func(x Pin) bool { return x.Flow == flow && x.Block == block })
	if i < 0 {
		return Pin{}, false
	}
	return p.pins[i], true
}

// All answers the pins, in the order in which they were set.
func (p *Pins) All() []Pin {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Pin{}, p.pins...)
}

// Set replaces all pins.
func (p *Pins) Set(pins []Pin) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pins = slices.Clone(pins)
}

// Put pins a block, or changes its pin.
func (p *Pins) Put(pin Pin) {
	if pin.Outputs == nil {
		pin.Outputs = map[string]any{}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, x := range p.pins {
		if x.Flow == pin.Flow && x.Block == pin.Block {
			p.pins[i] = pin
			return
		}
	}
	p.pins = append(p.pins, pin)
}

// Remove takes the pin out of a block.
func (p *Pins) Remove(flow, block string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pins = slices.DeleteFunc(p.pins, func(x Pin) bool { return x.Flow == flow && x.Block == block })
}

// Verify says of pins and breakpoints which have lost their place.
func (p *Pins) Verify(project *flow.Project, line func(file string, line int) int) {
	p.Debugger.Verify(project, line)
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range p.pins {
		x := &p.pins[i]
		x.Why = ""
		if f := project.Flows[x.Flow]; f == nil || f.Blocks[x.Block] == nil {
			x.Why = fmt.Sprintf("there is no block %q in a flow %q any more", x.Block, x.Flow)
		}
	}
}

// Renamed lets pins and breakpoints follow a block that got another name.
func (p *Pins) Renamed(flow, from, to string) {
	p.Debugger.Renamed(flow, from, to)
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range p.pins {
		if p.pins[i].Flow == flow && p.pins[i].Block == from {
			p.pins[i].Block = to
		}
	}
}
