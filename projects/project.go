package projects

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/authflow-studio/authflow/engine/flow"
)

// ErrConflict says that a file is no longer at the revision that a change was
// based on.
var ErrConflict = errors.New("projects: the file was changed by somebody else meanwhile")

// ErrExists says that a file to be created is there already.
var ErrExists = errors.New("projects: a file of that name exists already")

// Project is an open project folder.
type Project struct {
	dir  string
	root *os.Root
}

// Open opens the project in a folder.
func Open(dir string) (*Project, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("projects: %w", err)
	}
	root, err := os.OpenRoot(abs)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no folder %s; make a project with: authflow new %s", abs, dir)
	}
	if err != nil {
		return nil, fmt.Errorf("projects: %w", err)
	}
	if _, err := root.Stat(flow.SettingsFile); err != nil {
		root.Close()
		return nil, fmt.Errorf("%s is no Authflow project: it has no %s; make one with: authflow new DIR", abs, flow.SettingsFile)
	}
	return &Project{dir: abs, root: root}, nil
}

// Close gives the folder back.
func (p *Project) Close() error { return p.root.Close() }

// Dir answers the folder's absolute path.
func (p *Project) Dir() string { return p.dir }

// FS answers the folder; nothing outside can be reached through it.
func (p *Project) FS() fs.FS { return p.root.FS() }

// Load reads what the engine runs.
func (p *Project) Load() (*flow.Project, []*flow.FileError) { return flow.Load(p.FS()) }

// LoadedFlow is a flow with its positions and the revision of both.
type LoadedFlow struct {
	Slug     string       `json:"slug"`
	Flow     *flow.Flow   `json:"flow"`
	Layout   *flow.Layout `json:"layout"`
	Revision string       `json:"revision"`
}

// LoadFlow reads one flow. A missing layout is an empty one.
func (p *Project) LoadFlow(slug string) (*LoadedFlow, error) {
	text, layoutText, err := p.readFlow(slug)
	if err != nil {
		return nil, err
	}
	f, err := flow.Decode(flow.FlowPath(slug), text)
	if err != nil {
		return nil, err
	}
	l := &flow.Layout{Format: flow.Format, Blocks: map[string]flow.Position{}}
	if len(layoutText) > 0 {
		// Positions are worth less than being able to open the flow: a layout
		// that cannot be read is made anew.
		if got, err := flow.DecodeLayout(flow.LayoutPath(slug), layoutText); err == nil {
			l = got
		}
	}
	return &LoadedFlow{Slug: slug, Flow: f, Layout: l, Revision: revision(text, layoutText)}, nil
}

func (p *Project) readFlow(slug string) (text, layout []byte, err error) {
	if !flow.ValidSlug(slug) {
		return nil, nil, fmt.Errorf("projects: %q cannot name a flow: use lower case letters, digits, - and _, beginning with a letter", slug)
	}
	if text, err = p.root.ReadFile(flow.FlowPath(slug)); err != nil {
		return nil, nil, fmt.Errorf("projects: the flow %q: %w", slug, err)
	}
	layout, err = p.root.ReadFile(flow.LayoutPath(slug))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("projects: the layout of %q: %w", slug, err)
	}
	return text, layout, nil
}

// SaveFlow writes a flow and its positions, when the files are still at the
// revision base; else it answers ErrConflict. The base of a flow that is not
// there is empty.
func (p *Project) SaveFlow(slug string, f *flow.Flow, l *flow.Layout, base string) (string, error) {
	text, layoutText, err := p.readFlow(slug)
	have := ""
	switch {
	case err == nil:
		have = revision(text, layoutText)
	case !errors.Is(err, fs.ErrNotExist):
		return "", err
	}
	if have != base {
		return "", ErrConflict
	}
	return p.writeFlow(slug, f, l)
}

// CreateFlow writes a new flow.
func (p *Project) CreateFlow(slug string, f *flow.Flow) (*LoadedFlow, error) {
	if !flow.ValidSlug(slug) {
		return nil, fmt.Errorf("projects: %q cannot name a flow: use lower case letters, digits, - and _, beginning with a letter", slug)
	}
	if _, err := p.root.Stat(flow.FlowPath(slug)); err == nil {
		return nil, fmt.Errorf("%w: %s", ErrExists, flow.FlowPath(slug))
	}
	if _, err := p.writeFlow(slug, f, &flow.Layout{Format: flow.Format, Blocks: map[string]flow.Position{}}); err != nil {
		return nil, err
	}
	return p.LoadFlow(slug)
}

