package agama

// This file finds the templates that pages show, and turns them into pages.

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/web"
	"github.com/authflow-studio/authflow/projects/agama/dsl"
	"github.com/authflow-studio/authflow/projects/agama/markup"
)

// page is one page of the project.
type page struct {
	path     string // below pages/
	template string // below web/
	made     markup.Page
	missing  bool
	// named leads from a field to the name that a block looks for.
	named map[string]string
}

// page answers the page for a template below web/; each is turned once.
func (imp *importer) page(template, by string, at dsl.Pos) *page {
	template = path.Clean("/" + template)[1:]
	if p := imp.pages[template]; p != nil {
		return p
	}
	p := &page{template: template, path: imp.freePath(template), named: map[string]string{}}
	imp.pages[template] = p
	text, ok := imp.src.files["web/"+template]
	if !ok {
		p.missing = true
		p.made = markup.Page{Text: standard}
		imp.report.add(Entry{Kind: Todo, File: by, Line: at.Line, Column: at.Column, What: fmt.Sprintf("The template web/%s is not in the source. The page pages/%s has no fields yet.", template, p.path),
			Do: "Import the whole .gama archive, or write the page and its fields."})
		return p
	}
	if strings.HasPrefix(p.path, "json") || regexp.MustCompile(`^\s*[\[{]`).Match(text) && !strings.Contains(string(text), "<") {
		imp.report.add(Entry{Kind: Check, File: "web/" + template, Line: 1, What: "The template makes no HTML.", Do: "A native client gets every page as JSON with Accept: application/json (docs/native-clients.md)."})
	}
	p.made = markup.Convert(template, string(text), webFiles{imp.src})
	for _, t := range p.made.Trouble {
		kind := Check
		if t.Serious {
			kind = Todo
		}
		imp.report.add(Entry{Kind: kind, File: "web/" + template, Line: t.Line, What: t.What + ".", Do: t.Do})
	}
	if err := web.CheckTemplate(p.path, p.made.Text); err != nil {
		imp.report.add(Entry{Kind: Todo, File: "web/" + template, Line: 1, What: fmt.Sprintf("The page could not be carried over: as a template here it is wrong (%v). A plain page with the same fields stands in its place.", err), Do: "Write pages/" + p.path + " anew."})
		p.made.Text = standard
	}
	return p
}

// standard is a page with the fields of its block.
const standard = `{{define "content"}}
<h1>{{.Title}}</h1>
{{with .Intro}}<p class="intro">{{.}}</p>{{end}}
{{template "form" .}}
{{end}}{{template "layout" .}}
`

// freePath answers a path that no other page has.
func (imp *importer) freePath(template string) string {
	name := pageName(template)
	for n := 2; imp.paths[strings.ToLower(name)]; n++ {
		ext := path.Ext(name)
		name = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(pageName(template), ext), n, ext)
	}
	imp.paths[strings.ToLower(name)] = true
	return name
}

// webFiles are those below web/.
type webFiles struct{ src *source }

// Template answers another template: beside the one that names it, or from the
// top.
func (w webFiles) Template(from, name string) (string, string, bool) {
	for _, at := range []string{path.Join(path.Dir(from), name), path.Clean("/" + name)[1:]} {
		if text, ok := w.src.files["web/"+at]; ok {
			return at, string(text), true
		}
	}
	return "", "", false
}

// Asset answers a file that a page shows.
func (w webFiles) Asset(from, name string) ([]byte, bool) {
	name, _, _ = strings.Cut(name, "?")
	name = strings.TrimPrefix(name, `{{""}}`) // the context path, which is empty here
	for _, at := range []string{path.Join(path.Dir(from), name), path.Clean("/" + strings.TrimPrefix(strings.TrimPrefix(name, "/"), "fl/"))[1:]} {
		if data, ok := w.src.files["web/"+at]; ok {
			return data, true
		}
	}
	return nil, false
}

func (p *page) title() string {
	if p.made.Title != "" {
		return p.made.Title
	}
	return path.Base(p.template)
}

// titleText is the title as the block's config holds it.
func (p *page) titleText() string { return strings.ReplaceAll(p.made.Title, "{{", `\{{`) }

// secrets are the fields that no expression may read.
func (p *page) secrets() map[string]bool {
	out := map[string]bool{}
	for _, f := range p.made.Fields {
		if f.Type == "password" {
			out[f.Name] = true
		}
	}
	return out
}

// identifier is the field in which a person says who they are.
func (p *page) identifier() string {
	for _, want := range []string{"identifier", "username", "user_name", "login", "userid", "user_id", "uid", "email", "mail"} {
		for _, f := range p.made.Fields {
			if f.Name == want && f.Type != "password" {
				return f.Name
			}
		}
	}
	for _, f := range p.made.Fields {
		if f.Type != "password" && !f.Button && f.Type != "checkbox" {
			return f.Name
		}
	}
	return ""
}

// rename gives a field of the page another name.
func (p *page) rename(from, to string) {
	if slices.ContainsFunc(p.made.Fields, func(f markup.Field) bool { return f.Name == to }) {
		return
	}
	p.named[from] = to
	p.made.Text = strings.ReplaceAll(p.made.Text, `name="`+from+`"`, `name="`+to+`"`)
}

// over answers a page and those that are shown in its place somewhere.
func (imp *importer) over(p *page) []*page {
	out := []*page{p}
	for i := 0; i < len(out); i++ {
		for _, with := range imp.overridden[out[i].template] {
			q := imp.page(with.template, with.by, with.at)
			if !slices.Contains(out, q) {
				out = append(out, q)
			}
		}
	}
	return out
}

// usedBy answers the values that a page, or one in its place, is given.
func (imp *importer) usedBy(p *page) []string {
	var out []string
	for _, q := range imp.over(p) {
		out = append(out, q.made.Uses...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// fields answers the fields of a page and of those in its place, as the config
// of its block names them. What the place of a page asks for cannot be required.
func (imp *importer) fields(p *page) []any {
	var rows []any
	seen := map[string]bool{}
	all := imp.over(p)
	for _, q := range all {
		for _, f := range q.made.Fields {
			name := f.Name
			if to := q.named[name]; to != "" {
				name = to
			}
			if to := p.named[name]; to != "" {
				name = to
				q.rename(f.Name, to)
			}
			if seen[name] {
				continue
			}
			seen[name] = true
			row := map[string]any{"name": name, "type": f.Type, "label": words(name)}
			if f.Required && len(all) == 1 {
				row["required"] = true
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// words writes a name as a person reads it.
func words(name string) string {
	s := strings.ReplaceAll(name, "_", " ")
	return strings.ToUpper(s[:1]) + s[1:]
}

// unshown lists what stands in web/ and is shown by nobody.
func (imp *importer) unshown() []string {
	used := map[string]bool{}
	for template := range imp.pages {
		used["web/"+template] = true
	}
	var out []string
	for name := range imp.src.files {
		if strings.HasPrefix(name, "web/") && !used[name] && strings.Contains(path.Ext(name), "ft") {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}
