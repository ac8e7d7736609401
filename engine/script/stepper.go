package script

// This file decides, in the worker, where a call that is debugged stops.

import (
	"time"

	"github.com/dop251/goja"

	"github.com/authflow-studio/authflow/engine/world"
)

// stepper follows one run of a script. A nil one follows nothing.
type stepper struct {
	machine *machine
	gate    *gate
	journey *journey
	talk    func(out message, answered bool) (message, error)

	points   map[int][]*point // by statement
	patience *world.Budget    // of the way back; nil on the first way
	traced   bool             // the stack is known, since the beginning
	stack    []*activation    // the innermost last
	known    map[int]*activation
	trail    []*activation // by ordinal; while traced
	frames   []goja.StackFrame
	begun    int // activations so far

	armed bool // the next statement is the entry
	move  Move
	from  *activation
	moved int // the ordinal at which the move began
	met   int // the ordinal at which a breakpoint was met last

	shown   []shownFrame
	handles []handle
	logs    []LogLine
	hidden  secrets
	eval    goja.Value    // the real one; a script never sees it
	spent   time.Duration // by conditions
}

// activation is one run of a function.
type activation struct {
	me        int
	name      string
	statement int // the last that it came to
	depth     int
	parent    *activation // which called it
	look      goja.Value  // evaluates at that statement; nil: it cannot be looked into
	arguments goja.Value
	ended     bool // of an asynchronous function
}

func newStepper(m *machine, j *journey, talk func(message, bool) (message, error)) *stepper {
	d := &stepper{machine: m, gate: m.gate, journey: j, talk: talk, known: map[int]*activation{}}
	if to := j.again; to != nil {
		d.patience = j.towards(m, *to)
		d.traced = to.ordinal <= maxTraced
		d.gate.moment = to.ordinal
	} else {
		j.depart()
		d.traced = j.atEntry
	}
	d.gate.open = d.traced
	d.place(j.wishes)
	return d
}

// leave frees what a run has taken.
func (d *stepper) leave() {
	if d.patience != nil {
		d.patience.Stop()
	}
}

func (d *stepper) tooLate() bool { return d != nil && d.patience != nil && d.patience.Exceeded() > 0 }

// enter tells that the Action's function is about to be called.
func (d *stepper) enter() {
	if d != nil {
		d.armed = d.journey.atEntry
	}
}

// begins numbers the activations.
func (d *stepper) begins(int) goja.Value {
	if d.gate.closed {
		return d.machine.rt.ToValue(0)
	}
	d.begun++
	return d.machine.rt.ToValue(d.begun)
}

func (d *stepper) ends(me int) goja.Value {
	if a := d.known[me]; a != nil {
		a.ended = true
	}
	return goja.Undefined()
}

// hook is called before a statement that the gate lets through.
func (d *stepper) hook(call goja.FunctionCall) goja.Value {
	if d.gate.closed {
		return goja.Undefined()
	}
	n, me := int(call.Argument(0).ToInteger()), int(call.Argument(1).ToInteger())
	a := d.arrive(n, me)
	a.look, a.arguments = nil, nil
	if len(call.Arguments) > 2 {
		a.look, a.arguments = call.Arguments[2], call.Argument(3)
	}
	d.follow(a)
	return goja.Undefined()
}

// arrive notes where the script is.
func (d *stepper) arrive(n, me int) *activation {
	d.frames = callStack(d.machine.rt, d.frames)
	depth := len(d.frames)
	for len(d.stack) > 0 && d.stack[len(d.stack)-1].depth >= depth {
		d.stack = d.stack[:len(d.stack)-1]
	}
	if !d.gate.open {
		d.stack = d.stack[:0] // what is below was not followed
	}
	a := d.known[me]
	if a == nil {
		a = &activation{me: me}
		if len(d.frames) > 1 {
			a.name = functionName(d.frames[1].FuncName())
		}
		if len(d.stack) > 0 {
			a.parent = d.stack[len(d.stack)-1]
		}
		d.known[me] = a
	}
	a.statement, a.depth = n, depth
	d.stack = append(d.stack, a)
	if d.traced {
		d.trail = append(d.trail, a)
	}
	return a
}

// follow decides whether to stop.
func (d *stepper) follow(a *activation) {
	at, to := d.gate.ordinal, d.journey.moment
	if at <= to.ordinal {
		d.redo(at)
	}
	met, problem := d.meet(a)
	armed := d.armed
	d.armed = false
	switch {
	case at < to.ordinal:
		if met {
			d.met = at
		}
	case at == to.ordinal:
		d.arrived(a, to)
	case problem != "":
		d.stopHere(a, moment{at, ReasonBreakpoint, "", problem})
	case met:
		d.stopHere(a, moment{at, ReasonBreakpoint, "", ""})
	case armed:
		d.stopHere(a, moment{at, ReasonEntry, "", ""})
	case d.stepped(a):
		d.stopHere(a, moment{at, ReasonStep, "", ""})
	case d.gate.open && at-d.moved > maxFollowed:
		d.narrow()
	}
}

