package dap

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
)

// This file writes values as text.

// previewed is how many children the text of a value shows.
const previewed = 4

// shown writes a value on a line, and says what it is.
func shown(v any) (text, kind string) { return brief(v, true) }

func brief(v any, deep bool) (text, kind string) {
	switch m := v.(type) {
	case nil:
		return "null", "null"
	case string:
		return quoted(cut(m)), "string"
	case bool:
		return fmt.Sprint(m), "boolean"
	case map[string]any, map[string]map[string]any:
		return previewOf(v, deep, "{", "}", true), "object"
	case []any:
		return fmt.Sprintf("(%d) ", len(m)) + previewOf(v, deep, "[", "]", false), "list"
	}
	out, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		return cut(fmt.Sprint(v)), "unknown"
	}
	return cut(string(out)), "number"
}

func previewOf(v any, deep bool, open, shut string, named bool) string {
	names := namesOf(v)
	if len(names) == 0 {
		return open + shut
	}
	if !deep {
		return open + "…" + shut
	}
	var parts []string
	for _, name := range names[:min(len(names), previewed)] {
		is, _ := child(v, name)
		text, _ := brief(is, false)
		if runes := []rune(text); len(runes) > 40 {
			text = string(runes[:39]) + "…"
		}
		if named {
			text = name + ": " + text
		}
		parts = append(parts, text)
	}
	if len(names) > previewed {
		parts = append(parts, "…")
	}
	return open + strings.Join(parts, ", ") + shut
}

func quoted(s string) string {
	out, err := json.Marshal(s)
	if err != nil {
		return fmt.Sprintf("%q", s)
	}
	return string(out)
}

// cut shortens a text, and says so.
func cut(s string) string {
	if len(s) <= maxText {
		return s
	}
	return strings.ToValidUTF8(s[:maxText], "") + fmt.Sprintf("… (%d bytes; copy the value to get the whole)", len(s))
}

// whole writes a value to be copied: a text bare, anything else as JSON.
func whole(v any) (string, error) {
	if s, ok := v.(string); ok {
		return s, nil
	}
	out, err := json.Marshal(v, json.Deterministic(true))
	return string(out), err
}
