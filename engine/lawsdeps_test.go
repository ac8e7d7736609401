package engine_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// Each library that is taken stands in docs/dependencies.md with what it saves,
// who keeps it and what it weighs; nothing stands there that is not taken.

func TestLaw_EachDependencyIsJustified(t *testing.T) {
	broken, err := dependencyLaw(os.DirFS(".."))
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range broken {
		t.Error(b)
	}
}

func dependencyLaw(dir fs.FS) ([]string, error) {
	taken, err := libraries(dir)
	if err != nil {
		return nil, err
	}
	text, err := fs.ReadFile(dir, "docs/dependencies.md")
	if err != nil {
		return nil, err
	}
	justified := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		// Of a table: | `name` version | what it saves | who keeps it | what it weighs |
		if cells := strings.Split(line, "|"); len(cells) == 6 {
			if name, _, quoted := strings.Cut(strings.TrimPrefix(strings.TrimSpace(cells[1]), "`"), "`"); quoted {
				justified[name] = !slices.ContainsFunc(cells[2:5], func(c string) bool { return strings.TrimSpace(c) == "" })
			}
		}
	}
	var broken []string
	for _, name := range slices.Sorted(maps.Keys(taken)) {
		if !justified[name] {
			broken = append(broken, fmt.Sprintf("docs/dependencies.md: %s is used by %s, and no line says what it saves, who keeps it and what it weighs", name, taken[name]))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(justified)) {
		if taken[name] == "" {
			broken = append(broken, fmt.Sprintf("docs/dependencies.md: %s is used no more: take its line out", name))
		}
	}
	return broken, nil
}

// libraries answers the modules and packages that are used directly, each with
// a file that does.
func libraries(dir fs.FS) (map[string]string, error) {
	modules, tools, err := readModules(dir)
	if err != nil {
		return nil, err
	}
	house, err := readTree(dir)
	if err != nil {
		return nil, err
	}
	taken := map[string]string{}
	take := func(imported, by string) {
		if m := moduleOf(imported, modules); m != "" {
			taken[m] = by
		}
	}
	for _, f := range house {
		for _, imported := range f.imports {
			take(imported, f.path)
		}
	}
	for _, tool := range tools {
		take(tool, "go.mod")
	}
	manifests, err := fs.Glob(dir, "build/*/package.json")
	if err != nil {
		return nil, err
	}
	for _, manifest := range append(manifests, "frontend/package.json") {
		names, err := readPackages(dir, manifest)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			taken[name] = manifest
		}
	}
	return taken, nil
}

func moduleOf(imported string, modules []string) string {
	var found string
	for _, m := range modules {
		if (imported == m || strings.HasPrefix(imported, m+"/")) && len(m) > len(found) {
			found = m
		}
	}
	return found
}

// readModules answers what go.mod requires, and its tools.
func readModules(dir fs.FS) (modules, tools []string, err error) {
	text, err := fs.ReadFile(dir, "go.mod")
	if err != nil {
		return nil, nil, err
	}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		words := strings.Fields(strings.TrimPrefix(lines.Text(), "require"))
		switch {
		case len(words) > 1 && words[0] == "tool":
			tools = append(tools, words[1])
		case len(words) > 1 && strings.HasPrefix(words[1], "v"):
			modules = append(modules, words[0])
		}
	}
	return modules, tools, lines.Err()
}

func readPackages(dir fs.FS, manifest string) ([]string, error) {
	text, err := fs.ReadFile(dir, manifest)
	if err != nil {
		return nil, err
	}
	var p struct{ Dependencies, DevDependencies map[string]string }
	if err := json.Unmarshal(text, &p); err != nil {
		return nil, fmt.Errorf("%s: %w", path.Base(manifest), err)
	}
	return append(slices.Collect(maps.Keys(p.Dependencies)), slices.Collect(maps.Keys(p.DevDependencies))...), nil
}

func TestLaw_ADependencyWithoutItsLineIsSeen(t *testing.T) {
	const head = "| what | saves | kept by | weighs |\n|---|---|---|---|\n"
	const goja, react, vite = "| `example.org/goja` v1 | a | b | c |\n", "| `react` | a | b | c |\n", "| `vite` | a | b | c |\n"
	const check = "| `example.org/check` v2 | a | b | c |\n"
	for _, c := range []struct{ name, text, want string }{
		{"all there", head + goja + react + vite + check, ""},
		{"a module is missing", head + react + vite + check, "example.org/goja is used by a.go"},
		{"a tool is missing", head + goja + react + vite, "example.org/check is used by go.mod"},
		{"a package is missing", head + goja + vite + check, "react is used by frontend/package.json"},
		{"a package of development is missing", head + goja + react + check, "vite is used by"},
		{"a line says nothing", head + goja + vite + check + "| `react` | a |  | c |\n", "react is used by"},
		{"one too many", head + goja + react + vite + check + "| `left` | a | b | c |\n", "left is used no more"},
	} {
		broken, err := dependencyLaw(fstest.MapFS{
			"go.mod":                {Data: []byte("module a\n\nrequire (\n\texample.org/goja v1.0.0 // indirect\n\texample.org/check v2.0.0\n\texample.org/unused v1.0.0\n)\n\ntool example.org/check/cmd/check\n")},
			"a.go":                  {Data: []byte("package a\nimport _ \"example.org/goja/parser\"\n")},
			"frontend/package.json": {Data: []byte(`{"dependencies":{"react":"1"},"devDependencies":{"vite":"1"}}`)},
			"docs/dependencies.md":  {Data: []byte(c.text)},
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(broken, "\n"); (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: want %q, got %q", c.name, c.want, got)
		}
	}
}
