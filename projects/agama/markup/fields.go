package markup

// This file finds the fields of forms.

import (
	"slices"
	"strings"
	"unicode"
)

// types of fields that ours have, too.
var types = []string{"email", "tel", "number", "checkbox", "password"}

// field notes an input, and gives it the name that it has here.
func (h *cleaner) field(e *piece) {
	name, ok := e.get("name")
	if e.close || !ok || name == "" {
		return
	}
	kind, _ := e.get("type")
	kind = strings.ToLower(kind)
	button := e.name == "button" && kind != "button" && kind != "reset" || kind == "submit" || kind == "image"
	switch {
	case strings.Contains(name, "{{"):
		h.tell(e.line, true, "Write the names down.", "A field whose name is worked out (%s) is known to no block", name)
		return
	case name == "_abort":
		h.page.Aborts = true
		return
	case strings.HasPrefix(name, "_"):
		h.tell(e.line, true, "Give the field another name.", "The field %s was taken out of the form: names that begin with _ are the engine's", name)
		e.drop("name")
		return
	case kind == "file":
		h.tell(e.line, true, "Take files elsewhere: a form of a page holds texts.", "The field %s was left out: files cannot be sent", name)
		e.replace("")
		return
	}
	f := Field{Name: name, Type: "text", Button: button}
	if slices.Contains(types, kind) {
		f.Type = kind
	}
	if _, f.Required = e.get("required"); button {
		f.Required = false
	}
	f.Pattern, _ = e.get("pattern")
	if strings.Contains(f.Pattern, "{{") {
		f.Pattern = ""
	}
	ours := FieldName(name)
	e.set("name", ours)
	f.Name = ours
	for i, have := range h.page.Fields {
		if have.Name == ours {
			// The same name twice: radio buttons, or forms side by side.
			h.page.Fields[i].Required = have.Required && f.Required
			h.page.Fields[i].Button = have.Button && f.Button
			if f.Type == "password" {
				h.page.Fields[i].Type = "password"
			}
			return
		}
	}
	h.page.Fields = append(h.page.Fields, f)
}

// FieldName writes a name as ours are: in lower case, with _ between its words.
func FieldName(s string) string {
	var b strings.Builder
	before := rune(0)
	runes := []rune(s)
	for i, r := range runes {
		switch {
		case r >= 'A' && r <= 'Z':
			nextLower := i+1 < len(runes) && unicode.IsLower(runes[i+1])
			if unicode.IsLower(before) || unicode.IsDigit(before) || unicode.IsUpper(before) && nextLower {
				b.WriteByte('_')
			}
			b.WriteRune(unicode.ToLower(r))
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		default:
			if b.Len() > 0 && !strings.HasSuffix(b.String(), "_") {
				b.WriteByte('_')
			}
		}
		before = r
	}
	out := strings.Trim(b.String(), "_")
	if out == "" {
		return "step"
	}
	if out[0] >= '0' && out[0] <= '9' {
		out = "n" + out
	}
	if len(out) > 40 {
		out = strings.TrimRight(out[:40], "_")
	}
	return out
}
