package studio

// This file keeps a stub in world.yaml, where it answers after every start.

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/flow/yamltext"
	"github.com/authflow-studio/authflow/engine/world"
)

type keepArg struct{ Stub world.Stub }

// keepStub writes a stub into world.yaml, before those that are there; one for
// the same calls is replaced. All else of the file stays as it is.
func (s *Studio) keepStub(_ context.Context, a keepArg) (*Outside, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	a.Stub.URL, _, _ = strings.Cut(a.Stub.URL, "?")
	if err := a.Stub.Check(); err != nil {
		return nil, &Error{Code: "bad_argument", Message: sentence(err)}
	}
	unsaved, err := w.unsavedStubs(a.Stub)
	if err != nil {
		return nil, err
	}
	if err := w.writeStub(a.Stub); err != nil {
		return nil, err
	}
	if err := w.harness.SetStubs(append(unsaved, w.harness.Stubs()...)); err != nil {
		return nil, err
	}
	return w.outside(), nil
}

func sameCalls(a, b world.Stub) bool {
	return strings.EqualFold(a.Method, b.Method) && a.URL == b.URL && a.Body == b.Body
}

// unsavedStubs are those of the panel besides the one that is kept: the file is
// loaded anew without them.
func (w *workspace) unsavedStubs(but world.Stub) ([]world.Stub, error) {
	kept, err := w.worldFile()
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(w.harness.Stubs(), func(o world.Stub) bool {
		return sameCalls(o, but) || slices.ContainsFunc(kept.Stubs, func(k world.Stub) bool { return sameCalls(o, k) })
	}), nil
}

func (w *workspace) worldFile() (world.File, error) {
	var file world.File
	text, err := fs.ReadFile(w.disk.FS(), flow.WorldFile)
	if errors.Is(err, fs.ErrNotExist) || len(text) == 0 {
		return file, nil
	}
	if err == nil {
		err = flow.DecodeYAML(flow.WorldFile, text, &file)
	}
	return file, err
}

// writeStub puts the stub into the file, which is loaded at once.
func (w *workspace) writeStub(stub world.Stub) error {
	value, err := inOrder(stub)
	if err != nil {
		return err
	}
	f, err := w.disk.LoadFile(flow.WorldFile)
	if errors.Is(err, fs.ErrNotExist) {
		f, err = w.disk.CreateFile(flow.WorldFile, "# What the local harness knows besides the flows. Nothing of this file is exported.\n")
	}
	if err != nil {
		return err
	}
	have, err := w.worldFile()
	if err != nil {
		return err
	}
	var text []byte
	if i := slices.IndexFunc(have.Stubs, func(o world.Stub) bool { return sameCalls(o, stub) }); i >= 0 {
		text, err = yamltext.Set([]byte(f.Text), yamltext.Path{"stubs", i}, value)
	} else {
		text, err = yamltext.Insert([]byte(f.Text), yamltext.Path{"stubs"}, 0, value)
	}
	if err != nil {
		return &Error{Code: "not_kept", Message: "The stub was not written into world.yaml: " + err.Error() + ".", Hint: "Write it there by hand, below stubs."}
	}
	revision, err := w.disk.SaveFile(flow.WorldFile, string(text), f.Revision)
	if err != nil {
		return err
	}
	_, err = w.saved(flow.WorldFile, revision)
	return err
}

// inOrder is a stub as a file has it, its members in the order of the type.
func inOrder(stub world.Stub) (yaml.MapSlice, error) {
	text, err := yaml.Marshal(stub)
	if err != nil {
		return nil, err
	}
	var out yaml.MapSlice
	err = yaml.UnmarshalWithOptions(text, &out, yaml.UseOrderedMap())
	return out, err
}
