package cli

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/authflow-studio/authflow/engine/flow/draw"
	"github.com/authflow-studio/authflow/projects"
)

func (e *env) drawCommand() *cobra.Command {
	var format, theme, out string
	c := &cobra.Command{Use: "draw PROJECT FLOW", Short: "a picture of a flow", Args: cobra.ExactArgs(2),
		Long: "Draws a flow as the studio shows it: lanes, blocks, outcomes, notes and frames. A Mermaid chart is text that many\nwikis and code hosts draw by themselves.",
		RunE: func(_ *cobra.Command, args []string) error { return e.draw(args[0], args[1], format, theme, out) }}
	c.Flags().StringVar(&format, "format", "svg", strings.Join(projects.DrawingFormats, ", "))
	c.Flags().StringVar(&theme, "theme", "light", "light or dark")
	c.Flags().StringVarP(&out, "output", "o", "", "file to write; without it the picture goes to the output")
	return c
}

func (e *env) draw(dir, slug, format, theme, out string) error {
	t, ok := draw.ThemeByName(theme)
	if !ok {
		return fmt.Errorf("there is no theme %q: take light or dark", theme)
	}
	disk, err := projects.Open(dir)
	if err != nil {
		return err
	}
	defer disk.Close()
	p, unreadable := disk.Load()
	if p == nil {
		return unreadable[0]
	}
	l, err := disk.LoadFlow(slug)
	if err != nil {
		return err
	}
	picture, err := projects.Drawing(p, l.Flow, l.Layout, format, t)
	if err != nil {
		return err
	}
	if out == "" {
		_, err = e.out.Write(picture)
		return err
	}
	if err := os.WriteFile(out, picture, 0o644); err != nil {
		return fmt.Errorf("writing the picture: %w", err)
	}
	_, err = fmt.Fprintf(e.out, "%s drawn: %d bytes\n", out, len(picture))
	return err
}
