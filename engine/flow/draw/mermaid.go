package draw

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/flow"
)

// Mermaid answers a flow as the text of a Mermaid flow chart: a subgraph for each
// stage, an arrow for each outcome that leads somewhere.
func Mermaid(f *flow.Flow, describe Describe) []byte {
	var b strings.Builder
	b.WriteString("flowchart LR\n")
	ids := slices.Sorted(maps.Keys(f.Blocks))
	for i, ln := range lanesOf(f, &flow.Layout{}, nil) {
		fmt.Fprintf(&b, "  subgraph stage_%d[%s]\n    direction TB\n", i+1, quoted(ln.title))
		for _, id := range ids {
			if f.Blocks[id].Stage == ln.id {
				fmt.Fprintf(&b, "    %s[%s]\n", node(id), quoted(describe(id, f.Blocks[id]).Title+" · "+id))
			}
		}
		b.WriteString("  end\n")
	}
	if f.Blocks[f.Start] != nil {
		fmt.Fprintf(&b, "  start((start)) --> %s\n", node(f.Start))
	}
	for _, id := range ids {
		next := f.Blocks[id].Next
		for _, port := range slices.Sorted(maps.Keys(next)) {
			if f.Blocks[next[port]] != nil {
				fmt.Fprintf(&b, "  %s -->|%s| %s\n", node(id), quoted(port), node(next[port]))
			}
		}
	}
	return []byte(b.String())
}

// node keeps ids away from the words of Mermaid, such as end.
func node(id string) string { return "b_" + id }

var escapes = strings.NewReplacer("&", "#amp;", `"`, "#quot;", "<", "#lt;", ">", "#gt;", "\n", " ")

func quoted(s string) string { return `"` + escapes.Replace(s) + `"` }
