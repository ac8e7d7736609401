package projects

import (
	"fmt"
	"maps"
	"slices"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/expr"
	"github.com/authflow-studio/authflow/engine/flow"
)

// RenameBlock gives a block another id; edges, the start, positions and every
// expression that reads its outputs follow (rule G2). The documents are changed
// in place.
func RenameBlock(c *block.Catalogue, f *flow.Flow, l *flow.Layout, from, to string) error {
	switch {
	case f.Blocks[from] == nil:
		return fmt.Errorf("projects: there is no block %q", from)
	case !flow.ValidID(to):
		return fmt.Errorf("projects: %q cannot be the id of a block: use lower case letters, digits and _, beginning with a letter", to)
	case from == to:
		return nil
	case f.Blocks[to] != nil:
		return fmt.Errorf("projects: there is a block %q already", to)
	}
	f.Blocks[to] = f.Blocks[from]
	delete(f.Blocks, from)
	if f.Start == from {
		f.Start = to
	}
	if pos, ok := l.Blocks[from]; ok {
		l.Blocks[to] = pos
		delete(l.Blocks, from)
	}
	for _, frame := range l.Frames {
		if i := slices.Index(frame.Blocks, from); i >= 0 {
			frame.Blocks[i] = to
		}
	}
	if e, ok := l.Expanded[from]; ok {
		l.Expanded[to] = e
		delete(l.Expanded, from)
	}
	for _, e := range l.Expanded {
		if by, ok := e.Moved[from]; ok {
			e.Moved[to] = by
			delete(e.Moved, from)
		}
	}
	for _, b := range f.Blocks {
		for port, target := range b.Next {
			if target == from {
				b.Next[port] = to
			}
		}
		if d, ok := c.Descriptor(b.Type); ok {
			b.Config = renameIn(d.Fields, b.Config, from, to)
		}
	}
	return nil
}

func renameIn(fields []block.Field, config map[string]any, from, to string) map[string]any {
	return withTexts(fields, config, func(kind block.Kind, text string) string { return renameText(kind, text, from, to) })
}

// withTexts answers a config whose expressions and templates are changed; the
// rest, and the config itself, stay.
func withTexts(fields []block.Field, config map[string]any, change func(block.Kind, string) string) map[string]any {
	out := maps.Clone(config)
	for _, f := range fields {
		switch v := out[f.Name].(type) {
		case string:
			out[f.Name] = change(f.Kind, v)
		case map[string]any:
			if f.Kind == block.Map {
				m := maps.Clone(v)
				for k, e := range m {
					if s, ok := e.(string); ok {
						m[k] = change(block.Template, s)
					}
				}
				out[f.Name] = m
			}
		case []any:
			rows := make([]any, len(v))
			for i, r := range v {
				rows[i] = r
				switch row := r.(type) {
				case map[string]any:
					rows[i] = withTexts(f.Items, row, change)
				case string: // a list of texts may hold {{ … }} as well
					rows[i] = change(block.Template, row)
				}
			}
			out[f.Name] = rows
		}
	}
	return out
}

func renameText(kind block.Kind, text, from, to string) string {
	switch kind {
	case block.Expression:
		text, _ = expr.RenameStep(text, from, to)
	case block.Template:
		text, _ = expr.RenameStepInTemplate(text, from, to)
	}
	return text
}
