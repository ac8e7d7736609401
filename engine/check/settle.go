package check

import (
	"slices"

	"github.com/authflow-studio/authflow/engine/flow"
)

// This file is what a project says of the checks: severities and suppressions
// (rule K1). An error stays one: a setting does not make it safe.

// Suppressed is a finding that a project lets be, and why.
type Suppressed struct {
	Problem
	Reason string `json:"reason"`
}

// settle applies a project's settings to what was found.
func settle(s flow.Checks, found []Problem) (out []Problem, suppressed []Suppressed) {
	for _, p := range found {
		if p.Severity == Error {
			out = append(out, p)
			continue
		}
		severity := severityIn(s, p)
		if severity == "off" {
			continue
		}
		p.Severity = severity
		if i := slices.IndexFunc(s.Suppress, func(x flow.Suppression) bool { return covers(x, p) }); i >= 0 {
			suppressed = append(suppressed, Suppressed{p, s.Suppress[i].Reason})
			continue
		}
		out = append(out, p)
	}
	return out, suppressed
}

// severityIn answers how serious a project takes a finding.
func severityIn(s flow.Checks, p Problem) Severity {
	if own, set := s.Severities[p.Code]; set {
		return Severity(own)
	}
	switch {
	case s.Preset == flow.Strict && p.Severity == Warning:
		return Error
	case s.Preset == flow.Strict && p.Severity == Info:
		return Warning
	case s.Preset == flow.Relaxed && p.Severity == Info:
		return "off"
	}
	return p.Severity
}

func covers(x flow.Suppression, p Problem) bool {
	return x.Code == p.Code && (x.Flow == "" || x.Flow == p.Flow) && (x.Block == "" || x.Block == p.Block)
}
