package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/check"
	"github.com/authflow-studio/authflow/engine/scenario"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/server"
	"github.com/authflow-studio/authflow/projects"
)

func (e *env) actionsCommand() *cobra.Command {
	c := &cobra.Command{Use: "actions", Short: "take over ready-made Actions, try them, and describe to an editor what they are given"}
	var f tryFlags
	run := &cobra.Command{Use: "run PROJECT ACTION", Short: "run one Action on an event, without a flow", Args: cobra.ExactArgs(2),
		Long: "Runs one Action by itself and prints what it asked for as JSON. Nothing of that is carried out, but its calls are real.\nThe exit code is 1 when it fails or denies.",
		RunE: func(c *cobra.Command, args []string) error { return e.tryAction(c.Context(), args[0], args[1], f) }}
	run.Flags().StringVar(&f.preset, "preset", "us_user", "event to run it on: "+strings.Join(presetIDs(), ", "))
	run.Flags().StringVar(&f.event, "event", "", "JSON file with the event, in place of a preset")
	run.Flags().StringVar(&f.step, "step", "", "JSON file with the outputs of blocks before it, by block")
	run.Flags().StringArrayVar(&f.config, "config", nil, "NAME=VALUE of api.config; may be given several times")
	types := &cobra.Command{Use: "types PROJECT [ACTION]", Short: "print TypeScript declarations of what Actions are given", Args: cobra.RangeArgs(1, 2),
		RunE: func(_ *cobra.Command, args []string) error { return e.actionTypes(args) }}
	c.AddCommand(run, types, e.newActionCommand())
	return c
}

type tryFlags struct {
	preset, event, step string
	config              []string
}

func presetIDs() []string {
	var ids []string
	for _, p := range scenario.Presets() {
		ids = append(ids, p.ID)
	}
	return ids
}

func (e *env) tryAction(ctx context.Context, dir, action string, f tryFlags) error {
	t := server.Try{Action: action}
	if err := f.fill(&t); err != nil {
		return err
	}
	disk, err := projects.Open(dir)
	if err != nil {
		return err
	}
	defer disk.Close()
	pool := script.NewPool(script.Options{Workers: 1})
	defer pool.Close()
	h, err := server.NewHarness(server.HarnessOptions{Issuer: "http://" + harnessAddr, Scripts: pool, Log: e.log})
	if err != nil {
		return err
	}
	defer h.Close()
	if err := e.load(ctx, h, disk); err != nil {
		return err
	}
	tried, err := h.Try(ctx, t)
	if err != nil {
		return err
	}
	if err := e.printJSON(tried); err != nil {
		return err
	}
	if tried.Outcome == "error" || tried.Outcome == "denied" || tried.Problem != "" {
		return errFailed
	}
	return nil
}

func (f tryFlags) fill(t *server.Try) error {
	preset, ok := scenario.PresetByID(f.preset)
	if !ok {
		return fmt.Errorf("there is no preset %q; there are %s", f.preset, strings.Join(presetIDs(), ", "))
	}
	t.Event = preset.Event
	for name, into := range map[string]*map[string]any{f.event: &t.Event, f.step: &t.Step} {
		if name == "" {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		*into = nil
		if err := json.Unmarshal(text, into); err != nil {
			return fmt.Errorf("%s is no JSON object: %w", name, err)
		}
	}
	t.Config = map[string]any{}
	for _, pair := range f.config {
		name, value, ok := strings.Cut(pair, "=")
		if !ok {
			return fmt.Errorf("--config %s: write NAME=VALUE", pair)
		}
		t.Config[name] = value
	}
	return nil
}

func (e *env) actionTypes(args []string) error {
	disk, err := projects.Open(args[0])
	if err != nil {
		return err
	}
	defer disk.Close()
	p, unreadable := disk.Load()
	if len(unreadable) > 0 {
		return unreadable[0]
	}
	action := ""
	if len(args) > 1 {
		if action = args[1]; p.Actions[action] == "" {
			return fmt.Errorf("%w: %s", server.ErrNoAction, action)
		}
	}
	_, err = fmt.Fprint(e.out, (&check.Checker{Catalogue: catalogue.All()}).ActionTypes(p, action))
	return err
}
