package studio

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/projects"
)

// Project is the open project as the front end lists it.
type Project struct {
	Dir     string          `json:"dir"`
	Name    string          `json:"name"`
	Version string          `json:"version"`
	Flows   []FlowSummary   `json:"flows"`
	Actions []ActionSummary `json:"actions"`
	Pages   []FileSummary   `json:"pages"`
	// Texts are all other files that can be written as text.
	Texts []FileSummary `json:"texts"`
}

// FlowSummary is one flow in the list. Error says why it cannot be read.
type FlowSummary struct {
	Slug        string `json:"slug"`
	Name        string `json:"name"`
	Trigger     string `json:"trigger"`
	Enabled     bool   `json:"enabled"`
	SubflowOnly bool   `json:"subflow_only"`
	Blocks      int    `json:"blocks"`
	Error       string `json:"error,omitempty"`
}

// FileSummary is one file in a list.
type FileSummary struct {
	Path string `json:"path"`
	Size int    `json:"size"`
}

// view lists the project.
func (w *workspace) view() *Project {
	p := w.current()
	v := &Project{Dir: w.disk.Dir(), Name: p.Settings.Name, Version: p.Settings.Version, Flows: []FlowSummary{},
		Actions: actionSummaries(p.Actions), Pages: summaries(flow.PagesDir, p.Pages), Texts: texts(w.disk.FS())}
	for name := range p.Files {
		slug, ok := flowOf(name)
		if !ok {
			continue
		}
		f := p.Flows[slug]
		if f == nil {
			v.Flows = append(v.Flows, FlowSummary{Slug: slug, Name: slug, Error: "This file cannot be read; see Problems."})
			continue
		}
		v.Flows = append(v.Flows, FlowSummary{Slug: slug, Name: f.Name, Trigger: f.Trigger, Enabled: f.Enabled, SubflowOnly: f.SubflowOnly, Blocks: len(f.Blocks)})
	}
	sort.Slice(v.Flows, func(i, j int) bool { return v.Flows[i].Slug < v.Flows[j].Slug })
	return v
}

func summaries(dir string, files map[string]string) []FileSummary {
	out := []FileSummary{}
	for name, text := range files {
		out = append(out, FileSummary{Path: dir + "/" + name, Size: len(text)})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Path < out[j].Path })
	return out
}

// flowOf answers the slug of a flow's file or of its layout.
func flowOf(name string) (string, bool) {
	rest, ok := strings.CutPrefix(name, flow.FlowsDir+"/")
	if !ok || !strings.HasSuffix(rest, ".json") {
		return "", false
	}
	slug := strings.TrimSuffix(strings.TrimSuffix(rest, ".json"), ".layout")
	return slug, flow.ValidSlug(slug)
}

// Catalogue is everything the palette and the inspector need.
type Catalogue struct {
	Families []block.Family      `json:"families"`
	Blocks   []*block.Descriptor `json:"blocks"`
	Triggers []TriggerView       `json:"triggers"`
}

// TriggerView is a trigger with its stages.
type TriggerView struct {
	ID     string      `json:"id"`
	Title  string      `json:"title"`
	Stages []StageView `json:"stages"`
	Locked []string    `json:"locked"`
}

// StageView is one stage.
type StageView struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

func (s *Studio) catalogueView(context.Context, none) (*Catalogue, error) {
	c := &Catalogue{Families: block.Families}
	for _, id := range s.catalogue.IDs() {
		d, _ := s.catalogue.Descriptor(id)
		c.Blocks = append(c.Blocks, d)
	}
	for _, t := range flow.Triggers {
		v := TriggerView{ID: t.ID, Title: t.Title, Stages: []StageView{}, Locked: append([]string{}, t.Locked...)}
		for _, st := range t.Stages {
			v.Stages = append(v.Stages, StageView{st.ID, st.Title})
		}
		c.Triggers = append(c.Triggers, v)
	}
	return c, nil
}

