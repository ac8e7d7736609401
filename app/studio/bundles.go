package studio

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/authflow-studio/authflow/engine/bundle"
	"github.com/authflow-studio/authflow/engine/check"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/flow/diff"
	"github.com/authflow-studio/authflow/engine/server"
	"github.com/authflow-studio/authflow/engine/world"
)

// bundles are the methods about bundles.
func (s *Studio) bundles() map[string]method {
	return map[string]method{
		"bundle.preview": typed(s.bundlePreview),
		"bundle.export":  typed(s.bundleExport),
		"bundle.new_key": typed(s.bundleNewKey),
		"bundle.history": typed(s.bundleHistory),
		"bundle.verify":  typed(s.bundleVerify),
	}
}

// BundlePreview is what a bundle of the open project would hold.
type BundlePreview struct {
	Digest     string              `json:"digest"`
	Name       string              `json:"name"`
	Version    string              `json:"version"`
	Flows      []bundle.Flow       `json:"flows"`
	Parts      []bundle.Part       `json:"parts"`
	Secrets    []bundle.SecretName `json:"secrets"`
	Hosts      []string            `json:"hosts"`
	Unlocked   []bundle.Unlocked   `json:"unlocked"`
	Suppressed []flow.Suppression  `json:"suppressed"`
	Contracts  []bundle.Contract   `json:"contracts"`
	Problems   []check.Problem     `json:"problems"`
	Exportable bool                `json:"exportable"`
	// Last is the newest bundle that was exported; null before the first one.
	Last *Release `json:"last"`
	// Changes since then, and contracts with another verdict.
	Changes  []diff.Change   `json:"changes"`
	Verdicts []VerdictChange `json:"verdicts"`
}

// VerdictChange is a contract with another verdict than before; "" is no contract.
type VerdictChange struct {
	Name   string `json:"name"`
	Before string `json:"before"`
	After  string `json:"after"`
}

func (s *Studio) bundlePreview(context.Context, none) (*BundlePreview, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	return w.previewBundle()
}

func (w *workspace) previewBundle() (*BundlePreview, error) {
	verdicts := w.judge().verdicts()
	problems := w.currentProblems()
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
		Secrets: append([]bundle.SecretName{}, m.Secrets...), Hosts: append([]string{}, m.Hosts...), Unlocked: append([]bundle.Unlocked{}, m.Unlocked...), Suppressed: append([]flow.Suppression{}, m.Suppressed...),
		Contracts: append([]bundle.Contract{}, verdicts.Contracts...), Problems: problems, Exportable: !check.HasErrors(problems), Changes: []diff.Change{}, Verdicts: []VerdictChange{}}
	w.sinceLast(v)
	return v, nil
}

// sinceLast adds what has changed since the newest bundle that can still be read.
func (w *workspace) sinceLast(v *BundlePreview) {
	for _, r := range w.releases() {
		b, err := bundle.LoadFile(w.readable(r), bundle.Policy{AllowUnsigned: true})
		if err != nil {
			continue
		}
		r.Readable = w.readable(r)
		v.Last = &r
		v.Changes = append(v.Changes, diff.Projects(b.Project(), withoutHarness(w.current()), w.s.proves)...)
		v.Verdicts = append(v.Verdicts, verdictChanges(b.Manifest.Contracts, v.Contracts)...)
		return
	}
}

// withoutHarness is a project as it would be exported.
func withoutHarness(p *flow.Project) *flow.Project {
	out := *p
	out.Settings.Harness = nil
	return &out
}

func verdictChanges(was, is []bundle.Contract) []VerdictChange {
	verdict := func(list []bundle.Contract, name string) string {
		for _, c := range list {
			if c.Name == name {
				return c.Verdict
			}
		}
		return ""
	}
	var out []VerdictChange
	seen := map[string]bool{}
	for _, list := range [][]bundle.Contract{was, is} {
		for _, c := range list {
			x := VerdictChange{c.Name, verdict(was, c.Name), verdict(is, c.Name)}
			if !seen[c.Name] && x.Before != x.After {
				out = append(out, x)
			}
			seen[c.Name] = true
		}
	}
	return out
}

type exportArg struct {
	Path, Key string
	// Revision of the bundle; 0 for none.
	Revision int
	// Expires is a time, or a length of time from now; empty: never.
	Expires string
	Scope   string
}

// Exported is a bundle that was written.
type Exported struct {
	Path     string `json:"path"`
	Digest   string `json:"digest"`
	Size     int    `json:"size"`
	SignedBy string `json:"signed_by"`
	bundle.Issue
	// Env is the file that was made for the secrets' values, "" where there is one
	// already or no secret.
	Env string `json:"env"`
}

func (s *Studio) bundleExport(ctx context.Context, a exportArg) (*Exported, error) {
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
	release := bundle.Release{Issue: bundle.Issue{Revision: a.Revision, Expires: a.Expires, Scope: a.Scope}}
	if d, err := time.ParseDuration(a.Expires); err == nil {
		release.Expires = time.Now().Add(d).UTC().Format(time.RFC3339)
	}
	if preview.Last != nil && a.Revision > 0 {
		if a.Revision <= preview.Last.Revision {
			return nil, &Error{Code: "bad_argument", Message: fmt.Sprintf("The revision %d is not after the %d of the bundle before.", a.Revision, preview.Last.Revision), Hint: "Servers take a lower one as a rollback alone."}
		}
		release.Previous = preview.Last.Digest
	}
	verdicts := w.judge().verdicts()
	release.Checker, release.Contracts = verdicts.Checker, verdicts.Contracts
	if release.Scenarios, err = server.Smoke(ctx, w.current(), s.Scripts); err != nil {
		return nil, inBundleWords(err)
	}
	built, err := bundle.Build(w.disk.FS(), key, release)
	if err != nil {
		return nil, inBundleWords(err)
	}
	return w.writeBundle(w.beside(a.Path), built)
}

// writeBundle writes a bundle whole or not at all, the names of its secrets beside
// it, and takes it into the history.
func (w *workspace) writeBundle(to string, built *bundle.Built) (*Exported, error) {
	tmp := to + ".tmp"
	if err := os.WriteFile(tmp, built.Bytes, 0o644); err != nil {
		return nil, err
	}
	if err := os.Rename(tmp, to); err != nil {
		return nil, errors.Join(err, os.Remove(tmp))
	}
	m := built.Manifest
	env, err := bundle.WriteEnv(to, m.Secrets)
	if err != nil {
		return nil, err
	}
	out := &Exported{Path: to, Digest: m.Digest, Size: len(built.Bytes), SignedBy: m.SignedBy, Issue: m.Issue, Env: env}
	return out, w.keepRelease(Release{Exported: *out, Name: m.Name, Version: m.Version, At: time.Now().UTC()}, built.Bytes)
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
