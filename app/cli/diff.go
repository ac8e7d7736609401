package cli

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/bundle"
	"github.com/authflow-studio/authflow/engine/check/contract"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/flow/diff"
	"github.com/authflow-studio/authflow/projects"
)

func (e *env) diffCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{Use: "diff A B", Short: "what changed between two projects or bundles", Args: cobra.ExactArgs(2),
		Long: "Says what differs by meaning: blocks, connections, settings, files, secrets, hosts,\nand the verdicts on contracts. Where blocks stand in a drawing is no difference.\n\n" +
			"It ends with 1 when B takes a safeguard away: a lock that is lifted, a block that\nproves who somebody is, a contract that is gone or no longer proved.",
		RunE: func(c *cobra.Command, args []string) error { return e.diff(c.Context(), args[0], args[1], asJSON) }}
	c.Flags().BoolVar(&asJSON, "json", false, "print one line of JSON")
	return c
}

// compared is what `diff --json` prints.
type compared struct {
	Changes   []diff.Change `json:"changes"`
	Contracts []verdictDiff `json:"contracts"`
	// Weakens says that a safeguard is gone.
	Weakens bool `json:"weakens"`
}

// verdictDiff is a contract with another verdict than before; "" is no contract.
type verdictDiff struct {
	Name    string `json:"name"`
	Before  string `json:"before"`
	After   string `json:"after"`
	Weakens bool   `json:"weakens"`
}

func (e *env) diff(_ context.Context, before, after string, asJSON bool) error {
	a, err := projectAt(before)
	if err != nil {
		return err
	}
	b, err := projectAt(after)
	if err != nil {
		return err
	}
	out := compared{Changes: append([]diff.Change{}, diff.Projects(a, b, proves)...), Contracts: verdictDiffs(a, b)}
	out.Weakens = diff.Weakens(out.Changes)
	for _, c := range out.Contracts {
		out.Weakens = out.Weakens || c.Weakens
	}
	if asJSON {
		err = e.printJSON(out)
	} else {
		err = e.printCompared(out)
	}
	if err == nil && out.Weakens {
		err = errFailed
	}
	return err
}

// proves tells the blocks that prove who somebody is.
func proves(blockType string) bool {
	d, ok := catalogue.All().Descriptor(blockType)
	return ok && len(d.Proves) > 0
}

// projectAt reads a project's folder or a bundle, whoever signed it.
func projectAt(path string) (*flow.Project, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		b, err := bundle.LoadFile(path, bundle.Policy{AllowUnsigned: true})
		if err != nil {
			return nil, err
		}
		return b.Project(), nil
	}
	p, err := projects.Open(path)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	project, unreadable := p.Load()
	if len(unreadable) > 0 {
		return nil, unreadable[0]
	}
	return project, nil
}

// verdictDiffs proves the contracts of both and answers where the verdicts
// differ.
func verdictDiffs(a, b *flow.Project) []verdictDiff {
	prover := &contract.Prover{Catalogue: catalogue.All()}
	was, _ := prover.Project(a)
	is, _ := prover.Project(b)
	verdict := func(all []contract.Result, name string) string {
		for _, r := range all {
			if r.Name == name {
				return string(r.Verdict)
			}
		}
		return ""
	}
	out, seen := []verdictDiff{}, map[string]bool{}
	for _, all := range [][]contract.Result{was, is} {
		for _, r := range all {
			d := verdictDiff{Name: r.Name, Before: verdict(was, r.Name), After: verdict(is, r.Name)}
			if seen[r.Name] || d.Before == d.After {
				continue
			}
			seen[r.Name] = true
			d.Weakens = d.Before == string(contract.Proved)
			out = append(out, d)
		}
	}
	return out
}

var marks = map[diff.Kind]string{diff.Added: "+", diff.Removed: "−", diff.Changed: "~", diff.Renamed: "~", diff.Moved: " "}

func (e *env) printCompared(c compared) error {
	for _, x := range c.Changes {
		warning := ""
		if x.Weakens {
			warning = "  [takes a safeguard away]"
		}
		if _, err := fmt.Fprintf(e.out, "%s %s%s\n", marks[x.Kind], x.Text, warning); err != nil {
			return err
		}
	}
	for _, x := range c.Contracts {
		said := func(v string) string {
			if v == "" {
				return "not promised"
			}
			return v
		}
		warning := ""
		if x.Weakens {
			warning = "  [takes a safeguard away]"
		}
		if _, err := fmt.Fprintf(e.out, "  contract %q: %s, was %s%s\n", x.Name, said(x.After), said(x.Before), warning); err != nil {
			return err
		}
	}
	if len(c.Changes)+len(c.Contracts) == 0 {
		_, err := fmt.Fprintln(e.out, "No difference.")
		return err
	}
	return nil
}
