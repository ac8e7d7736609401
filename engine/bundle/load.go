package bundle

// This file reads bundles, believing nothing that they say about themselves.

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/authflow-studio/authflow/engine/flow"
)

// Policy says which bundles are accepted. The zero value accepts none.
type Policy struct {
	// Trusted keys; a bundle must be signed by one of them.
	Trusted []PublicKey
	// AllowUnsigned accepts bundles without a signature, or with one of a key
	// that is not trusted. It must be asked for by name; a signature of a
	// trusted key has to fit nevertheless.
	AllowUnsigned bool
	// Scope is the environment of the server; empty takes bundles for any.
	Scope string
	// Now is compared with the expiry; the zero time does not ask for it.
	Now time.Time
}

// Bundle is a bundle that was read and found to be whole.
type Bundle struct {
	Manifest Manifest
	// Verified is the id of the trusted key that signed it, or "".
	Verified string
	project  *flow.Project
	data     []byte
}

// FS answers the files of the bundle, as flow.Load reads them from a folder.
func (b *Bundle) FS() fs.FS {
	r, err := zip.NewReader(bytes.NewReader(b.data), int64(len(b.data)))
	if err != nil {
		return brokenFS{err}
	}
	return r
}

// brokenFS answers the same error for every file.
type brokenFS struct{ err error }

func (b brokenFS) Open(string) (fs.File, error) { return nil, b.err }

// Project answers what the engine runs.
func (b *Bundle) Project() *flow.Project { return b.project }

// LoadFile loads a bundle from a file.
func LoadFile(path string, policy Policy) (*Bundle, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("bundle: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("bundle: %w", err)
	}
	return Load(f, info.Size(), policy)
}

// Load reads a bundle and checks its size, form, paths, digests, manifest,
// signature and engine range, in this order. An *Error says what was refused.
// Whether the flows are sound is not its affair: the server checks them next.
func Load(r io.ReaderAt, size int64, policy Policy) (*Bundle, error) {
	if size > maxArchive {
		return nil, refuse(CodeTooLarge, "", "", "the bundle has %d bytes, more than the %d that are loaded", size, maxArchive)
	}
	data, err := io.ReadAll(io.NewSectionReader(r, 0, size))
	if err != nil {
		return nil, fmt.Errorf("bundle: read: %w", err)
	}
	if int64(len(data)) != size {
		return nil, cutShort()
	}
	entries, err := unpack(data)
	if err != nil {
		return nil, err
	}
	manifest, signature, parts, err := sortOut(entries)
	if err != nil {
		return nil, err
	}
	b := &Bundle{data: data}
	if b.Manifest, err = readManifest(manifest); err != nil {
		return nil, err
	}
	if err := errors.Join(checkContracts(b.Manifest.Contracts), checkScenarios(b.Manifest.Scenarios)); err != nil {
		return nil, err
	}
	if b.Verified, err = policy.judge(b.Manifest, manifest, signature); err != nil {
		return nil, err
	}
	if err := policy.admits(b.Manifest); err != nil {
		return nil, err
	}
	files, err := checkParts(b.Manifest, parts)
	if err != nil {
		return nil, err
	}
	if b.project, err = readProject(b.Manifest, manifest, files); err != nil {
		return nil, err
	}
	return b, nil
}

// sortOut tells the manifest and the signature from the parts.
func sortOut(entries []entry) (manifest, signature []byte, parts []entry, err error) {
	if len(entries) == 0 || entries[0].name != manifestFile {
		return nil, nil, nil, refuse(CodeManifest, manifestFile, "", "the bundle does not begin with its manifest")
	}
	manifest, parts = entries[0].data, entries[1:]
	if len(parts) > 0 && parts[0].name == signatureFile {
		signature, parts = parts[0].data, parts[1:]
	}
	names := make([]string, len(parts))
	for i, p := range parts {
		names[i] = p.name
	}
	if err := checkPaths(names); err != nil {
		return nil, nil, nil, err
	}
	if !slices.IsSorted(names) {
		return nil, nil, nil, notCanonical("")
	}
	return manifest, signature, parts, nil
}

