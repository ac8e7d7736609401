package script

// This file holds the breakpoints of a run: whether one is met, and what it
// says.

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// conditionsLimit bounds what the conditions of a call may take together; it is
// no time of the Action's.
const conditionsLimit = 2 * time.Second

// looks tells whether breakpoints evaluate something by themselves.
func (d *Debug) looks() bool {
	return d != nil && slices.ContainsFunc(d.Breakpoints, Breakpoint.looks)
}

// point is a breakpoint at its statement.
type point struct {
	Breakpoint
	hits int // how often it was met so far
}

// place binds breakpoints to statements.
func (d *stepper) place(wishes []Breakpoint) {
	old := d.points
	d.points = map[int][]*point{}
	for _, b := range wishes {
		bound, err := d.gate.program.places.Bind(b.Place)
		if err != nil {
			continue // Places told whoever asked
		}
		for n, s := range d.gate.program.statements {
			if s.place() == bound && !s.onlyCount {
				d.points[n] = append(d.points[n], &point{b, hitsOf(old[n], b)})
			}
		}
	}
	d.want(nil)
}

// want lets the statements with breakpoints, and those of some functions,
// through to the hook.
func (d *stepper) want(functions map[int]bool) {
	for n, s := range d.gate.program.statements {
		d.gate.wanted[n] = len(d.points[n]) > 0 || functions[s.function] && !s.onlyCount
	}
}

// hitsOf keeps the count of a breakpoint that stays.
func hitsOf(old []*point, b Breakpoint) int {
	for _, p := range old {
		if p.Breakpoint == b {
			return p.hits
		}
	}
	return 0
}

// meet tells whether a breakpoint stops here. A condition that cannot be
// evaluated is a problem, and no answer.
func (d *stepper) meet(a *activation) (met bool, problem string) {
	for _, p := range d.points[a.statement] {
		if p.Condition != "" {
			holds, err := d.condition(a, p.Condition)
			if err != "" {
				problem = "the condition " + p.Condition + ": " + err
				continue
			}
			if !holds {
				continue
			}
		}
		p.hits++
		due, err := due(p.Hits, p.hits)
		switch {
		case err != nil:
			problem = err.Error()
		case due && p.Log != "":
			d.say(a, p.Log)
		case due:
			met = true
		}
	}
	d.journey.spoken = max(d.journey.spoken, d.gate.ordinal)
	return met, problem
}

func (d *stepper) condition(a *activation, text string) (bool, string) {
	v, err := d.asked(a, text)
	if err != "" {
		return false, err
	}
	return v.ToBoolean(), ""
}

var hitForm = regexp.MustCompile(`^\s*(>=|>|==|=|%|)\s*(\d{1,9})\s*$`)

// due tells whether a breakpoint that was met so often stops.
func due(rule string, hits int) (bool, error) {
	if strings.TrimSpace(rule) == "" {
		return true, nil
	}
	form := hitForm.FindStringSubmatch(rule)
	if form == nil {
		return false, fmt.Errorf("the hit count %q is not one of >3, >=3, ==3, %%3", rule)
	}
	n, _ := strconv.Atoi(form[2])
	switch form[1] {
	case ">":
		return hits > n, nil
	case ">=":
		return hits >= n, nil
	case "%":
		return n > 0 && hits%n == 0, nil
	}
	return hits == n, nil
}

var inBraces = regexp.MustCompile(`\{([^{}]+)\}`)

// say tells the engine a message, once for each time that its place is come to
// and not again on the way back.
func (d *stepper) say(a *activation, form string) {
	if d.gate.ordinal <= d.journey.spoken {
		return
	}
	text := inBraces.ReplaceAllStringFunc(form, func(braces string) string {
		v, err := d.asked(a, braces[1:len(braces)-1])
		if err != "" {
			return "{" + err + "}"
		}
		return d.plainText(v)
	})
	at := d.gate.program.statements[a.statement].place()
	if _, err := d.talk(message{Said: &said{At: at, Text: text}}, false); err != nil {
		panic(&Error{Code: CodeDied, Message: err.Error()})
	}
}
