package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/authflow-studio/authflow/projects"
)

func (e *env) newActionCommand() *cobra.Command {
	var from string
	var list, asJSON bool
	c := &cobra.Command{Use: "new PROJECT [NAME] --from READY", Short: "take a ready-made Action into a project", Args: cobra.MaximumNArgs(2),
		Long: "Copies a ready-made Action into the project, where it is yours to change. What has to count between calls, which no Action can, is a small flow for run_flow.",
		RunE: func(_ *cobra.Command, args []string) error {
			switch {
			case list:
				return e.listReady(asJSON)
			case len(args) == 0:
				return errors.New("new needs a project: authflow actions new PROJECT NAME --from READY; --list shows what there is")
			case from == "":
				return errors.New("say which one with --from; authflow actions new --list shows what there is")
			}
			name := ""
			if len(args) > 1 {
				name = args[1]
			}
			return e.takeReady(args[0], from, name)
		}}
	c.Flags().StringVar(&from, "from", "", "which ready-made one")
	c.Flags().BoolVar(&list, "list", false, "list what is ready-made")
	c.Flags().BoolVar(&asJSON, "json", false, "list as JSON, with settings, outcomes and outputs")
	return c
}

func (e *env) listReady(asJSON bool) error {
	all, err := projects.ReadyMade()
	if err != nil {
		return err
	}
	if asJSON {
		return e.printJSON(all)
	}
	for _, r := range all {
		kind := ""
		if r.Kind == projects.ReadyFlow {
			kind = "A flow: "
		}
		if _, err := fmt.Fprintf(e.out, "%-22s %s%s\n", r.Name, kind, r.Summary); err != nil {
			return err
		}
	}
	return nil
}

func (e *env) takeReady(dir, from, name string) error {
	p, err := projects.Open(dir)
	if err != nil {
		return err
	}
	defer p.Close()
	file, err := p.AddReady(from, name)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.out, "Made %s from the ready-made %s.\n", file, from)
	return err
}
