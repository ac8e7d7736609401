package studio_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/app/studio"
)

// An import opens the project that it made; one that is refused leaves the open
// project as it is, and says why with a code.
func TestStudio_ImportsAgama(t *testing.T) {
	r := newRig(t)
	folder := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return file
	}
	bad := write("bad.flow", "Flow a\nFinish\n")
	good := write("good.flow", "Flow org.example.Gate\n    Basepath \"\"\nx = Call org.example.A#b\nFinish false\n")
	for _, c := range []struct{ file, dir, code, words string }{
		{"", "", "bad_argument", "Choose a .gama archive"},
		{bad, filepath.Join(folder, "out"), "agama_syntax", "bad.flow:1:1"},
		{good, r.dir, "agama_not_empty", "not empty"},
		{filepath.Join(folder, "gone.gama"), filepath.Join(folder, "out"), "agama_no_source", "no such file"},
	} {
		_, err := r.try("project.import_agama", map[string]any{"file": c.file, "dir": c.dir, "login": ""})
		var e *studio.Error
		if !errors.As(err, &e) || e.Code != c.code || !strings.Contains(e.Message, c.words) || e.Hint == "" {
			t.Errorf("%+v: %+v", c, err)
		}
	}
	if p := r.object("project.current", map[string]any{}); p["dir"] != r.dir {
		t.Errorf("another project is open: %v", p["dir"])
	}
	got := r.object("project.import_agama", map[string]any{"file": good, "dir": filepath.Join(folder, "out"), "login": ""})
	report, _ := got["report"].(map[string]any)
	entries, _ := report["entries"].([]any)
	if p := r.object("project.current", map[string]any{}); p["name"] != "good" || len(entries) != 1 {
		t.Errorf("open is %v, entries %v", p["name"], entries)
	}
	folders := r.object("project.folders", map[string]any{"dir": folder})
	if sources, _ := folders["sources"].([]any); len(sources) != 2 {
		t.Errorf("files to import: %v", folders["sources"])
	}
}
