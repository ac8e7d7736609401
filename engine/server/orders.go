package server

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/authflow-studio/authflow/engine/idp"
)

// This file is what tests order of the provider, in the words of people: the
// control API and the studio give the same orders.

// ErrOrder says that an order makes no sense.
var ErrOrder = errors.New("this cannot be ordered")

// FaultOrder is what an endpoint is to do instead of its work.
type FaultOrder struct {
	Status int    `json:"status,omitempty"`
	Error  string `json:"error,omitempty"`
	Body   string `json:"body,omitempty"`
	Delay  string `json:"delay,omitempty"` // such as 2s; a minute at most
	Times  int    `json:"times,omitempty"` // 0: until it is cleared
}

// OrderFault makes an endpoint of the provider fail.
func (h *Harness) OrderFault(endpoint string, o FaultOrder) error {
	delay, err := duration(o.Delay)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrOrder, err)
	}
	if o.Status == 0 && o.Error == "" && o.Body == "" && delay == 0 {
		return fmt.Errorf("%w: say what goes wrong: a status, an error, a body or a delay", ErrOrder)
	}
	f := idp.Fault{Status: o.Status, Error: o.Error, Body: o.Body, Delay: min(delay, time.Minute), Times: o.Times}
	if err := h.idp.Fault(endpoint, f); err != nil {
		return fmt.Errorf("%w: %w", ErrOrder, err)
	}
	return nil
}

// Faults answers what is ordered, with the times that are left.
func (h *Harness) Faults() map[string]FaultOrder {
	out := map[string]FaultOrder{}
	for at, f := range h.idp.Faults() {
		o := FaultOrder{Status: f.Status, Error: f.Error, Body: f.Body, Times: f.Times}
		if f.Delay > 0 {
			o.Delay = f.Delay.String()
		}
		out[at] = o
	}
	return out
}

// QueueClaims adds claims to the next tokens of a person, who is named as one
// would sign in, or by id.
func (h *Harness) QueueClaims(ctx context.Context, name string, c idp.Claims) error {
	u, err := h.person(ctx, name)
	if err != nil {
		return err
	}
	if len(c.IDToken)+len(c.AccessToken) == 0 {
		return fmt.Errorf("%w: there is no claim in it", ErrOrder)
	}
	return h.idp.QueueClaims(ctx, u.ID, c)
}
