package studio

import (
	"io/fs"
	"path"
	"sort"

	"github.com/authflow-studio/authflow/engine/flow"
)

// This file lists the project's files that are written as plain text: settings,
// clients, the world, texts for people, lists, scenarios, contracts.

// textFolders hold such files, by their extensions.
var textFolders = []struct{ dir, pattern string }{
	{flow.LabelsDir, "*.json"}, {flow.ListsDir, "*"}, {"scenarios", "*.yaml"}, {flow.ContractsDir, "*.yaml"},
}

func texts(root fs.FS) []FileSummary {
	out := []FileSummary{}
	add := func(name string) {
		if info, err := fs.Stat(root, name); err == nil && info.Mode().IsRegular() {
			out = append(out, FileSummary{Path: name, Size: int(info.Size())})
		}
	}
	for _, name := range []string{flow.SettingsFile, flow.ClientsFile, flow.WorldFile} {
		add(name)
	}
	for _, f := range textFolders {
		names, err := fs.Glob(root, path.Join(f.dir, f.pattern))
		if err != nil {
			continue // a pattern of ours is never wrong
		}
		sort.Strings(names)
		for _, name := range names {
			add(name)
		}
	}
	return out
}
