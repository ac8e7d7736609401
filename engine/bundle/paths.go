package bundle

// This file judges the paths of the parts: they must mean the same on every
// system, and nothing outside the bundle.

import (
	"io/fs"
	"path"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/authflow-studio/authflow/engine/flow"
)

func checkPaths(names []string) error {
	for _, name := range names {
		if why := badPath(name); why != "" {
			return refuse(CodeBadPath, name, "", "%s", why)
		}
		if !flow.Runs(name) {
			return refuse(CodeUnknownFile, name, "", "the file has no place in a bundle")
		}
	}
	return CheckNames(names)
}

// CheckNames judges the paths of an archive of any kind: each must mean the same
// on every system, and nothing outside the archive.
func CheckNames(names []string) error {
	seen := map[string]string{}
	for _, name := range names {
		if why := badPath(name); why != "" {
			return refuse(CodeBadPath, name, "", "%s", why)
		}
		folded := fold(name)
		if other, twice := seen[folded]; twice {
			return refuse(CodeBadPath, name, "rename one of them", "on some systems this is the same file as %s", other)
		}
		seen[folded] = name
	}
	for _, name := range names {
		for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
			if other, isFile := seen[fold(dir)]; isFile {
				return refuse(CodeBadPath, name, "", "%s is a file and a folder", other)
			}
		}
	}
	return nil
}

// badPath says what is wrong with a path, or "".
func badPath(name string) string {
	switch {
	case !fs.ValidPath(name) || name == ".":
		return "the path leads out of the archive, or is not in its simplest form"
	case len(name) > maxName:
		return "the path is too long"
	case strings.ContainsAny(name, `\:*?"<>|`):
		return "the path holds a character that some systems do not allow"
	case strings.ContainsFunc(name, func(r rune) bool { return unicode.IsControl(r) || r == unicode.ReplacementChar }):
		return "the path holds a character that cannot be seen"
	}
	for _, part := range strings.Split(name, "/") {
		if strings.HasPrefix(part, ".") || strings.HasSuffix(part, ".") || strings.HasSuffix(part, " ") {
			return "the path holds a name that begins or ends with a dot, or ends with a space"
		}
	}
	return ""
}

// fold makes names equal that a file system may take for the same: in another
// case, or composed of other characters.
func fold(name string) string { return norm.NFC.String(strings.ToLower(strings.ToUpper(name))) }
