package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/block/reference"
)

func (e *env) blocksCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{Use: "blocks [ID]", Short: "list the blocks, or describe one", Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 {
				return e.describeBlock(args[0], asJSON)
			}
			return e.listBlocks(asJSON)
		}}
	c.Flags().BoolVar(&asJSON, "json", false, "print descriptors as JSON")
	return c
}

func (e *env) describeBlock(id string, asJSON bool) error {
	d, ok := catalogue.All().Descriptor(id)
	switch {
	case !ok:
		return fmt.Errorf("there is no block %q; list them with: authflow blocks", id)
	case asJSON:
		return e.printJSON(d)
	}
	_, err := fmt.Fprint(e.out, reference.Page(d))
	return err
}

func (e *env) listBlocks(asJSON bool) error {
	c := catalogue.All()
	all := make([]*block.Descriptor, 0, len(c.IDs()))
	for _, id := range c.IDs() {
		d, _ := c.Descriptor(id)
		all = append(all, d)
	}
	if asJSON {
		return e.printJSON(all)
	}
	for _, f := range block.Families {
		fmt.Fprintf(e.out, "%s\n", f.Title)
		for _, d := range all {
			if d.Family == f.ID {
				fmt.Fprintf(e.out, "  %-26s %s\n", d.ID, d.Summary)
			}
		}
	}
	return nil
}
