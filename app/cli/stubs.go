package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/server"
	"github.com/authflow-studio/authflow/engine/world"
	"github.com/authflow-studio/authflow/projects"
)

func (e *env) stubsCommand() *cobra.Command {
	c := &cobra.Command{Use: "stubs", Short: "stubs that answer in place of partners"}
	c.AddCommand(&cobra.Command{Use: "check PROJECT", Short: "ask the real services, and say where the stubs of world.yaml have fallen behind", Args: cobra.ExactArgs(1),
		Long: "Asks each service that a stub of world.yaml stands for (GET, to hosts that the project allows), and compares the status and the form of the JSON.\nThe exit code is 1 when one has drifted or does not answer.",
		RunE: func(c *cobra.Command, args []string) error { return e.checkStubs(c.Context(), args[0]) }})
	return c
}

func (e *env) checkStubs(ctx context.Context, dir string) error {
	disk, err := projects.Open(dir)
	if err != nil {
		return err
	}
	defer disk.Close()
	p, err := loadProject(dir)
	if err != nil {
		return err
	}
	text, err := server.ReadWorld(disk.FS())
	if err != nil {
		return err
	}
	var file world.File
	if len(text) > 0 {
		if err := flow.DecodeYAML(flow.WorldFile, text, &file); err != nil {
			return err
		}
	}
	guard := world.NewEgress(func() []string { return p.Settings.EgressHosts }, func() []string {
		if p.Settings.Harness == nil {
			return nil
		}
		return p.Settings.Harness.LoopbackHosts
	})
	asked, behind := 0, 0
	for _, s := range file.Stubs {
		was, differences, err := world.Drift(ctx, guard, s)
		if err != nil {
			differences = append(differences, err.Error())
		}
		if was {
			asked++
		}
		if len(differences) == 0 {
			continue
		}
		behind++
		fmt.Fprintf(e.out, "drifted  %s\n", s.URL)
		for _, d := range differences {
			fmt.Fprintf(e.out, "           %s\n", d)
		}
	}
	if asked == 0 {
		return fmt.Errorf("nothing was asked: world.yaml has no stub for a GET of one address")
	}
	fmt.Fprintf(e.out, "%d services asked, %d stubs have fallen behind\n", asked, behind)
	if behind > 0 {
		return errFailed
	}
	return nil
}
