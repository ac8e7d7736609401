package desktop

import (
	"os"
	"path/filepath"
)

// nearestFolder answers a folder, or the nearest above it that is there: one that
// is not would keep a dialog from opening.
func nearestFolder(dir string) string {
	for dir != "" {
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			return dir
		}
		above := filepath.Dir(dir)
		if above == dir {
			return ""
		}
		dir = above
	}
	return ""
}
