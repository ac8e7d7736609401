package studio

// This file keeps which bundles were exported, beside the project and not in it,
// and looks at bundles from anywhere.

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/authflow-studio/authflow/engine/bundle"
	"github.com/authflow-studio/authflow/engine/check"
	"github.com/authflow-studio/authflow/engine/check/contract"
	"github.com/authflow-studio/authflow/engine/server"
)

// Release is a bundle that was exported from this project on this machine.
type Release struct {
	Exported
	Name    string    `json:"name"`
	Version string    `json:"version"`
	At      time.Time `json:"at"`
	// Readable is where its bytes can be read; empty when they are gone.
	Readable string `json:"readable,omitempty"`
}

// maxReleases bounds the history; the bytes of older ones are let go.
const maxReleases = 50

func (w *workspace) releasesFile() string {
	return filepath.Join(w.disk.Dir(), stateDir, "exports.json")
}

// copyOf is where the bytes of a release are kept, whatever becomes of its file.
func (w *workspace) copyOf(r Release) string {
	return filepath.Join(w.disk.Dir(), stateDir, "bundles", r.At.Format("20060102T150405.000")+".afb")
}

// releases answers the history, the newest first. One that cannot be read is begun
// anew: it says nothing that the bundles do not.
func (w *workspace) releases() []Release {
	var out []Release
	text, err := os.ReadFile(w.releasesFile())
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		w.s.Log.Warn("the history of bundles cannot be read", "file", w.releasesFile(), "error", err)
	}
	return out
}

// readable answers where the bytes of a release are; "" when they are gone.
func (w *workspace) readable(r Release) string {
	if _, err := os.Stat(w.copyOf(r)); err == nil {
		return w.copyOf(r)
	}
	return ""
}

func (w *workspace) keepRelease(r Release, data []byte) error {
	kept := w.copyOf(r)
	if err := os.MkdirAll(filepath.Dir(kept), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(kept, data, 0o644); err != nil {
		return err
	}
	all := slices.Insert(w.releases(), 0, r)
	for _, old := range all[min(len(all), maxReleases):] {
		if err := os.Remove(w.copyOf(old)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	text, err := json.MarshalIndent(all[:min(len(all), maxReleases)], "", "  ")
	if err != nil {
		return err
	}
	tmp := w.releasesFile() + ".tmp"
	if err := os.WriteFile(tmp, append(text, '\n'), 0o644); err != nil {
		return err
	}
	return os.Rename(tmp, w.releasesFile())
}

func (s *Studio) bundleHistory(context.Context, none) ([]Release, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	out := append([]Release{}, w.releases()...)
	for i := range out {
		out[i].Readable = w.readable(out[i])
	}
	return out, nil
}

// BundleView is a bundle from anywhere: what it says of itself, and what is found
// when it is not believed.
type BundleView struct {
	// Path where it can be read, for a comparison.
	Path    string `json:"path"`
	Name    string `json:"name"`
	Version string `json:"version"`
	Digest  string `json:"digest"`
	bundle.Issue
	Size     int    `json:"size"`
	SignedBy string `json:"signed_by"`
	// Trusted says that the signature is of the key that was given.
	Trusted   bool                `json:"trusted"`
	Flows     []bundle.Flow       `json:"flows"`
	Secrets   []bundle.SecretName `json:"secrets"`
	Hosts     []string            `json:"hosts"`
	Contracts []bundle.Contract   `json:"contracts"`
	// Scenarios are its smoke tests, as they end here.
	Scenarios []bundle.Scenario `json:"scenarios"`
	Problems  []check.Problem   `json:"problems"`
	// Sound says that a server with this program would find nothing against it.
	Sound bool `json:"sound"`
	// Ours says that it is in the history of this project.
	Ours bool `json:"ours"`
	// Refused is why it cannot be read at all.
	Refused *Error `json:"refused"`
}

type verifyArg struct {
	// Path of the file, or its Data with a Name.
	Path, Name string
	Data       []byte
	// Key that must have signed it: a public one; empty: the signature is not judged.
	Key string
}

// bundleVerify looks at a bundle as a server does, and changes nothing.
func (s *Studio) bundleVerify(ctx context.Context, a verifyArg) (*BundleView, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	policy := bundle.Policy{AllowUnsigned: a.Key == "", Now: time.Now()}
	if a.Key != "" {
		key, err := bundle.ReadPublicKey(w.beside(a.Key))
		if err != nil {
			return nil, inBundleWords(err)
		}
		policy.Trusted = []bundle.PublicKey{key}
	}
	path := a.Path
	if len(a.Data) > 0 {
		if path, err = w.takenIn(a.Name, a.Data); err != nil {
			return nil, err
		}
	} else if path == "" {
		return nil, &Error{Code: "bad_argument", Message: "Choose a bundle."}
	}
	return w.look(ctx, w.beside(path), policy)
}

func (w *workspace) look(ctx context.Context, path string, policy bundle.Policy) (*BundleView, error) {
	v := &BundleView{Path: path, Flows: []bundle.Flow{}, Secrets: []bundle.SecretName{}, Hosts: []string{}, Contracts: []bundle.Contract{}, Scenarios: []bundle.Scenario{}, Problems: []check.Problem{}}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	v.Size = len(data)
	b, err := bundle.Load(bytes.NewReader(data), int64(len(data)), policy)
	var be *bundle.Error
	if errors.As(err, &be) {
		v.Refused = &Error{Code: string(be.Code), Message: strings.TrimPrefix(be.Path+": "+be.Message, ": "), Hint: be.Hint}
		return v, nil
	}
	if err != nil {
		return nil, err
	}
	m := b.Manifest
	v.Name, v.Version, v.Digest, v.Issue, v.SignedBy, v.Trusted = m.Name, m.Version, m.Digest, m.Issue, m.SignedBy, b.Verified != ""
	v.Flows, v.Secrets, v.Hosts = append(v.Flows, m.Flows...), append(v.Secrets, m.Secrets...), append(v.Hosts, m.Hosts...)
	v.Problems = append(v.Problems, (&check.Checker{Catalogue: w.s.catalogue, Scripts: w.s.Scripts}).Project(ctx, b.Project(), nil)...)
	j := w.s.judge(b.Project())
	v.Contracts = append(v.Contracts, j.verdicts().Contracts...)
	tried, err := server.Smoke(ctx, b.Project(), w.s.Scripts)
	if v.Scenarios = append(v.Scenarios, tried...); errors.As(err, &be) {
		v.Problems = append(v.Problems, check.Problem{Code: string(be.Code), Severity: check.Error, File: be.Path, Message: be.Message, Why: "A server runs it before the bundle becomes active."})
	} else if err != nil {
		return nil, err
	}
	v.Sound = !check.HasErrors(v.Problems) && contract.Sound(j.results) && len(j.bad) == 0
	v.Ours = slices.ContainsFunc(w.releases(), func(r Release) bool { return r.Digest == m.Digest })
	return v, nil
}

// takenIn keeps a file that was dropped where it can be read again; only the newest.
func (w *workspace) takenIn(name string, data []byte) (string, error) {
	dir := filepath.Join(w.disk.Dir(), stateDir, "looked_at")
	if err := errors.Join(os.RemoveAll(dir), os.MkdirAll(dir, 0o755)); err != nil {
		return "", err
	}
	base := filepath.Base(filepath.Clean("/" + strings.ReplaceAll(name, "\\", "/")))
	if base == "/" || strings.HasPrefix(base, ".") {
		base = "bundle.afb"
	}
	path := filepath.Join(dir, base)
	return path, os.WriteFile(path, data, 0o644)
}
