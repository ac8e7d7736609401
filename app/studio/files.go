package studio

import (
	"context"
	"errors"
	"io/fs"

	"github.com/authflow-studio/authflow/engine/check"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/projects"
)

type slugArg struct{ Slug string }

// OpenedFlow is a flow, and what of it was not written. One that was removed while
// it was edited has no revision, and is what was edited.
type OpenedFlow struct {
	*projects.LoadedFlow
	Draft *Draft `json:"draft,omitempty"`
}

func (s *Studio) loadFlow(_ context.Context, a slugArg) (*OpenedFlow, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	l, err := w.disk.LoadFlow(a.Slug)
	var draft *Draft
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		draft = w.draftOf(flow.FlowPath(a.Slug))
	}
	if err != nil && draft != nil {
		return draft.flow(a.Slug)
	}
	if err != nil {
		return nil, err
	}
	w.wrote(flow.FlowPath(a.Slug), l.Revision)
	return &OpenedFlow{l, draft}, nil
}

type saveFlowArg struct {
	Slug   string
	Flow   *flow.Flow
	Layout *flow.Layout
	Base   string
}

// Saved is the answer to a save.
type Saved struct {
	Revision string          `json:"revision"`
	Problems []check.Problem `json:"problems"`
}

func (s *Studio) saveFlow(_ context.Context, a saveFlowArg) (*Saved, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	if a.Flow == nil || a.Layout == nil {
		return nil, &Error{Code: "bad_argument", Message: "A flow and its layout are saved together."}
	}
	before := w.current().Flows[a.Slug]
	revision, err := w.disk.SaveFlow(a.Slug, a.Flow, a.Layout, a.Base)
	if errors.Is(err, projects.ErrConflict) {
		e := inWords(err)
		if theirs, lerr := w.disk.LoadFlow(a.Slug); lerr == nil {
			e.Data = theirs
		}
		return nil, e
	}
	if err != nil {
		return nil, err
	}
	w.followRename(a.Slug, before, a.Flow)
	return w.saved(flow.FlowPath(a.Slug), revision)
}

// saved takes over a file that was written.
func (w *workspace) saved(name, revision string) (*Saved, error) {
	w.wrote(name, revision)
	// Another window on the same project has not seen this; the one that wrote
	// knows the revision and makes nothing of it.
	w.s.Emit("changed", map[string]string{"path": name, "revision": revision})
	if err := w.reload(); err != nil {
		return nil, err
	}
	w.announce()
	return &Saved{Revision: revision, Problems: w.currentProblems()}, nil
}

type flowArg struct {
	Slug  string
	Flow  *flow.Flow
	Block string
}

func (s *Studio) checkFlow(_ context.Context, a flowArg) ([]check.Problem, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	if a.Flow == nil {
		return nil, &Error{Code: "bad_argument", Message: "There is no flow to check."}
	}
	return append([]check.Problem{}, s.checker.Flow(w.current(), a.Slug, a.Flow)...), nil
}

func (s *Studio) scope(_ context.Context, a flowArg) ([]check.Value, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	if a.Flow == nil {
		return nil, &Error{Code: "bad_argument", Message: "There is no flow to look at."}
	}
	return s.checker.Scope(w.current(), a.Slug, a.Flow, a.Block), nil
}

type renameArg struct {
	Slug     string
	Flow     *flow.Flow
	Layout   *flow.Layout
	From, To string
}

// Renamed is a flow in which a block has another id.
type Renamed struct {
	Flow   *flow.Flow   `json:"flow"`
	Layout *flow.Layout `json:"layout"`
}

func (s *Studio) renameBlock(_ context.Context, a renameArg) (*Renamed, error) {
	if a.Flow == nil || a.Layout == nil {
		return nil, &Error{Code: "bad_argument", Message: "A flow and its layout are needed to rename a block."}
	}
	if err := projects.RenameBlock(s.catalogue, a.Flow, a.Layout, a.From, a.To); err != nil {
		return nil, &Error{Code: "bad_name", Message: err.Error()}
	}
	return &Renamed{a.Flow, a.Layout}, nil
}

type createFlowArg struct{ Slug, Name, Trigger string }

func (s *Studio) createFlow(_ context.Context, a createFlowArg) (*projects.LoadedFlow, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	f := &flow.Flow{Name: a.Name, Trigger: a.Trigger, Enabled: true, Blocks: map[string]*flow.Block{}}
	if a.Trigger == flow.Custom {
		f.Stages = []string{"main"}
	}
	l, err := w.disk.CreateFlow(a.Slug, f)
	if err != nil {
		return nil, err
	}
	_, err = w.saved(flow.FlowPath(a.Slug), l.Revision)
	return l, err
}

type pathArg struct{ Path string }

// OpenedFile is a file, and what of it was not written; see OpenedFlow.
type OpenedFile struct {
	*projects.LoadedFile
	Draft *Draft `json:"draft,omitempty"`
}

func (s *Studio) loadFile(_ context.Context, a pathArg) (*OpenedFile, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	f, err := w.disk.LoadFile(a.Path)
	var draft *Draft
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		draft = w.draftOf(a.Path)
	}
	if err != nil && draft != nil {
		return &OpenedFile{&projects.LoadedFile{Path: a.Path, Text: draft.Text}, draft}, nil
	}
	if err != nil {
		return nil, err
	}
	w.wrote(a.Path, f.Revision)
	return &OpenedFile{f, draft}, nil
}

type saveFileArg struct{ Path, Text, Base string }

func (s *Studio) saveFile(_ context.Context, a saveFileArg) (*Saved, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	revision, err := w.disk.SaveFile(a.Path, a.Text, a.Base)
	if errors.Is(err, projects.ErrConflict) {
		e := inWords(err)
		if theirs, lerr := w.disk.LoadFile(a.Path); lerr == nil {
			e.Data = theirs
		}
		return nil, e
	}
	if err != nil {
		return nil, err
	}
	return w.saved(a.Path, revision)
}

func (s *Studio) createFile(_ context.Context, a pathArg) (*projects.LoadedFile, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	f, err := w.disk.CreateFile(a.Path, firstText(a.Path))
	if err != nil {
		return nil, err
	}
	_, err = w.saved(a.Path, f.Revision)
	return f, err
}
