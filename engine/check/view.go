package check

import (
	"slices"
	"strings"
	"time"

	"github.com/authflow-studio/authflow/engine/block/control"
	"github.com/authflow-studio/authflow/engine/flow"
)

// view is the flows of a project as they run each other. It answers for each what
// is certain where it is begun and after its successful ends: the second bottom-up
// from what it runs, the first top-down from those that run it. Within a circle
// of flows, which is an error, nothing is certain.
type view struct {
	c *Checker
	p *flow.Project
	// edited is the flow that is checked in another version than the project's.
	edited string
	f      *flow.Flow

	before, after map[string][]string
	longest       map[string]time.Duration
	calls         map[string][]string
	seen          map[string]*inspection // each flow with what is certain before it
	surrounding   *around
}

func newView(c *Checker, p *flow.Project, edited string, f *flow.Flow) *view {
	return &view{c: c, p: p, edited: edited, f: f, before: map[string][]string{}, after: map[string][]string{}, longest: map[string]time.Duration{},
		calls: map[string][]string{}, seen: map[string]*inspection{}}
}

// flow answers a flow by its name; nil where there is none.
func (v *view) flow(slug string) *flow.Flow {
	if v.f != nil && slug == v.edited {
		return v.f
	}
	return v.p.Flows[slug]
}

// slugs lists all flows.
func (v *view) slugs() []string {
	out := sortedKeys(v.p.Flows)
	if v.f != nil && v.p.Flows[v.edited] == nil {
		out = append(out, v.edited)
		slices.Sort(out)
	}
	return out
}

// target answers the flow that a run_flow block names; "" when it is computed.
func target(b *flow.Block) string {
	name, _ := b.Config["flow"].(string)
	if strings.Contains(name, "{{") {
		return ""
	}
	return name
}

// runs answers the flows that a flow runs, by name; "" for one that is computed.
func (v *view) runs(slug string) []string {
	if known, ok := v.calls[slug]; ok {
		return known
	}
	var out []string
	if f := v.flow(slug); f != nil {
		for _, b := range f.Blocks {
			if b.Type == control.RunFlowID {
				out = append(out, target(b))
			}
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	v.calls[slug] = out
	return out
}

// reaches tells whether one flow runs another, directly or through others.
func (v *view) reaches(from, to string) bool {
	seen, todo := map[string]bool{from: true}, []string{from}
	for len(todo) > 0 {
		slug := todo[0]
		todo = todo[1:]
		for _, next := range v.runs(slug) {
			if next == to {
				return true
			}
			if !seen[next] {
				seen[next] = true
				todo = append(todo, next)
			}
		}
	}
	return false
}

// inContext answers a flow with what is certain where it is begun.
func (v *view) inContext(slug string) *inspection {
	if x := v.seen[slug]; x != nil {
		return x
	}
	x := v.inspect(slug, v.flow(slug), v.certainBefore(slug))
	v.seen[slug] = x
	return x
}

// certainBefore answers the facts that hold wherever a flow is begun. One that
// can be launched begins with none; one that only other flows run (rule G7)
// begins with what is certain at each of the blocks that run it.
func (v *view) certainBefore(slug string) []string {
	if f := v.flow(slug); f == nil || !f.SubflowOnly {
		return nil
	}
	if known, ok := v.before[slug]; ok {
		return known
	}
	v.before[slug] = v.certainAtCalls(slug)
	return v.before[slug]
}

func (v *view) certainAtCalls(slug string) []string {
	var callers []string
	for _, other := range v.slugs() {
		names := v.runs(other)
		if slices.Contains(names, "") {
			return nil // a computed name may be this one
		}
		if !slices.Contains(names, slug) {
			continue
		}
		if other == slug || v.reaches(slug, other) {
			return nil // a circle
		}
		callers = append(callers, other)
	}
	certain, runs := slices.Clone(facts), 0
	for _, caller := range callers {
		in := v.inContext(caller)
		for i, id := range in.g.IDs {
			if b := in.f.Blocks[id]; b.Type == control.RunFlowID && target(b) == slug && in.reach[i] {
				runs++
				certain = slices.DeleteFunc(certain, func(f string) bool { return !in.sure.fact(i, f) })
			}
		}
	}
	if runs == 0 {
		return nil
	}
	return certain
}

// certainAfter answers the facts that hold at every successful end of a flow that
// another one runs, whatever was certain before.
func (v *view) certainAfter(caller, name string) []string {
	if v.flow(name) == nil || name == caller || v.reaches(name, caller) {
		return nil
	}
	if known, ok := v.after[name]; ok {
		return known
	}
	v.after[name] = v.certainAtEnds(name)
	return v.after[name]
}

func (v *view) certainAtEnds(name string) []string {
	in := v.inspect(name, v.flow(name), nil)
	certain, ends := slices.Clone(facts), 0
	for i := range in.g.IDs {
		if d := in.desc[i]; d != nil && d.Terminal && in.reach[i] && in.endsWell(i) {
			ends++
			certain = slices.DeleteFunc(certain, func(f string) bool { return !in.sure.fact(i, f) })
		}
	}
	if ends == 0 {
		return nil
	}
	return certain
}

// endsWell reports whether a terminal block may end its flow with success.
func (x *inspection) endsWell(i int) bool {
	if x.desc[i].ID == "deny" {
		return false
	}
	success, set := x.f.Blocks[x.g.IDs[i]].Config["success"].(bool)
	return !set || success
}

// throughout answers how long a flow may take at most without a pause.
func (v *view) throughout(name string) time.Duration {
	known, ok := v.longest[name]
	if ok || v.flow(name) == nil {
		return known
	}
	v.longest[name] = 0 // a circle adds nothing
	s := v.inspect(name, v.flow(name), nil).spans()
	v.longest[name] = slices.Max(append(s.until, 0))
	return v.longest[name]
}
