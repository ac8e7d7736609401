package cli

import (
	"context"
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/scenario"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/server"
	"github.com/authflow-studio/authflow/projects"
)

func (e *env) mutateCommand() *cobra.Command {
	var asJSON bool
	var parallel, allow int
	c := &cobra.Command{Use: "mutate PROJECT [NAME…]", Short: "make the flows wrong on purpose, and report what no scenario notices", Args: cobra.MinimumNArgs(1),
		Long: "Turns conditions round, drops edges and exchanges them, one at a time, and runs the scenarios that come there.\nThe exit code is 1 when more changes than --allow survive.",
		RunE: func(c *cobra.Command, args []string) error {
			return e.mutate(c.Context(), args[0], args[1:], parallel, allow, asJSON)
		}}
	c.Flags().IntVar(&parallel, "parallel", runtime.NumCPU(), "changes that are tried at once")
	c.Flags().IntVar(&allow, "allow", 0, "changes that may survive")
	c.Flags().BoolVar(&asJSON, "json", false, "print the result as one line of JSON")
	return c
}

func (e *env) mutate(ctx context.Context, dir string, names []string, parallel, allow int, asJSON bool) error {
	disk, err := projects.Open(dir)
	if err != nil {
		return err
	}
	defer disk.Close()
	pool := script.NewPool(script.Options{Workers: max(1, parallel)})
	defer pool.Close()
	p, suite, err := suiteOf(disk, pool, names, parallel)
	if err != nil {
		return err
	}
	base := suite.Run(ctx)
	if base.Failed > 0 || base.Passed == 0 {
		fmt.Fprintln(e.err, "authflow: the scenarios must pass before they are tried on changed flows")
		_ = base.WriteText(e.err, false)
		return errFailed
	}
	mutants, err := scenario.Mutants(p)
	if err != nil {
		return err
	}
	worldFile, err := server.ReadWorld(disk.FS())
	if err != nil {
		return err
	}
	result, err := scenario.Mutate(ctx, base, suite.Cases(), mutants, func(changed *flow.Project) (scenario.Maker, error) {
		return server.Benches(changed, worldFile, pool, nil)
	}, parallel, nil)
	if err != nil {
		return err
	}
	if err := e.mutated(result, asJSON); err != nil {
		return err
	}
	if len(result.Survived) > allow {
		return errFailed
	}
	return nil
}

func (e *env) mutated(r scenario.Mutation, asJSON bool) error {
	if asJSON {
		return e.printJSON(r)
	}
	for _, m := range r.Survived {
		fmt.Fprintf(e.out, "unnoticed  %s.%s: %s\n", m.Flow, m.Block, m.What)
	}
	_, err := fmt.Fprintf(e.out, "%d changes tried: %d noticed, %d unnoticed, %d where no scenario comes\n",
		r.Tried, r.Tried-len(r.Survived)-len(r.Unreached), len(r.Survived), len(r.Unreached))
	return err
}
