package run

import (
	"slices"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
)

// This file is how a replay follows what a person did in the debugger: it is in
// the journal, so the same journal gives the same run (rules D3, X4).

// remember keeps the moment before a block, where the recorded run was taken
// back to some moment.
func (j *Journal) remember(a *advance, b *flow.Block) {
	if j.moments != nil {
		j.moments[a.s.Journal] = a.moment(b)
	}
}

// order answers what was ordered before a block when the run was recorded.
func (j *Journal) order(s *State) *Order {
	next := j.next()
	if next == nil {
		return nil
	}
	switch next.Kind {
	case KindChange:
		return &Order{State: changed(*s, next)}
	case KindForce:
		return &Order{Leave: &Leave{Port: next.Port, Outputs: next.Outputs}}
	}
	return j.back()
}

// changed answers a state with the values that an entry holds.
func changed(s State, e *Entry) *State {
	var v struct {
		Event  map[string]any            `json:"event"`
		Steps  map[string]any            `json:"steps"`
		Input  map[string]any            `json:"input"`
		Claims map[string]map[string]any `json:"claims"`
	}
	if reread(e.Data, &v) != nil {
		return &s
	}
	top := *s.Top()
	top.Block, top.Steps, top.Input = e.Block, v.Steps, v.Input
	s.setTop(top)
	s.Event, s.Claims = v.Event, v.Claims
	return &s
}

// back answers where the recorded run was taken back to at this place; nil when
// it was not.
func (j *Journal) back() *Order {
	next := j.next()
	if next == nil || next.Kind != KindBack {
		return nil
	}
	var to struct {
		To      int    `json:"to"`
		Project string `json:"project"`
	}
	if reread(next.Data, &to) != nil || j.moments[to.To] == nil {
		return nil
	}
	o := &Order{Back: j.moments[to.To]}
	if j.versions != nil && to.Project != o.Back.State.Project {
		o.Project = j.versions(to.Project)
	}
	return o
}

// rewind forgets what was replayed after a moment; it is replayed again.
func (j *Journal) rewind(m *Moment) {
	j.entries = j.entries[:m.replayed:m.replayed]
	j.diverged = nil
}

// Skip lets a replay pass what a block asked for before an effect, when the
// block is known to have come to it; it answers whether it did.
func (j *Journal) Skip(effect string) bool {
	if j.recorded == nil {
		return false
	}
	from := len(j.entries)
	for i := from; i < len(j.recorded) && j.recorded[i].Kind == KindEffect; i++ {
		if j.recorded[i].Effect != effect {
			continue
		}
		for _, e := range j.recorded[from:i] {
			j.state.Journal++
			j.entries = append(j.entries, e)
		}
		return true
	}
	return false
}

// Effective answers the entries of the way that a run went in the end, without
// those that it was taken back from; asLived is false when a person in the
// debugger made it go where it would not have gone.
func Effective(journal []Entry) (entries []Entry, asLived bool) {
	for _, e := range journal {
		if e.Kind != KindBack {
			entries = append(entries, e)
			continue
		}
		var to struct {
			To int `json:"to"`
		}
		if reread(e.Data, &to) == nil {
			entries = slices.DeleteFunc(slices.Clone(entries), func(x Entry) bool { return x.N > to.To })
		}
	}
	return entries, !slices.ContainsFunc(entries, func(e Entry) bool {
		return e.Kind == KindChange || e.Kind == KindForce || e.Effect == block.EffectEdited
	})
}
