package web

import (
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/flow"
)

// Templates lists the pages that a flow of the project can show, as their
// addresses name them: the project's own and those that are built in.
func Templates(p *flow.Project) []string {
	names := map[string]bool{}
	for name := range p.Pages {
		names[name] = true
	}
	_ = fs.WalkDir(builtin, "pages", func(name string, d fs.DirEntry, err error) error { // of the program itself: it can be read
		if err == nil && !d.IsDir() {
			names[strings.TrimPrefix(name, "pages/")] = true
		}
		return err
	})
	var out []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if page, ok := strings.CutSuffix(name, ".html"); ok {
			out = append(out, page)
		}
	}
	return out
}