// readManifest looks at the format first: what follows belongs to it.
func readManifest(data []byte) (Manifest, error) {
	if len(data) > flow.MaxFileSize {
		return Manifest{}, refuse(CodeTooLarge, manifestFile, "", "the manifest is too large")
	}
	format := formatOf(data)
	if format != 0 && format != Format {
		return Manifest{}, refuse(CodeFormat, "", "update the server, or export again with the version it runs",
			"the bundle is of format %d, and this engine reads format %d", format, Format)
	}
	m, err := decodeManifest(data)
	if err != nil {
		return m, err
	}
	if EngineLevel < m.Engine.Min || EngineLevel > m.Engine.Max {
		return m, refuse(CodeEngine, "", "update the server, or export again with the version it runs",
			"the bundle needs an engine of level %d to %d, and this one is of level %d", m.Engine.Min, m.Engine.Max, EngineLevel)
	}
	return m, nil
}

// judge applies the policy and answers the key that was verified.
func (p Policy) judge(m Manifest, manifest, signature []byte) (string, error) {
	if m.SignedBy == "" && signature == nil {
		if p.AllowUnsigned {
			return "", nil
		}
		return "", refuse(CodeUnsigned, "", "sign it with: authflow export --key FILE", "the bundle is not signed")
	}
	if m.SignedBy == "" || signature == nil {
		return "", refuse(CodeSignature, signatureFile, "", "the manifest and the signature do not belong together")
	}
	for _, key := range p.Trusted {
		if key.ID() != m.SignedBy {
			continue
		}
		if !key.verify(manifest, signature) {
			return "", refuse(CodeSignature, signatureFile, "", "the signature does not fit the bundle")
		}
		return key.ID(), nil
	}
	if p.AllowUnsigned {
		return "", nil
	}
	return "", refuse(CodeUntrusted, "", "trust its key with --trust FILE.pub, if it is known to be right", "the bundle is signed by the key %s, which is not trusted", m.SignedBy)
}

// checkParts compares the files with the manifest.
func checkParts(m Manifest, parts []entry) (map[string][]byte, error) {
	files := make(map[string][]byte, len(parts))
	for _, p := range parts {
		if len(p.data) > flow.MaxFileSize {
			return nil, refuse(CodeTooLarge, p.name, "", "the file has %d bytes, more than the %d that are read", len(p.data), flow.MaxFileSize)
		}
		files[p.name] = p.data
	}
	for _, listed := range m.Parts {
		data, ok := files[listed.Path]
		if !ok {
			return nil, refuse(CodeMissingFile, listed.Path, "", "the manifest lists a file that is not there")
		}
		sum := sha256.Sum256(data)
		if len(data) != listed.Size || hex.EncodeToString(sum[:]) != listed.SHA256 {
			return nil, refuse(CodeDigest, listed.Path, "", "the file is not the one that the manifest lists")
		}
	}
	if len(m.Parts) != len(parts) {
		for _, p := range parts {
			if !slices.ContainsFunc(m.Parts, func(listed Part) bool { return listed.Path == p.name }) {
				return nil, refuse(CodeUnknownFile, p.name, "", "the manifest does not list this file")
			}
		}
		return nil, refuse(CodeManifest, manifestFile, "", "the manifest lists a file twice")
	}
	return files, nil
}

// readProject reads the parts and derives the manifest from them again: one
// that says less than its flows do (a host, a lifted lock) is a lie.
func readProject(m Manifest, manifest []byte, files map[string][]byte) (*flow.Project, error) {
	p, problems := flow.Parse(files)
	if len(problems) > 0 {
		return nil, refuse(CodeProject, problems[0].File, problems[0].Hint, "%s", problems[0].Message)
	}
	if p.Settings.Harness != nil {
		return nil, refuse(CodeProject, flow.SettingsFile, "", "the bundle holds settings of the harness")
	}
	derived := describe(p)
	derived.Engine, derived.SignedBy = m.Engine, m.SignedBy
	derived.Checker, derived.Contracts, derived.Scenarios, derived.Issue = m.Checker, m.Contracts, m.Scenarios, m.Issue
	again, err := flow.Canonical(derived)
	if err != nil || !bytes.Equal(again, manifest) {
		return nil, refuse(CodeManifest, manifestFile, "export it again", "the manifest says something else than the files do")
	}
	return p, nil
}
