package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
)

// tally counts tests.
type tally struct{ passed, failed, skipped int }

func (t tally) plus(o tally) tally {
	return tally{t.passed + o.passed, t.failed + o.failed, t.skipped + o.skipped}
}

func (t tally) String() string {
	s := fmt.Sprintf("%d passed, %d failed", t.passed, t.failed)
	if t.skipped > 0 {
		s += fmt.Sprintf(", %d skipped", t.skipped)
	}
	return s
}

// goTest runs go test and shows a line for each package, and what failed tests
// printed.
func goTest(c command, args ...string) func(io.Writer) (tally, error) {
	return func(out io.Writer) (tally, error) {
		cmd := c.prepare("go", append([]string{"test", "-json", "-timeout", "10m"}, args...)...)
		pipe, err := cmd.StdoutPipe()
		if err != nil {
			return tally{}, err
		}
		cmd.Stderr = out
		if err := cmd.Start(); err != nil {
			return tally{}, err
		}
		t, err := countGo(pipe, out)
		return t, errors.Join(err, c.named(cmd, cmd.Wait()))
	}
}

// goEvent is a line of go test -json.
type goEvent struct {
	Action, Package, ImportPath, Test, Output string
	Elapsed                                   float64
}

// countGo reads the events of go test.
func countGo(in io.Reader, out io.Writer) (tally, error) {
	var total tally
	said := map[string]*strings.Builder{} // by package and test, until it passed
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e goEvent
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			fmt.Fprintln(out, lines.Text()) // not an event: a complaint of go itself
			continue
		}
		key := e.Package + " " + e.Test
		switch e.Action {
		case "build-output":
			fmt.Fprint(out, e.Output)
		case "output":
			if said[key] == nil {
				said[key] = &strings.Builder{}
			}
			said[key].WriteString(e.Output)
		case "pass", "fail", "skip":
			total = total.plus(ended(e, said[key], out))
			delete(said, key)
		}
	}
	return total, lines.Err()
}

// ended counts a test that came to its end, or shows the line of a package.
func ended(e goEvent, said *strings.Builder, out io.Writer) tally {
	if e.Action == "fail" && said != nil {
		fmt.Fprint(out, said)
	}
	if e.Test == "" {
		if e.Action != "skip" { // of a package: it holds no tests
			fmt.Fprintf(out, "%-5s %s %.1fs\n", e.Action, e.Package, e.Elapsed)
		}
		return tally{}
	}
	switch e.Action {
	case "fail":
		return tally{failed: 1}
	case "skip":
		fmt.Fprintf(out, "skip  %s %s\n", e.Package, e.Test)
		return tally{skipped: 1}
	}
	return tally{passed: 1}
}

// vitest runs the unit tests of the front end.
func vitest(c command) func(io.Writer) (tally, error) {
	return func(out io.Writer) (tally, error) {
		path, err := report("vitest.json")
		if err != nil {
			return tally{}, err
		}
		ran := c.run(out, "npx", "vitest", "run", "--reporter=default", "--reporter=json", "--outputFile.json="+path)
		t, err := countVitest(path)
		return t, errors.Join(ran, err)
	}
}

func countVitest(path string) (tally, error) {
	var r struct{ NumPassedTests, NumFailedTests, NumPendingTests, NumTodoTests int }
	err := readJSON(path, &r)
	return tally{r.NumPassedTests, r.NumFailedTests, r.NumPendingTests + r.NumTodoTests}, err
}

// playwrightTest runs the browser tests.
func playwrightTest(c command) func(io.Writer) (tally, error) {
	return func(out io.Writer) (tally, error) {
		path, err := report("playwright.json")
		if err != nil {
			return tally{}, err
		}
		c.env = append(c.env, "PLAYWRIGHT_JSON_OUTPUT_FILE="+path)
		ran := c.run(out, "npx", "playwright", "test", "--reporter=list,json")
		t, err := countPlaywright(path)
		return t, errors.Join(ran, err)
	}
}

// countPlaywright counts a test that passed only when tried again as failed: it
// is not to be relied on.
func countPlaywright(path string) (tally, error) {
	var r struct {
		Stats struct{ Expected, Unexpected, Flaky, Skipped int }
	}
	err := readJSON(path, &r)
	return tally{r.Stats.Expected, r.Stats.Unexpected + r.Stats.Flaky, r.Stats.Skipped}, err
}

func readJSON(path string, v any) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, v)
}

// nodeTest runs the tests of Node's own runner.
func nodeTest(c command) func(io.Writer) (tally, error) {
	return func(out io.Writer) (tally, error) {
		path, err := report("node.tap")
		if err != nil {
			return tally{}, err
		}
		ran := c.run(out, "node", "--test", "--test-reporter=spec", "--test-reporter-destination=stdout",
			"--test-reporter=tap", "--test-reporter-destination="+path)
		text, err := os.ReadFile(path)
		return countTAP(string(text)), errors.Join(ran, err)
	}
}

var tapLine = regexp.MustCompile(`(?m)^# (pass|fail|cancelled|skipped|todo) (\d+)$`)

func countTAP(text string) tally {
	n := map[string]int{}
	for _, m := range tapLine.FindAllStringSubmatch(text, -1) {
		n[m[1]], _ = strconv.Atoi(m[2])
	}
	return tally{n["pass"], n["fail"] + n["cancelled"], n["skipped"] + n["todo"]}
}
