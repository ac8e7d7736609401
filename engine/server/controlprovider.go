package server

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/authflow-studio/authflow/engine/idp"
)

// This file is the part of the control API that is about the provider: errors on
// demand, claims for the next sign-in, what clients asked, logouts that were
// told.

// controlProvider adds its addresses.
func (h *Harness) controlProvider(handle func(pattern string, f func(r *http.Request) (any, error))) {
	handle("GET /keys", func(r *http.Request) (any, error) {
		keys, err := h.idp.Keys(r.Context())
		return map[string]any{"keys": listed(keys)}, err
	})
	handle("GET /faults", func(*http.Request) (any, error) {
		return map[string]any{"faults": h.Faults(), "endpoints": idp.Endpoints()}, nil
	})
	handle("PUT /faults/{endpoint}", h.controlFault)
	handle("DELETE /faults/{endpoint}", func(r *http.Request) (any, error) {
		h.idp.ClearFaults(r.PathValue("endpoint"))
		return map[string]bool{"cleared": true}, nil
	})
	handle("DELETE /faults", func(*http.Request) (any, error) {
		h.idp.ClearFaults("")
		return map[string]bool{"cleared": true}, nil
	})
	handle("GET /next-user", h.controlNextUsers)
	handle("POST /next-user", h.controlNextUser)
	handle("DELETE /next-user", func(*http.Request) (any, error) {
		h.idp.ClearNextUsers()
		return map[string]bool{"cleared": true}, nil
	})
	handle("GET /personas", func(*http.Request) (any, error) { return map[string]bool{"on": h.idp.Picker()}, nil })
	handle("PUT /personas", h.controlPersonas)
	handle("POST /users/{id}/claims", h.controlClaims)
	handle("GET /requests", h.controlRequests)
	handle("DELETE /requests", func(*http.Request) (any, error) {
		h.idp.ClearRecorded()
		return map[string]bool{"cleared": true}, nil
	})
	handle("GET /logouts", func(r *http.Request) (any, error) {
		list, err := h.idp.Deliveries(r.Context())
		return map[string]any{"logouts": listed(list)}, err
	})
}

// controlFault makes an endpoint of the provider fail.
func (h *Harness) controlFault(r *http.Request) (any, error) {
	var in FaultOrder
	if err := body(r, &in); err != nil {
		return nil, err
	}
	if err := h.OrderFault(r.PathValue("endpoint"), in); err != nil {
		return nil, ordered(err)
	}
	return map[string]bool{"set": true}, nil
}

// controlClaims queues claims for the next tokens of a person.
func (h *Harness) controlClaims(r *http.Request) (any, error) {
	var in idp.Claims
	if err := body(r, &in); err != nil {
		return nil, err
	}
	return map[string]bool{"queued": true}, ordered(h.QueueClaims(r.Context(), r.PathValue("id"), in))
}

// ordered gives the refusal of an order its status.
func ordered(err error) error {
	switch {
	case errors.Is(err, ErrNoPerson):
		return &controlError{http.StatusNotFound, "no_user", err.Error()}
	case errors.Is(err, ErrOrder):
		return badRequest("%v", err)
	}
	return err
}

// controlNextUser queues who signs in next with no page.
func (h *Harness) controlNextUser(r *http.Request) (any, error) {
	in := struct {
		User  string `json:"user"`
		AAL   string `json:"aal"`
		Times int    `json:"times"`
	}{Times: 1}
	if err := body(r, &in); err != nil {
		return nil, err
	}
	return map[string]bool{"queued": true}, ordered(h.QueueUser(r.Context(), in.User, in.AAL, in.Times))
}

func (h *Harness) controlNextUsers(r *http.Request) (any, error) {
	list, err := h.NextUsers(r.Context())
	return map[string]any{"next": list}, err
}

// controlPersonas switches the page on which people are picked.
func (h *Harness) controlPersonas(r *http.Request) (any, error) {
	var in struct {
		On bool `json:"on"`
	}
	if err := body(r, &in); err != nil {
		return nil, err
	}
	return map[string]bool{"on": in.On}, h.idp.SetPicker(in.On)
}

// controlRequests lists what clients asked of the provider.
func (h *Harness) controlRequests(r *http.Request) (any, error) {
	var after uint64
	if text := r.URL.Query().Get("after"); text != "" {
		var err error
		if after, err = strconv.ParseUint(text, 10, 64); err != nil {
			return nil, badRequest("after must be the number of a request")
		}
	}
	return map[string]any{"requests": listed(h.idp.Recorded(after))}, nil
}
