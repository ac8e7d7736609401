package agama

// This file writes the project: all of it or nothing.

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// vacant demands a folder that is new or empty.
func vacant(dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return refuse(CodeUnwritable, dir, "choose a folder that is new or empty", "it cannot be looked into: %v", err)
	case len(entries) > 0:
		return refuse(CodeNotEmpty, dir, "choose a folder that is new or empty", "the folder is not empty")
	}
	return nil
}

// write puts the files into a folder beside, and gives that the name at the end.
func write(dir string, files map[string][]byte) (err error) {
	dir, err = filepath.Abs(dir)
	if err != nil {
		return refuse(CodeUnwritable, dir, "", "%v", err)
	}
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return refuse(CodeUnwritable, dir, "", "its folder cannot be made: %v", err)
	}
	beside, err := os.MkdirTemp(parent, ".authflow-import-")
	if err != nil {
		return refuse(CodeUnwritable, dir, "", "nothing can be written there: %v", err)
	}
	defer func() {
		if err != nil {
			_ = os.RemoveAll(beside)
		}
	}()
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		at := filepath.Join(beside, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			return refuse(CodeUnwritable, name, "", "%v", err)
		}
		if err := os.WriteFile(at, files[name], 0o644); err != nil {
			return refuse(CodeUnwritable, name, "", "%v", err)
		}
	}
	if err := os.Chmod(beside, 0o755); err != nil {
		return refuse(CodeUnwritable, dir, "", "%v", err)
	}
	// An empty folder of that name gives way; one that was filled meanwhile stays.
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return refuse(CodeNotEmpty, dir, "choose a folder that is new or empty", "the folder cannot be replaced: %v", err)
	}
	if err := os.Rename(beside, dir); err != nil {
		return refuse(CodeUnwritable, dir, "", "%v", err)
	}
	return nil
}
