package flow

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// EncodeLike writes v in the order that a file has now, so that a change is as
// small in the file as it is in meaning: what was there keeps its place, what is
// new comes after it by name. What means the same is left as it is, to the byte.
func EncodeLike(v any, before []byte) ([]byte, error) {
	now, err := Encode(v)
	if err != nil || len(before) == 0 {
		return now, err
	}
	if same(now, before) {
		return before, nil
	}
	ordered, err := inOrderOf(jsontext.Value(now), jsontext.Value(before))
	if err != nil {
		// What cannot be read has no order.
		return now, nil
	}
	if err := ordered.Indent(jsontext.WithIndent("  ")); err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	return append(ordered, '\n'), nil
}

func same(a, b []byte) bool {
	x, y := jsontext.Value(bytes.Clone(a)), jsontext.Value(bytes.Clone(b))
	return x.Canonicalize() == nil && y.Canonicalize() == nil && bytes.Equal(x, y)
}

// member is a name, quoted as it stands in the text, and its value.
type member struct {
	name  string
	value jsontext.Value
}

func inOrderOf(now, before jsontext.Value) (jsontext.Value, error) {
	if now.Kind() != before.Kind() {
		return now, nil
	}
	switch now.Kind() {
	case '{':
		return objectInOrderOf(now, before)
	case '[':
		return listInOrderOf(now, before)
	}
	return now, nil
}

func objectInOrderOf(now, before jsontext.Value) (jsontext.Value, error) {
	news, err := parts(now)
	if err != nil {
		return nil, err
	}
	olds, err := parts(before)
	if err != nil {
		return nil, err
	}
	left := make(map[string]jsontext.Value, len(news))
	for _, m := range news {
		left[m.name] = m.value
	}
	var out []string
	write := func(name string, value jsontext.Value) { out = append(out, name+":"+string(value)) }
	for _, old := range olds {
		value, still := left[old.name]
		if !still {
			continue
		}
		delete(left, old.name)
		if value, err = inOrderOf(value, old.value); err != nil {
			return nil, err
		}
		write(old.name, value)
	}
	for _, m := range news {
		if value, new := left[m.name]; new {
			write(m.name, value)
		}
	}
	return jsontext.Value("{" + strings.Join(out, ",") + "}"), nil
}

func listInOrderOf(now, before jsontext.Value) (jsontext.Value, error) {
	news, err := parts(now)
	if err != nil {
		return nil, err
	}
	olds, err := parts(before)
	if err != nil {
		return nil, err
	}
	var out []string
	for i, m := range news {
		value := m.value
		if i < len(olds) {
			if value, err = inOrderOf(value, olds[i].value); err != nil {
				return nil, err
			}
		}
		out = append(out, string(value))
	}
	return jsontext.Value("[" + strings.Join(out, ",") + "]"), nil
}

// parts answers the members of an object, or the entries of a list.
func parts(v jsontext.Value) ([]member, error) {
	d := jsontext.NewDecoder(bytes.NewReader(v))
	open, err := d.ReadToken()
	if err != nil {
		return nil, err
	}
	var all []member
	for d.PeekKind() != '}' && d.PeekKind() != ']' {
		var m member
		if open.Kind() == '{' {
			name, err := d.ReadValue()
			if err != nil {
				return nil, err
			}
			m.name = string(name)
		}
		value, err := d.ReadValue()
		if err != nil {
			return nil, err
		}
		m.value = value.Clone()
		all = append(all, m)
	}
	return all, nil
}
