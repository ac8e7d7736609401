package cli

import (
	"context"
	"fmt"

	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/check"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/projects"
)

// fixRounds bounds how often a project is checked anew: a fix may bring another
// problem to light.
const fixRounds = 20

// fix carries out the fixes of a project's problems, one flow's first one at a
// time, and says what it did.
func (e *env) fix(ctx context.Context, dir string) error {
	disk, err := projects.Open(dir)
	if err != nil {
		return err
	}
	defer disk.Close()
	pool := script.NewPool(script.Options{Workers: 1})
	defer pool.Close()
	checker := &check.Checker{Catalogue: catalogue.All(), Scripts: pool}
	tried := map[string]bool{}
	for range fixRounds {
		project, unreadable := disk.Load()
		done := 0
		inRound := map[string]bool{}
		for _, p := range checker.Project(ctx, project, unreadable) {
			mark := p.Code + p.Flow + p.Block + p.Field
			if p.Fix == nil || p.Flow == "" || inRound[p.Flow] || tried[mark] {
				continue
			}
			inRound[p.Flow], tried[mark] = true, true
			if err := fixFlow(disk, p); err != nil {
				fmt.Fprintf(e.err, "authflow: %s.%s: %s: %v\n", p.Flow, p.Block, p.Fix.Title, err)
				continue
			}
			done++
			fmt.Fprintf(e.err, "fixed %s.%s [%s]: %s\n", p.Flow, p.Block, p.Code, p.Fix.Title)
		}
		if done == 0 {
			break
		}
	}
	return nil
}

func fixFlow(disk *projects.Project, p check.Problem) error {
	l, err := disk.LoadFlow(p.Flow)
	if err != nil {
		return err
	}
	if err := p.Fix.Apply(l.Flow); err != nil {
		return err
	}
	layout := l.Layout
	if layout == nil {
		layout = &flow.Layout{Format: flow.Format, Blocks: map[string]flow.Position{}}
	}
	for id := range layout.Blocks {
		if l.Flow.Blocks[id] == nil {
			delete(layout.Blocks, id)
		}
	}
	_, err = disk.SaveFlow(p.Flow, l.Flow, layout, l.Revision)
	return err
}
