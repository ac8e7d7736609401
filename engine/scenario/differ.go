package scenario

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/flow/yamltext"
)

// This file holds what there is against what was expected.

// plain answers a value as JSON has it.
func plain(v any) map[string]any {
	text, err := json.Marshal(v)
	if err != nil {
		return map[string]any{}
	}
	out := map[string]any{}
	_ = json.Unmarshal(text, &out) // it was an object when it was written
	return out
}

// differences answers what of want is not so in got: null means absent, a text
// between slashes is a pattern, and a name with dots leads into an object.
func (r *runner) differences(ctx context.Context, at yamltext.Path, want, got map[string]any) ([]miss, error) {
	var out []miss
	for _, name := range slices.Sorted(maps.Keys(want)) {
		value, there := lookup(got, name)
		w, err := r.filledValue(ctx, want[name])
		if err != nil {
			return nil, err
		}
		where := at.Below(name)
		inner, isObject := w.(map[string]any)
		gotObject, gotIsObject := value.(map[string]any)
		switch {
		case w == nil && !there:
		case w == nil:
			out = append(out, forbidden(fmt.Sprintf("%s is %s, and should not be there", where, short(value))))
		case !there:
			hint := ""
			if near := nearName(name, got); near != "" {
				hint = fmt.Sprintf(" (did you mean %s?)", near)
			}
			out = append(out, missed(fmt.Sprintf("%s is not there, and should be %s%s", where, short(w), hint), set(nil, where...)))
		case isObject && gotIsObject:
			found, err := r.differences(ctx, where, inner, gotObject)
			if err != nil {
				return nil, err
			}
			out = append(out, found...)
		default:
			same, err := equal(w, value)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", where, err)
			}
			if !same {
				out = append(out, missed(fmt.Sprintf("%s is %s, and should be %s", where, short(value), short(w)), set(literal(value), where...)))
			}
		}
	}
	return out, nil
}

func lookup(in map[string]any, name string) (any, bool) {
	if v, ok := in[name]; ok {
		return v, v != nil
	}
	head, rest, dotted := strings.Cut(name, ".")
	inner, ok := in[head].(map[string]any)
	if !dotted || !ok {
		return nil, false
	}
	return lookup(inner, rest)
}

func equal(want, got any) (bool, error) {
	text, isText := want.(string)
	if isText && len(text) > 1 && strings.HasPrefix(text, "/") && strings.HasSuffix(text, "/") {
		pattern, err := regexp.Compile(text[1 : len(text)-1])
		if err != nil {
			return false, fmt.Errorf("%s is no pattern: %w", text, err)
		}
		s, ok := got.(string)
		return ok && pattern.MatchString(s), nil
	}
	return short(want) == short(got), nil
}

// filledValue fills in every text of a value.
func (r *runner) filledValue(ctx context.Context, v any) (any, error) {
	switch v := v.(type) {
	case string:
		if m := placeholder.FindStringSubmatch(v); m != nil && m[0] == v {
			if rest, ok := strings.CutPrefix(m[1], "variant."); ok {
				if value, ok := r.variant[rest]; ok && !isText(value) {
					return value, nil // with its type
				}
			}
		}
		return r.fill(ctx, v)
	case map[string]any:
		out := make(map[string]any, len(v))
		for _, name := range slices.Sorted(maps.Keys(v)) {
			var err error
			if out[name], err = r.filledValue(ctx, v[name]); err != nil {
				return nil, err
			}
		}
		return out, nil
	case []any:
		out := make([]any, len(v))
		for i := range v {
			var err error
			if out[i], err = r.filledValue(ctx, v[i]); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return v, nil
}

func isText(v any) bool {
	_, ok := v.(string)
	return ok
}

// short is a value as one line of JSON.
func short(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}

// nearName answers the member that was most likely meant.
func nearName(name string, got map[string]any) string {
	return flow.Nearest(name, slices.Sorted(maps.Keys(got)))
}
