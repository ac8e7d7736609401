package bundle

// This file makes a bundle of a project.

import (
	"errors"
	"io/fs"
	"maps"
	"slices"

	"github.com/authflow-studio/authflow/engine/flow"
)

// Built is a bundle that was made.
type Built struct {
	Manifest Manifest
	Bytes    []byte
}

// Build makes a bundle of a project folder, signed if a key is given. It takes
// what the engine runs and nothing else: the harness, its people, positions and
// scenarios stay at home, and so do settings for tests. It does not judge the
// flows: the caller runs engine/check first, refuses errors, and gives the
// verdicts on the contracts and the results of its smoke tests; a promise that is
// refuted and a test that fails are refused here (rule B1).
func Build(fsys fs.FS, key *PrivateKey, releases ...Release) (*Built, error) {
	files, m, err := plan(fsys)
	if err != nil {
		return nil, err
	}
	for _, r := range releases {
		m.Checker, m.Issue = r.Checker, r.Issue
		m.Contracts = append(m.Contracts, r.Contracts...)
		m.Scenarios = append(m.Scenarios, r.Scenarios...)
	}
	if err := m.checkIssue(); err != nil {
		return nil, err
	}
	if err := errors.Join(checkContracts(m.Contracts), checkScenarios(m.Scenarios)); err != nil {
		return nil, err
	}
	if key != nil {
		m.SignedBy = key.ID()
	}
	text, err := flow.Canonical(m)
	if err != nil {
		return nil, err
	}
	entries := []entry{{manifestFile, text}}
	if key != nil {
		signature, err := key.sign(text)
		if err != nil {
			return nil, err
		}
		entries = append(entries, entry{signatureFile, []byte(signature)})
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		entries = append(entries, entry{name, files[name]})
	}
	data := pack(entries)
	if len(data) > maxArchive {
		return nil, refuse(CodeTooLarge, "", "move large lists out of the project", "the bundle would have %d bytes, more than the %d that are loaded", len(data), maxArchive)
	}
	return &Built{Manifest: m, Bytes: data}, nil
}

// Describe answers what Build would put into a bundle. With a project that
// cannot be exported it answers an *Error and what can be said nevertheless.
func Describe(fsys fs.FS) (Manifest, error) {
	_, m, err := plan(fsys)
	return m, err
}

// plan collects the parts and derives the manifest.
func plan(fsys fs.FS) (map[string][]byte, Manifest, error) {
	p, problems := flow.Load(fsys)
	if len(problems) > 0 {
		return nil, describe(p), refuse(CodeProject, problems[0].File, problems[0].Hint, "the project cannot be exported: %s", problems[0].Message)
	}
	files := maps.Clone(p.Files)
	settings := p.Settings
	settings.Harness = nil
	text, err := flow.Encode(settings)
	if err != nil {
		return nil, Manifest{}, err
	}
	files[flow.SettingsFile] = text
	p, problems = flow.Parse(files)
	m := describe(p)
	if len(problems) > 0 {
		return nil, m, refuse(CodeProject, problems[0].File, problems[0].Hint, "the project cannot be exported: %s", problems[0].Message)
	}
	names := slices.Sorted(maps.Keys(files))
	if err := checkPaths(names); err != nil {
		return nil, m, err
	}
	for _, name := range names {
		if err := checkLiterals(name, files[name]); err != nil {
			return nil, m, err
		}
	}
	return files, m, nil
}