// maxFollowed is how many statements a step follows in full. Beyond, only the
// functions in which it can end are: following costs the script time, and a
// long loop that is stepped over must not run out of its budget for it.
const maxFollowed = 20_000

func (d *stepper) narrow() {
	functions := map[int]bool{}
	for a := d.from; a != nil; a = a.parent {
		functions[d.gate.program.statements[a.statement].function] = true
	}
	d.gate.open, d.traced, d.trail = false, false, nil
	d.want(functions)
}

// arrived ends a way back.
func (d *stepper) arrived(a *activation, to moment) {
	d.patience.Pause()
	if d.journey.reverse {
		d.journey.reverse = false
		if d.met > 0 {
			d.back(moment{ordinal: d.met, reason: ReasonBreakpoint})
		}
		d.back(moment{ordinal: 1, reason: ReasonEntry})
	}
	d.stop(a, to)
}

// stopHere stops, if need be on another way to the same moment on which all
// functions are followed.
func (d *stepper) stopHere(a *activation, m moment) {
	d.journey.atEntry = false
	if !d.traced && (m.ordinal <= maxTraced || a.look == nil) {
		d.back(m)
	}
	d.stop(a, m)
}

// stepped tells whether a step ends here.
func (d *stepper) stepped(a *activation) bool {
	switch d.move {
	case StepInto:
		return true
	case StepOver:
		if a == d.from {
			return true
		}
	case StepOut:
	default:
		return false
	}
	if !d.gone(d.from, a) {
		return false
	}
	above := false
	for p := d.from.parent; p != nil; p = p.parent {
		if p == a {
			return true
		}
		above = above || !d.gone(p, a)
	}
	return !above
}

// gone tells, where now is, whether a function has ended. An asynchronous one
// says so itself: it may have been left only for a while. Of any other it is
// enough that the stack is not deeper than it was.
func (d *stepper) gone(a, now *activation) bool {
	if d.gate.program.functions[d.gate.program.statements[a.statement].function].suspended {
		return a.ended
	}
	return a != now && now.depth <= a.depth
}

// stop stands still until the engine says how to go on.
func (d *stepper) stop(a *activation, m moment) {
	d.machine.budget.Pause()
	d.gate.closed = true
	d.handles = nil
	d.picture()
	frame := &stopFrame{Reason: m.reason, Text: m.text, Problem: m.problem, Ordinal: m.ordinal}
	for _, s := range d.shown {
		frame.Frames = append(frame.Frames, s.Frame)
	}
	out := message{Stop: frame}
	for {
		in, err := d.talk(out, true)
		switch {
		case err != nil:
			panic(&Error{Code: CodeDied, Message: err.Error()})
		case in.Look != nil:
			limitCPU(d.machine.call.Budget)
			out = message{Seen: d.looked(*in.Look)}
		case in.Go != nil:
			limitCPU(d.machine.call.Budget)
			d.gate.closed = false
			d.resume(a, *in.Go)
			d.machine.budget.Resume()
			return
		default:
			panic(&Error{Code: CodeDied, Message: "an unknown message from the engine"})
		}
	}
}

// resume carries out a command.
func (d *stepper) resume(a *activation, c Command) {
	if c.Breakpoints != nil {
		d.journey.wishes = *c.Breakpoints
		d.place(d.journey.wishes)
	}
	at := d.gate.ordinal
	d.move, d.from, d.moved = "", nil, at
	d.want(nil)
	switch c.Move {
	case StepOver, StepInto, StepOut:
		d.move, d.from, d.gate.open = c.Move, a, true
	case StepBack:
		d.rewind(d.before(a), ReasonStep)
	case StepBackInto:
		d.rewind(at-1, ReasonStep)
	case ReverseContinue:
		d.journey.reverse = true
		d.rewind(at, ReasonBreakpoint)
	case GoTo:
		d.rewind(c.Ordinal, ReasonMoment)
	case End:
		panic(&Error{Code: CodeDied, Message: "its debugger ended it"})
	default:
		d.gate.open, d.traced, d.trail = false, false, nil
	}
}

// rewind goes back, but not to before the first statement.
func (d *stepper) rewind(ordinal int, why Reason) {
	if ordinal <= 0 {
		ordinal, why = 1, ReasonEntry
	}
	kept := d.journey.edits[:0]
	for _, e := range d.journey.edits {
		if e.ordinal < ordinal {
			kept = append(kept, e)
		}
	}
	d.journey.edits = kept
	d.journey.handled = moment{}
	d.back(moment{ordinal: ordinal, reason: why})
}

// before answers the statement before this one, of the same activation or of
// those that called it.
func (d *stepper) before(a *activation) int {
	if !d.traced {
		return d.gate.ordinal - 1
	}
	for own := a; own != nil; own = own.parent {
		for n := min(d.gate.ordinal, len(d.trail)) - 1; n > 0; n-- {
			if d.trail[n-1] == own {
				return n
			}
		}
	}
	return d.gate.ordinal - 1
}
