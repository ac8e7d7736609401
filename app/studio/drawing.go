package studio

// This file is what is made of the flow on the canvas: pictures, and a flow of
// its own out of a part of it.

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/authflow-studio/authflow/engine/check"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/flow/draw"
	"github.com/authflow-studio/authflow/projects"
)

// drawingsDir holds pictures, in the project's folder and no part of the project.
const drawingsDir = "drawings"

type drawArg struct {
	Slug   string
	Flow   *flow.Flow
	Layout *flow.Layout
	Format string
	Theme  string
}

// Drawn is a picture: in a file, or for Mermaid as text.
type Drawn struct {
	Path string `json:"path,omitempty"`
	Text string `json:"text,omitempty"`
}

func (s *Studio) drawFlow(_ context.Context, a drawArg) (*Drawn, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	theme, ok := draw.ThemeByName(a.Theme)
	if a.Flow == nil || a.Layout == nil || !ok || !flow.ValidSlug(a.Slug) {
		return nil, &Error{Code: "bad_argument", Message: "A flow, its layout and a theme are needed for a picture."}
	}
	picture, err := projects.Drawing(w.current(), a.Flow, a.Layout, a.Format, theme)
	if err != nil {
		return nil, &Error{Code: "bad_argument", Message: err.Error()}
	}
	if a.Format == "mermaid" {
		return &Drawn{Text: string(picture)}, nil
	}
	dir := filepath.Join(w.disk.Dir(), drawingsDir)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("studio: the folder for pictures: %w", err)
	}
	name := a.Slug
	if theme.Name != draw.Light.Name {
		name += "-" + theme.Name
	}
	to := filepath.Join(dir, name+"."+a.Format)
	if err := os.WriteFile(to, picture, 0o644); err != nil {
		return nil, fmt.Errorf("studio: writing the picture: %w", err)
	}
	return &Drawn{Path: to}, nil
}

type extractArg struct {
	Flow       *flow.Flow
	Layout     *flow.Layout
	Blocks     []string
	Slug, Name string
}

// extractFlow writes the part as a flow of its own, and answers the flow that
// runs it; that one is saved by whoever edits it, so that it can be undone.
func (s *Studio) extractFlow(_ context.Context, a extractArg) (*projects.Extraction, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	if a.Flow == nil || a.Layout == nil || !flow.ValidSlug(a.Slug) {
		return nil, &Error{Code: "bad_argument", Message: fmt.Sprintf("%q cannot name a flow.", a.Slug), Hint: "Use lower case letters, digits, _ and -, beginning with a letter."}
	}
	out, err := projects.Extract(s.catalogue, w.current(), a.Flow, a.Layout, a.Blocks, a.Slug, a.Name)
	if err != nil {
		return nil, &Error{Code: "cannot_extract", Message: "This selection cannot become a flow of its own.", Hint: sentence(err)}
	}
	l, err := w.disk.CreateFlow(a.Slug, out.Sub)
	if err != nil {
		return nil, err
	}
	revision, err := w.disk.SaveFlow(a.Slug, out.Sub, out.SubLayout, l.Revision)
	if err != nil {
		return nil, err
	}
	_, err = w.saved(flow.FlowPath(a.Slug), revision)
	return out, err
}

type pasteArg struct {
	Text  string
	Taken []string
}

// pasteBlocks reads copied blocks out of a text and names them for a flow in
// which these ids are taken.
func (s *Studio) pasteBlocks(_ context.Context, a pasteArg) (*projects.Pasted, error) {
	out, err := projects.Paste(s.catalogue, a.Text, a.Taken)
	if err != nil {
		return nil, &Error{Code: "cannot_paste", Message: "This cannot be pasted here: " + err.Error() + ".", Hint: "Copy blocks of a flow with Ctrl+C, here or in another window; the text of that may be sent around."}
	}
	return out, nil
}

type usesArg struct {
	Slug string
	Flow *flow.Flow
	Path string
}

// usesOf tells which blocks of the flow on the canvas write and read a value.
func (s *Studio) usesOf(_ context.Context, a usesArg) (check.Uses, error) {
	w, err := s.workspace()
	if err != nil {
		return check.Uses{}, err
	}
	if a.Flow == nil {
		return check.Uses{}, &Error{Code: "bad_argument", Message: "There is no flow to look at."}
	}
	return s.checker.Uses(w.current(), a.Slug, a.Flow, a.Path), nil
}
