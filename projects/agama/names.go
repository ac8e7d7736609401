package agama

// This file makes names that our files can bear.

import (
	"path"
	"strings"
	"unicode"

	"github.com/authflow-studio/authflow/projects/agama/markup"
)

// snake writes a name in lower case with _ between its words.
func snake(s string) string { return markup.FieldName(s) }

// fieldID is the name of a form field: ours are in lower case.
func fieldID(name string) string { return snake(name) }

// lastPart is a qualified name's last part.
func lastPart(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

// pageName answers the path below pages/ of a template below web/.
func pageName(template string) string {
	template = path.Clean("/" + template)[1:]
	dir, base := path.Split(template)
	if ext := path.Ext(base); ext != "" {
		base = strings.TrimSuffix(base, ext)
	}
	parts := strings.Split(strings.Trim(dir, "/"), "/")
	for i, p := range parts {
		parts[i] = pagePart(p)
	}
	return path.Join(path.Join(parts...), pagePart(base)+".html")
}

// pagePart keeps what may stand in an address.
func pagePart(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_.", r) {
			return r
		}
		return '-'
	}, s)
	return strings.TrimLeft(s, ".")
}

// slugs gives each flow a name of its own: the last part of its qualified name,
// or more parts where that is another's.
func slugs(names []string, login string, taken ...string) map[string]string {
	out := map[string]string{}
	used := map[string]bool{"login": true}
	for _, t := range taken {
		used[t] = true
	}
	if login != "" {
		out[login] = "login"
	}
	for _, name := range names {
		if name == login {
			continue
		}
		parts := strings.Split(name, ".")
		slug := ""
		for n := 1; n <= len(parts); n++ {
			slug = snake(strings.Join(parts[len(parts)-n:], "_"))
			if !used[slug] {
				break
			}
		}
		for used[slug] {
			slug += "_flow"
		}
		used[slug] = true
		out[name] = slug
	}
	return out
}
