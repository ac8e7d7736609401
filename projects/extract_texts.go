package projects

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
)

// This file moves references over the line between a flow and what is taken out
// of it. The expression reader finds them (it knows texts, comments and names
// that a macro hides) and gives them a name that nothing else has; that name is
// then written as what it is on this side of the line.

const marker = "extracted__"

var (
	marked = regexp.MustCompile(`step\s*(?:\.\s*|\[\s*["'])` + marker + `([a-z][a-z0-9_]*)(?:["']\s*\])?(?:\s*\.\s*([A-Za-z_][A-Za-z0-9_]*))?`)
	inputs = regexp.MustCompile(`\binput\s*\.\s*([a-z][a-z0-9_]*)`)
)

// rewritten changes every reference to a step of the other side.
func (x *extraction) rewritten(b *flow.Block, other func(id string) bool, write func(id, output string) string) map[string]any {
	d, ok := x.c.Descriptor(b.Type)
	if !ok {
		return maps.Clone(b.Config)
	}
	return withTexts(d.Fields, b.Config, func(kind block.Kind, text string) string {
		for _, id := range slices.Sorted(maps.Keys(x.f.Blocks)) {
			if other(id) {
				text = renameText(kind, text, id, marker+id)
			}
		}
		return marked.ReplaceAllStringFunc(text, func(ref string) string {
			parts := marked.FindStringSubmatch(ref)
			return write(parts[1], parts[2])
		})
	})
}

// inward makes inputs of what a block of the part reads outside it.
func (x *extraction) inward(b *flow.Block) map[string]any {
	config := x.rewritten(b, func(id string) bool { return !x.in[id] }, func(id, output string) string {
		name, value := id, "step."+id
		if output != "" {
			name, value = id+"_"+output, value+"."+output
		}
		x.given[name] = "{{ " + value + " }}"
		return "input." + name
	})
	if d, ok := x.c.Descriptor(b.Type); ok {
		// What the flow itself is given is given on.
		withTexts(d.Fields, b.Config, func(_ block.Kind, text string) string {
			for _, found := range inputs.FindAllStringSubmatch(text, -1) {
				if _, declared := x.f.Inputs[found[1]]; declared {
					x.given[found[1]] = "{{ input." + found[1] + " }}"
				}
			}
			return text
		})
	}
	return config
}

// outward reads from the result what a block outside read of the part.
func (x *extraction) outward(b *flow.Block) map[string]any {
	return x.rewritten(b, func(id string) bool { return x.in[id] }, func(id, output string) string {
		read := strings.TrimSuffix(id+"."+output, ".")
		x.taken[read] = true
		return "step." + x.run + ".data." + strings.ReplaceAll(read, ".", "_")
	})
}

// result is the value of an output at an end of the part; one that some way to
// that end has not produced is guarded.
func (x *extraction) result(read, exit string) string {
	id, output, _ := strings.Cut(read, ".")
	if x.certain(id, exit) || output == "" {
		return "{{ step." + read + " }}"
	}
	return "{{ has(step." + read + ") ? dyn(step." + read + `) : dyn("") }}`
}

// certain reports whether every way to an exit passes a block.
func (x *extraction) certain(id, exit string) bool {
	seen := map[string]bool{id: true}
	queue := []string{x.entry}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		if seen[at] {
			continue
		}
		seen[at] = true
		for _, to := range x.f.Blocks[at].Next {
			if to == exit {
				return false
			}
			if x.in[to] {
				queue = append(queue, to)
			}
		}
	}
	return true
}
