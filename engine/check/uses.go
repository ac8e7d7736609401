package check

import (
	"regexp"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
)

// Uses are the blocks that write a value and those that read it, in the order of
// their ids.
type Uses struct {
	Writes []string `json:"writes"`
	Reads  []string `json:"reads"`
}

// Uses answers who writes and who reads a value such as step.risk.level or
// event.user.email. A block that reads or writes all of an object reads or
// writes each of its parts. Of an Action it is told what its code names.
func (c *Checker) Uses(p *flow.Project, slug string, f *flow.Flow, path string) Uses {
	x := newView(c, p, slug, f).inContext(slug)
	x.texts = remember(x, nil).texts
	out := Uses{Writes: []string{}, Reads: []string{}}
	x.eachRead(func(r read) {
		if overlap(r.ref.String(), path) {
			out.Reads = append(out.Reads, r.id)
		}
	})
	for i, id := range x.g.IDs {
		if x.writes(i, path) {
			out.Writes = append(out.Writes, id)
		}
		if source := actionOf(p, x.desc[i], f.Blocks[id].Config); source != "" && namesPath(source, path) {
			out.Reads = append(out.Reads, id)
		}
	}
	slices.Sort(out.Writes)
	slices.Sort(out.Reads)
	out.Reads = slices.Compact(out.Reads)
	return out
}

// overlap tells whether one path is the other or a part of it.
func overlap(a, b string) bool {
	return strings.HasPrefix(a+".", b+".") || strings.HasPrefix(b+".", a+".")
}

func (x *inspection) writes(i int, path string) bool {
	root, rest, _ := strings.Cut(path, ".")
	d := x.desc[i]
	switch {
	case root == "step":
		id, _, _ := strings.Cut(rest, ".")
		return x.g.IDs[i] == id
	case root != "event" || d == nil:
		return false
	case slices.ContainsFunc(d.Changes, func(changed string) bool { return overlap(strings.TrimPrefix(changed, "event."), rest) }):
		return true
	}
	need := needOf(rest)
	if need == "" || d.KeepsUser {
		return false
	}
	for _, facts := range d.Gives {
		if slices.Contains(facts, need) {
			return true
		}
	}
	return false
}

// actionOf is the code that a block runs; "" when it runs none.
func actionOf(p *flow.Project, d *block.Descriptor, config map[string]any) string {
	if d == nil {
		return ""
	}
	for _, f := range d.Fields {
		if f.Kind == block.Action {
			file, _ := config[f.Name].(string)
			return p.Actions[strings.TrimPrefix(file, flow.ActionsDir+"/")]
		}
	}
	return ""
}

// namesPath looks for the first two names of a path in code: step.risk, event.user.
func namesPath(source, path string) bool {
	names := strings.SplitN(path, ".", 3)
	if len(names) < 2 {
		return false
	}
	ref := `\b` + regexp.QuoteMeta(names[0]) + `\s*(?:\??\.\s*|\[\s*["'])` + regexp.QuoteMeta(names[1]) + `\b`
	return regexp.MustCompile(ref).MatchString(source)
}
