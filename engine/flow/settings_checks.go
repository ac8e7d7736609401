package flow

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// This file holds how strictly a project is checked.

// Checks are the settings of the checks. An error always stays one: what cannot
// run, or is not safe, is not made good by a setting.
type Checks struct {
	// Preset is recommended (the default), strict (warnings are errors, notes are
	// warnings) or relaxed (no notes).
	Preset string `json:"preset,omitempty"`
	// Severities of single rules, by code: error, warning, info or off.
	Severities map[string]string `json:"severities,omitempty"`
	// Suppress takes single findings out, each with a reason.
	Suppress []Suppression `json:"suppress,omitempty"`
}

// Suppression is a finding that somebody has looked at and let be.
type Suppression struct {
	Code string `json:"code"`
	// Flow and Block that it is about; empty: any.
	Flow   string `json:"flow,omitempty"`
	Block  string `json:"block,omitempty"`
	Reason string `json:"reason"`
}

// Presets of the checks.
const (
	Recommended = "recommended"
	Strict      = "strict"
	Relaxed     = "relaxed"
)

// checkBounds are what the settings of the checks must keep to.
func (s Settings) checkBounds() []bound {
	presets, severities := []string{"", Recommended, Strict, Relaxed}, []string{"error", "warning", "info", "off"}
	out := []bound{{"/checks/preset", slices.Contains(presets, s.Checks.Preset), fmt.Sprintf("%q is no preset of the checks", s.Checks.Preset), "write recommended, strict or relaxed"}}
	for _, code := range slices.Sorted(maps.Keys(s.Checks.Severities)) {
		severity := s.Checks.Severities[code]
		out = append(out, bound{"/checks/severities/" + code, slices.Contains(severities, severity), fmt.Sprintf("%q is no severity", severity), "write error, warning, info or off"})
	}
	for i, x := range s.Checks.Suppress {
		at := fmt.Sprintf("/checks/suppress/%d", i)
		out = append(out, bound{at, x.Code != "", "a suppression names no code", `add "code"`},
			bound{at, strings.TrimSpace(x.Reason) != "", fmt.Sprintf("the suppression of %q has no reason", x.Code), `add "reason": who reads this must know why it is let be`})
	}
	return out
}
