package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/scenario"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/server"
	"github.com/authflow-studio/authflow/projects"
)

func (e *env) generateCommand() *cobra.Command {
	var out string
	var tries int
	c := &cobra.Command{Use: "generate PROJECT", Short: "find scenarios for ports that none covers", Args: cobra.ExactArgs(1),
		Long: "Tries the people and networks of world.yaml, right and wrong answers, every button of every page, and faults on blocks,\nand writes what covers a port that no scenario has covered yet. What it expects is what happened: look at it before you keep it.",
		RunE: func(c *cobra.Command, args []string) error { return e.generate(c.Context(), args[0], out, tries) }}
	c.Flags().StringVarP(&out, "output", "o", scenario.Dir+"/generated.yaml", "file of the project to write; it must not exist")
	c.Flags().IntVar(&tries, "tries", 2000, "sign-ins that are tried at most")
	return c
}

func (e *env) generate(ctx context.Context, dir, out string, tries int) error {
	disk, err := projects.Open(dir)
	if err != nil {
		return err
	}
	defer disk.Close()
	if path.Dir(out) != scenario.Dir || !strings.HasSuffix(out, ".yaml") {
		return fmt.Errorf("%s: scenarios stand in %s/NAME.yaml", out, scenario.Dir)
	}
	pool := script.NewPool(script.Options{})
	defer pool.Close()
	p, traces, err := covered(ctx, disk, pool)
	if err != nil {
		return err
	}
	worldFile, err := server.ReadWorld(disk.FS())
	if err != nil {
		return err
	}
	g := scenario.Generator{Project: p, Catalogue: catalogue.All(), Tries: tries}
	if len(worldFile) > 0 {
		if err := flow.DecodeYAML(flow.WorldFile, worldFile, &g.World); err != nil {
			return err
		}
	}
	if g.Make, err = server.Benches(p, worldFile, pool, nil); err != nil {
		return err
	}
	found, missing, err := g.Generate(ctx, traces)
	if err != nil {
		return err
	}
	return e.generated(disk, out, found, missing)
}

// covered runs what scenarios there are; a project without any has covered
// nothing.
func covered(ctx context.Context, disk *projects.Project, pool *script.Pool) (*flow.Project, [][]run.Step, error) {
	p, suite, err := suiteOf(disk, pool, nil, runtime.NumCPU())
	if errors.Is(err, errNoScenario) {
		p, unreadable := disk.Load()
		if len(unreadable) > 0 {
			return nil, nil, unreadable[0]
		}
		return p, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	var traces [][]run.Step
	for _, r := range suite.Run(ctx).Results {
		traces = append(traces, r.Trace)
	}
	return p, traces, nil
}

func (e *env) generated(disk *projects.Project, out string, found []scenario.Scenario, missing []string) error {
	if len(found) > 0 {
		text, err := scenario.File{About: "Made by authflow generate.", Scenarios: found}.YAML()
		if err != nil {
			return err
		}
		if _, err := disk.CreateFile(out, string(text)); errors.Is(err, fs.ErrExist) || errors.Is(err, projects.ErrExists) {
			return fmt.Errorf("%s is there already: move it away, or name another with -o", out)
		} else if err != nil {
			return err
		}
		fmt.Fprintf(e.out, "%s holds %d scenarios now\n", out, len(found))
	}
	for _, m := range missing {
		fmt.Fprintf(e.out, "not found  %s\n", m)
	}
	_, err := fmt.Fprintf(e.out, "%d found, %d ports are not covered\n", len(found), len(missing))
	return err
}
