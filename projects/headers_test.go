package projects_test

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"testing"

	"github.com/authflow-studio/authflow/engine/script"
)

// read finds the settings that a text uses.
var read = regexp.MustCompile(`api\.config\.(\w+)`)

// Whoever tries an Action that ships, or puts it into a flow, is asked for what it
// can be set to: its header names each setting that it reads, and no other.
func TestEveryShippedActionDeclaresItsSettings(t *testing.T) {
	seen := 0
	for _, root := range []string{"templates", "readymade"} {
		err := fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !slices.Contains([]string{".js", ".ts"}, path.Ext(name)) {
				return err
			}
			text, err := fs.ReadFile(os.DirFS(root), name)
			if err != nil {
				return err
			}
			seen++
			h, issues := script.ReadHeader(string(text))
			if len(issues) > 0 || h.Title == "" || h.Summary == "" {
				t.Errorf("%s/%s: its header says too little: %+v %v", root, name, h, issues)
			}
			var declares, reads []string
			for _, c := range h.Config {
				declares = append(declares, c.Name)
				if c.Help == "" {
					t.Errorf("%s/%s: what is %s?", root, name, c.Name)
				}
			}
			for _, m := range read.FindAllStringSubmatch(string(text), -1) {
				reads = append(reads, m[1])
			}
			slices.Sort(declares)
			slices.Sort(reads)
			if reads = slices.Compact(reads); !slices.Equal(declares, reads) {
				t.Errorf("%s/%s: it declares %v and reads %v", root, name, declares, reads)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if seen < 10 {
		t.Errorf("only %d Actions were looked at", seen)
	}
}
