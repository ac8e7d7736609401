package check_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/block/control"
	"github.com/authflow-studio/authflow/engine/check"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/projects"
)

// A Checker that remembers finds what one that has never seen the project finds,
// after any change: the projects are those of the templates, the changes random.
func TestK1_WhatIsRememberedChangesNoFinding(t *testing.T) {
	pool := script.NewPool(script.Options{Workers: 1})
	defer pool.Close()
	list, err := projects.Templates()
	if err != nil {
		t.Fatal(err)
	}
	changed := map[string]int{}
	for n, tpl := range list {
		fsys, err := projects.TemplateFS(tpl.Name)
		if err != nil {
			t.Fatal(err)
		}
		p, unreadable := flow.Load(fsys)
		if len(unreadable) > 0 {
			t.Fatal(unreadable)
		}
		typing := &check.Checker{Catalogue: catalogue.All(), Scripts: pool, Remember: true}
		e := &editor{Rand: rand.New(rand.NewPCG(uint64(n), 7)), p: p}
		for range 60 {
			what := e.edit()
			changed[what]++
			fresh := &check.Checker{Catalogue: catalogue.All(), Scripts: pool}
			got, want := said(t, typing.Project(t.Context(), e.p, nil)), said(t, fresh.Project(t.Context(), e.p, nil))
			if got != want {
				t.Fatalf("%s, after %s:\nremembering: %s\nafresh:      %s", tpl.Name, what, got, want)
			}
			slug := e.slug()
			edited := clone(e.p.Flows[slug])
			e.inFlow(edited)
			got, want = said(t, typing.Flow(e.p, slug, edited)), said(t, fresh.Flow(e.p, slug, edited))
			if got != want {
				t.Fatalf("%s, %s as it is typed:\nremembering: %s\nafresh:      %s", tpl.Name, slug, got, want)
			}
		}
	}
	if len(changed) < 10 {
		t.Errorf("too few kinds of changes were made: %v", changed)
	}
}

// A block with a field more must be compared by it, too.
func TestBlocksAreComparedByAllTheirFields(t *testing.T) {
	if n := reflect.TypeFor[flow.Block]().NumField(); n != 6 {
		t.Errorf("a block has %d fields: look at sameBlock in same.go", n)
	}
}

func said(t *testing.T, ps []check.Problem) string {
	t.Helper()
	text, err := json.Marshal(ps)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// editor changes a project at random. What it was given stays as it was: each
// change makes a new project, as each save does.
type editor struct {
	*rand.Rand
	p *flow.Project
}

func clone(f *flow.Flow) *flow.Flow {
	text, err := json.Marshal(f)
	if err != nil {
		panic(err)
	}
	var out flow.Flow
	if err := json.Unmarshal(text, &out); err != nil {
		panic(err)
	}
	return &out
}

func (e *editor) slug() string { return pick(e, slices.Sorted(maps.Keys(e.p.Flows))) }

func pick[T any](e *editor, list []T) T { return list[e.IntN(len(list))] }

func (e *editor) edit() string {
	next := *e.p
	next.Flows, next.Pages, next.Actions = maps.Clone(e.p.Flows), maps.Clone(e.p.Pages), maps.Clone(e.p.Actions)
	e.p = &next
	slug := e.slug()
	switch e.IntN(15) {
	case 0:
		if len(next.Flows) > 2 {
			delete(next.Flows, slug)
		}
		return "a flow less"
	case 1:
		next.Flows[fmt.Sprintf("copy_%d", e.IntN(3))] = clone(next.Flows[slug])
		return "a flow more"
	case 2:
		if next.Pages == nil {
			next.Pages = map[string]string{}
		}
		next.Pages[pick(e, []string{"sign_in.html", "new.html"})] = pick(e, []string{"<p>", `{{label "none"}}`, "{{.Broken"})
		return "a page"
	case 3:
		for name := range next.Pages {
			delete(next.Pages, name)
			break
		}
		return "a page less"
	case 4:
		for name := range next.Actions {
			next.Actions[name] = pick(e, []string{"export default () => {}", "/**\n * @port late\n * @output {string} kind - k\n */\nexport default () => {}", "oops ("})
		}
		return "an Action"
	case 14:
		next.Settings.Secrets = pick(e, [][]flow.Secret{nil, {{Name: "KEY"}}, {{Name: "OTHER"}}})
		return "a secret"
	case 5:
		next.Settings.Budgets.Run = flow.Duration(pick(e, []time.Duration{0, time.Second, time.Hour}))
		return "a budget"
	default:
		next.Flows[slug] = clone(next.Flows[slug])
		return e.inFlow(next.Flows[slug])
	}
}

// inFlow changes a flow in place.
func (e *editor) inFlow(f *flow.Flow) string {
	ids := slices.Sorted(maps.Keys(f.Blocks))
	if len(ids) == 0 {
		f.Blocks = map[string]*flow.Block{"first": {Type: "finish"}}
		return "a first block"
	}
	id := pick(e, ids)
	b := f.Blocks[id]
	if b.Config == nil {
		b.Config = map[string]any{}
	}
	switch e.IntN(12) {
	case 0:
		delete(f.Blocks, id)
		return "a block less"
	case 1:
		f.Blocks[pick(e, []string{"risk", "extra", "Odd id"})] = &flow.Block{Type: pick(e, catalogue.All().IDs()), Stage: b.Stage, Next: map[string]string{"next": id}}
		return "a block more"
	case 2:
		delete(f.Blocks, id)
		f.Blocks[id+"_2"] = b
		return "another id"
	case 3:
		b.Type = pick(e, append(catalogue.All().IDs(), "none"))
		return "another type"
	case 4:
		b.Stage = pick(e, []string{"pre_login", "post_login", "main", "none"})
		return "another stage"
	case 5, 6:
		if b.Next == nil {
			b.Next = map[string]string{}
		}
		b.Next[pick(e, []string{"next", "ok", "failed", "error", "success", "submitted"})] = pick(e, append(ids, "none"))
		return "a connection"
	case 7:
		b.Type, b.Config = control.RunFlowID, map[string]any{"flow": e.slug(), "inputs": map[string]any{"who": "{{ step." + pick(e, ids) + ".x }}"}}
		return "a flow that is run"
	case 8:
		f.SubflowOnly = !f.SubflowOnly
		return "for others only"
	case 9:
		f.Inputs = map[string]flow.Input{"who": {Type: pick(e, []string{"string", "integer"}), Required: e.IntN(2) == 0}}
		return "an input"
	case 10:
		f.Trigger, f.Stages = flow.Custom, []string{pick(e, []string{"main", "pre_login"})}
		return "other stages"
	}
	b.Config[pick(e, []string{"template", "identifier", "values", "rows", "flow", "value", "url"})] = pick(e, []any{
		"{{ step." + pick(e, ids) + ".score }}", "step." + pick(e, ids) + ".score > 1", "{{ input.who + 1 }}", "page.html", "Bearer [secret KEY]", 5.0,
		[]any{map[string]any{"port": "next", "when": "step." + pick(e, ids) + ".score > 5 && input.who == ''"}},
		map[string]any{"plan": "{{ event.user.email }}"}})
	return "a setting"
}
