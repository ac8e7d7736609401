package studio

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/authflow-studio/authflow/engine/flow"
)

// This file keeps what belongs to the person and not to a project: the recent
// projects and the settings of the front end.

// RecentProject is a project that was open before.
type RecentProject struct {
	Dir      string    `json:"dir"`
	Name     string    `json:"name"`
	OpenedAt time.Time `json:"opened_at"`
	Exists   bool      `json:"exists"`
}

// WindowPlace is where the window stands; maximised, where it stood before.
type WindowPlace struct {
	X         int  `json:"x"`
	Y         int  `json:"y"`
	Width     int  `json:"width"`
	Height    int  `json:"height"`
	Maximised bool `json:"maximised,omitempty"`
}

type personFile struct {
	Window   WindowPlace     `json:"window,omitzero"`
	Recent   []RecentProject `json:"recent"`
	Settings map[string]any  `json:"settings"`
}

const maxRecent = 12

func (s *Studio) personPath() string { return filepath.Join(s.ConfigDir, "studio.json") }

// readPerson answers what was kept. A file that cannot be read is begun anew:
// it holds nothing that cannot be had again.
func (s *Studio) readPerson() personFile {
	var p personFile
	text, err := os.ReadFile(s.personPath())
	if err == nil {
		err = json.Unmarshal(text, &p)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.Log.Warn("what was kept of earlier times cannot be read", "file", s.personPath(), "error", err)
	}
	if p.Settings == nil {
		p.Settings = map[string]any{}
	}
	return p
}

func (s *Studio) changePerson(change func(*personFile)) error {
	s.personMu.Lock()
	defer s.personMu.Unlock()
	p := s.readPerson()
	change(&p)
	text, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(s.ConfigDir, 0o700); err != nil {
		return err
	}
	return replaceFile(s.personPath(), text, 0o600)
}

// WindowPlace answers where the window was the last time; the zero place is none.
func (s *Studio) WindowPlace() WindowPlace {
	s.personMu.Lock()
	defer s.personMu.Unlock()
	return s.readPerson().Window
}

// KeepWindowPlace keeps it for the next time.
func (s *Studio) KeepWindowPlace(p WindowPlace) {
	if err := s.changePerson(func(f *personFile) { f.Window = p }); err != nil {
		s.Log.Warn("where the window is cannot be kept", "error", err)
	}
}

func (s *Studio) remember(v *Project) {
	err := s.changePerson(func(p *personFile) {
		p.Recent = slices.DeleteFunc(p.Recent, func(r RecentProject) bool { return r.Dir == v.Dir })
		p.Recent = slices.Insert(p.Recent, 0, RecentProject{Dir: v.Dir, Name: v.Name, OpenedAt: time.Now().UTC()})
		if len(p.Recent) > maxRecent {
			p.Recent = p.Recent[:maxRecent]
		}
	})
	if err != nil {
		s.Log.Warn("the list of recent projects cannot be kept", "error", err)
	}
}

func (s *Studio) recent(context.Context, none) ([]RecentProject, error) {
	s.personMu.Lock()
	p := s.readPerson()
	s.personMu.Unlock()
	out := []RecentProject{}
	for _, r := range p.Recent {
		_, err := os.Stat(filepath.Join(r.Dir, flow.SettingsFile))
		r.Exists = err == nil
		out = append(out, r)
	}
	return out, nil
}

func (s *Studio) settings(context.Context, none) (map[string]any, error) {
	s.personMu.Lock()
	defer s.personMu.Unlock()
	return s.readPerson().Settings, nil
}

type settingArg struct {
	Key   string
	Value any
}

func (s *Studio) setSetting(_ context.Context, a settingArg) (any, error) {
	if a.Key == "" {
		return nil, &Error{Code: "bad_argument", Message: "A setting needs a name."}
	}
	return nil, s.changePerson(func(p *personFile) {
		if a.Value == nil {
			delete(p.Settings, a.Key)
			return
		}
		p.Settings[a.Key] = a.Value
	})
}
