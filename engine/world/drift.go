package world

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Drift asks the real service what a stub answers in its place, and says in what
// they differ: the status, and the form of the JSON, not its values. A stub with
// * in its URL, with a fault, or for anything but GET has nothing to ask.
func Drift(ctx context.Context, h HTTP, s Stub) (asked bool, differences []string, err error) {
	if s.Method != "" && !strings.EqualFold(s.Method, "GET") || strings.Contains(s.URL, "*") {
		return false, nil, nil
	}
	a := s.Answer
	if len(s.Answers) > 0 {
		a = s.Answers[0]
	}
	if a.Fault != "" {
		return false, nil, nil
	}
	want, err := a.response()
	if err != nil {
		return false, nil, err
	}
	got, err := h.Do(ctx, Request{Method: "GET", URL: s.URL})
	if err != nil {
		return true, nil, err
	}
	if got.Status != want.Status {
		differences = append(differences, fmt.Sprintf("the status is %d, and the stub's %d", got.Status, want.Status))
	}
	var real, stub any
	if json.Unmarshal([]byte(want.Body), &stub) != nil {
		return true, differences, nil
	}
	if json.Unmarshal([]byte(got.Body), &real) != nil {
		return true, append(differences, "the service answers no JSON any more"), nil
	}
	return true, append(differences, shapes("$", stub, real)...), nil
}

// shapes says where two JSON values differ in form.
func shapes(at string, stub, real any) []string {
	if kindOf(stub) != kindOf(real) {
		return []string{fmt.Sprintf("%s is %s, and in the stub %s", at, kindOf(real), kindOf(stub))}
	}
	var out []string
	switch stub := stub.(type) {
	case map[string]any:
		real := real.(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(stub)) {
			if v, there := real[name]; there {
				out = append(out, shapes(at+"."+name, stub[name], v)...)
			} else {
				out = append(out, fmt.Sprintf("%s.%s is not there any more", at, name))
			}
		}
		for _, name := range slices.Sorted(maps.Keys(real)) {
			if _, there := stub[name]; !there {
				out = append(out, fmt.Sprintf("%s.%s is new", at, name))
			}
		}
	case []any:
		if real := real.([]any); len(stub) > 0 && len(real) > 0 {
			out = shapes(at+"[0]", stub[0], real[0])
		}
	}
	return out
}

func kindOf(v any) string {
	switch v.(type) {
	case map[string]any:
		return "an object"
	case []any:
		return "a list"
	case string:
		return "a text"
	case float64:
		return "a number"
	case bool:
		return "true or false"
	}
	return "null"
}
