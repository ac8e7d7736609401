package projects_test

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/projects"
)

// share writes the starter's files into the other templates again:
// go test ./projects -run TestTemplatesShareTheStarter -share
var share = flag.Bool("share", false, "copy the starter's files into the templates that share them")

type about struct {
	Own     []string `json:"own"`
	Without []string `json:"without"`
}

// A template differs from the starter only where its template.json says so.
func TestTemplatesShareTheStarter(t *testing.T) {
	starter := os.DirFS("templates/starter")
	for _, tpl := range list(t) {
		if tpl.Name == projects.DefaultTemplate {
			continue
		}
		dir := filepath.Join("templates", tpl.Name)
		var a about
		text, err := os.ReadFile(filepath.Join(dir, "template.json"))
		if err == nil {
			err = json.Unmarshal(text, &a)
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files(t, starter) {
			want, err := fs.ReadFile(starter, name)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, filepath.FromSlash(name))
			have, err := os.ReadFile(path)
			switch {
			case name == "template.json", strings.HasPrefix(name, "scenarios/"), strings.HasPrefix(name, "contracts/"):
				// What is said of flows, and tried with them, is each template's own.
			case strings.HasPrefix(name, "labels/"):
				for key := range labels(t, want) {
					if _, ok := labels(t, have)[key]; !ok {
						t.Errorf("%s lacks the label %s of the starter", path, key)
					}
				}
			case slices.Contains(a.Without, name):
				if err == nil {
					t.Errorf("%s is there, and template.json leaves it out", path)
				}
			case slices.Contains(a.Own, name):
				if err != nil || bytes.Equal(have, want) {
					t.Errorf("%s is the starter's after all: take it out of own (%v)", path, err)
				}
			case *share:
				if err := os.WriteFile(path, want, 0o644); err != nil {
					t.Fatal(err)
				}
			case err != nil || !bytes.Equal(have, want):
				t.Errorf("%s is not the starter's; run this test with -share, or name it under own in template.json", path)
			}
		}
	}
}

func labels(t *testing.T, text []byte) map[string]string {
	t.Helper()
	out := map[string]string{}
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func list(t *testing.T) []projects.Template {
	t.Helper()
	out, err := projects.Templates()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func files(t *testing.T, fsys fs.FS) []string {
	t.Helper()
	var out []string
	if err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			out = append(out, name)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// Every folder is in the list, and every new project has the flows that every
// project has, in words of both languages.
func TestTemplatesAreWhole(t *testing.T) {
	folders, err := os.ReadDir("templates")
	if err != nil {
		t.Fatal(err)
	}
	all := list(t)
	if len(all) != len(folders) {
		t.Errorf("%d templates are listed, and there are %d folders", len(all), len(folders))
	}
	for _, tpl := range all {
		for _, slug := range []string{"login", "registration", "password_reset", "mfa_enrollment", "mfa_verify", "token_refresh", "logout"} {
			if !slices.Contains(tpl.Flows, slug) {
				t.Errorf("%s has no flow %s", tpl.Name, slug)
			}
		}
		if tpl.Title == "" || tpl.Summary == "" || len(tpl.Shows) == 0 || !slices.Contains(tpl.Flows, tpl.Main) {
			t.Errorf("%s does not say what it is: %+v", tpl.Name, tpl)
		}
		if len(tpl.Preview.Cards) == 0 || len(tpl.Preview.Edges) == 0 || tpl.Preview.Width < 600 || tpl.Preview.Height < 300 {
			t.Errorf("%s has no drawing: %+v", tpl.Name, tpl.Preview)
		}
		dir := filepath.Join(t.TempDir(), "new")
		p, err := projects.Create(dir, tpl.Name, "Mine")
		if err != nil {
			t.Fatal(err)
		}
		loaded, problems := p.Load()
		if len(problems) > 0 || loaded.Settings.Name != "Mine" {
			t.Errorf("%s: %v, named %q", tpl.Name, problems, loaded.Settings.Name)
		}
		en, de := loaded.Labels["en"], loaded.Labels["de"]
		for key := range en {
			if de[key] == "" {
				t.Errorf("%s: no German for %s", tpl.Name, key)
			}
		}
		if len(en) != len(de) {
			t.Errorf("%s: %d labels in English, %d in German", tpl.Name, len(en), len(de))
		}
		for _, name := range []string{"README.md", flow.WorldFile, flow.ClientsFile} {
			if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
				t.Error(tpl.Name, err)
			}
		}
		if _, err := os.Stat(filepath.Join(dir, "template.json")); err == nil {
			t.Errorf("%s: template.json is no part of a project", tpl.Name)
		}
		p.Close()
	}
}

// Cards stand in their lanes, in reading order, and none lies on another.
func TestTemplatesAreDrawnWell(t *testing.T) {
	const width, gap = 224, 16
	for _, tpl := range list(t) {
		fsys, err := projects.TemplateFS(tpl.Name)
		if err != nil {
			t.Fatal(err)
		}
		p, _ := flow.Load(fsys)
		for slug, f := range p.Flows {
			text, err := fs.ReadFile(fsys, flow.LayoutPath(slug))
			if err != nil {
				t.Errorf("%s/%s: %v", tpl.Name, slug, err)
				continue
			}
			l, err := flow.DecodeLayout(slug, text)
			if err != nil {
				t.Fatal(err)
			}
			for a, at := range l.Blocks {
				if f.Blocks[a] == nil {
					t.Errorf("%s/%s: a place for %s, which is no block", tpl.Name, slug, a)
					continue
				}
				for b, other := range l.Blocks {
					if a != b && f.Blocks[b] != nil && f.Blocks[a].Stage == f.Blocks[b].Stage && at.Y <= other.Y &&
						at.X < other.X+width+gap && other.X < at.X+width+gap && other.Y < at.Y+66+22*float64(len(f.Blocks[a].Next)) {
						t.Errorf("%s/%s: %s lies on %s", tpl.Name, slug, b, a)
					}
				}
			}
			for id := range f.Blocks {
				if _, ok := l.Blocks[id]; !ok {
					t.Errorf("%s/%s: %s has no place", tpl.Name, slug, id)
				}
			}
		}
	}
}
