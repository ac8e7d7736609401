package diff

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"sort"
)

// This file compares values.

// values compares two values of JSON, and tells of the innermost that differ.
func values(of Change, where, path string, a, b any) []Change {
	x, xok := a.(map[string]any)
	y, yok := b.(map[string]any)
	if xok && yok {
		var out []Change
		for _, name := range names(x, y) {
			below := name
			if path != "" {
				below = path + "." + name
			}
			out = append(out, values(of, where, below, x[name], y[name])...)
		}
		return out
	}
	if reflect.DeepEqual(a, b) {
		return nil
	}
	c := of
	c.Kind, c.Path, c.Before, c.After = Changed, path, a, b
	c.Text = fmt.Sprintf("%s: %s is %s now, no longer %s.", where, path, short(b), short(a))
	switch {
	case a == nil:
		c.Kind, c.Text = Added, fmt.Sprintf("%s: %s is %s now.", where, path, short(b))
	case b == nil:
		c.Kind, c.Text = Removed, fmt.Sprintf("%s: %s is set no longer; it was %s.", where, path, short(a))
	}
	return []Change{c}
}

// plain makes a value of maps, lists, texts, numbers and booleans.
func plain(v any) any {
	text, err := json.Marshal(v)
	var out any
	if err != nil || json.Unmarshal(text, &out) != nil {
		return fmt.Sprint(v)
	}
	return out
}

const maxShort = 80

func short(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	if r := []rune(string(text)); len(r) > maxShort {
		return string(r[:maxShort]) + "…"
	}
	return string(text)
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// names answers the keys of two maps, sorted, each once.
func names[K cmp.Ordered, V any](a, b map[K]V) []K {
	seen := map[K]bool{}
	for k := range a {
		seen[k] = true
	}
	for k := range b {
		seen[k] = true
	}
	out := make([]K, 0, len(seen))
	for k := range seen {
		out = append(out, k)
	}
	sort.Slice(out, func(i, j int) bool { return out[i] < out[j] })
	return out
}
