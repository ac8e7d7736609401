package cli

import (
	"context"
	"fmt"

	"github.com/authflow-studio/authflow/engine/scenario"
	"github.com/authflow-studio/authflow/projects"
)

// This file is authflow test --update: what failing scenarios expect is made
// what really happened.

// updated runs the scenarios, revises those that fail, and answers the files as
// they are then.
func (e *env) updated(ctx context.Context, disk *projects.Project, suite *scenario.Suite, f testFlags) ([]scenario.File, error) {
	failed := suite.Run(ctx).FailedNames()
	for _, file := range suite.Files {
		revisions, err := updateFile(ctx, disk, file, failed, suite.Make)
		if err != nil {
			return nil, err
		}
		for _, r := range revisions {
			if err := e.printRevision(r, f.json); err != nil {
				return nil, err
			}
		}
	}
	files, bad := scenario.ReadAll(disk.FS())
	if len(bad) > 0 {
		return nil, bad[0]
	}
	return files, nil
}

// updateFile revises one file, and writes it when anything was changed.
func updateFile(ctx context.Context, disk *projects.Project, file scenario.File, failed map[string]bool, mk scenario.Maker) ([]scenario.Revision, error) {
	in := func(c scenario.Case) bool { return failed[c.Name] }
	if !file.Any(in) {
		return nil, nil
	}
	was, err := disk.LoadFile(file.Path)
	if err != nil {
		return nil, err
	}
	text, revisions, err := scenario.Revise(ctx, file.Path, []byte(was.Text), in, mk)
	if err != nil || string(text) == was.Text {
		return revisions, err
	}
	if _, err := disk.SaveFile(file.Path, string(text), was.Revision); err != nil {
		return nil, fmt.Errorf("%s was not updated: %w", file.Path, err)
	}
	return revisions, nil
}

func (e *env) printRevision(r scenario.Revision, asJSON bool) error {
	if asJSON {
		return e.printJSON(map[string]any{"revision": r})
	}
	what := "updated"
	if len(r.Kept) > 0 {
		what = "left as it is"
	}
	if _, err := fmt.Fprintf(e.out, "%s: %s (%s)\n", what, r.Name, r.File); err != nil {
		return err
	}
	for _, line := range append(r.Diff, r.Kept...) {
		if _, err := fmt.Fprintf(e.out, "      %s\n", line); err != nil {
			return err
		}
	}
	return nil
}
