package check

import (
	"fmt"
	"slices"
	"time"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/block/control"
)

// This file adds up how long a run may take between two pauses: the longest path
// of what blocks may wait for others. A circle that counts is gone through once.

// spans are the longest waits of a flow, by block.
type spans struct {
	order  []int
	weight []time.Duration
	until  []time.Duration // from the last pause to the end of the block
	before []int           // on the longest path; -1: none
}

// spans adds up the waits of the blocks that can be reached.
func (x *inspection) spans() *spans {
	n := len(x.g.IDs)
	s := &spans{weight: make([]time.Duration, n), until: make([]time.Duration, n), before: make([]int, n)}
	for i := range n {
		s.before[i] = -1
		s.weight[i] = x.waits(i)
	}
	s.order = x.forward()
	done := make([]bool, n)
	for _, i := range s.order {
		var longest time.Duration
		for _, e := range x.g.In[i] {
			if !done[e.From] || x.desc[e.From] == nil || x.desc[e.From].Asks {
				continue
			}
			if u := s.until[e.From]; u > longest {
				longest, s.before[i] = u, e.From
			}
		}
		s.until[i] = longest + s.weight[i]
		done[i] = true
	}
	return s
}

// costs names the blocks that the time is made of.
func (s *spans) costs(x *inspection, i int) []string {
	var out []string
	for ; i >= 0; i = s.before[i] {
		if s.weight[i] > 0 {
			out = append(out, fmt.Sprintf("%s %v", x.g.IDs[i], s.weight[i]))
		}
	}
	slices.Reverse(out)
	return out
}

// waits answers how long a block may wait for others.
func (x *inspection) waits(i int) time.Duration {
	d := x.desc[i]
	if d == nil || !x.reach[i] {
		return 0
	}
	budgets, config := x.p.Settings.WithDefaults().Budgets, x.f.Blocks[x.g.IDs[i]].Config
	switch {
	case d.ID == control.RunFlowID:
		return x.v.throughout(target(x.f.Blocks[x.g.IDs[i]]))
	case d.ID == "emit_event":
		return 0 // it is told later
	case slices.ContainsFunc(d.Fields, func(f block.Field) bool { return f.Kind == block.Action }):
		return time.Duration(budgets.Action)
	case slices.Contains(d.Effects, block.CallsHost):
		return callsFor(config, time.Duration(budgets.Call))
	}
	return 0
}

// callsFor is the time of one call with its further tries.
func callsFor(config map[string]any, budget time.Duration) time.Duration {
	if s, ok := config["timeout"].(string); ok {
		if d, err := time.ParseDuration(s); err == nil && d > 0 && d < budget {
			budget = d
		}
	}
	tries := time.Duration(1)
	if n, ok := config["retry"].(float64); ok && n > 0 && n < 10 {
		tries += time.Duration(n)
	}
	return tries * budget
}

// forward lists the blocks that can be reached so that each comes after those
// before it; edges that lead back are left out.
func (x *inspection) forward() []int {
	if x.g.Start < 0 {
		return nil
	}
	type frame struct{ block, edge int }
	seen := make([]bool, len(x.g.IDs))
	seen[x.g.Start] = true
	work, out := []frame{{x.g.Start, 0}}, []int(nil)
	for len(work) > 0 {
		top := &work[len(work)-1]
		if top.edge == len(x.g.Out[top.block]) {
			out = append(out, top.block)
			work = work[:len(work)-1]
			continue
		}
		to := x.g.Out[top.block][top.edge].To
		top.edge++
		if !seen[to] {
			seen[to] = true
			work = append(work, frame{to, 0})
		}
	}
	slices.Reverse(out)
	return out
}
