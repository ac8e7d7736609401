package engine_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// source is one file of the tree.
type source struct {
	path      string
	lines     int
	test      bool
	generated bool

	// Of Go files only.
	syntax  *ast.File
	set     *token.FileSet
	imports []string
}

// tree is the source files of a repository.
type tree []source

// written is what people write by hand.
var written = []string{".go", ".ts", ".tsx", ".js", ".mjs", ".css", ".sh"}

// readTree reads the sources below a folder. All build tags are read: a law
// holds for the window as well.
func readTree(dir fs.FS) (tree, error) {
	var house tree
	err := fs.WalkDir(dir, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := path.Base(name)
		if d.IsDir() {
			if name != "." && (strings.HasPrefix(base, ".") || slices.Contains([]string{"node_modules", "dist", "testdata"}, base)) {
				return fs.SkipDir
			}
			return nil
		}
		if !slices.Contains(written, path.Ext(name)) {
			return nil
		}
		text, err := fs.ReadFile(dir, name)
		if err != nil {
			return err
		}
		f, err := readSource(name, text)
		house = append(house, f)
		return err
	})
	return house, err
}

func readSource(name string, text []byte) (source, error) {
	f := source{path: name, lines: bytes.Count(text, []byte("\n")), test: isTest(name), set: token.NewFileSet()}
	if path.Ext(name) != ".go" {
		return f, nil
	}
	var err error
	if f.syntax, err = parser.ParseFile(f.set, name, text, parser.ParseComments|parser.SkipObjectResolution); err != nil {
		return f, err
	}
	f.generated = ast.IsGenerated(f.syntax)
	for _, spec := range f.syntax.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return f, err
		}
		f.imports = append(f.imports, imported)
	}
	return f, nil
}

func isTest(name string) bool {
	base := path.Base(name)
	return strings.HasSuffix(base, "_test.go") || strings.Contains(base, ".test.") || strings.Contains(base, ".spec.")
}

// code is the Go files that end up in the program.
func (t tree) code() tree {
	return slices.DeleteFunc(slices.Clone(t), func(f source) bool { return f.syntax == nil || f.test })
}

func (f source) line(n ast.Node) int { return f.set.Position(n.Pos()).Line }

// importOf answers the package that an expression names in this file.
func (f source) importOf(x ast.Expr) string {
	id, ok := x.(*ast.Ident)
	if !ok {
		return ""
	}
	for i, spec := range f.syntax.Imports {
		name := baseName(f.imports[i])
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if name == id.Name {
			return f.imports[i]
		}
	}
	return ""
}

// baseName is what a package is called when its import gives no name.
func baseName(imported string) string {
	base := path.Base(imported)
	if len(base) > 1 && base[0] == 'v' && strings.Trim(base[1:], "0123456789") == "" {
		base = path.Base(path.Dir(imported))
	}
	return base
}
