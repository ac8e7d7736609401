package run

import (
	"context"
	"fmt"

	"github.com/go-json-experiment/json"

	"github.com/authflow-studio/authflow/engine/flow"
)

// This file answers what is known of runs, and moves none.

// JournalOf answers all that was recorded of a run.
func (e *Engine) JournalOf(ctx context.Context, id string) ([]Entry, error) {
	parts, err := e.Store.List(ctx, JournalBucket, id+"/", "", 0)
	if err != nil {
		return nil, fmt.Errorf("run: journal of %s: %w", id, err)
	}
	var all []Entry
	for _, p := range parts {
		var some []Entry
		if err := json.Unmarshal(p.Value, &some); err != nil {
			return nil, fmt.Errorf("run: journal of %s cannot be read: %w", id, err)
		}
		all = append(all, some...)
	}
	return all, nil
}

// ProjectOf answers the version that a run began with (rule X8).
func (e *Engine) ProjectOf(ctx context.Context, s *State) (*flow.Project, error) {
	return e.projects.get(ctx, e.Store, s.Project)
}

// Waiting counts the runs that wait for a person, by digest of the project
// that they began with.
func (e *Engine) Waiting(ctx context.Context) (map[string]int, error) {
	entries, err := e.Store.List(ctx, RunsBucket, "", "", 0)
	if err != nil {
		return nil, fmt.Errorf("run: %w", err)
	}
	now, counts := e.World.Clock.Now().UnixMilli(), map[string]int{}
	for _, entry := range entries {
		var s struct {
			Status   Status `json:"status"`
			Project  string `json:"project"`
			Deadline int64  `json:"deadline"`
		}
		if err := json.Unmarshal(entry.Value, &s); err != nil {
			return nil, fmt.Errorf("run: stored state of %s cannot be read: %w", entry.ID, err)
		}
		if s.Status == Waiting && s.Deadline >= now {
			counts[s.Project]++
		}
	}
	return counts, nil
}
