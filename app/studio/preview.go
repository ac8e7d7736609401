package studio

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/debug"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/scenario"
	"github.com/authflow-studio/authflow/engine/web"
)

// This file shows pages while they are written.

// PageFacts are what a page can be previewed with.
type PageFacts struct {
	ShownBy []web.ShownBy `json:"shown_by"`
	Locales []string      `json:"locales"`
	// Lived names the blocks, as flow.block, that a run at hand has come to.
	Lived []string `json:"lived"`
}

// pageFacts answers who shows a page, and in which languages.
func (s *Studio) pageFacts(_ context.Context, a pathArg) (*PageFacts, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	p := w.current()
	locales := map[string]bool{p.Settings.WithDefaults().DefaultLocale: true}
	for _, l := range block.Locales() {
		locales[l] = true
	}
	for l := range p.Labels {
		locales[l] = true
	}
	out := &PageFacts{ShownBy: web.Shows(p, s.catalogue, pageName(a.Path)), Locales: slices.Sorted(maps.Keys(locales)), Lived: []string{}}
	for _, by := range out.ShownBy {
		if _, _, ok := lastThrough(w.debugger.Runs(), by.Flow, by.Block); ok {
			out.Lived = append(out.Lived, by.Flow+"."+by.Block)
		}
	}
	return out, nil
}

func pageName(path string) string { return strings.TrimPrefix(path, flow.PagesDir+"/") }

type previewArg struct {
	Path, Text, Flow, Block, Locale string
	Failed                          bool
	// Lived takes the values of the last run that came to the block.
	Lived bool
}

// previewPage shows a page as it stands in the editor, saved or not.
func (s *Studio) previewPage(ctx context.Context, a previewArg) (web.Shown, error) {
	w, err := s.workspace()
	if err != nil {
		return web.Shown{}, err
	}
	p := *w.current()
	p.Pages = maps.Clone(p.Pages)
	if p.Pages == nil {
		p.Pages = map[string]string{}
	}
	p.Pages[pageName(a.Path)] = a.Text
	v := web.Preview{Project: &p, Catalogue: s.catalogue, Path: pageName(a.Path), By: web.ShownBy{Flow: a.Flow, Block: a.Block}, Locale: a.Locale, Failed: a.Failed}
	v.View = block.View{Event: scenario.Presets()[0].Event, Step: s.madeUpSteps(p.Flows[a.Flow]), Input: map[string]any{}, Claims: map[string]any{}, Flow: map[string]any{}}
	if event, steps, ok := lastThrough(w.debugger.Runs(), a.Flow, a.Block); ok && a.Lived {
		v.View.Event = event
		maps.Copy(v.View.Step, steps)
	}
	shown, err := v.Show(ctx)
	if err != nil {
		return shown, &Error{Code: "bad_page", Message: err.Error(), Hint: "See docs/pages.md for what a template can use."}
	}
	return shown, nil
}

// lastThrough answers what the newest run knew when it came to a block.
func lastThrough(runs []debug.Run, slug, id string) (event, steps map[string]any, ok bool) {
	for _, r := range runs {
		_, before, came := placeOf(r, func(f, b string) bool { return f == slug && b == id })
		event, isMap := r.Values["event"].(map[string]any)
		if !came || !isMap {
			continue
		}
		steps := map[string]any{}
		for _, st := range before {
			steps[st.Block] = st.Outputs
		}
		return event, steps, true
	}
	return nil, nil, false
}

// madeUpSteps answers outputs for every block of a flow, by their types.
func (s *Studio) madeUpSteps(f *flow.Flow) map[string]any {
	out := map[string]any{}
	if f == nil {
		return out
	}
	for id, b := range f.Blocks {
		d, ok := s.catalogue.Descriptor(b.Type)
		if !ok {
			continue
		}
		made := map[string]any{}
		for _, o := range d.Outputs {
			made[o.Name] = madeUp(o.Name, o.Type)
		}
		if fields, isList := b.Config["fields"].([]any); isList && b.Type == "page" {
			made["fields"] = madeUpFields(fields)
		}
		out[id] = made
	}
	return out
}

func madeUpFields(rows []any) map[string]any {
	out := map[string]any{}
	for _, row := range rows {
		if r, isMap := row.(map[string]any); isMap {
			if name, _ := r["name"].(string); name != "" {
				out[name] = madeUp(name, "string")
			}
		}
	}
	return out
}

func madeUp(name, kind string) any {
	switch kind {
	case "number", "integer":
		return 1.0
	case "boolean":
		return true
	case "object":
		return map[string]any{}
	case "array":
		return []any{}
	}
	switch name {
	case "identifier", "email", "mail":
		return "ada@example.com"
	case "name":
		return "Ada Lovelace"
	}
	return name
}

// builtinPages answers the pages that blocks bring along, which a page of the
// same path takes the place of.
func (s *Studio) builtinPages(context.Context, none) ([]string, error) {
	return web.BuiltinPages(), nil
}
