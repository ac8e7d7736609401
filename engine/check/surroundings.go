package check

import (
	"context"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/script"
)

// surroundings is what stands beside the flows: Actions, pages, clients.
type surroundings struct {
	*Checker
	ctx      context.Context
	p        *flow.Project
	rule     *Rule
	problems []Problem
	checked  []checkedAction
}

// checkedAction is what was found in the source of an Action.
type checkedAction struct {
	file   string
	issues []script.Issue
	err    error
}

func (c *Checker) besides(ctx context.Context, p *flow.Project) []Problem {
	s := &surroundings{Checker: c, ctx: ctx, p: p}
	for _, r := range besideRules {
		s.rule = r
		r.beside(s)
	}
	return s.problems
}

func (s *surroundings) add(p Problem) { s.problems = append(s.problems, s.rule.problem(p)) }

// actions answers what was found in the Actions; each is read once.
func (s *surroundings) actions() []checkedAction {
	if s.checked != nil {
		return s.checked
	}
	s.checked = []checkedAction{}
	for _, name := range sortedKeys(s.p.Actions) {
		if !script.Readable(name) {
			continue
		}
		u := script.NewUnit(name, s.p.Actions)
		a := checkedAction{file: flow.ActionsDir + "/" + name}
		_, a.issues = script.ReadHeader(u.Source)
		var found []script.Issue
		found, a.err = s.scriptIssues(s.ctx, u)
		for _, is := range found {
			if is.File == "" { // else it stands at the module itself
				a.issues = append(a.issues, is)
			}
		}
		s.checked = append(s.checked, a)
	}
	return s.checked
}

// actionsWith reports what is wrong with Actions, as far as it has one code.
func (s *surroundings) actionsWith(code script.Code) {
	for _, a := range s.actions() {
		for _, is := range a.issues {
			if a.err == nil && is.Code == code {
				s.add(Problem{File: a.file, Line: is.Line, Column: is.Column, Message: sentence(is.Message), Severity: Severity(is.Severity)})
			}
		}
	}
}
