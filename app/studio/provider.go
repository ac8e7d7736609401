package studio

import (
	"context"
	"errors"
	"strings"

	"github.com/authflow-studio/authflow/engine/idp"
	"github.com/authflow-studio/authflow/engine/server"
)

// This file is the orders that a tester gives to the provider, and what it did.
// The control API gives the same orders through the same methods of the harness.

// Provider is what stands in the provider's page.
type Provider struct {
	Endpoints []string                     `json:"endpoints"`
	Faults    map[string]server.FaultOrder `json:"faults"`
	Requests  []idp.Recorded               `json:"requests"` // the latest first
	Next      []server.NextUser            `json:"next"`
	Picker    bool                         `json:"picker"`
	Keys      []idp.KeyInfo                `json:"keys"`
	Logouts   []idp.Delivery               `json:"logouts"`
}

// requestsShown bounds how many requests the page gets.
const requestsShown = 200

func (w *workspace) provider(ctx context.Context) (*Provider, error) {
	p := w.harness.Provider()
	v := &Provider{Endpoints: idp.Endpoints(), Faults: w.harness.Faults(), Requests: []idp.Recorded{}, Picker: p.Picker()}
	all := p.Recorded(0)
	for i := len(all) - 1; i >= 0 && len(v.Requests) < requestsShown; i-- {
		v.Requests = append(v.Requests, all[i])
	}
	var errs [3]error
	v.Next, errs[0] = w.harness.NextUsers(ctx)
	v.Keys, errs[1] = p.Keys(ctx)
	v.Logouts, errs[2] = p.Deliveries(ctx)
	return v, errors.Join(errs[:]...)
}

func (s *Studio) providerView(ctx context.Context, _ none) (*Provider, error) {
	return s.order(ctx, func(*workspace) error { return nil })
}

// order gives one order, and answers how things stand then.
func (s *Studio) order(ctx context.Context, give func(w *workspace) error) (*Provider, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	if err := give(w); err != nil {
		return nil, orderInWords(err)
	}
	return w.provider(ctx)
}

func orderInWords(err error) error {
	switch {
	case errors.Is(err, server.ErrNoPerson):
		return &Error{Code: "no_user", Message: sentence(err), Hint: "People stand in world.yaml and under Users."}
	case errors.Is(err, server.ErrOrder):
		return &Error{Code: "bad_argument", Message: sentence(err)}
	}
	return err
}

// sentence makes one of an error's words.
func sentence(err error) string {
	text := err.Error()
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

type faultArg struct {
	Endpoint string
	Fault    server.FaultOrder
}

func (s *Studio) setFault(ctx context.Context, a faultArg) (*Provider, error) {
	return s.order(ctx, func(w *workspace) error { return w.harness.OrderFault(a.Endpoint, a.Fault) })
}

func (s *Studio) clearFaults(ctx context.Context, a struct{ Endpoint string }) (*Provider, error) {
	return s.order(ctx, func(w *workspace) error { w.harness.Provider().ClearFaults(a.Endpoint); return nil })
}

func (s *Studio) clearRequests(ctx context.Context, _ none) (*Provider, error) {
	return s.order(ctx, func(w *workspace) error { w.harness.Provider().ClearRecorded(); return nil })
}

type claimsArg struct {
	User   string
	Claims idp.Claims
}

func (s *Studio) queueClaims(ctx context.Context, a claimsArg) (*Provider, error) {
	return s.order(ctx, func(w *workspace) error { return w.harness.QueueClaims(ctx, a.User, a.Claims) })
}

type nextArg struct {
	User, AAL string
	Times     int
}

func (s *Studio) queueUser(ctx context.Context, a nextArg) (*Provider, error) {
	return s.order(ctx, func(w *workspace) error { return w.harness.QueueUser(ctx, a.User, a.AAL, a.Times) })
}

func (s *Studio) clearNextUsers(ctx context.Context, _ none) (*Provider, error) {
	return s.order(ctx, func(w *workspace) error { w.harness.Provider().ClearNextUsers(); return nil })
}

func (s *Studio) setPicker(ctx context.Context, a struct{ On bool }) (*Provider, error) {
	return s.order(ctx, func(w *workspace) error { return w.harness.Provider().SetPicker(a.On) })
}

func (s *Studio) rotateKeys(ctx context.Context, _ none) (*Provider, error) {
	return s.order(ctx, func(w *workspace) error { return w.harness.Provider().RotateKeys(ctx) })
}
