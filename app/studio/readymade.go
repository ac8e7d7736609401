package studio

import (
	"context"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/projects"
)

func (s *Studio) readyMade(context.Context, none) ([]projects.Ready, error) {
	return projects.ReadyMade()
}

type addReadyArg struct{ Ready, Name string }

// Added is what a ready-made one became: an Action or a flow.
type Added struct {
	File *projects.LoadedFile `json:"file,omitempty"`
	Flow *projects.LoadedFlow `json:"flow,omitempty"`
}

func (s *Studio) addReady(_ context.Context, a addReadyArg) (*Added, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	path, err := w.disk.AddReady(a.Ready, a.Name)
	if err != nil {
		return nil, err
	}
	if slug := a.Name; path == flow.FlowPath(slug) {
		l, err := w.disk.LoadFlow(slug)
		if err != nil {
			return nil, err
		}
		_, err = w.saved(path, l.Revision)
		return &Added{Flow: l}, err
	}
	f, err := w.disk.LoadFile(path)
	if err != nil {
		return nil, err
	}
	_, err = w.saved(path, f.Revision)
	return &Added{File: f}, err
}
