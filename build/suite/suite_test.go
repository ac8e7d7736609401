package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func ends(t tally, err error) func(io.Writer) (tally, error) {
	return func(io.Writer) (tally, error) { return t, err }
}

func TestAStepThatDidNotRunIsAFailure(t *testing.T) {
	cases := []struct {
		name string
		step step
		want tally
	}{
		{"it passed", step{run: ends(tally{passed: 3}, nil)}, tally{passed: 3}},
		{"tests failed", step{run: ends(tally{3, 2, 0}, errors.New("exit status 1"))}, tally{3, 2, 0}},
		{"it broke after tests that passed", step{run: ends(tally{passed: 3}, errors.New("killed"))}, tally{3, 1, 0}},
		{"it broke at once", step{run: ends(tally{}, errors.New("no such program"))}, tally{failed: 1}},
		{"no test ran", step{run: ends(tally{}, nil)}, tally{failed: 1}},
		{"what it needs failed", step{needs: []string{"build"}, run: ends(tally{passed: 1}, nil)}, tally{failed: 1}},
		{"what it needs passed", step{needs: []string{"modules"}, run: ends(tally{passed: 1}, nil)}, tally{passed: 1}},
	}
	for _, c := range cases {
		if got := runStep(io.Discard, c.step, map[string]bool{"build": true}); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestTheLastLineIsTheSum(t *testing.T) {
	var out strings.Builder
	total := runAll(&out, []step{
		{name: "a", run: ends(tally{passed: 2, skipped: 1}, nil)},
		{name: "b", run: ends(tally{}, errors.New("broken"))},
		{name: "c", needs: []string{"b"}, run: ends(tally{passed: 1}, nil)},
	})
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if last := lines[len(lines)-1]; last != "2 passed, 2 failed, 1 skipped" || total.failed != 2 {
		t.Errorf("the last line is %q, the total %+v", last, total)
	}
}

func TestStepsAreChosenByNameInTheirOrder(t *testing.T) {
	chosen, err := choose(steps(), []string{"go", "format"})
	if err != nil || len(chosen) != 2 || chosen[0].name != "format" || chosen[1].name != "go" {
		t.Errorf("chose %v, %v", chosen, err)
	}
	if _, err := choose(steps(), []string{"formt"}); err == nil {
		t.Error("a step that does not exist was chosen")
	}
	if all, err := choose(steps(), nil); err != nil || len(all) != len(steps()) {
		t.Errorf("no names chose %d steps, %v", len(all), err)
	}
}

func TestEveryStepNeedsEarlierOnes(t *testing.T) {
	before := map[string]bool{}
	for _, s := range steps() {
		for _, n := range s.needs {
			if !before[n] {
				t.Errorf("%s needs %s, which does not come before it", s.name, n)
			}
		}
		before[s.name] = true
	}
}

func TestGoEventsAreCounted(t *testing.T) {
	const events = `{"Action":"build-output","ImportPath":"x/broken","Output":"broken.go:1: no\n"}
{"Action":"output","Package":"x/a","Test":"TestGood","Output":"quiet\n"}
{"Action":"pass","Package":"x/a","Test":"TestGood"}
{"Action":"output","Package":"x/a","Test":"TestBad/case","Output":"loud\n"}
{"Action":"fail","Package":"x/a","Test":"TestBad/case"}
{"Action":"fail","Package":"x/a","Test":"TestBad"}
{"Action":"skip","Package":"x/a","Test":"TestSkipped"}
{"Action":"fail","Package":"x/a","Elapsed":1.5}
{"Action":"skip","Package":"x/without"}
go: no such thing
`
	var out strings.Builder
	got, err := countGo(strings.NewReader(events), &out)
	if want := (tally{1, 2, 1}); err != nil || got != want {
		t.Errorf("counted %v, %v", got, err)
	}
	for _, want := range []string{"broken.go:1", "loud", "fail  x/a 1.5s", "skip  x/a TestSkipped", "go: no such thing"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not shown in:\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "quiet") || strings.Contains(out.String(), "x/without") {
		t.Errorf("what passed is shown:\n%s", out.String())
	}
}

func TestReportsAreCounted(t *testing.T) {
	dir := t.TempDir()
	written := func(text string) string {
		path := filepath.Join(dir, "report")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	got, err := countVitest(written(`{"numPassedTests":4,"numFailedTests":1,"numPendingTests":1,"numTodoTests":1}`))
	if want := (tally{4, 1, 2}); err != nil || got != want {
		t.Errorf("vitest: %v, %v", got, err)
	}
	got, err = countPlaywright(written(`{"stats":{"expected":4,"unexpected":1,"flaky":2,"skipped":1}}`))
	if want := (tally{4, 3, 1}); err != nil || got != want {
		t.Errorf("playwright: %v, %v", got, err)
	}
	if got, want := countTAP("ok 1 - a\n# tests 6\n# pass 3\n# fail 1\n# cancelled 1\n# skipped 1\n# todo 0\n"), (tally{3, 2, 1}); got != want {
		t.Errorf("tap: %v", got)
	}
	if _, err := countVitest(filepath.Join(dir, "none")); err == nil {
		t.Error("a report that is not there was counted")
	}
}

func TestACommandThatFailsIsNoPass(t *testing.T) {
	if _, err := pass(command{}, "go", "version")(io.Discard); err != nil {
		t.Error(err)
	}
	if _, err := pass(command{}, "go", "no-such-command")(io.Discard); err == nil {
		t.Error("a failing command passed")
	}
	if _, err := silent(command{}, "go", "version")(io.Discard); err == nil {
		t.Error("a command that complains passed as silent")
	}
}
