package run

import (
	"maps"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/authflow-studio/authflow/engine/block"
)

// StateFormat is the version of the stored state.
const StateFormat = 1

// Status says where a run stands.
type Status string

// The states of a run.
const (
	Running Status = "running"
	Waiting Status = "waiting" // for the person
	Ended   Status = "ended"
)

// State is one run as plain data (rule X3). Its maps are never written in
// place: a change makes a new map, so that a copy of the struct is a snapshot.
type State struct {
	Format  int    `json:"format"`
	ID      string `json:"id"`
	Trigger string `json:"trigger"`
	Status  Status `json:"status"`
	// Project is the digest of what the run began with (rule X8).
	Project string                    `json:"project"`
	Frames  []Frame                   `json:"frames"` // outermost first
	Event   map[string]any            `json:"event"`
	Claims  map[string]map[string]any `json:"claims,omitempty"`
	Subject block.Subject             `json:"subject,omitzero"`
	// Page is what a waiting run shows.
	Page *block.PageRequest `json:"page,omitempty"`
	// PageOwner is the frame whose overrides put the page there; 0 for none
	// (rule C5).
	PageOwner int `json:"page_owner,omitempty"`
	// Away is the address that the person was sent to, while the run waits for
	// them at the callback (rule N6).
	Away string `json:"away,omitempty"`
	// AwaySecrets name the parameters that never enter the state.
	AwaySecrets []string `json:"away_secrets,omitempty"`
	// Returned is what a flow has answered to the block that ran it.
	Returned *block.FlowResult `json:"returned,omitempty"`
	// Visit counts the submits; the ticket in a page is bound to it (rule X7).
	Visit     int   `json:"visit"`
	StartedAt int64 `json:"started_at"` // ms since 1970
	Deadline  int64 `json:"deadline"`   // ms since 1970
	// Key is the hash of the secret in the run's cookie.
	Key string `json:"key"`
	// Origin is the request of the client that began the run, opaque here.
	Origin jsontext.Value `json:"origin,omitempty"`
	// Journal counts the entries written so far.
	Journal int        `json:"journal"`
	End     *block.End `json:"end,omitempty"`
	// Return is where a refused person can go back to.
	Return string `json:"return,omitempty"`
	// Failure says why a run ended denied without a block that said so.
	Failure *Failure `json:"failure,omitempty"`
}

// Frame is one flow that is being run.
type Frame struct {
	Flow  string         `json:"flow"`
	Block string         `json:"block"`
	Input map[string]any `json:"input,omitempty"`
	// Steps are the outputs of the blocks that have run, objects by block id.
	Steps map[string]any `json:"steps,omitempty"`
	// Memory is what the block that waits remembered.
	Memory map[string]any `json:"memory,omitempty"`
	// Kept is what blocks keep between their visits, by block id.
	Kept map[string]map[string]any `json:"kept,omitempty"`
	// Overrides are the pages that the caller of this flow replaces (rule C3).
	Overrides map[string]string `json:"overrides,omitempty"`
}

// Failure is an error that ended a run, for people who may see details.
type Failure struct {
	block.Error
	Flow  string `json:"flow"`
	Block string `json:"block"`
}

// Top answers the innermost frame.
func (s *State) Top() *Frame {
	if len(s.Frames) == 0 {
		return &Frame{}
	}
	return &s.Frames[len(s.Frames)-1]
}

// setTop replaces the innermost frame without touching snapshots.
func (s *State) setTop(f Frame) {
	s.Frames = slices.Clone(s.Frames)
	s.Frames[len(s.Frames)-1] = f
}

// View answers what a block may read.
func (s *State) View() block.View {
	top := s.Top()
	steps := top.Steps
	if steps == nil {
		steps = map[string]any{}
	}
	claims := make(map[string]any, len(s.Claims))
	for target, c := range s.Claims {
		claims[target] = c
	}
	input := top.Input
	if input == nil {
		input = map[string]any{}
	}
	return block.View{Event: s.Event, Step: steps, Input: input, Claims: claims,
		Flow: map[string]any{"name": top.Flow, "trigger": s.Trigger, "run_id": s.ID}}
}

// apply takes over what a block changed.
func (s *State) apply(c block.Changes) {
	if len(c.Event) > 0 {
		s.Event = maps.Clone(s.Event)
		maps.Copy(s.Event, c.Event)
	}
	if len(c.Claims) > 0 {
		claims := maps.Clone(s.Claims)
		if claims == nil {
			claims = map[string]map[string]any{}
		}
		for target, set := range c.Claims {
			merged := maps.Clone(claims[target])
			if merged == nil {
				merged = map[string]any{}
			}
			maps.Copy(merged, set)
			claims[target] = merged
		}
		s.Claims = claims
	}
	if c.Subject != nil {
		s.Subject = *c.Subject
		s.Event = maps.Clone(s.Event)
		auth, _ := s.Event["authentication"].(map[string]any)
		auth = maps.Clone(auth)
		if auth == nil {
			auth = map[string]any{}
		}
		methods := make([]any, len(s.Subject.Verified))
		for i, v := range s.Subject.Verified {
			methods[i] = v.Method
		}
		auth["methods"], auth["aal"] = methods, s.Subject.AAL()
		s.Event["authentication"] = auth
	}
}

// record keeps a block's outputs under step.<id>, read-only from then on (rule
// X9).
func (s *State) record(id string, outputs map[string]any) {
	top := *s.Top()
	steps := maps.Clone(top.Steps)
	if steps == nil {
		steps = map[string]any{}
	}
	if outputs == nil {
		outputs = map[string]any{}
	}
	steps[id] = outputs
	top.Steps = steps
	s.setTop(top)
}
