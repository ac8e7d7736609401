package server

import (
	"context"
	"fmt"
	"time"

	"github.com/authflow-studio/authflow/engine/bundle"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/scenario"
)

// This file tries a bundle before anybody signs in by it.

// smokeBudget bounds how long all smoke tests of a bundle may take.
const smokeBudget = 2 * time.Minute

// Smoke runs the scenarios that a project carries below smoke/, each at a harness of
// its own in this process: nothing real is called, written or sent. They know nothing
// of the developer's world.yaml and of the settings for tests, since no bundle has
// these. A *bundle.Error says which one fails, and how.
func Smoke(ctx context.Context, p *flow.Project, scripts Scripts) ([]bundle.Scenario, error) {
	files, bad := scenario.ReadSmoke(p)
	if bad != nil {
		return nil, &bundle.Error{Code: bundle.CodeSmoke, Path: bad.File, Message: bad.Message, Hint: bad.Hint}
	}
	if len(files) == 0 {
		return nil, nil
	}
	bare := *p
	bare.Settings.Harness = nil
	mk, err := BenchesWith(&bare, nil, scripts, nil, BenchOptions{Uncovered: true})
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, smokeBudget)
	defer cancel()
	suite := scenario.Suite{Files: files, Make: mk, Parallel: 2}
	report := suite.Run(ctx)
	var out []bundle.Scenario
	var failed error
	for _, r := range report.Results {
		s := bundle.Scenario{Name: r.Name, Result: bundle.Passed}
		if !r.Passed {
			s.Result = bundle.Failed
			if failed == nil {
				failed = &bundle.Error{Code: bundle.CodeSmoke, Path: r.File, Message: fmt.Sprintf("the smoke test %q fails: %s", r.Name, whyFailed(r)), Hint: "authflow test shows where it goes wrong"}
			}
		}
		out = append(out, s)
	}
	return out, failed
}

// whyFailed is the first reason. A test that was skipped has tried nothing, and one
// that time was over for neither.
func whyFailed(r scenario.Result) string {
	switch {
	case r.Skipped != "":
		return "it is skipped: " + r.Skipped
	case len(r.Failures) > 0 && r.Step > 0:
		return fmt.Sprintf("at step %d: %s", r.Step, r.Failures[0])
	case len(r.Failures) > 0:
		return r.Failures[0]
	}
	return fmt.Sprintf("it has not ended within %v", smokeBudget)
}
