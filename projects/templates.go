package projects

import (
	"embed"
	"fmt"
	"io/fs"
	"sort"

	"github.com/go-json-experiment/json"

	"github.com/authflow-studio/authflow/engine/flow"
)

//go:embed all:templates
var templates embed.FS

// aboutFile says of a template what its project does not; it is not copied.
const aboutFile = "template.json"

// DefaultTemplate is what a new project begins with.
const DefaultTemplate = "starter"

// order is that of the gallery: the plain one first.
var order = []string{DefaultTemplate, "risk-based", "passwordless", "registration-guard", "token-enrichment", "subflows"}

// Template is a project to start from.
type Template struct {
	Name    string   `json:"name"`
	Title   string   `json:"title"`
	Summary string   `json:"summary"`
	Shows   []string `json:"shows"`
	// Main is the flow to look at and to run first.
	Main    string   `json:"main"`
	Flows   []string `json:"flows"`
	Blocks  int      `json:"blocks"`
	Preview Preview  `json:"preview"`
}

// about is the content of template.json.
type about struct {
	Shows []string `json:"shows"`
	Main  string   `json:"main,omitempty"`
	// Own are the files that differ from those of the starter, Without those
	// that are left out. All others are the starter's: a test holds them equal,
	// so that what is bettered there is bettered everywhere.
	Own     []string `json:"own,omitempty"`
	Without []string `json:"without,omitempty"`
}

// Templates lists the shipped templates in the order of the gallery.
func Templates() ([]Template, error) {
	var out []Template
	for _, name := range order {
		t, err := template(name)
		if err != nil {
			return nil, fmt.Errorf("projects: the template %s: %w", name, err)
		}
		out = append(out, t)
	}
	return out, nil
}

func template(name string) (Template, error) {
	fsys, err := TemplateFS(name)
	if err != nil {
		return Template{}, err
	}
	a, err := readAbout(name)
	if err != nil {
		return Template{}, err
	}
	p, problems := flow.Load(fsys)
	if len(problems) > 0 {
		return Template{}, problems[0]
	}
	t := Template{Name: name, Title: p.Settings.Name, Summary: p.Settings.Description, Shows: a.Shows, Main: a.Main}
	if t.Main == "" {
		t.Main = "login"
	}
	for slug, f := range p.Flows {
		t.Flows = append(t.Flows, slug)
		t.Blocks += len(f.Blocks)
	}
	sort.Strings(t.Flows)
	t.Preview, err = previewOf(fsys, t.Main)
	return t, err
}

func readAbout(name string) (about, error) {
	var a about
	text, err := fs.ReadFile(templates, "templates/"+name+"/"+aboutFile)
	if err == nil {
		err = json.Unmarshal(text, &a, json.RejectUnknownMembers(true))
	}
	if err != nil {
		return a, fmt.Errorf("projects: %s of the template %s: %w", aboutFile, name, err)
	}
	return a, nil
}

// TemplateFS answers the files of a template.
func TemplateFS(name string) (fs.FS, error) {
	if !flow.ValidSlug(name) {
		return nil, fmt.Errorf("projects: there is no template %q", name)
	}
	fsys, err := fs.Sub(templates, "templates/"+name)
	if err != nil {
		return nil, fmt.Errorf("projects: %w", err)
	}
	if _, err := fs.Stat(fsys, flow.SettingsFile); err != nil {
		return nil, fmt.Errorf("projects: there is no template %q; authflow new --list shows them", name)
	}
	return fsys, nil
}
