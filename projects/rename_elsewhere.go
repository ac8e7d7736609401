package projects

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/authflow-studio/authflow/engine/expr"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/flow/yamltext"
)

// RenamedIn is a file that a renamed block took along.
type RenamedIn struct {
	Path, Revision string
}

// RenameElsewhere lets the contracts, scenarios and smoke tests of the project follow
// a block of a flow that has another id now (rule G2). Words, order and comments of
// the files stay. A name that another flow has for a block of its own is changed only
// where it is written with its flow. A file that cannot be read, or is written in a
// form that is not changed in place, is left as it is, and named in the error.
func (p *Project) RenameElsewhere(slug, from, to string) ([]RenamedIn, error) {
	project, _ := p.Load()
	r := renaming{slug: slug, from: from, to: to, alone: true}
	for other, f := range project.Flows {
		r.alone = r.alone && (other == slug || f.Blocks[from] == nil)
	}
	var out []RenamedIn
	var failed error
	for _, dir := range []string{flow.ContractsDir, scenariosDir, flow.SmokeDir} {
		names, err := fs.Glob(p.FS(), dir+"/*.yaml")
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			text, err := p.root.ReadFile(name)
			if err != nil {
				return out, fmt.Errorf("projects: %w", err)
			}
			next, err := r.in(text)
			if err != nil {
				failed = errors.Join(failed, fmt.Errorf("%s still says %s: %w", path.Clean(name), from, err))
				continue
			}
			if string(next) == string(text) {
				continue
			}
			if err := p.write(name, next); err != nil {
				return out, err
			}
			out = append(out, RenamedIn{name, revision(next)})
		}
	}
	return out, failed
}

// renaming changes the texts in which a block is named.
type renaming struct {
	slug, from, to string
	// alone: no other flow has a block of that id.
	alone bool
	text  []byte
}

// Where blocks are named, in contracts and in scenarios: words, conditions, and maps
// whose names are blocks.
var (
	wordsOfBlocks      = []string{"every", "passed", "never", "after", "alike", "path"}
	conditionsOfBlocks = []string{"when", "unless"}
	mapsOfBlocks       = []string{"runs", "faults"}
	// below are what holds more of them.
	below = []string{"contracts", "scenarios", "steps", "expect", "given"}
)

func (r *renaming) in(text []byte) ([]byte, error) {
	if !strings.Contains(string(text), r.from) {
		return text, nil
	}
	var doc any
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return text, err
	}
	r.text = text
	if err := r.walk(doc, nil); err != nil {
		return text, err
	}
	return r.text, nil
}

func (r *renaming) walk(v any, at yamltext.Path) error {
	switch v := v.(type) {
	case []any:
		for i, e := range v {
			if err := r.walk(e, at.Below(i)); err != nil {
				return err
			}
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if err := r.member(name, v[name], at.Below(name)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *renaming) member(name string, v any, at yamltext.Path) error {
	switch {
	case slices.Contains(wordsOfBlocks, name):
		return r.words(v, at)
	case slices.Contains(conditionsOfBlocks, name):
		if s, ok := v.(string); ok && r.alone {
			next, _ := expr.RenameStep(s, r.from, r.to)
			return r.set(at, s, next)
		}
	case slices.Contains(mapsOfBlocks, name):
		m, _ := v.(map[string]any)
		for _, key := range slices.Sorted(maps.Keys(m)) {
			if err := r.key(at, key, m[key]); err != nil {
				return err
			}
		}
	case slices.Contains(below, name):
		return r.walk(v, at)
	}
	return nil
}

func (r *renaming) words(v any, at yamltext.Path) error {
	switch v := v.(type) {
	case string:
		return r.set(at, v, r.word(v))
	case []any:
		for i, e := range v {
			if s, ok := e.(string); ok {
				if err := r.set(at.Below(i), s, r.word(s)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// word changes FLOW.BLOCK:OUTCOME, of which only the block must be there.
func (r *renaming) word(s string) string {
	place, port, hasPort := strings.Cut(s, ":")
	switch {
	case place == r.slug+"."+r.from:
		place = r.slug + "." + r.to
	case place == r.from && r.alone:
		place = r.to
	}
	if hasPort {
		return place + ":" + port
	}
	return place
}

func (r *renaming) key(at yamltext.Path, key string, value any) error {
	next := r.word(key)
	if next == key {
		return nil
	}
	text, err := yamltext.Set(r.text, at.Below(next), value)
	if err == nil {
		text, err = yamltext.Remove(text, at.Below(key))
	}
	if err == nil {
		r.text = text
	}
	return err
}

func (r *renaming) set(at yamltext.Path, old, next string) error {
	if old == next {
		return nil
	}
	text, err := yamltext.Set(r.text, at, next)
	if err == nil {
		r.text = text
	}
	return err
}
