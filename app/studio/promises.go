package studio

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"

	"github.com/authflow-studio/authflow/engine/bundle"
	"github.com/authflow-studio/authflow/engine/check"
	"github.com/authflow-studio/authflow/engine/check/contract"
	"github.com/authflow-studio/authflow/engine/flow"
)

// promises are the verdicts on the contracts of the open project. They are found
// after each change, beside whoever waits for the change to be saved: a proof can
// take a while, and its answer is a problem like any other.
type promises struct {
	proving sync.Mutex // held while it is proven, so that nobody proves the same twice
	mu      sync.Mutex
	last    judgement
	wake    chan struct{}
}

// judgement is what was found of one state of the project.
type judgement struct {
	of      *flow.Project
	results []contract.Result
	bad     []*flow.FileError
}

func newPromises() *promises { return &promises{wake: make(chan struct{}, 1)} }

// changed says that there is something to be proven anew.
func (p *promises) changed() {
	select {
	case p.wake <- struct{}{}:
	default: // it will be looked at anyway
	}
}

func (p *promises) judged() judgement {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last
}

// watchPromises proves the contracts after each change, until ctx ends. Changes
// that come meanwhile are proven once, in their last state.
func (w *workspace) watchPromises(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-w.promises.wake:
			w.s.Emit("contracts", proven(w.judge()))
			w.s.Emit("problems", w.currentProblems())
		}
	}
}

// judge answers the verdicts on the project as it is, proven once for each state.
func (w *workspace) judge() judgement {
	w.promises.proving.Lock()
	defer w.promises.proving.Unlock()
	p := w.current()
	if j := w.promises.judged(); j.of == p {
		return j
	}
	j := w.s.judge(p)
	w.promises.mu.Lock()
	w.promises.last = j
	w.promises.mu.Unlock()
	return j
}

// judge proves beside everything else that the studio does: a fault of the prover
// is a contract that nobody understands, and ends nothing.
func (s *Studio) judge(p *flow.Project) (j judgement) {
	defer func() {
		if r := recover(); r != nil {
			s.Log.Error("the contracts cannot be judged", "fault", r, "stack", string(debug.Stack()))
			j = judgement{of: p, bad: []*flow.FileError{{Code: "contract", File: flow.ContractsDir, Message: fmt.Sprintf("The contracts cannot be judged: %v.", r), Hint: "Please report it with the flow that was changed last."}}}
		}
	}()
	results, bad := (&contract.Prover{Catalogue: s.catalogue}).Project(p)
	return judgement{p, results, bad}
}

func proven(j judgement) *Proven {
	return &Proven{Results: append([]contract.Result{}, j.results...)}
}

// verdicts are what a bundle says of the contracts.
func (j judgement) verdicts() bundle.Release {
	r := bundle.Release{Checker: contract.CheckerVersion}
	for _, c := range j.results {
		r.Contracts = append(r.Contracts, bundle.Contract{Name: c.Name, Verdict: string(c.Verdict)})
	}
	return r
}

// problems are contracts that are refuted, or that nobody understands: they keep
// a project from being exported. One that nobody can decide is a warning, unless
// the flows have errors: those are the reason, and are said already.
func (j judgement) problems(ofFlows []check.Problem) []check.Problem {
	var out []check.Problem
	for _, r := range j.results {
		p := check.Problem{File: r.File, Line: r.Line}
		switch {
		case r.Malformed: // said below, by who has read it
			continue
		case r.Verdict == contract.Refuted:
			p.Code, p.Severity = "contract_refuted", check.Error
			p.Message, p.Why = "The contract “"+r.Name+"” is refuted.", "A promise that the flows break is not exported. Contracts shows the path that breaks it."
		case r.Verdict == contract.Unknown && !check.HasErrors(ofFlows):
			p.Code, p.Severity = "contract_unknown", check.Warning
			p.Message, p.Why = "Nobody can say whether the contract “"+r.Name+"” holds.", r.Reason
		default:
			continue
		}
		out = append(out, p)
	}
	for _, b := range j.bad {
		out = append(out, check.Problem{Code: b.Code, Severity: check.Error, File: b.File, Line: b.Line, Message: b.Message, Why: "What is not understood is not proven. " + b.Hint})
	}
	return out
}
