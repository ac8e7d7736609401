package projects

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"

	"github.com/authflow-studio/authflow/engine/flow"
)

//go:embed all:templates
var templates embed.FS

// Template is a project to start from.
type Template struct {
	Name    string   `json:"name"`
	Title   string   `json:"title"`
	Summary string   `json:"summary"`
	Flows   []string `json:"flows"`
	Blocks  int      `json:"blocks"`
}

// DefaultTemplate is what a new project begins with.
const DefaultTemplate = "starter"

// Templates lists the shipped templates.
func Templates() ([]Template, error) {
	entries, err := fs.ReadDir(templates, "templates")
	if err != nil {
		return nil, fmt.Errorf("projects: %w", err)
	}
	var out []Template
	for _, e := range entries {
		fsys, err := TemplateFS(e.Name())
		if err != nil {
			return nil, err
		}
		p, problems := flow.Load(fsys)
		if len(problems) > 0 {
			return nil, fmt.Errorf("projects: the template %s: %w", e.Name(), problems[0])
		}
		t := Template{Name: e.Name(), Title: p.Settings.Name, Summary: p.Settings.Description}
		for slug, f := range p.Flows {
			t.Flows = append(t.Flows, slug)
			t.Blocks += len(f.Blocks)
		}
		sort.Strings(t.Flows)
		out = append(out, t)
	}
	return out, nil
}

// TemplateFS answers the files of a template.
func TemplateFS(name string) (fs.FS, error) {
	if !flow.ValidSlug(name) {
		return nil, fmt.Errorf("projects: there is no template %q", name)
	}
	fsys, err := fs.Sub(templates, "templates/"+name)
	if err != nil {
		return nil, fmt.Errorf("projects: %w", err)
	}
	if _, err := fs.Stat(fsys, flow.SettingsFile); err != nil {
		return nil, fmt.Errorf("projects: there is no template %q; authflow new --list shows them", name)
	}
	return fsys, nil
}

// Create makes a project of a template in a folder that is new or empty.
func Create(dir, template, name string) (*Project, error) {
	fsys, err := TemplateFS(template)
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(dir)
	if err == nil && len(entries) > 0 {
		return nil, fmt.Errorf("%w: the folder %s is not empty; choose another", ErrExists, dir)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("projects: %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("projects: %w", err)
	}
	if err := os.CopyFS(dir, fsys); err != nil {
		return nil, fmt.Errorf("projects: the template cannot be copied: %w", err)
	}
	p, err := Open(dir)
	if err != nil {
		return nil, err
	}
	if name == "" {
		name = filepath.Base(p.dir)
	}
	return p, p.Rename(name)
}
