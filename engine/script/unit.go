package script

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// Unit is the source of an Action with what it may import.
type Unit struct {
	Name   string `json:"name"` // below actions/
	Source string `json:"source"`
	// Modules are the files that may be imported, by their path below actions/.
	Modules map[string]string `json:"modules,omitempty"`
}

// ModulesDir holds what Actions share, below actions/: files there are no
// Actions themselves.
const ModulesDir = "lib"

// IsModule tells whether a file below actions/ is there to be imported only.
func IsModule(name string) bool {
	return strings.HasPrefix(name, ModulesDir+"/") || path.Ext(name) == ".json"
}

// Readable tells whether a file below actions/ is one that can be run or
// imported. A declaration file is for editors alone.
func Readable(name string) bool {
	if strings.HasSuffix(name, ".d.ts") {
		return false
	}
	switch path.Ext(name) {
	case ".js", ".ts", ".mjs", ".mts", ".json":
		return true
	}
	return false
}

// NewUnit gathers an Action of a project. Modules travel along only where the
// source may import some.
func NewUnit(name string, actions map[string]string) Unit {
	u := Unit{Name: name, Source: actions[name]}
	if !mayImport(u.Source) {
		return u
	}
	u.Modules = map[string]string{}
	for file, text := range actions {
		if Readable(file) && file != name {
			u.Modules[file] = text
		}
	}
	return u
}

func mayImport(source string) bool { return strings.Contains(source, "import") }

// needsBuild tells whether goja cannot take the source as it is.
func (u Unit) needsBuild() bool {
	return isTypeScript(u.Name) || u.Modules != nil || IsModule(u.Name)
}

func isTypeScript(name string) bool {
	ext := path.Ext(name)
	return ext == ".ts" || ext == ".mts"
}

// checkSize refuses what would harm the parsers themselves.
func (u Unit) checkSize() *Error {
	if err := checkSize(u.Source); err != nil {
		return err
	}
	total := len(u.Source)
	for name, text := range u.Modules {
		if err := checkSize(text); err != nil {
			err.Message = name + ": " + err.Message
			return err
		}
		total += len(text)
	}
	if total > maxModules {
		return &Error{Code: CodeTooLarge, Message: "the Actions and modules of the project have more than 4 MiB together"}
	}
	return nil
}

const maxModules = 4 << 20

// Digest names a unit for caches of what was found in it.
func (u Unit) Digest() [sha256.Size]byte {
	h := sha256.New()
	part := func(s string) { fmt.Fprintf(h, "%d %s\n", len(s), s) }
	part(u.Name)
	part(u.Source)
	for _, name := range slices.Sorted(maps.Keys(u.Modules)) {
		part(name)
		part(u.Modules[name])
	}
	return [sha256.Size]byte(h.Sum(nil))
}
