// Command suite is what `make test` runs: every check and every test of the
// repository, cheap ones first, and an honest count at the end.
//
// It owns: the table of steps, their order, the counting.
// It delegates: setting the machine up to build/setup.sh, building to the
// Makefile, testing to the tools.
// The law: a step that could not run counts as failed; the exit code is 0 only
// if nothing failed.
package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
)

func main() {
	if err := os.MkdirAll(reports, 0o755); err != nil {
		fmt.Fprintln(os.Stderr, "suite:", err)
		os.Exit(2)
	}
	wanted, err := choose(steps(), os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "suite:", err)
		os.Exit(2)
	}
	if total := runAll(os.Stdout, wanted); total.failed > 0 {
		os.Exit(1)
	}
}

// step is one line of the suite.
type step struct {
	name  string
	about string
	needs []string // steps whose failure makes this one pointless
	run   func(out io.Writer) (tally, error)
}

// choose answers the steps with these names, all if there are none. A step that
// is asked for alone runs without those it needs: what they made is there, or
// it says what is missing.
func choose(all []step, names []string) ([]step, error) {
	if len(names) == 0 {
		return all, nil
	}
	var chosen []step
	for _, s := range all {
		if slices.Contains(names, s.name) {
			chosen = append(chosen, s)
		}
	}
	if len(chosen) < len(names) {
		known := make([]string, len(all))
		for i, s := range all {
			known[i] = s.name
		}
		return nil, fmt.Errorf("a step of %s is unknown; there are: %s", strings.Join(names, " "), strings.Join(known, " "))
	}
	return chosen, nil
}

// runAll runs the steps in order and closes with the count.
func runAll(out io.Writer, wanted []step) tally {
	var total tally
	failed := map[string]bool{}
	var summary []string
	for _, s := range wanted {
		fmt.Fprintf(out, "\n=== %s: %s\n", s.name, s.about)
		begun := time.Now()
		t := runStep(out, s, failed)
		failed[s.name] = t.failed > 0
		total = total.plus(t)
		line := fmt.Sprintf("%-12s %6.1fs  %s", s.name, time.Since(begun).Seconds(), t)
		fmt.Fprintln(out, "---", line)
		summary = append(summary, line)
	}
	fmt.Fprintf(out, "\n=== all steps\n%s\n\n%s\n", strings.Join(summary, "\n"), total)
	return total
}

// runStep counts a step that ends badly without a failed test as one failure.
func runStep(out io.Writer, s step, failed map[string]bool) tally {
	for _, n := range s.needs {
		if failed[n] {
			fmt.Fprintf(out, "Not run: it needs %s, which failed.\n", n)
			return tally{failed: 1}
		}
	}
	t, err := s.run(out)
	if err != nil {
		fmt.Fprintln(out, err)
		t.failed = max(t.failed, 1)
	}
	if t == (tally{}) {
		fmt.Fprintln(out, "No test ran.")
		t.failed = 1
	}
	return t
}
