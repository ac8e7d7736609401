package projects

import (
	"fmt"

	"github.com/authflow-studio/authflow/engine/flow"
)

// Rename gives the project another name.
func (p *Project) Rename(name string) error {
	text, err := p.root.ReadFile(flow.SettingsFile)
	if err != nil {
		return fmt.Errorf("projects: %w", err)
	}
	s, err := flow.DecodeSettings(flow.SettingsFile, text)
	if err != nil {
		return err
	}
	if s.Name = name; s.Name == "" {
		return fmt.Errorf("projects: a project needs a name")
	}
	out, err := flow.Encode(s)
	if err != nil {
		return err
	}
	return p.write(flow.SettingsFile, out)
}
