package server

import (
	"fmt"
	"maps"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/risk"
	"github.com/authflow-studio/authflow/engine/world"
)

// This file is the risk signals that a tester has set (rule W2): those of
// world.yaml, and on top of them those of the control API and the studio. They
// change what is found of a sign-in, never what somebody has proven.

// riskSet is what was set, and by which of the two.
type riskSet struct {
	file, own map[string]any
	given     risk.Given
}

var _ risk.Source = (*Harness)(nil)

// RiskGiven answers the signals that are set.
func (h *Harness) RiskGiven() risk.Given {
	if set := h.riskSet.Load(); set != nil {
		return set.given
	}
	return risk.Given{}
}

// SetRisk sets signals on top of those of world.yaml, in place of what was set
// before; nil ends that.
func (h *Harness) SetRisk(signals map[string]any) error {
	set := riskSet{}
	if old := h.riskSet.Load(); old != nil {
		set = *old
	}
	set.own = maps.Clone(signals)
	return h.useRisk(set)
}

// Risk answers the signals that were set besides those of world.yaml.
func (h *Harness) Risk() map[string]any {
	if set := h.riskSet.Load(); set != nil && set.own != nil {
		return maps.Clone(set.own)
	}
	return map[string]any{}
}

// seedRisk takes over the signals of world.yaml.
func (h *Harness) seedRisk(signals map[string]any) error {
	set := riskSet{}
	if old := h.riskSet.Load(); old != nil {
		set = *old
	}
	set.file = signals
	if err := h.useRisk(set); err != nil {
		return fmt.Errorf("%s: risk: %w", flow.WorldFile, err)
	}
	return nil
}

func (h *Harness) useRisk(set riskSet) error {
	all := map[string]any{}
	maps.Copy(all, set.file)
	maps.Copy(all, set.own)
	var err error
	if set.given, err = risk.ReadGiven(all); err != nil {
		return err
	}
	h.riskSet.Store(&set)
	return nil
}

// asGiven is what is known of an address, with the kind of network that was set.
func (h *Harness) asGiven(n world.Network) world.Network { return h.RiskGiven().Network(n) }
