package script

// This file goes back in a call: the Action is run again from its beginning, up
// to a moment, with what its host answered the first time. That also gives a
// stop what the quick program of the first way could not: the scopes of all
// functions under way.

import (
	"slices"
	"time"

	"github.com/authflow-studio/authflow/engine/world"
)

// maxTraced is how many statements may lie before a moment whose way there is
// noted in full; further on only the innermost function can be looked into.
const maxTraced = 200_000

// moment is one of a call, and why it is come to.
type moment struct {
	ordinal       int
	reason        Reason
	text, problem string
}

// journey is a call that is debugged, over all the ways that it is run.
type journey struct {
	wishes          []Breakpoint
	onThrow, onDeny bool
	atEntry         bool // is still to come
	ways            int
	again           *moment // where the next way leads; nil: the call has ended
	moment          moment  // where this way leads
	reverse         bool    // and from there to the breakpoint met last
	handled         moment  // the throw or denial that was stopped at
	spoken          int     // the ordinal up to which breakpoints have said their messages
	used            time.Duration
	tape            tape
	edits           []edit
}

// edit is what a person changed while the call was stopped.
type edit struct {
	ordinal, frame int
	text           string
}

func newJourney(f *debugFrame) *journey {
	j := &journey{wishes: f.Breakpoints, onThrow: f.OnThrow, onDeny: f.OnDeny, atEntry: f.AtEntry}
	if f.StopAt > 0 {
		j.again = &moment{ordinal: f.StopAt, reason: ReasonMoment}
	}
	return j
}

// flavour chooses the cheapest program that can do what is wished.
func (c *callFrame) flavour(j *journey) flavour {
	switch {
	case j != nil && (j.again != nil || j.atEntry || slices.ContainsFunc(j.wishes, Breakpoint.looks)):
		return scopes
	case j != nil && (j.onThrow || j.onDeny || len(j.wishes) > 0):
		return lines
	case c.Cover:
		return counts
	}
	return plain
}

func (b Breakpoint) looks() bool { return b.Condition != "" || b.Log != "" }

// depart begins a way.
func (j *journey) depart() {
	j.ways++
	j.moment, j.again, j.tape.next = moment{}, nil, 0
}

// towards begins a way that leads back to a moment. The time that the script
// has used until then is taken off; the way itself has a limit of its own.
func (j *journey) towards(m *machine, to moment) *world.Budget {
	j.depart()
	j.moment = to
	m.budget.Pause()
	world.Spend(m.budget.Context(), j.used)
	return world.NewBudget(contextOfWorker, backLimit)
}

// back leaves this way. Nothing of the script can hold it up.
func (d *stepper) back(to moment) {
	d.journey.again = &to
	d.journey.used = d.machine.call.Budget - d.machine.budget.Remaining()
	panic(&Error{Code: CodeDied, Message: "it is run again"})
}

// recorded answers from the tape, and asks for what is not on it.
func (d *stepper) recorded(live func(ask) (reply, error)) func(ask) (reply, error) {
	return func(q ask) (reply, error) {
		r, ok, err := d.journey.tape.play(q, d.journey.ways > 1 && d.seeking())
		if err != nil {
			return reply{}, err
		}
		if !ok {
			asked := q
			asked.Nth, asked.Ordinal = d.journey.tape.next+1, d.gate.ordinal
			if r, err = live(asked); err != nil {
				return reply{}, err
			}
			d.journey.tape.record(q, r)
		}
		if q.Kind == "secret" && r.Failed == nil {
			d.hidden.remember(q.Name, r.Text)
		}
		return r, nil
	}
}

// seeking: the moment that this way leads to is still to come.
func (d *stepper) seeking() bool { return d.gate.ordinal < d.journey.moment.ordinal }

// denied stops before the statement that denies, when that is wished.
func (d *stepper) denied(reason string) {
	if d == nil || !d.journey.onDeny || d.seeking() {
		return
	}
	stack := d.machine.rt.CaptureCallStack(0, nil)
	for _, frame := range stack {
		if frame.SrcName() == sourceName {
			at := frame.Position()
			d.stopBefore(d.reachedAt(offsetOf(d.gate.program.source, at.Line, at.Column)), ReasonDeny, reason)
			return
		}
	}
}

// stopBefore goes back to a statement that has done something worth a look,
// once for each time.
func (d *stepper) stopBefore(ordinal int, why Reason, text string) {
	to := moment{ordinal: ordinal, reason: why, text: text}
	if ordinal > 0 && d.journey.handled != to {
		d.journey.handled = to
		d.back(to)
	}
}

// ended sees how the script ended. With a throw it is run again, up to the
// statement that threw.
func (d *stepper) ended(failed *Error) *Error {
	if d == nil || d.journey.again != nil {
		return failed
	}
	if d.seeking() {
		return &Error{Code: CodeDiverged, Message: "run again, it did not come to that moment"}
	}
	if failed == nil || !d.journey.onThrow || d.machine.result.Denied != nil || failed.Code != CodeThrow && failed.Code != CodeRejected {
		return failed
	}
	ordinal := d.reachedAt(failed.at - 1)
	if failed.at == 0 {
		ordinal = d.lastThrow()
	}
	again := d.machine.guarded(func() error { d.stopBefore(ordinal, ReasonThrow, failed.Message); return nil })
	if again != nil {
		return again
	}
	return failed
}

// reachedAt answers when the innermost statement around an offset was last come
// to.
func (d *stepper) reachedAt(at int) int {
	best := -1
	all := d.gate.program.statements
	for n, s := range all {
		if s.start <= at && at < s.end && d.gate.last[n] > 0 && !s.onlyCount && (best < 0 || s.start >= all[best].start) {
			best = n
		}
	}
	if best < 0 {
		return 0
	}
	return d.gate.last[best]
}

// lastThrow answers when a throw statement was last come to: what was thrown
// may not say where.
func (d *stepper) lastThrow() int {
	last := 0
	for n, s := range d.gate.program.statements {
		if s.throws {
			last = max(last, d.gate.last[n])
		}
	}
	return last
}
