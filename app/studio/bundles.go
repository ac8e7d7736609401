package studio

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/authflow-studio/authflow/engine/bundle"
	"github.com/authflow-studio/authflow/engine/check"
	"github.com/authflow-studio/authflow/engine/world"
)

// BundlePreview is what a bundle of the open project would hold.
type BundlePreview struct {
	Digest     string            `json:"digest"`
	Name       string            `json:"name"`
	Version    string            `json:"version"`
	Flows      []bundle.Flow     `json:"flows"`
	Parts      []bundle.Part     `json:"parts"`
	Secrets    []string          `json:"secrets"`
	Hosts      []string          `json:"hosts"`
	Unlocked   []bundle.Unlocked `json:"unlocked"`
	Problems   []check.Problem   `json:"problems"`
	Exportable bool              `json:"exportable"`
}

func (s *Studio) bundlePreview(context.Context, none) (*BundlePreview, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	return w.previewBundle()
}

func (w *workspace) previewBundle() (*BundlePreview, error) {
	broken, _ := w.s.contractProblems(w.current())
	problems := append(w.currentProblems(), broken...)
	m, err := bundle.Describe(w.disk.FS())
	if err != nil {
		var be *bundle.Error
		if !errors.As(err, &be) {
			return nil, err
		}
		problems = append(problems, check.Problem{Code: string(be.Code), Severity: check.Error, File: be.Path, Message: be.Message, Why: be.Hint})
	}
	p := w.current()
	v := &BundlePreview{Digest: m.Digest, Name: p.Settings.Name, Version: p.Settings.Version, Flows: append([]bundle.Flow{}, m.Flows...), Parts: append([]bundle.Part{}, m.Parts...),
		Secrets: []string{}, Hosts: append([]string{}, m.Hosts...), Unlocked: append([]bundle.Unlocked{}, m.Unlocked...), Problems: problems, Exportable: !check.HasErrors(problems)}
	for _, secret := range m.Secrets {
		v.Secrets = append(v.Secrets, secret.Name)
	}
	return v, nil
}

type exportArg struct{ Path, Key string }

// Exported is a bundle that was written.
type Exported struct {
	Path     string `json:"path"`
	Digest   string `json:"digest"`
	Size     int    `json:"size"`
	SignedBy string `json:"signed_by"`
}

func (s *Studio) bundleExport(_ context.Context, a exportArg) (*Exported, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	if a.Path == "" {
		return nil, &Error{Code: "bad_argument", Message: "Choose a file for the bundle."}
	}
	preview, err := w.previewBundle()
	if err != nil {
		return nil, err
	}
	if !preview.Exportable {
		return nil, &Error{Code: "has_errors", Message: "A project with errors has no bundle.", Hint: "Mend what stands under Problems first.", Data: preview.Problems}
	}
	var key *bundle.PrivateKey
	if a.Key != "" {
		if key, err = bundle.ReadPrivateKey(w.beside(a.Key)); err != nil {
			return nil, inBundleWords(err)
		}
	}
	_, verdicts := s.contractProblems(w.current())
	built, err := bundle.Build(w.disk.FS(), key, verdicts)
	if err != nil {
		return nil, inBundleWords(err)
	}
	to := w.beside(a.Path)
	tmp := to + ".tmp"
	if err := os.WriteFile(tmp, built.Bytes, 0o644); err != nil {
		return nil, err
	}
	if err := os.Rename(tmp, to); err != nil {
		return nil, errors.Join(err, os.Remove(tmp))
	}
	return &Exported{Path: to, Digest: built.Manifest.Digest, Size: len(built.Bytes), SignedBy: built.Manifest.SignedBy}, nil
}

// beside takes a relative path as one beside the project's folder, so that no
// bundle or key ends up among the project's files by accident.
func (w *workspace) beside(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(w.disk.Dir()), path)
}

func inBundleWords(err error) error {
	var be *bundle.Error
	if !errors.As(err, &be) {
		return err
	}
	message := be.Message
	if be.Path != "" {
		message = fmt.Sprintf("%s: %s", be.Path, be.Message)
	}
	return &Error{Code: string(be.Code), Message: message, Hint: be.Hint}
}

func (s *Studio) bundleNewKey(_ context.Context, a pathArg) (map[string]string, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	if a.Path == "" {
		return nil, &Error{Code: "bad_argument", Message: "Choose a file for the key."}
	}
	to := w.beside(a.Path)
	if err := bundle.WriteKey(to, bundle.GenerateKey(world.SystemRandom{})); err != nil {
		return nil, inBundleWords(err)
	}
	return map[string]string{"path": to, "public_path": to + ".pub"}, nil
}
