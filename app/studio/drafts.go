package studio

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/projects"
)

// This file keeps what a person has edited and what cannot be written, such as an
// edit that met somebody else's: a copy beside the project, so that both are on
// disk until the person has chosen.

// draftsDir stands in the folder of the project's state.
const draftsDir = "drafts"

// Draft is an edited document that is not written yet.
type Draft struct {
	Path string `json:"path"` // of the file in the project
	// Base is the revision that was edited.
	Base string    `json:"base"`
	At   time.Time `json:"at"`
	// Flow and Layout of a flow, Text of any other file.
	Flow   json.RawMessage `json:"flow,omitempty"`
	Layout json.RawMessage `json:"layout,omitempty"`
	Text   string          `json:"text,omitempty"`
}

func (w *workspace) draftsDir() string { return filepath.Join(w.disk.Dir(), stateDir, draftsDir) }

func (w *workspace) draftFile(path string) string {
	return filepath.Join(w.draftsDir(), url.PathEscape(path)+".json")
}

// draftOf answers what is kept of a file, nil for nothing. A copy that cannot be
// read stays where it is.
func (w *workspace) draftOf(path string) *Draft {
	text, err := os.ReadFile(w.draftFile(path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var d Draft
	if err == nil {
		err = json.Unmarshal(text, &d)
	}
	if err != nil {
		w.s.Log.Warn("what was not written last time cannot be read", "file", w.draftFile(path), "error", err)
		return nil
	}
	return &d
}

// flow answers the flow of a draft whose file is gone.
func (d *Draft) flow(slug string) (*OpenedFlow, error) {
	f, err := flow.Decode(flow.FlowPath(slug), d.Flow)
	if err != nil {
		return nil, err
	}
	l, err := flow.DecodeLayout(flow.LayoutPath(slug), d.Layout)
	if err != nil {
		return nil, err
	}
	return &OpenedFlow{&projects.LoadedFlow{Slug: slug, Flow: f, Layout: l}, d}, nil
}

// drafts answers the paths of all documents of which something is kept.
func (s *Studio) drafts(context.Context, none) ([]string, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(w.draftsDir())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	paths := []string{}
	for _, e := range entries {
		path, err := url.PathUnescape(strings.TrimSuffix(e.Name(), ".json"))
		if strings.HasSuffix(e.Name(), ".json") && err == nil && w.draftOf(path) != nil {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths, nil
}

func (s *Studio) keepDraft(_ context.Context, a Draft) (any, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	if !fs.ValidPath(a.Path) {
		return nil, &Error{Code: "bad_argument", Message: "A draft belongs to a file of the project."}
	}
	a.At = time.Now().UTC()
	text, err := json.MarshalIndent(a, "", "  ")
	if err != nil {
		return nil, err
	}
	// As private as what may stand in it.
	if err := os.MkdirAll(w.draftsDir(), 0o700); err != nil {
		return nil, err
	}
	return nil, replaceFile(w.draftFile(a.Path), text, 0o600)
}

func (s *Studio) dropDraft(_ context.Context, a pathArg) (any, error) {
	return s.command(func(w *workspace) error {
		if err := os.Remove(w.draftFile(a.Path)); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	})
}

// replaceFile writes a file whole: a crash leaves the old one or the new one.
func replaceFile(name string, text []byte, mode fs.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".*.tmp")
	if err != nil {
		return err
	}
	_, err = f.Write(append(text, '\n'))
	err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}
