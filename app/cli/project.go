package cli

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/check"
	"github.com/authflow-studio/authflow/engine/check/contract"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/projects"
)

func (e *env) newCommand() *cobra.Command {
	var template, name string
	var list bool
	c := &cobra.Command{Use: "new DIR", Short: "start a project", Args: cobra.MaximumNArgs(1), RunE: func(_ *cobra.Command, args []string) error {
		if list {
			return e.listTemplates()
		}
		if len(args) != 1 {
			return fmt.Errorf("new needs a folder: authflow new DIR")
		}
		p, err := projects.Create(args[0], template, name)
		if err != nil {
			return err
		}
		defer p.Close()
		_, err = fmt.Fprintf(e.out, "Made %s from the template %s.\nOpen it with:  authflow %s\nRun it with:   authflow run %s\n", p.Dir(), template, args[0], args[0])
		return err
	}}
	c.Flags().StringVar(&template, "template", projects.DefaultTemplate, "which template to begin with")
	c.Flags().StringVar(&name, "name", "", "name of the project; the folder's when empty")
	c.Flags().BoolVar(&list, "list", false, "list the templates")
	return c
}

func (e *env) listTemplates() error {
	list, err := projects.Templates()
	if err != nil {
		return err
	}
	for _, t := range list {
		if _, err := fmt.Fprintf(e.out, "%-19s %s\n", t.Name, t.Summary); err != nil {
			return err
		}
	}
	return nil
}

func (e *env) checkCommand() *cobra.Command {
	var format string
	var fix bool
	c := &cobra.Command{Use: "check PROJECT|BUNDLE", Short: "all problems and contracts of a project or a bundle", Args: cobra.ExactArgs(1), RunE: func(c *cobra.Command, args []string) error {
		if format != "text" && format != "json" && format != "sarif" {
			return fmt.Errorf("--format is text, json or sarif, not %q", format)
		}
		if fix {
			if err := e.fix(c.Context(), args[0]); err != nil {
				return err
			}
		}
		j, err := checkPath(c.Context(), args[0])
		if err != nil {
			return err
		}
		if err := e.printJudged(j, format); err != nil {
			return err
		}
		if !j.sound() {
			return errFailed
		}
		return nil
	}}
	c.Flags().StringVar(&format, "format", "text", "text, json or sarif")
	c.Flags().BoolVar(&fix, "fix", false, "first mend in the files what can be mended safely")
	return c
}

func checkPath(ctx context.Context, path string) (judged, error) {
	pool := script.NewPool(script.Options{Workers: 1})
	defer pool.Close()
	checker := &check.Checker{Catalogue: catalogue.All(), Scripts: pool}
	info, err := os.Stat(path)
	if err != nil {
		return judged{}, err
	}
	if !info.IsDir() {
		return checkBundle(ctx, checker, path)
	}
	p, err := projects.Open(path)
	if err != nil {
		return judged{}, err
	}
	defer p.Close()
	project, unreadable := p.Load()
	return withContracts(project, checker.Findings(ctx, project, unreadable)), nil
}

func (e *env) printJudged(j judged, format string) error {
	if format == "sarif" {
		return e.printSARIF(j)
	}
	if format == "json" {
		return e.printJSON(map[string]any{"problems": append([]check.Problem{}, j.problems...), "suppressed": append([]check.Suppressed{}, j.suppressed...), "contracts": append([]contract.Result{}, j.contracts...)})
	}
	if err := e.printProblems(j.problems); err != nil {
		return err
	}
	if err := e.printSuppressed(j.suppressed); err != nil {
		return err
	}
	return e.printContracts(j.contracts)
}

func (e *env) printProblems(problems []check.Problem) error {
	for _, p := range problems {
		if _, err := fmt.Fprintf(e.out, "%s: %s%s [%s]\n    %s\n", p.Severity, place(p), p.Message, p.Code, p.Why); err != nil {
			return err
		}
	}
	counts := map[check.Severity]int{}
	for _, p := range problems {
		counts[p.Severity]++
	}
	_, err := fmt.Fprintf(e.out, "%d errors, %d warnings\n", counts[check.Error], counts[check.Warning])
	return err
}

// printSuppressed lists what the project lets be, so that nobody forgets it.
func (e *env) printSuppressed(list []check.Suppressed) error {
	for _, s := range list {
		if _, err := fmt.Fprintf(e.out, "suppressed %s: %s%s [%s]\n    because: %s\n", s.Severity, place(s.Problem), s.Message, s.Code, s.Reason); err != nil {
			return err
		}
	}
	return nil
}

func place(p check.Problem) string {
	s := p.File
	if p.Block != "" {
		s = p.Flow + "/" + p.Block
		if p.Field != "" {
			s += "." + p.Field
		}
	}
	if p.Line > 0 {
		s += fmt.Sprintf(":%d:%d", p.Line, p.Column)
	}
	if s == "" {
		return ""
	}
	return s + ": "
}
