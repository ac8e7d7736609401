package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/scenario"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/projects"
)

func (e *env) replayCommand() *cobra.Command {
	var project string
	var asJSON bool
	c := &cobra.Command{Use: "replay FILE…", Short: "replay recorded runs, and say where a changed flow goes another way", Args: cobra.MinimumNArgs(1),
		Long: "Replays runs from their recordings (the control API's /runs/ID/recording), performing no effect. A folder means every .json file in it.\nWithout --project each runs on the project that it holds itself. The exit code is 1 when one goes another way.",
		RunE: func(c *cobra.Command, args []string) error { return e.replay(c.Context(), args, project, asJSON) }}
	c.Flags().StringVar(&project, "project", "", "project to replay them on, in place of their own")
	c.Flags().BoolVar(&asJSON, "json", false, "print one line of JSON for each")
	return c
}

func (e *env) replay(ctx context.Context, args []string, dir string, asJSON bool) error {
	files, err := recordings(args)
	if err != nil {
		return err
	}
	var p *flow.Project
	if dir != "" {
		if p, err = loadProject(dir); err != nil {
			return err
		}
	}
	pool := script.NewPool(script.Options{Workers: 1})
	defer pool.Close()
	other := 0
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		rec, err := scenario.ReadRecording(text)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		r, err := rec.Replay(ctx, p, catalogue.All(), pool)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if !r.Same {
			other++
		}
		if err := e.replayed(name, r, asJSON); err != nil {
			return err
		}
	}
	if other > 0 {
		return errFailed
	}
	return nil
}

func (e *env) replayed(name string, r scenario.Replayed, asJSON bool) error {
	if asJSON {
		return e.printJSON(struct {
			File string `json:"file"`
			scenario.Replayed
		}{name, r})
	}
	if r.Same {
		_, err := fmt.Fprintf(e.out, "same  %s: %d entries, %s\n", name, r.Entries, r.Outcome)
		return err
	}
	_, err := fmt.Fprintf(e.out, "OTHER %s: at %s, entry %d\n        recorded  %s\n        now       %s\n", name, r.At, r.Entry, r.Recorded, r.Now)
	return err
}

// recordings answers the files, those of a folder among them.
func recordings(args []string) ([]string, error) {
	var out []string
	for _, name := range args {
		info, err := os.Stat(name)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			out = append(out, name)
			continue
		}
		inside, err := filepath.Glob(filepath.Join(name, "*.json"))
		if err != nil {
			return nil, err
		}
		slices.Sort(inside)
		out = append(out, inside...)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("nothing was replayed: there is no recording in %v", args)
	}
	return out, nil
}

func loadProject(dir string) (*flow.Project, error) {
	disk, err := projects.Open(dir)
	if err != nil {
		return nil, err
	}
	defer disk.Close()
	p, unreadable := disk.Load()
	if len(unreadable) > 0 {
		return nil, unreadable[0]
	}
	return p, nil
}
