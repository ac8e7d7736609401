package studio

// This file answers earlier versions of flows, to be held beside the one that is
// drawn.

import (
	"context"
	"errors"
	"maps"

	"github.com/authflow-studio/authflow/engine/bundle"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/flow/diff"
	"github.com/authflow-studio/authflow/projects"
)

// comparing are the methods that compare.
func (s *Studio) comparing() map[string]method {
	return map[string]method{
		"project.git":      typed(s.gitStatus),
		"compare.versions": typed(s.versions),
		"compare.load":     typed(s.compareFlow),
		"compare.take":     typed(s.takeChange),
	}
}

// GitView is how the project stands to its repository.
type GitView struct {
	// InGit is false where there is no repository.
	InGit bool `json:"in_git"`
	projects.GitStatus
}

func (s *Studio) gitStatus(ctx context.Context, _ none) (GitView, error) {
	w, err := s.workspace()
	if err != nil {
		return GitView{}, err
	}
	status, err := w.disk.GitStatus(ctx)
	if errors.Is(err, projects.ErrNoGit) {
		return GitView{GitStatus: projects.GitStatus{Changed: map[string]string{}}}, nil
	}
	return GitView{true, status}, err
}

// maxVersions bounds how many commits are offered.
const maxVersions = 100

// versions answers the commits that changed a file.
func (s *Studio) versions(ctx context.Context, a pathArg) ([]projects.Version, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	all, err := w.disk.Versions(ctx, a.Path, maxVersions)
	if errors.Is(err, projects.ErrNoGit) {
		return []projects.Version{}, nil
	}
	return all, err
}

type compareArg struct {
	Slug string
	// Flow and Layout as they are drawn now, perhaps not saved.
	Flow   *flow.Flow
	Layout *flow.Layout
	// Revision of git, or the path of a Bundle or of another project's Folder.
	Revision, Bundle, Folder string
}

// Compared is another version of a flow, and what has changed since.
type Compared struct {
	// Flow is null where the other version has none of that name.
	Flow    *flow.Flow    `json:"flow"`
	Layout  *flow.Layout  `json:"layout"`
	Changes []diff.Change `json:"changes"`
	// Others are changes outside of the flow.
	Others []diff.Change `json:"others"`
}

func (s *Studio) compareFlow(ctx context.Context, a compareArg) (*Compared, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	p, layout, err := w.otherVersion(ctx, a)
	if err != nil {
		return nil, err
	}
	now := w.current()
	out := &Compared{Flow: p.Flows[a.Slug], Layout: layout, Changes: []diff.Change{}, Others: []diff.Change{}}
	mine := a.Flow
	if mine == nil {
		mine = now.Flows[a.Slug]
	}
	out.Changes = append(out.Changes, diff.Flows(a.Slug, out.Flow, mine, s.proves)...)
	out.Changes = append(out.Changes, diff.Layouts(a.Slug, layout, a.Layout)...)
	for _, c := range diff.Projects(p, now, s.proves) {
		if c.Flow != a.Slug {
			out.Others = append(out.Others, c)
		}
	}
	return out, nil
}

// otherVersion reads the version that is compared with; a bundle has no drawing.
func (w *workspace) otherVersion(ctx context.Context, a compareArg) (*flow.Project, *flow.Layout, error) {
	switch {
	case a.Bundle != "":
		b, err := bundle.LoadFile(a.Bundle, bundle.Policy{AllowUnsigned: true})
		if err != nil {
			return nil, nil, err
		}
		return b.Project(), nil, nil
	case a.Folder != "":
		disk, err := projects.Open(a.Folder)
		if err != nil {
			return nil, nil, err
		}
		defer disk.Close()
		p, unreadable := disk.Load()
		if len(unreadable) > 0 {
			return nil, nil, unreadable[0]
		}
		l, err := disk.LoadFlow(a.Slug)
		if err != nil {
			return p, nil, nil // the other project may have no such flow
		}
		return p, l.Layout, nil
	}
	files, err := w.disk.FilesAt(ctx, a.Revision)
	if err != nil {
		return nil, nil, err
	}
	drawn := files[flow.LayoutPath(a.Slug)]
	maps.DeleteFunc(files, func(name string, _ []byte) bool { return !flow.Runs(name) })
	p, unreadable := flow.Parse(files)
	if len(unreadable) > 0 {
		return nil, nil, unreadable[0]
	}
	layout, err := flow.DecodeLayout(flow.LayoutPath(a.Slug), drawn)
	if err != nil {
		return p, nil, nil // without places it is laid out anew
	}
	return p, layout, nil
}

type takeArg struct {
	// Flow is changed to be like Other in what the Change is about.
	Flow, Other *flow.Flow
	Change      diff.Change
}

func (s *Studio) takeChange(_ context.Context, a takeArg) (*flow.Flow, error) {
	if a.Flow == nil || a.Other == nil {
		return nil, &Error{Code: "bad_argument", Message: "Two versions of a flow are needed to take a change over."}
	}
	if err := diff.Take(a.Flow, a.Other, a.Change); err != nil {
		return nil, &Error{Code: "cannot_take", Message: "This change cannot be taken alone: " + err.Error() + "."}
	}
	return a.Flow, nil
}
