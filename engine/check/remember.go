package check

import (
	"maps"
	"reflect"
	"slices"
	"sync"
	"time"

	"github.com/authflow-studio/authflow/engine/expr"
	"github.com/authflow-studio/authflow/engine/flow"
)

// This file is what a Checker remembers from one check to the next. Everything is
// compared by its content: what was found is taken over only where all that it
// follows from is the same.

// memory holds what was found last in each flow.
type memory struct {
	mu     sync.Mutex
	flows  map[string]*remembered
	around *around
}

func (m *memory) of(slug string) *remembered {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.flows[slug]
}

func (m *memory) keep(slug string, r *remembered) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.flows == nil {
		m.flows = map[string]*remembered{}
	}
	m.flows[slug] = r
}

// keepOnly forgets the flows that the project does not have.
func (m *memory) keepOnly(p *flow.Project) {
	m.mu.Lock()
	defer m.mu.Unlock()
	maps.DeleteFunc(m.flows, func(slug string, _ *remembered) bool { return p.Flows[slug] == nil })
}

// same answers the remembered surroundings when they are as the new ones, so that
// they can be compared by their address from there on.
func (m *memory) same(now *around) *around {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.around == nil || !reflect.DeepEqual(m.around, now) {
		m.around = now
	}
	return m.around
}

// around is what the project has that rules of places and of flows ask for.
type around struct {
	pages     []string
	actions   map[string]string
	flows     []string
	providers []string
	secrets   []string
	budgets   flow.Budgets
}

func (v *view) around() *around {
	if v.surrounding == nil {
		s := v.p.Settings
		v.surrounding = v.c.memory.same(&around{sortedKeys(v.p.Pages), v.p.Actions, v.slugs(), sortedKeys(s.Providers), secretNames(v.p), s.Budgets})
	}
	return v.surrounding
}

// remembered is what was found in a flow, and what it follows from. It is not
// changed once it is kept.
type remembered struct {
	f        *flow.Flow
	around   *around
	links    links
	problems []Problem

	at     map[string]int // index of a block
	places [][]Problem    // by block: what the rules of places found
	texts  [][]text
	schema *expr.Schema
}

// links are what a flow is told of the others: what is certain before it, and what
// it must know of those that it runs.
type links struct {
	before []string
	runs   []link
}

type link struct {
	name    string
	inputs  map[string]flow.Input
	after   []string
	longest time.Duration
	circle  []string
}

func (v *view) links(slug string) links {
	out := links{before: v.certainBefore(slug)}
	for _, name := range v.runs(slug) {
		l := link{name: name}
		if def := v.flow(name); def != nil {
			l.inputs, l.after, l.longest, l.circle = def.Inputs, v.certainAfter(slug, name), v.throughout(name), v.circle(name, []string{slug})
		}
		out.runs = append(out.runs, l)
	}
	return out
}

// problems answers what all rules find in a flow.
func (v *view) problems(slug string) []Problem {
	if !v.c.Remember {
		_, found := v.inContext(slug).judge(nil)
		return found
	}
	old, now, around := v.c.memory.of(slug), v.links(slug), v.around()
	if old != nil && old.around == around && sameFlow(old.f, v.flow(slug)) && reflect.DeepEqual(old.links, now) {
		return old.problems
	}
	next, found := v.inContext(slug).judge(old)
	next.around, next.links, next.problems = around, now, found
	v.c.memory.keep(slug, next)
	return found
}

// remember looks at the blocks of a flow, as far as old does not say what is there.
func remember(x *inspection, old *remembered) *remembered {
	n := len(x.g.IDs)
	now := &remembered{f: x.f, at: x.g.Index, places: make([][]Problem, n), texts: make([][]text, n)}
	was := x.unchanged(old)
	var steps, inputs map[string]bool
	now.schema, steps, inputs = x.schema(old, was)
	for i, id := range x.g.IDs {
		j := was[i]
		if j >= 0 {
			now.places[i] = old.places[j]
		} else {
			now.places[i] = x.look(i)
		}
		if j >= 0 && !affected(old.texts[j], steps, inputs) {
			now.texts[i] = old.texts[j]
		} else {
			now.texts[i] = textsOf(x.desc[i], x.f.Blocks[id].Config, now.schema)
		}
	}
	return now
}

// unchanged answers for each block the index it had when it was the same and stood
// in the same surroundings; else -1.
func (x *inspection) unchanged(old *remembered) []int {
	was := make([]int, len(x.g.IDs))
	comparable := old != nil && old.around == x.v.around() && old.f.Trigger == x.f.Trigger && slices.Equal(old.f.Stages, x.f.Stages)
	for i, id := range x.g.IDs {
		was[i] = -1
		if !comparable {
			continue
		}
		if j, there := old.at[id]; there && sameBlock(old.f.Blocks[id], x.f.Blocks[id]) {
			was[i] = j
		}
	}
	return was
}

// affected tells whether texts must be compiled again where steps and inputs have
// other types than before: when something was wrong with them, and when they read
// one of these.
func affected(texts []text, steps, inputs map[string]bool) bool {
	return len(steps)+len(inputs) > 0 && slices.ContainsFunc(texts, func(t text) bool {
		return len(t.issues) > 0 || slices.ContainsFunc(t.reads, func(r expr.Ref) bool {
			switch {
			case r.Path[0] == "step":
				return len(r.Path) < 2 || steps[r.Path[1]]
			case r.Path[0] == "input":
				return len(r.Path) < 2 || inputs[r.Path[1]]
			}
			return false
		})
	})
}

// retyped answers the names that are new, gone, or of another type.
func retyped(before, after map[string]*expr.Type) map[string]bool {
	out := map[string]bool{}
	for name, t := range after {
		if was, there := before[name]; !there || was != t && !reflect.DeepEqual(was, t) {
			out[name] = true
		}
	}
	for name := range before {
		if _, there := after[name]; !there {
			out[name] = true
		}
	}
	return out
}
