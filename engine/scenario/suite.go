package scenario

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/authflow-studio/authflow/engine/world"
)

// Suite runs the scenarios of a project.
type Suite struct {
	Files []File
	Make  Maker
	// Parallel is how many run at once; each has a server of its own.
	Parallel int
	// Filter keeps the cases whose name holds one of the texts; empty keeps all.
	Filter []string
	// Record keeps the recordings of all runs in the results.
	Record bool
	// Done is told of each result as it comes, in no order; it may be nil.
	Done func(Result)
}

// Report is what came of a suite.
type Report struct {
	Results []Result      `json:"results"`
	Passed  int           `json:"passed"`
	Failed  int           `json:"failed"`
	Skipped int           `json:"skipped"`
	Took    time.Duration `json:"took"`
}

// FailedNames answers the cases that failed.
func (r Report) FailedNames() map[string]bool {
	out := map[string]bool{}
	for _, res := range r.Results {
		if !res.Passed && res.Skipped == "" {
			out[res.Name] = true
		}
	}
	return out
}

// Cases answers what the filter keeps.
func (s *Suite) Cases() []Case {
	var out []Case
	for i := range s.Files {
		for _, c := range s.Files[i].Cases() {
			if s.keeps(c.Name) {
				out = append(out, c)
			}
		}
	}
	return out
}

func (s *Suite) keeps(name string) bool {
	for _, f := range s.Filter {
		if strings.Contains(strings.ToLower(name), strings.ToLower(f)) {
			return true
		}
	}
	return len(s.Filter) == 0
}

// Run runs all cases and answers them in their order.
func (s *Suite) Run(ctx context.Context) Report {
	watch := world.NewStopwatch()
	cases := s.Cases()
	results := make([]Result, len(cases))
	next := make(chan int)
	var wg sync.WaitGroup
	for range max(1, s.Parallel) {
		wg.Go(func() {
			for i := range next {
				results[i] = Run(ctx, cases[i], s.Make, s.Record)
				if s.Done != nil {
					s.Done(results[i])
				}
			}
		})
	}
	for i := range cases {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	wg.Wait()
	rep := Report{Results: results, Took: watch.Elapsed()}
	for _, r := range results {
		switch {
		case r.Skipped != "":
			rep.Skipped++
		case r.Passed:
			rep.Passed++
		default:
			rep.Failed++
		}
	}
	return rep
}
