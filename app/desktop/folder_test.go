package desktop

import (
	"os"
	"path/filepath"
	"testing"
)

func TestADialogOpensInTheNearestFolderThatIsThere(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for asked, want := range map[string]string{"": "", dir: dir, filepath.Join(dir, "dist", "today"): dir, file: dir} {
		if got := nearestFolder(asked); got != want {
			t.Errorf("%q: %q, want %q", asked, got, want)
		}
	}
}
