package projects

import (
	"fmt"
	"slices"

	"github.com/authflow-studio/authflow/engine/flow"
)

// Rename gives the project another name.
func (p *Project) Rename(name string) error {
	return p.editSettings(func(s *flow.Settings) error {
		if s.Name = name; s.Name == "" {
			return fmt.Errorf("projects: a project needs a name")
		}
		return nil
	})
}

// Suppress lets a finding of the checks be. The same one is not written twice: the
// newer reason counts.
func (p *Project) Suppress(x flow.Suppression) error {
	return p.editSettings(func(s *flow.Settings) error {
		s.Checks.Suppress = append(without(s.Checks.Suppress, x), x)
		return nil
	})
}

// Unsuppress takes a suppression out again.
func (p *Project) Unsuppress(x flow.Suppression) error {
	return p.editSettings(func(s *flow.Settings) error {
		s.Checks.Suppress = without(s.Checks.Suppress, x)
		return nil
	})
}

// without answers the suppressions of anything else.
func without(list []flow.Suppression, x flow.Suppression) []flow.Suppression {
	left := slices.DeleteFunc(slices.Clone(list), func(y flow.Suppression) bool { return y.Code == x.Code && y.Flow == x.Flow && y.Block == x.Block })
	if len(left) == 0 {
		return nil
	}
	return left
}

// editSettings changes authflow.json; what would not be read again is not written.
func (p *Project) editSettings(change func(*flow.Settings) error) error {
	text, err := p.root.ReadFile(flow.SettingsFile)
	if err != nil {
		return fmt.Errorf("projects: %w", err)
	}
	s, err := flow.DecodeSettings(flow.SettingsFile, text)
	if err != nil {
		return err
	}
	if err := change(&s); err != nil {
		return err
	}
	out, err := flow.EncodeLike(s, text)
	if err != nil {
		return err
	}
	if _, err := flow.DecodeSettings(flow.SettingsFile, out); err != nil {
		return err
	}
	return p.write(flow.SettingsFile, out)
}
