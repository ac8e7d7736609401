package yamltext_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/authflow-studio/authflow/engine/flow/yamltext"
)

const sample = `# at the top
given: {person: ada, from: {network: vpn}}   # who

list:
  # the first
  - name: "ä first"   # its name
    expect:
      outcome: signed_in # so
      text: |
        two
        lines

      path: [a, "b:c"]
    # between
    steps:
    - x: 1
    - y: 'it''s'
  - {name: second, expect: {sent: [], page: p}}
last: ~
`

func at(steps ...any) yamltext.Path { return steps }

// Each change leaves everything else as it was, to the byte.
func TestOnlyTheAskedPlaceChanges(t *testing.T) {
	for name, c := range map[string]struct {
		do       func([]byte) ([]byte, error)
		old, new string
	}{
		"a word":                  {set("refused", "list", 0, "expect", "outcome"), "signed_in # so", "refused # so"},
		"a quoted text":           {set("x: y", "list", 0, "name"), `"ä first"   #`, `"x: y"   #`},
		"single quotes":           {set(true, "list", 0, "steps", 1, "y"), `'it''s'`, "true"},
		"lines":                   {set("one", "list", 0, "expect", "text"), "|\n        two\n        lines\n", "one\n"},
		"in a line":               {set("tor", "given", "from", "network"), "network: vpn", "network: tor"},
		"an item":                 {set("z:ok", "list", 0, "expect", "path", 1), `"b:c"`, `"z:ok"`},
		"a whole list":            {set([]any{"q"}, "list", 0, "expect", "path"), `[a, "b:c"]`, "[q]"},
		"a null":                  {set(3, "last"), "~", "3"},
		"a new member in a line":  {set(2, "list", 1, "expect", "sessions"), "page: p}", "page: p, sessions: 2}"},
		"a new member in lines":   {set(2, "list", 0, "expect", "sessions"), `"b:c"]` + "\n", `"b:c"]` + "\n      sessions: 2\n"},
		"a new member of all":     {set("x", "more"), "last: ~\n", "last: ~\nmore: x\n"},
		"remove in a line":        {remove("list", 1, "expect", "sent"), "sent: [], ", ""},
		"remove the last in line": {remove("given", "from"), ", from: {network: vpn}", ""},
		"remove the only one":     {remove("given", "from", "network"), "{network: vpn}", "{}"},
		"remove in lines":         {remove("list", 0, "expect", "outcome"), "      outcome: signed_in # so\n", ""},
		"remove an item":          {remove("list", 0, "steps", 0), "    - x: 1\n", ""},
		"insert into none":        {insert(0, "x", "list", 1, "expect", "sent"), "sent: []", "sent: [x]"},
		"append in a line":        {insert(9, "d", "list", 0, "expect", "path"), `"b:c"]`, `"b:c", d]`},
		"insert in a line":        {insert(0, "d", "list", 0, "expect", "path"), `[a,`, `[d, a,`},
		"append in lines":         {insert(9, map[string]any{"name": "third"}, "list"), "page: p}}\n", "page: p}}\n  - {name: third}\n"},
		"insert in lines":         {insert(0, map[string]any{"name": "third"}, "list"), "  # the first\n", "  - {name: third}\n  # the first\n"},
		"a new list":              {insert(0, map[string]any{"name": "third"}, "more"), "last: ~\n", "last: ~\nmore:\n  - {name: third}\n"},
	} {
		got, err := c.do([]byte(sample))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if strings.Count(sample, c.old) != 1 {
			t.Fatalf("%s: %q stands not once in the sample", name, c.old)
		}
		if want := strings.Replace(sample, c.old, c.new, 1); string(got) != want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, want)
		}
	}
}

func set(v any, steps ...any) func([]byte) ([]byte, error) {
	return func(b []byte) ([]byte, error) { return yamltext.Set(b, at(steps...), v) }
}

func remove(steps ...any) func([]byte) ([]byte, error) {
	return func(b []byte) ([]byte, error) { return yamltext.Remove(b, at(steps...)) }
}

func insert(before int, v any, steps ...any) func([]byte) ([]byte, error) {
	return func(b []byte) ([]byte, error) { return yamltext.Insert(b, at(steps...), before, v) }
}

// Where the place is not certain nothing is changed.
func TestUncertainPlacesAreRefused(t *testing.T) {
	shared := []byte("a: &x {b: 1}\nc: *x\n")
	for name, c := range map[string]struct {
		do   func([]byte) ([]byte, error)
		want error
	}{
		"an anchor":     {set(2, "a", "b"), yamltext.ErrShared},
		"an alias":      {set(2, "c", "b"), yamltext.ErrShared},
		"nothing there": {remove("d"), yamltext.ErrNoPlace},
		"no list":       {set(2, "a", 3), yamltext.ErrShared},
	} {
		if got, err := c.do(shared); !errors.Is(err, c.want) {
			t.Errorf("%s: %v\n%s", name, err, got)
		}
	}
	if _, err := yamltext.Set([]byte("a: 1\n---\nb: 2\n"), at("a"), 2); !errors.Is(err, yamltext.ErrForm) {
		t.Errorf("%v", err)
	}
	if _, err := yamltext.Set([]byte("a: b\n  c\n"), at("a"), 2); !errors.Is(err, yamltext.ErrForm) {
		t.Errorf("%v", err)
	}
}

// What was written reads back as what was meant, whatever the text.
func FuzzSet(f *testing.F) {
	for _, s := range []string{"x", "true", "a: b", "#", "- x", "{", "multi\nline", "'", `"`, "ä", "\x00", "~", "1", "1e3", " x ", "0x1f", "2026-01-15", "@x", "%", "a -b", "/x/", "="} {
		f.Add(s, sample)
	}
	f.Fuzz(func(t *testing.T, s, text string) {
		var before map[string]any
		if yaml.Unmarshal([]byte(text), &before) != nil {
			return
		}
		for name := range before {
			if strings.Trim(name, "abcdefghijklmnopqrstuvwxyz_") != "" {
				continue // numbers as names are read as other texts than they are
			}
			got, err := yamltext.Set([]byte(text), at(name), s)
			if err != nil {
				continue
			}
			var after map[string]any
			if err := yaml.Unmarshal(got, &after); err != nil {
				t.Fatalf("%v\n%s", err, got)
			}
			if strings.ToValidUTF8(s, "\uFFFD") == s && after[name] != s {
				t.Fatalf("%q became %q\n%s", s, after[name], got)
			}
			delete(before, name)
			delete(after, name)
			if !reflect.DeepEqual(before, after) {
				t.Fatalf("%v became %v\n%s\n%s", before, after, text, got)
			}
			return
		}
	})
}