func (s *Studio) templates(context.Context, none) ([]projects.Template, error) {
	return projects.Templates()
}

type createArg struct{ Template, Dir, Name string }

func (s *Studio) create(_ context.Context, a createArg) (*Project, error) {
	if a.Dir == "" {
		return nil, &Error{Code: "bad_argument", Message: "Choose a folder for the project."}
	}
	disk, err := projects.Create(a.Dir, a.Template, a.Name)
	if err != nil {
		return nil, err
	}
	return s.enter(disk)
}

type dirArg struct{ Dir string }

func (s *Studio) openProject(_ context.Context, a dirArg) (*Project, error) {
	return s.Open(a.Dir)
}

// Open opens the project in a folder in place of the one that is open.
func (s *Studio) Open(dir string) (*Project, error) {
	disk, err := projects.Open(dir)
	if err != nil {
		return nil, &Error{Code: "not_a_project", Message: err.Error()}
	}
	return s.enter(disk)
}

// enter makes a project the open one.
func (s *Studio) enter(disk *projects.Project) (*Project, error) {
	w, err := s.openWorkspace(disk)
	if err != nil {
		return nil, errors.Join(err, disk.Close())
	}
	s.mu.Lock()
	old := s.open
	s.open = w
	s.mu.Unlock()
	if old != nil {
		if err := old.close(); err != nil {
			s.Log.Warn("the former project was not closed cleanly", "error", err)
		}
	}
	v := w.view()
	s.remember(v)
	s.Emit("project", v)
	return v, nil
}

func (s *Studio) current(context.Context, none) (*Project, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, nil
	}
	return w.view(), nil
}

func (s *Studio) closeProject(context.Context, none) (any, error) { return nil, s.Close() }

type nameArg struct{ Name string }

func (s *Studio) renameProject(_ context.Context, a nameArg) (*Project, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	if err := w.disk.Rename(a.Name); err != nil {
		return nil, err
	}
	if err := w.reload(); err != nil {
		return nil, err
	}
	s.remember(w.view())
	return w.view(), nil
}

// Folders is one folder of this machine, to choose a project in.
type Folders struct {
	Dir     string   `json:"dir"`
	Parent  string   `json:"parent"`
	Folders []Folder `json:"folders"`
	// Sources are files that can be imported.
	Sources []Source `json:"sources"`
}

// Folder is a folder in a folder.
type Folder struct {
	Name    string `json:"name"`
	Path    string `json:"path"`
	Project bool   `json:"project"`
}

// Source is a file that can be imported.
type Source struct {
	Name string `json:"name"`
	Path string `json:"path"`
}

func (s *Studio) folders(_ context.Context, a dirArg) (*Folders, error) {
	dir := a.Dir
	if dir == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return nil, err
		}
		dir = home
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	v := &Folders{Dir: dir, Parent: filepath.Dir(dir), Folders: []Folder{}, Sources: []Source{}}
	for _, e := range entries {
		if ext := strings.ToLower(filepath.Ext(e.Name())); !e.IsDir() && (ext == ".gama" || ext == ".flow") {
			v.Sources = append(v.Sources, Source{e.Name(), filepath.Join(dir, e.Name())})
		}
		if !e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		p := filepath.Join(dir, e.Name())
		_, err := os.Stat(filepath.Join(p, flow.SettingsFile))
		v.Folders = append(v.Folders, Folder{Name: e.Name(), Path: p, Project: err == nil})
	}
	return v, nil
}

func (s *Studio) pick(ctx context.Context, a struct{ Title string }) (map[string]string, error) {
	if s.Pick == nil {
		return nil, &Error{Code: "no_dialog", Message: "There is no folder dialog here.", Hint: "Choose the folder in the list."}
	}
	dir, err := s.Pick(ctx, a.Title)
	return map[string]string{"dir": dir}, err
}
