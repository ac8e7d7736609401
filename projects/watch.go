package projects

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settle gathers the several events that one save makes in most editors.
const settle = 80 * time.Millisecond

// Watch calls changed with the paths of files that were changed, a little after
// they were, until ctx ends. The paths use / and are relative to the folder.
func (p *Project) Watch(ctx context.Context, changed func(paths []string)) error {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("projects: the folder cannot be watched: %w", err)
	}
	if err := p.watchFolders(w, p.dir); err != nil {
		w.Close()
		return err
	}
	go p.watch(ctx, w, changed)
	return nil
}

func (p *Project) watchFolders(w *fsnotify.Watcher, dir string) error {
	return filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return nil
		}
		if base := d.Name(); name != p.dir && (strings.HasPrefix(base, ".") || base == "node_modules") {
			return filepath.SkipDir
		}
		return w.Add(name)
	})
}

func (p *Project) watch(ctx context.Context, w *fsnotify.Watcher, changed func([]string)) {
	defer w.Close()
	pending := map[string]bool{}
	timer := time.NewTimer(time.Hour)
	timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case e, ok := <-w.Events:
			if !ok {
				return
			}
			if info, err := os.Stat(e.Name); err == nil && info.IsDir() {
				_ = p.watchFolders(w, e.Name)
			}
			if rel, err := filepath.Rel(p.dir, e.Name); err == nil && !strings.HasPrefix(filepath.Base(rel), ".") && e.Op != fsnotify.Chmod {
				pending[filepath.ToSlash(rel)] = true
				timer.Reset(settle)
			}
		case <-w.Errors:
			// An overflow loses names, not the fact that something changed.
			pending["."] = true
			timer.Reset(settle)
		case <-timer.C:
			paths := make([]string, 0, len(pending))
			for name := range pending {
				paths = append(paths, name)
			}
			clear(pending)
			changed(paths)
		}
	}
}
