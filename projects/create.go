package projects

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

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
	if err := os.Remove(filepath.Join(dir, aboutFile)); err != nil {
		return nil, fmt.Errorf("projects: %w", err)
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
