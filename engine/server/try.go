package server

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/world"
)

// Try is one Action to run by itself, without a flow.
type Try struct {
	Action string `json:"action"`
	// Source replaces the one in the project: what stands in an editor. nil
	// takes the project's.
	Source *string        `json:"source,omitempty"`
	Event  map[string]any `json:"event"`
	Step   map[string]any `json:"step,omitempty"`
	Input  map[string]any `json:"input,omitempty"`
	Config map[string]any `json:"config,omitempty"`
}

// Tried is what came of it. Nothing of it was carried out.
type Tried struct {
	// Outcome is a port, or denied, redirect or error.
	Outcome string        `json:"outcome"`
	Result  script.Result `json:"result"`
	Calls   []TriedCall   `json:"calls"`
	Error   *script.Error `json:"error,omitempty"`
	// Problem says why a flow would not take it as it is.
	Problem string  `json:"problem,omitempty"`
	MS      float64 `json:"ms"`
}

// TriedCall is a call that the Action has made. It was real: to the hosts that
// the project allows.
type TriedCall struct {
	Method string  `json:"method"`
	URL    string  `json:"url"`
	Status int     `json:"status,omitempty"`
	Error  string  `json:"error,omitempty"`
	MS     float64 `json:"ms"`
}

// ErrNoAction says that the project has no such Action.
var ErrNoAction = errors.New("the project has no such Action")

// Try runs an Action on an event, in the harness's world.
func (h *Harness) Try(ctx context.Context, t Try) (Tried, error) {
	p := h.project.Load()
	if p == nil {
		return Tried{}, errors.New("no project is loaded yet")
	}
	actions := p.Actions
	if t.Source != nil {
		actions = maps.Clone(actions)
		actions[t.Action] = *t.Source
	}
	if _, ok := actions[t.Action]; !ok || script.IsModule(t.Action) {
		return Tried{}, fmt.Errorf("%w: %s", ErrNoAction, t.Action)
	}
	unit := script.NewUnit(t.Action, actions)
	header, _ := script.ReadHeader(unit.Source)
	config, err := header.Configured(t.Config)
	if err != nil {
		return Tried{Outcome: "error", Problem: err.Error(), Calls: []TriedCall{}}, nil
	}
	host := &tryHost{h: h, calls: []TriedCall{}}
	res, err := h.Scripts.Run(ctx, script.Call{Action: unit.Name, Source: unit.Source, Modules: unit.Modules, Event: t.Event, Step: t.Step, Input: t.Input, Config: config,
		Budget: time.Duration(p.Settings.WithDefaults().Budgets.Action), Host: host})
	out := Tried{Outcome: outcomeOf(res), Result: res, Calls: host.calls, MS: float64(res.Duration) / float64(time.Millisecond)}
	if err != nil {
		out.Outcome = "error"
		if !errors.As(err, &out.Error) {
			return Tried{}, err
		}
		return out, nil
	}
	if res.Port != "" && res.Port != "next" && !slices.ContainsFunc(header.Ports, func(p script.HeaderPort) bool { return p.Name == res.Port }) {
		out.Problem = fmt.Sprintf("it left by %q, which its header does not name: in a flow that is an error", res.Port)
	}
	return out, nil
}

func outcomeOf(r script.Result) string {
	switch {
	case r.Denied != nil:
		return "denied"
	case r.Redirect != "":
		return "redirect"
	case r.Port != "":
		return r.Port
	}
	return "next"
}

// tryHost gives an Action the harness's world and notes what it called.
type tryHost struct {
	h     *Harness
	calls []TriedCall
}

func (t *tryHost) Now(context.Context) (time.Time, error) { return t.h.Clock.Now(), nil }

func (t *tryHost) Random(_ context.Context, n int) ([]byte, error) {
	p := make([]byte, n)
	t.h.World.Random.Read(p)
	return p, nil
}

func (t *tryHost) Fetch(ctx context.Context, r world.Request) (world.Response, error) {
	watch := world.NewStopwatch()
	res, err := t.h.World.HTTP.Do(ctx, r)
	call := TriedCall{Method: r.Method, URL: r.URL, Status: res.Status, MS: float64(watch.Elapsed()) / float64(time.Millisecond)}
	if err != nil {
		call.Error = err.Error()
		err = &script.HostError{Code: "call_failed", Message: err.Error()}
	}
	t.calls = append(t.calls, call)
	return res, err
}

func (t *tryHost) Secret(ctx context.Context, name string) (string, error) {
	v, err := t.h.Secrets(ctx, name)
	if err != nil {
		return "", &script.HostError{Code: "no_secret", Message: err.Error()}
	}
	return v, nil
}
