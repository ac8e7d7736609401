package studio

// This file is what the panel of problems asks for besides the problems: the rules
// in words, what is suppressed, and suppressing with a reason.

import (
	"context"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/check"
	"github.com/authflow-studio/authflow/engine/flow"
)

// checks are the methods of this file.
func (s *Studio) checks() map[string]method {
	return map[string]method{
		"problems.list":       typed(s.problems),
		"problems.rules":      typed(s.rules),
		"problems.suppressed": typed(s.suppressed),
		"problems.suppress":   typed(s.suppress),
		"problems.unsuppress": typed(s.unsuppress),
	}
}

func (s *Studio) problems(context.Context, none) ([]check.Problem, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	return w.currentProblems(), nil
}

// Rule is a check in words.
type Rule struct {
	Code  string `json:"code"`
	Group string `json:"group"`
	Title string `json:"title"`
	Mend  string `json:"mend"`
	// Page describes it with a wrong and a right example.
	Page string `json:"page"`
}

// pages is where the pages of the rules stand.
const pages = "https://github.com/authflow-studio/authflow/blob/main/docs/checks/"

func (s *Studio) rules(context.Context, none) ([]Rule, error) {
	out := make([]Rule, len(check.Rules))
	for i, r := range check.Rules {
		out[i] = Rule{r.Code, r.Group, r.Title, r.Mend, pages + r.Code + ".md"}
	}
	return out, nil
}

func (s *Studio) suppressed(context.Context, none) ([]check.Suppressed, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	return w.currentSuppressed(), nil
}

func (w *workspace) currentSuppressed() []check.Suppressed {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Concat([]check.Suppressed{}, w.letBe)
}

type suppressArg struct{ Code, Flow, Block, Reason string }

// suppress writes to authflow.json that a finding is let be, and why.
func (s *Studio) suppress(_ context.Context, a suppressArg) ([]check.Suppressed, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	reason := strings.TrimSpace(a.Reason)
	if reason == "" {
		return nil, &Error{Code: "no_reason", Message: "A suppression needs a reason.", Hint: "Whoever reads it must know why the finding is let be."}
	}
	rule, known := check.RuleOf(a.Code)
	if !known || rule.Severity == check.Error {
		return nil, &Error{Code: "not_suppressed", Message: "An error is not suppressed.", Hint: "Mend it: what cannot run, or is not safe, is not exported."}
	}
	return w.settingsWritten(w.disk.Suppress(flow.Suppression{Code: a.Code, Flow: a.Flow, Block: a.Block, Reason: reason}))
}

// unsuppress takes out what suppresses a finding, be it meant for more places, too.
func (s *Studio) unsuppress(_ context.Context, a suppressArg) ([]check.Suppressed, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	for _, x := range w.current().Settings.Checks.Suppress {
		if x.Code == a.Code && (x.Flow == "" || x.Flow == a.Flow) && (x.Block == "" || x.Block == a.Block) {
			return w.settingsWritten(w.disk.Unsuppress(x))
		}
	}
	return w.currentSuppressed(), nil
}

// settingsWritten takes over authflow.json after this program has written it.
func (w *workspace) settingsWritten(err error) ([]check.Suppressed, error) {
	if err != nil {
		return nil, err
	}
	l, err := w.disk.LoadFile(flow.SettingsFile)
	if err != nil {
		return nil, err
	}
	if _, err := w.saved(flow.SettingsFile, l.Revision); err != nil {
		return nil, err
	}
	return w.currentSuppressed(), nil
}
