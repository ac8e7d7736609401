package yamltext

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/goccy/go-yaml"
)

// This file makes sure of every change: the new text must read as the old one
// with that change and no other, else it is not answered.

// change is done to a decoded list or mapping that holds the last step of a path.
type change func(in any, step any) any

func sure(before, after []byte, at Path, do change) ([]byte, error) {
	var was, is any
	if err := yaml.Unmarshal(before, &was); err != nil {
		return nil, fmt.Errorf("the file is no YAML: %w", err)
	}
	if err := yaml.Unmarshal(after, &is); err != nil {
		return nil, fmt.Errorf("%s: %w", at, ErrForm)
	}
	want, err := json.Marshal(changed(was, at, do))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", at, ErrForm)
	}
	got, err := json.Marshal(is)
	if err != nil || !bytes.Equal(want, got) {
		return nil, fmt.Errorf("%s: %w", at, ErrForm)
	}
	return after, nil
}

func changed(v any, at Path, do change) any {
	if len(at) == 1 {
		return do(v, at[0])
	}
	switch v := v.(type) {
	case map[string]any:
		name, _ := at[0].(string)
		out := maps.Clone(v)
		out[name] = changed(v[name], at[1:], do)
		return out
	case []any:
		if i, ok := at[0].(int); ok && i < len(v) {
			out := slices.Clone(v)
			out[i] = changed(v[i], at[1:], do)
			return out
		}
	}
	return v
}

func setting(value any) change {
	return func(in, step any) any {
		switch in := in.(type) {
		case []any:
			out := slices.Clone(in)
			if i, ok := step.(int); ok && i < len(in) {
				out[i] = plain(value)
			}
			return out
		case map[string]any:
			out := maps.Clone(in)
			out[fmt.Sprint(step)] = plain(value)
			return out
		}
		return map[string]any{fmt.Sprint(step): plain(value)}
	}
}

func removing(in, step any) any {
	switch in := in.(type) {
	case []any:
		if i, ok := step.(int); ok && i < len(in) {
			return slices.Delete(slices.Clone(in), i, i+1)
		}
	case map[string]any:
		out := maps.Clone(in)
		delete(out, fmt.Sprint(step))
		return out
	}
	return in
}

func inserting(before int, value any) change {
	return func(in, step any) any {
		parent, _ := in.(map[string]any)
		var list []any
		switch p := in.(type) {
		case map[string]any:
			list, _ = p[fmt.Sprint(step)].([]any)
		case []any:
			if i, ok := step.(int); ok && i < len(p) {
				list, _ = p[i].([]any)
				return setting(slices.Insert(slices.Clone(list), min(before, len(list)), plain(value)))(in, step)
			}
		}
		out := maps.Clone(parent)
		if out == nil {
			out = map[string]any{}
		}
		out[fmt.Sprint(step)] = slices.Insert(slices.Clone(list), min(before, len(list)), plain(value))
		return out
	}
}

// plain is a value without an order of its members.
func plain(v any) any {
	switch v := v.(type) {
	case yaml.MapSlice:
		out := map[string]any{}
		for _, e := range v {
			out[fmt.Sprint(e.Key)] = plain(e.Value)
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for name, e := range v {
			out[name] = plain(e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = plain(v[i])
		}
		return out
	}
	return v
}
