package server

import (
	"context"
	"fmt"
	"maps"
	"net/http"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/scenario"
	"github.com/authflow-studio/authflow/engine/world"
)

// This file is what a tester sets of the world (rule W2): stubs in place of
// partners, faults on blocks; and what of a run can be kept as a file.

// SetStubs replaces the stubs that answer outgoing calls.
func (h *Harness) SetStubs(stubs []world.Stub) error {
	for i, s := range stubs {
		if err := s.Check(); err != nil {
			return fmt.Errorf("stubs[%d]: %w", i, err)
		}
	}
	h.stubs.Set(stubs)
	return nil
}

// Stubs answers the stubs that are set.
func (h *Harness) Stubs() []world.Stub { return append([]world.Stub{}, h.stubs.Stubs()...) }

// Outgoing answers the calls that left, or came to stubs.
func (h *Harness) Outgoing() []world.StubbedCall {
	return append([]world.StubbedCall{}, h.stubs.Calls()...)
}

// ForgetCalls empties the list of calls.
func (h *Harness) ForgetCalls() { h.stubs.Forget() }

// SetFaults sets faults on blocks, by block or flow.block, in place of those
// that were set.
func (h *Harness) SetFaults(faults map[string]block.Fault) {
	set := maps.Clone(faults)
	h.blockFaults.Store(&set)
}

// BlockFaults answers the faults that are set on blocks.
func (h *Harness) BlockFaults() map[string]block.Fault {
	if set := h.blockFaults.Load(); set != nil && *set != nil {
		return maps.Clone(*set)
	}
	return map[string]block.Fault{}
}

func (h *Harness) faultOf(flow, id string) (block.Fault, bool) {
	set := h.blockFaults.Load()
	if set == nil {
		return block.Fault{}, false
	}
	if f, ok := (*set)[flow+"."+id]; ok {
		return f, true
	}
	f, ok := (*set)[id]
	return f, ok
}

// Recording answers a run as a file that replays on any machine (rule D7).
func (h *Harness) Recording(ctx context.Context, runID string) (scenario.Recording, error) {
	journal, p, err := h.recorded(ctx, runID)
	if err != nil {
		return scenario.Recording{}, err
	}
	versions, err := h.takenOver(ctx, journal)
	if err != nil {
		return scenario.Recording{}, err
	}
	return scenario.NewRecording(p, journal, versions...), nil
}

// takenOver answers the versions that a run was taken over to in the debugger.
func (h *Harness) takenOver(ctx context.Context, journal []run.Entry) ([]*flow.Project, error) {
	var out []*flow.Project
	seen := map[string]bool{}
	for _, e := range journal {
		digest, _ := e.Data["project"].(string)
		if e.Kind == run.KindStart {
			seen[digest] = true
		}
		if e.Kind != run.KindBack || seen[digest] {
			continue
		}
		seen[digest] = true
		p, err := h.engine.ProjectOf(ctx, &run.State{Project: digest})
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// Scenario answers a scenario file that does what runs did, in their order.
func (h *Harness) Scenario(ctx context.Context, name string, runIDs ...string) ([]byte, error) {
	var journals [][]run.Entry
	for _, id := range runIDs {
		journal, _, err := h.recorded(ctx, id)
		if err != nil {
			return nil, err
		}
		journals = append(journals, journal)
	}
	s, err := scenario.Record(name, journals...)
	if err != nil {
		return nil, err
	}
	return s.YAML()
}

func (h *Harness) recorded(ctx context.Context, runID string) ([]run.Entry, *flow.Project, error) {
	journal, err := h.engine.JournalOf(ctx, runID)
	if err != nil {
		return nil, nil, err
	}
	if len(journal) == 0 {
		return nil, nil, &controlError{http.StatusNotFound, "no_run", "there is no run " + runID}
	}
	digest, _ := journal[0].Data["project"].(string)
	p, err := h.engine.ProjectOf(ctx, &run.State{Project: digest})
	return journal, p, err
}

// controlSimulated are the addresses of the control API for all of this.
func (h *Harness) controlSimulated(handle func(pattern string, f func(*http.Request) (any, error))) {
	handle("GET /stubs", func(*http.Request) (any, error) { return map[string]any{"stubs": h.Stubs()}, nil })
	handle("PUT /stubs", func(r *http.Request) (any, error) {
		var in struct{ Stubs []world.Stub }
		if err := body(r, &in); err != nil {
			return nil, err
		}
		if err := h.SetStubs(in.Stubs); err != nil {
			return nil, badRequest("%v", err)
		}
		return map[string]any{"set": len(in.Stubs)}, nil
	})
	handle("GET /calls", func(*http.Request) (any, error) { return map[string]any{"calls": h.Outgoing()}, nil })
	handle("DELETE /calls", func(*http.Request) (any, error) { h.ForgetCalls(); return map[string]bool{"cleared": true}, nil })
	handle("GET /block-faults", func(*http.Request) (any, error) { return map[string]any{"faults": h.BlockFaults()}, nil })
	handle("PUT /block-faults", func(r *http.Request) (any, error) {
		var in struct{ Faults map[string]block.Fault }
		if err := body(r, &in); err != nil {
			return nil, err
		}
		h.SetFaults(in.Faults)
		return map[string]any{"set": len(in.Faults)}, nil
	})
	handle("GET /runs/{id}/recording", func(r *http.Request) (any, error) { return h.Recording(r.Context(), r.PathValue("id")) })
	handle("GET /runs/{id}/scenario", func(r *http.Request) (any, error) {
		text, err := h.Scenario(r.Context(), "recorded", r.PathValue("id"))
		return map[string]string{"yaml": string(text)}, err
	})
}
