package script

// This file counts which lines of an Action have run.

import "slices"

// Lines are those of one file that hold a statement, and those of them that ran.
type Lines struct {
	All []int `json:"all"`
	Ran []int `json:"ran"`
}

// With answers both counts as one.
func (l Lines) With(o Lines) Lines {
	return Lines{All: distinct(slices.Concat(l.All, o.All)), Ran: distinct(slices.Concat(l.Ran, o.Ran))}
}

// Missed are the lines that did not run.
func (l Lines) Missed() []int {
	return slices.DeleteFunc(slices.Clone(l.All), func(n int) bool { return slices.Contains(l.Ran, n) })
}

// lines answers what was counted, by file; also of a call that has failed.
func (m *machine) lines() map[string]Lines {
	if !m.call.Cover || m.gate == nil {
		return nil
	}
	all, ran := map[string][]int{}, map[string][]int{}
	for n, s := range m.program.statements {
		if s.onlyStop {
			continue
		}
		all[s.file] = append(all[s.file], s.line)
		if m.gate.last[n] > 0 {
			ran[s.file] = append(ran[s.file], s.line)
		}
	}
	out := map[string]Lines{}
	for name := range all {
		out[name] = Lines{All: distinct(all[name]), Ran: distinct(ran[name])}
	}
	return out
}

func distinct(lines []int) []int {
	slices.Sort(lines)
	return slices.Compact(lines)
}
