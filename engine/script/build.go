package script

// This file makes one JavaScript text of a source in TypeScript, or of one that
// imports modules of the project, and remembers where each place came from.

import (
	"fmt"
	"path"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/evanw/esbuild/pkg/api"
	"github.com/go-sourcemap/sourcemap"
)

// origins lead from places in built text back to the sources.
type origins struct {
	unit Unit
	text *sourcemap.Consumer
}

// inActions is the only place that files are read from: what the build was
// given. It never sees a disk.
const inActions = "actions"

// build answers the text and its origins. It runs in the worker: a source can
// be made to keep any compiler busy.
func build(u Unit) (string, *origins, *Issue) {
	result := api.Build(api.BuildOptions{
		EntryPoints: []string{u.Name}, Bundle: true, Format: api.FormatESModule, Platform: api.PlatformNeutral,
		// goja knows no async generators; the rest of ES2020 it does.
		Target: api.ES2020, Supported: map[string]bool{"async-generator": false, "for-await": false, "import-meta": false, "top-level-await": false},
		Sourcemap: api.SourceMapExternal, SourcesContent: api.SourcesContentExclude, TreeShaking: api.TreeShakingFalse,
		Outfile: "/action.js", LogLevel: api.LogLevelSilent, AbsWorkingDir: "/", TsconfigRaw: "{}",
		Plugins: []api.Plugin{{Name: inActions, Setup: u.files}},
	})
	o := &origins{unit: u}
	if len(result.Errors) > 0 {
		return "", nil, o.issue(result.Errors[0])
	}
	var text, mapping []byte
	for _, f := range result.OutputFiles {
		if strings.HasSuffix(f.Path, ".map") {
			mapping = f.Contents
		} else {
			text = f.Contents
		}
	}
	consumer, err := sourcemap.Parse("", mapping)
	if err != nil {
		return "", nil, &Issue{Line: 1, Column: 1, Message: "the build gave no source map", Code: CodeSyntax, Severity: severityError}
	}
	o.text = consumer
	return defaultOnly(string(text)), o, nil
}

// files lets the build find the project's files and nothing else.
func (u Unit) files(b api.PluginBuild) {
	b.OnResolve(api.OnResolveOptions{Filter: ".*"}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
		if a.Kind == api.ResolveEntryPoint {
			return api.OnResolveResult{Path: a.Path, Namespace: inActions}, nil
		}
		if !strings.HasPrefix(a.Path, "./") && !strings.HasPrefix(a.Path, "../") {
			return api.OnResolveResult{}, fmt.Errorf("%q cannot be imported: an Action imports files of the project only, such as ./%s/names.ts", a.Path, ModulesDir)
		}
		wanted := path.Join(path.Dir(a.Importer), a.Path)
		for _, ext := range []string{"", ".ts", ".js", ".json"} {
			if _, ok := u.Modules[wanted+ext]; ok && Readable(wanted+ext) {
				return api.OnResolveResult{Path: wanted + ext, Namespace: inActions}, nil
			}
		}
		return api.OnResolveResult{}, fmt.Errorf("there is no file actions/%s", wanted)
	})
	b.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: inActions}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
		text := u.Modules[a.Path]
		if a.Path == u.Name {
			text = u.Source
		}
		return api.OnLoadResult{Contents: &text, Loader: loaderOf(a.Path)}, nil
	})
}

func loaderOf(name string) api.Loader {
	switch {
	case isTypeScript(name):
		return api.LoaderTS
	case path.Ext(name) == ".json":
		return api.LoaderJSON
	}
	return api.LoaderJS
}

// exported is how the build ends its text.
var exported = regexp.MustCompile(`(?s)\nexport \{\n(.*?)\n\};\n*$`)

// defaultOnly makes "export default name" of the build's list of exports; what
// else an Action exports is for its tests.
func defaultOnly(text string) string {
	at := exported.FindStringSubmatchIndex(text)
	if at == nil {
		return text
	}
	for _, line := range strings.Split(text[at[2]:at[3]], ",") {
		if name, ok := strings.CutSuffix(strings.TrimSpace(line), " as default"); ok {
			return text[:at[0]] + "\nexport default " + name + ";\n"
		}
	}
	return text[:at[0]] + "\n"
}

// issue takes over what the build found.
func (o *origins) issue(m api.Message) *Issue {
	is := &Issue{Line: 1, Column: 1, Message: m.Text, Code: CodeSyntax, Severity: severityError}
	if l := m.Location; l != nil {
		is.Line, is.Column = l.Line, 1+utf8.RuneCountInString(l.LineText[:min(l.Column, len(l.LineText))])
		is.File = o.file(l.File)
	}
	return is
}

// move leads an issue of the built text back.
func (o *origins) move(is *Issue) {
	file, line, column, ok := o.place(is.Line, is.Column)
	if !ok {
		file, line, column = "", 1, 1
	}
	is.File, is.Line, is.Column = file, line, column
}

// file answers the module's name, "" for the Action itself.
func (o *origins) file(name string) string {
	name = strings.TrimPrefix(name, inActions+":")
	if name == o.unit.Name {
		return ""
	}
	return name
}

// place leads a place in the built text back; ok is false for what the build
// itself has written.
func (o *origins) place(line, column int) (file string, l, c int, ok bool) {
	source, _, l, c, ok := o.text.Source(line, column-1)
	if !ok {
		return "", 0, 0, false
	}
	file = o.file(source)
	text := o.unit.Source
	if file != "" {
		text = o.unit.Modules[file]
	}
	return file, l, 1 + characters(lineOf(text, l), c), true
}

func lineOf(text string, n int) string {
	for ; n > 1; n-- {
		_, rest, ok := strings.Cut(text, "\n")
		if !ok {
			return ""
		}
		text = rest
	}
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// characters counts those in the first units of a line: source maps count in
// UTF-16, people in characters.
func characters(line string, units int) int {
	n := 0
	for _, r := range line {
		if units <= 0 {
			break
		}
		units -= utf16Length(r)
		n++
	}
	return n
}

func utf16Length(r rune) int {
	if r > 0xffff {
		return 2
	}
	return 1
}
