package debug

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/world"
)

// This file decides whether a run stops, and says why.

// stop is why a run is paused.
type stop struct {
	reason     string // breakpoint, step, pause, entry, back, deny, error, timeout, page, value
	text       string
	breakpoint int
}

// whyBefore answers why to stop before a block; nil to go on. It needs the lock.
func (d *Debugger) whyBefore(w *watched, m *run.Moment) (*stop, []Event) {
	pending, arriving := w.pending, w.arriving
	w.pending, w.arriving = nil, nil
	if arriving != nil {
		return arriving, nil
	}
	top := m.State.Top()
	if m.Resumed {
		if w.pausing {
			return &stop{reason: "pause", text: "Stopped as asked."}, nil
		}
		return pending, nil
	}
	hit, logs := d.firstHit(w, &m.State, func(b *bound) bool {
		return b.Kind == AtBlock && b.Flow == top.Flow && b.Block == top.Block || b.Kind == AtType && b.Type == m.Type
	})
	switch {
	case hit != nil:
		return hit, logs
	case pending != nil:
		return pending, logs
	case w.pausing:
		return &stop{reason: "pause", text: "Stopped as asked."}, logs
	case w.step.reached(top.Flow, top.Block, len(m.State.Frames)):
		return &stop{reason: "step", text: fmt.Sprintf("Stepped to %s.", top.Block)}, logs
	}
	return nil, logs
}

// whyAfter answers why to stop once a block has run. It needs the lock.
func (d *Debugger) whyAfter(w *watched, before, s *run.State, step run.Step) (*stop, []Event) {
	hit, logs := d.firstHit(w, s, func(b *bound) bool {
		switch b.Kind {
		case AtEdge:
			return step.Port != "" && b.Port == step.Port && b.Block == step.Block && b.Flow == step.Flow
		case AtPage:
			return step.Waits && s.Page != nil && s.Page.Template == strings.TrimPrefix(b.Page, "pages/")
		case AtValue:
			return written(before, s, step, b.Path)
		}
		return false
	})
	if hit != nil {
		return hit, logs
	}
	switch c := d.catching; {
	case step.Error != nil && c.Timeout && isTimeout(step.Error.Code):
		return &stop{reason: "timeout", text: fmt.Sprintf("Time was over at %s: %s", step.Block, step.Error.Message)}, logs
	case step.Error != nil && c.Error:
		return &stop{reason: "error", text: fmt.Sprintf("%s failed: %s", step.Block, step.Error.Error())}, logs
	case c.Deny && s.Status == run.Ended && !s.End.Success:
		return &stop{reason: "deny", text: fmt.Sprintf("The run is about to be denied at %s: %s", step.Block, s.End.Reason)}, logs
	}
	return nil, logs
}

// isTimeout tells the codes of time-outs: those of budgets, of Actions and of
// outgoing calls.
func isTimeout(code string) bool {
	return strings.HasPrefix(code, "budget_") || strings.Contains(code, "timeout") || code == "deadline"
}

// firstHit answers the stop of the first breakpoint that is hit, and what those
// with a message say. A breakpoint whose place is come to counts, whether its
// condition holds or not.
func (d *Debugger) firstHit(w *watched, s *run.State, there func(*bound) bool) (*stop, []Event) {
	var first *stop
	var logs []Event
	for _, b := range d.breakpoints {
		if !b.Enabled || b.Kind == AtLine || !there(b) {
			continue
		}
		holds, err := b.holds(s)
		if err != nil {
			if first == nil {
				first = &stop{reason: "breakpoint", breakpoint: b.ID, text: fmt.Sprintf("Stopped at %s: its condition failed: %v", b.words(), err)}
			}
			continue
		}
		if !holds {
			continue
		}
		w.hits[b.ID]++
		if !b.hit.met(w.hits[b.ID]) {
			continue
		}
		if b.Message != "" {
			logs = append(logs, Event{Log: &Log{Run: w.view.ID, Breakpoint: b.ID, Place: Place{Flow: s.Top().Flow, Block: s.Top().Block}, Text: b.says(s), At: world.SystemClock{}.Now().UTC()}})
			continue
		}
		if first == nil {
			first = &stop{reason: "breakpoint", breakpoint: b.ID, text: fmt.Sprintf("Stopped at %s.", b.words())}
		}
	}
	return first, logs
}

// holds computes the condition, within the bounds that every expression has.
func (b *bound) holds(s *run.State) (bool, error) {
	if strings.TrimSpace(b.Condition) == "" {
		return true, nil
	}
	if b.condition == nil {
		return false, fmt.Errorf("it cannot be read")
	}
	return b.condition.EvalBool(valuesOf(s, len(s.Frames)-1))
}

// says puts the message together; an expression that fails says so.
func (b *bound) says(s *run.State) string {
	var text strings.Builder
	values := valuesOf(s, len(s.Frames)-1)
	for _, p := range b.message {
		switch {
		case p.source == "":
			text.WriteString(p.words)
		case p.program == nil:
			text.WriteString("{" + p.source + " cannot be read}")
		default:
			v, err := p.program.Eval(values)
			if err != nil {
				text.WriteString("{" + err.Error() + "}")
				continue
			}
			text.WriteString(short(v))
		}
	}
	return text.String()
}

// words names the place of a breakpoint.
func (b *Breakpoint) words() string {
	switch b.Kind {
	case AtEdge:
		return fmt.Sprintf("the breakpoint on the edge %s of %s", b.Port, b.Block)
	case AtPage:
		return "the breakpoint on the page " + b.Page
	case AtType:
		return "the breakpoint on " + b.Type
	case AtLine:
		return fmt.Sprintf("the breakpoint on line %d of %s", b.Line, b.File)
	case AtValue:
		return "the breakpoint on the value " + b.Path
	}
	return "the breakpoint on " + b.Block
}

// written tells whether a block wrote a value, also when it wrote the same
// again: an output of the block that has just run counts as written.
func written(before, after *run.State, step run.Step, path string) bool {
	parts := strings.Split(path, ".")
	if parts[0] == "step" && len(parts) > 1 && parts[1] == step.Block {
		_, there := find(any(step.Outputs), parts[2:])
		return there && step.Outputs != nil
	}
	if len(after.Frames) != len(before.Frames) && (parts[0] == "step" || parts[0] == "input") {
		return false // another flow's values came into sight; nobody wrote them
	}
	was, had := find(any(valuesOf(before, len(before.Frames)-1)), parts)
	is, has := find(any(valuesOf(after, len(after.Frames)-1)), parts)
	return has && (!had || !reflect.DeepEqual(was, is))
}

// find answers what stands at a path.
func find(v any, path []string) (any, bool) {
	for _, name := range path {
		switch m := v.(type) {
		case map[string]any:
			next, ok := m[name]
			if !ok {
				return nil, false
			}
			v = next
		case map[string]map[string]any:
			next, ok := m[name]
			if !ok {
				return nil, false
			}
			v = next
		default:
			return nil, false
		}
	}
	return v, true
}
