package check

import (
	"fmt"
	"slices"

	"github.com/authflow-studio/authflow/engine/flow"
)

// This file is what a project says of the checks: severities and suppressions
// (rule K1). An error stays one: a setting does not make it safe.

// settle applies a project's settings to what was found.
func settle(s flow.Checks, found []Problem) []Problem {
	out := found[:0:0]
	for _, p := range found {
		if p.Severity == Error {
			out = append(out, p)
			continue
		}
		if slices.ContainsFunc(s.Suppress, func(x flow.Suppression) bool { return covers(x, p) }) {
			continue
		}
		switch severity := severityIn(s, p); severity {
		case "off":
		default:
			p.Severity = severity
			out = append(out, p)
		}
	}
	return out
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

// idleSuppressions reports those that take nothing out: what they were written for
// is mended, or was never theirs to take.
func idleSuppressions(s flow.Checks, found []Problem) []Problem {
	var out []Problem
	for _, x := range s.Suppress {
		var matched, isError bool
		for _, p := range found {
			if covers(x, p) {
				matched, isError = true, isError || p.Severity == Error
			}
		}
		p := Problem{Code: "suppression_unused", Severity: Warning, File: flow.SettingsFile,
			Message: fmt.Sprintf("The suppression of %q takes nothing out.", x.Code), Why: "What it was written for is gone. Take it out, so that it hides nothing new."}
		switch {
		case isError:
			p.Code, p.Message, p.Why = "suppression_of_error", fmt.Sprintf("%q is an error, and errors are not suppressed.", x.Code), "What cannot run, or is not safe, stays an error whatever somebody writes."
		case matched:
			continue
		}
		out = append(out, p)
	}
	return out
}