func (p *Project) writeFlow(slug string, f *flow.Flow, l *flow.Layout) (string, error) {
	f.Schema, f.Format, l.Format = flow.SchemaURL, flow.Format, flow.Format
	text, err := p.encodeLike(flow.FlowPath(slug), f)
	if err != nil {
		return "", err
	}
	layoutText, err := p.encodeLike(flow.LayoutPath(slug), l)
	if err != nil {
		return "", err
	}
	if err := p.write(flow.FlowPath(slug), text); err != nil {
		return "", err
	}
	if err := p.write(flow.LayoutPath(slug), layoutText); err != nil {
		return "", err
	}
	return revision(text, layoutText), nil
}

// encodeLike is v in the order that its file has now, if there is one.
func (p *Project) encodeLike(name string, v any) ([]byte, error) {
	before, err := p.root.ReadFile(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("projects: %s: %w", name, err)
	}
	return flow.EncodeLike(v, before)
}

// LoadedFile is a text file with its revision.
type LoadedFile struct {
	Path     string `json:"path"`
	Text     string `json:"text"`
	Revision string `json:"revision"`
}

// scenariosDir holds tests, which are no part of what is run or exported.
const scenariosDir = "scenarios"

// editable says which files can be written as text.
func editable(name string) error {
	clean := path.Clean(name)
	if clean != name || strings.HasPrefix(name, "/") || strings.Contains(name, "\\") || !fs.ValidPath(name) {
		return fmt.Errorf("projects: %q is no path in a project", name)
	}
	for _, part := range strings.Split(name, "/") {
		if strings.HasPrefix(part, ".") {
			return fmt.Errorf("projects: %q is hidden; projects have no hidden files", name)
		}
	}
	scenario := path.Dir(name) == scenariosDir && path.Ext(name) == ".yaml"
	if !flow.Runs(name) && name != flow.WorldFile && !scenario {
		return fmt.Errorf("projects: %q is no file of a project; Actions stand in actions/, pages in pages/, texts in labels/, scenarios in scenarios/", name)
	}
	return nil
}

// LoadFile reads a text file of the project.
func (p *Project) LoadFile(name string) (*LoadedFile, error) {
	if err := editable(name); err != nil {
		return nil, err
	}
	text, err := p.root.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("projects: %s: %w", name, err)
	}
	return &LoadedFile{Path: name, Text: string(text), Revision: revision(text)}, nil
}

// SaveFile writes a text file that is still at the revision base, which is empty
// for one that is not there.
func (p *Project) SaveFile(name, text, base string) (string, error) {
	if err := editable(name); err != nil {
		return "", err
	}
	have, err := p.root.ReadFile(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("projects: %s: %w", name, err)
	}
	now := ""
	if err == nil {
		now = revision(have)
	}
	if now != base {
		return "", ErrConflict
	}
	return revision([]byte(text)), p.write(name, []byte(text))
}

// CreateFile writes a new text file.
func (p *Project) CreateFile(name, text string) (*LoadedFile, error) {
	if err := editable(name); err != nil {
		return nil, err
	}
	if _, err := p.root.Stat(name); err == nil {
		return nil, fmt.Errorf("%w: %s", ErrExists, name)
	}
	if err := p.write(name, []byte(text)); err != nil {
		return nil, err
	}
	return p.LoadFile(name)
}

// write replaces a file whole: a reader sees the old or the new text, and a
// crash leaves one of them.
func (p *Project) write(name string, text []byte) error {
	if len(text) > flow.MaxFileSize {
		return fmt.Errorf("projects: %s would have %d bytes, more than the %d that are read", name, len(text), flow.MaxFileSize)
	}
	if have, err := p.root.ReadFile(name); err == nil && string(have) == string(text) {
		return nil
	}
	if err := p.root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return fmt.Errorf("projects: %s: %w", name, err)
	}
	tmp := path.Join(path.Dir(name), "."+path.Base(name)+".tmp")
	f, err := p.root.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return fmt.Errorf("projects: %s: %w", name, err)
	}
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = p.root.Rename(tmp, name)
	}
	if err != nil {
		_ = p.root.Remove(tmp)
		return fmt.Errorf("projects: %s cannot be saved: %w", name, err)
	}
	return nil
}

func revision(texts ...[]byte) string {
	h := sha256.New()
	for _, t := range texts {
		fmt.Fprintf(h, "%d\n", len(t))
		h.Write(t)
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}
