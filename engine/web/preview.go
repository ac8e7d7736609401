package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
)

// This file shows pages without a run, for whoever writes them.

// BuiltinPages answers the paths of the pages that the engine brings along.
func BuiltinPages() []string {
	var out []string
	_ = fs.WalkDir(builtin, "pages", func(path string, d fs.DirEntry, err error) error {
		if name := strings.TrimPrefix(path, "pages/"); err == nil && !d.IsDir() && name != "layout.html" {
			out = append(out, name)
		}
		return nil
	})
	slices.Sort(out)
	return out
}

// BuiltinPage answers the template of a page that the engine brings along.
func BuiltinPage(path string) (string, bool) {
	text, err := builtin.ReadFile("pages/" + path)
	return string(text), err == nil && path != "layout.html"
}

// ShownBy is a block that shows a page.
type ShownBy struct {
	Flow  string `json:"flow"`
	Block string `json:"block"`
	Type  string `json:"type"`
}

// Shows answers the blocks of a project that name a page in their settings, or
// leave it at the one that they bring along.
func Shows(p *flow.Project, c *block.Catalogue, path string) []ShownBy {
	out := []ShownBy{}
	for _, slug := range slices.Sorted(maps.Keys(p.Flows)) {
		f := p.Flows[slug]
		for _, id := range slices.Sorted(maps.Keys(f.Blocks)) {
			if template, ok := templateOf(c, f.Blocks[id]); ok && template == path {
				out = append(out, ShownBy{Flow: slug, Block: id, Type: f.Blocks[id].Type})
			}
		}
	}
	return out
}

func templateOf(c *block.Catalogue, b *flow.Block) (string, bool) {
	d, ok := c.Descriptor(b.Type)
	if !ok {
		return "", false
	}
	for _, f := range d.Fields {
		if f.Kind != block.Page {
			continue
		}
		named, _ := b.Config[f.Name].(string)
		if named == "" {
			named, _ = f.Default.(string)
		}
		return named, named != ""
	}
	return "", false
}

// Preview is a page to be shown without a run.
type Preview struct {
	Project   *flow.Project
	Catalogue *block.Catalogue
	// Path below pages/.
	Path string
	// By is the block whose settings are shown; without one it is what the page
	// of that path is shown with as a rule.
	By ShownBy
	// View is what the block's settings are computed over.
	View block.View
	// Locale of the person; "" is the project's own.
	Locale string
	// Failed shows the page as after an answer that was not taken.
	Failed bool
}

// Shown is a previewed page. Notes say what could not be computed.
type Shown struct {
	HTML  string   `json:"html"`
	Notes []string `json:"notes,omitempty"`
}

// Show renders the page, its style within.
func (v Preview) Show(ctx context.Context) (Shown, error) {
	var out Shown
	page, err := v.page(ctx)
	if err != nil {
		out.Notes = append(out.Notes, err.Error())
	}
	page.Template = v.Path
	if v.Failed {
		fail(&page)
	}
	var locales []string
	if v.Locale != "" {
		locales = []string{v.Locale}
	}
	d := newPageData(v.Project, locales, &run.State{Event: v.View.Event, Page: &page})
	if v.Path == "message.html" {
		d.Restart = true
	}
	t, err := (&renderer{}).template(v.Project, v.Path, locales)
	if err != nil {
		return out, err
	}
	var html bytes.Buffer
	if err := t.Execute(&html, d); err != nil {
		return out, templateError(v.Path, err)
	}
	style, err := builtin.ReadFile("style.css")
	if err != nil {
		return out, err
	}
	out.HTML = strings.Replace(html.String(), `<link rel="stylesheet" href="`+StylePath+`">`, "<style>"+string(style)+"</style>", 1)
	return out, nil
}

// page answers what the block asks the person. Blocks that only show are run;
// others would begin something, and are shown with made-up values.
func (v Preview) page(ctx context.Context) (block.PageRequest, error) {
	f := v.Project.Flows[v.By.Flow]
	if f == nil || f.Blocks[v.By.Block] == nil {
		return v.sample(v.Path), nil
	}
	b := f.Blocks[v.By.Block]
	asks, ok := v.Catalogue.Block(b.Type)
	desc, _ := v.Catalogue.Descriptor(b.Type)
	if !ok || b.Type != "page" && b.Type != "choose" {
		return v.sample(defaultPage(desc)), nil
	}
	call := block.NewCall(ctx, &block.Env{Project: v.Project}, nothingIsDone{}, nil, nil)
	call.ID, call.FlowID, call.Block, call.Desc, call.View = v.By.Block, v.By.Flow, b, desc, v.View
	res, err := asks.Run(call)
	if err != nil || res.Page == nil {
		page := v.sample(v.Path)
		return page, fmt.Errorf("shown with made-up values, because the settings of %s cannot be computed: %w", v.By.Block, err)
	}
	return *res.Page, nil
}

// sample is a copy that may be changed.
func (v Preview) sample(path string) block.PageRequest {
	p, ok := samples[path]
	if !ok {
		if p, ok = samples[v.Path]; !ok {
			p = samples["page.html"]
		}
	}
	p.Model = maps.Clone(p.Model)
	p.Fields = slices.Clone(p.Fields)
	return p
}

func defaultPage(d *block.Descriptor) string {
	if d == nil {
		return ""
	}
	for _, f := range d.Fields {
		if f.Kind == block.Page {
			path, _ := f.Default.(string)
			return path
		}
	}
	return ""
}

// fail marks what is marked when an answer is not taken.
func fail(p *block.PageRequest) {
	p.Fields = slices.Clone(p.Fields)
	for i := range p.Fields {
		if p.Fields[i].Type == "code" {
			p.Error = "error.wrong_code"
			return
		}
		if p.Fields[i].Required && p.Fields[i].Value == "" {
			p.Fields[i].Error = "error.required"
			return
		}
	}
	p.Error = "error.wrong_credentials"
}

// nothingIsDone refuses every effect: a preview changes nothing.
type nothingIsDone struct{}

func (nothingIsDone) Effect(kind string, _ jsontext.Value, _ func() (jsontext.Value, error)) (jsontext.Value, error) {
	return nil, errors.New("a preview does nothing, and this asks for " + kind)
}
