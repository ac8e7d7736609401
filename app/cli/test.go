package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/scenario"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/server"
	"github.com/authflow-studio/authflow/projects"
)

type testFlags struct {
	coverage, json, watch, verbose, update bool
	junit, html, record                    string
	parallel                               int
	threshold                              float64
}

func (e *env) testCommand() *cobra.Command {
	var f testFlags
	c := &cobra.Command{Use: "test PROJECT [NAME…]", Short: "run the scenarios of a project", Args: cobra.MinimumNArgs(1),
		Long: "Runs the scenarios below scenarios/, each on a server of its own in this process: the real engine and its HTTP face,\na clock that stands still, stubs in place of the network. Names keep the scenarios whose title holds one of them.\n\n" +
			"Exit code 1: a scenario failed, the coverage is below the threshold, or none passed; 2: nothing was run, or a file cannot be read.\n" +
			"With --update what failing scenarios expect is made what really happened, where that is safe, and all are run again: 0 when they pass now.",
		RunE: func(c *cobra.Command, args []string) error { return e.test(c.Context(), args[0], args[1:], f) }}
	c.Flags().BoolVar(&f.coverage, "coverage", false, "say which blocks, ports and pages were run through")
	c.Flags().Float64Var(&f.threshold, "threshold", 0, "least coverage of ports in percent; below it the exit code is 1")
	c.Flags().StringVar(&f.junit, "junit", "", "file to write a JUnit report to")
	c.Flags().StringVar(&f.html, "html", "", "file to write results and coverage to, as a page")
	c.Flags().StringVar(&f.record, "record", "", "folder to write the recordings of all runs to, for authflow replay")
	c.Flags().BoolVar(&f.json, "json", false, "print results as JSON lines, and a closing object")
	c.Flags().BoolVar(&f.update, "update", false, "make failing scenarios expect what really happened, and show the difference")
	c.Flags().BoolVar(&f.watch, "watch", false, "run again whenever the project changes")
	c.Flags().BoolVarP(&f.verbose, "verbose", "v", false, "name the scenarios that passed, too")
	c.Flags().IntVar(&f.parallel, "parallel", runtime.NumCPU(), "scenarios that run at once")
	c.MarkFlagsMutuallyExclusive("update", "watch")
	return c
}

func (e *env) test(ctx context.Context, dir string, names []string, f testFlags) error {
	disk, err := projects.Open(dir)
	if err != nil {
		return err
	}
	defer disk.Close()
	pool := script.NewPool(script.Options{Workers: max(1, f.parallel)})
	defer pool.Close()
	failed := e.testOnce(ctx, disk, pool, names, f)
	if !f.watch {
		return failed
	}
	again := make(chan struct{}, 1)
	if err := disk.Watch(ctx, func([]string) {
		select {
		case again <- struct{}{}:
		default:
		}
	}); err != nil {
		return err
	}
	for {
		if failed != nil && failed != errFailed {
			fmt.Fprintln(e.err, "authflow:", failed)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-again:
			failed = e.testOnce(ctx, disk, pool, names, f)
		}
	}
}

func (e *env) testOnce(ctx context.Context, disk *projects.Project, pool *script.Pool, names []string, f testFlags) error {
	project, suite, err := suiteOf(disk, pool, names, f.parallel)
	if err != nil {
		return err
	}
	if f.update {
		if suite.Files, err = e.updated(ctx, disk, suite, f); err != nil {
			return err
		}
	}
	suite.Record = f.record != ""
	if f.json {
		suite.Done = func(r scenario.Result) { _ = e.printJSON(r) }
		suite.Parallel = 1 // lines do not mix, and keep their order
	}
	rep := suite.Run(ctx)
	if err := writeReport(f.junit, rep.WriteJUnit); err != nil {
		return err
	}
	if err := writeRecordings(rep, f.record); err != nil {
		return err
	}
	return e.sum(project, rep, f)
}

var errNoScenario = errors.New("nothing was run: there is no scenario")

// suiteOf reads a project with its scenarios.
func suiteOf(disk *projects.Project, pool *script.Pool, names []string, parallel int) (*flow.Project, *scenario.Suite, error) {
	project, unreadable := disk.Load()
	files, bad := scenario.ReadAll(disk.FS())
	if all := append(unreadable, bad...); len(all) > 0 {
		return nil, nil, all[0]
	}
	worldFile, err := server.ReadWorld(disk.FS())
	if err != nil {
		return nil, nil, err
	}
	mk, err := server.Benches(project, worldFile, pool, nil)
	if err != nil {
		return nil, nil, err
	}
	suite := &scenario.Suite{Files: files, Make: mk, Parallel: parallel, Filter: names}
	if len(suite.Cases()) == 0 {
		return nil, nil, fmt.Errorf("%w%s below %s", errNoScenario, filterWords(names), scenario.Dir)
	}
	return project, suite, nil
}

func filterWords(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return fmt.Sprintf(" with %q in its title", names)
}

// fileName keeps of a title what every file system takes.
var fileName = regexp.MustCompile(`[^a-z0-9]+`)

func writeRecordings(rep scenario.Report, dir string) error {
	if dir == "" {
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, r := range rep.Results {
		for i, rec := range r.Recordings {
			text, err := rec.Encode()
			if err != nil {
				return err
			}
			name := fmt.Sprintf("%s-%d.json", strings.Trim(fileName.ReplaceAllString(strings.ToLower(r.Name), "-"), "-"), i+1)
			if err := os.WriteFile(filepath.Join(dir, name), append(text, '\n'), 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeReport writes a report to a file, if one is named.
func writeReport(name string, write func(io.Writer) error) error {
	if name == "" {
		return nil
	}
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := write(file); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}

// sum prints what came of all, and says whether it is good enough.
func (e *env) sum(p *flow.Project, rep scenario.Report, f testFlags) error {
	cover := rep.Covered(p, catalogue.All())
	closing := map[string]any{"passed": rep.Passed, "failed": rep.Failed, "skipped": rep.Skipped, "seconds": rep.Took.Seconds()}
	if f.coverage {
		closing["coverage"] = cover
	}
	if err := writeReport(f.html, func(w io.Writer) error { return scenario.WriteHTML(w, p.Settings.Name, rep, cover) }); err != nil {
		return err
	}
	var err error
	if f.json {
		err = e.printJSON(closing)
	} else if err = rep.WriteText(e.out, f.verbose); err == nil && f.coverage {
		err = cover.WriteText(e.out)
	}
	switch {
	case err != nil:
		return err
	case rep.Failed > 0 || rep.Passed == 0:
		return errFailed
	case cover.Ports.Percent() < f.threshold:
		_, err = io.WriteString(e.err, fmt.Sprintf("authflow: the scenarios cover %.1f %% of the ports, and must cover %.1f %%\n", cover.Ports.Percent(), f.threshold))
		if err != nil {
			return err
		}
		return errFailed
	}
	return nil
}
