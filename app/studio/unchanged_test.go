package studio_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/projects"
)

// TestASaveWithoutAChangeChangesNothing: what the studio reads of each flow of
// each template, and writes back as it was, leaves both files byte for byte as
// they are; nothing nobody set is written.
func TestASaveWithoutAChangeChangesNothing(t *testing.T) {
	templates, err := projects.Templates()
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t)
	seen := 0
	for _, template := range templates {
		dir := filepath.Join(t.TempDir(), template.Name)
		r.call("project.create", map[string]any{"template": template.Name, "dir": dir, "name": template.Name})
		for _, slug := range template.Flows {
			files := []string{flow.FlowPath(slug), flow.LayoutPath(slug)}
			before := texts(t, dir, files)
			loaded := r.object("flow.load", map[string]any{"slug": slug})
			base := loaded["revision"]
			// A save of something else, and of what was there again.
			changed := copied(t, loaded["flow"])
			changed["name"] = fmt.Sprint("x", changed["name"])
			saved := r.object("flow.save", map[string]any{"slug": slug, "flow": changed, "layout": loaded["layout"], "base": base})
			if saved["revision"] == base {
				t.Errorf("%s/%s: a changed name left the revision as it was", template.Name, slug)
			}
			r.call("flow.save", map[string]any{"slug": slug, "flow": loaded["flow"], "layout": loaded["layout"], "base": saved["revision"]})
			for i, after := range texts(t, dir, files) {
				if after != before[i] {
					t.Errorf("%s/%s is not as it was:\n%s\nbefore:\n%s", template.Name, files[i], after, before[i])
				}
				seen++
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d files were looked at", seen)
	}
}

func texts(t *testing.T, dir string, files []string) []string {
	t.Helper()
	var all []string
	for _, name := range files {
		text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(text))
	}
	return all
}

func copied(t *testing.T, v any) map[string]any {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var c map[string]any
	if err := json.Unmarshal(text, &c); err != nil {
		t.Fatal(err)
	}
	return c
}
