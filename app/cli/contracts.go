package cli

import (
	"fmt"

	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/bundle"
	"github.com/authflow-studio/authflow/engine/check"
	"github.com/authflow-studio/authflow/engine/check/contract"
	"github.com/authflow-studio/authflow/engine/flow"
)

// This file proves the contracts of a project and prints the verdicts.

// judged is everything that can be said of a project before it runs.
type judged struct {
	problems   []check.Problem
	suppressed []check.Suppressed
	contracts  []contract.Result
}

// sound reports whether it may be exported (rule B1).
func (j judged) sound() bool { return !check.HasErrors(j.problems) && contract.Sound(j.contracts) }

// withContracts adds the verdicts on the contracts; what cannot be understood in
// their files is a problem like any other.
func withContracts(p *flow.Project, found check.Findings) judged {
	j := judged{problems: found.Problems, suppressed: found.Suppressed}
	var bad []*flow.FileError
	j.contracts, bad = (&contract.Prover{Catalogue: catalogue.All()}).Project(p)
	for _, e := range bad {
		j.problems = append(j.problems, check.Problem{Code: e.Code, Severity: check.Error, File: e.File, Line: e.Line, Column: e.Column, Message: e.Message, Why: "What is not understood is not proven. " + e.Hint})
	}
	return j
}

// verdicts are what a bundle says of the contracts.
func (j judged) verdicts() bundle.Release {
	v := bundle.Release{Checker: contract.CheckerVersion}
	for _, r := range j.contracts {
		v.Contracts = append(v.Contracts, bundle.Contract{Name: r.Name, Verdict: string(r.Verdict)})
	}
	return v
}

func (e *env) printContracts(results []contract.Result) error {
	counts := map[contract.Verdict]int{}
	for _, r := range results {
		counts[r.Verdict]++
		if _, err := fmt.Fprintf(e.out, "%-8s %s  (%s:%d)\n", r.Verdict, r.Name, r.File, r.Line); err != nil {
			return err
		}
		if r.Reason != "" {
			fmt.Fprintf(e.out, "    %s\n", r.Reason)
		}
		for _, step := range r.Path {
			fmt.Fprintf(e.out, "    %s\n", step)
		}
	}
	if len(results) == 0 {
		return nil
	}
	_, err := fmt.Fprintf(e.out, "%d contracts proved, %d refuted, %d unknown\n", counts[contract.Proved], counts[contract.Refuted], counts[contract.Unknown])
	return err
}
