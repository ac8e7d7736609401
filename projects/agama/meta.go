package agama

import (
	"slices"

	"github.com/go-json-experiment/json"
)

// meta is project.json.
type meta struct {
	Name           string                    `json:"projectName"`
	Description    string                    `json:"description"`
	Author         string                    `json:"author"`
	Version        string                    `json:"version"`
	Configs        map[string]map[string]any `json:"configs"`
	NoDirectLaunch []string                  `json:"noDirectLaunch"`
}

func readMeta(s *source) (meta, error) {
	var m meta
	data, ok := s.files["project.json"]
	if !ok {
		return m, nil
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return m, refuse(CodeProject, "project.json", "write it as the .gama format says: projectName, configs by flow, noDirectLaunch as a list", "it cannot be read: %v", err)
	}
	return m, nil
}

func (m meta) launchable(name string) bool { return !slices.Contains(m.NoDirectLaunch, name) }
