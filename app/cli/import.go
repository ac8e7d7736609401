package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/authflow-studio/authflow/engine/check"
	"github.com/authflow-studio/authflow/projects/agama"
)

func (e *env) importCommand() *cobra.Command {
	c := &cobra.Command{Use: "import", Short: "make a project of something written for another product", RunE: func(*cobra.Command, []string) error {
		return fmt.Errorf("import needs to know of what: authflow import agama FILE DIR")
	}}
	c.AddCommand(e.importAgamaCommand())
	return c
}

func (e *env) importAgamaCommand() *cobra.Command {
	var o agama.Options
	var asJSON bool
	c := &cobra.Command{Use: "agama FILE DIR", Short: "a .gama archive or .flow file becomes a project", Args: cobra.ExactArgs(2),
		Long: "Makes a project of flows written for Gluu's and Janssen's Agama engine. What cannot be carried over is listed with\nfile and line, refuses until it is done, and stands in IMPORT.md of the project.\n\nExit codes: 0 everything was carried over, 1 the project was made and something is left to do, 2 nothing was made.",
		RunE: func(c *cobra.Command, args []string) error {
			return e.importAgama(c.Context(), args[0], args[1], o, asJSON)
		}}
	c.Flags().StringVar(&o.Login, "login", "", "the flow that clients run, by its qualified name; without it the one that no other flow runs")
	c.Flags().BoolVar(&asJSON, "json", false, "print the report as JSON")
	return c
}

// imported is the report with what the check says of the project that was made.
type imported struct {
	*agama.Report
	Dir    string         `json:"dir"`
	Counts map[string]int `json:"counts"`
	Check  map[string]int `json:"check"`
}

func (e *env) importAgama(ctx context.Context, file, dir string, o agama.Options, asJSON bool) error {
	r, err := agama.Import(file, dir, o)
	if err != nil {
		return err
	}
	j, err := checkPath(ctx, dir)
	if err != nil {
		return err
	}
	out := imported{Report: r, Dir: dir, Counts: map[string]int{}, Check: map[string]int{}}
	for _, kind := range []string{agama.Todo, agama.Check, agama.Note} {
		out.Counts[kind] = r.Count(kind)
	}
	for _, p := range j.problems {
		switch p.Severity {
		case check.Error:
			out.Check["errors"]++
		case check.Warning:
			out.Check["warnings"]++
		}
	}
	if asJSON {
		err = e.printJSON(out)
	} else {
		err = e.printImported(out)
	}
	if err == nil && out.Counts[agama.Todo]+out.Check["errors"] > 0 {
		return errFailed
	}
	return err
}

func (e *env) printImported(r imported) error {
	line := func(format string, args ...any) { fmt.Fprintf(e.out, format+"\n", args...) }
	line("Made %s: %s, %s, %s.", r.Dir, plural(len(r.Flows), "flow"), plural(len(r.Pages), "page"), plural(len(r.Actions), "Action"))
	for _, f := range r.Flows {
		how := "can be launched at /flows/" + f.Slug
		switch {
		case f.Trigger == "login":
			how = "what clients run"
		case f.SubflowOnly:
			how = "run by other flows only"
		}
		line("  flow %s  ← %s (%d blocks, %s)", f.Slug, f.Name, f.Blocks, how)
	}
	words := map[string]string{agama.Todo: "to do, refused or marked until then", agama.Check: "to look at", agama.Note: "for the record"}
	for _, kind := range []string{agama.Todo, agama.Check, agama.Note} {
		if r.Counts[kind] == 0 {
			continue
		}
		line("\n%d %s:", r.Counts[kind], words[kind])
		for _, entry := range r.Entries {
			if entry.Kind != kind {
				continue
			}
			line("  %s: %s", entry.Place(), entry.What)
			if entry.Do != "" {
				line("      %s", entry.Do)
			}
		}
	}
	line("\nauthflow check: %d errors, %d warnings. All of this stands in %s/%s.", r.Check["errors"], r.Check["warnings"], r.Dir, agama.TodoFile)
	_, err := fmt.Fprintf(e.out, "Open it with:  authflow %s\n", r.Dir)
	return err
}

func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprint(n, " ", thing, "s")
}
