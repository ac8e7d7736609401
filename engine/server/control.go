package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/web"
	"github.com/authflow-studio/authflow/engine/world"
)

// This file is the control API: how a person's own tests read the outbox, set
// the clock and start over. docs/control-api.md is its reference.

// maxWait bounds how long a request for a message may wait for it.
const maxWait = 30 * time.Second

func (h *Harness) control() http.Handler {
	mux := http.NewServeMux()
	handle := func(pattern string, f func(r *http.Request) (any, error)) {
		method, path, _ := strings.Cut(pattern, " ")
		mux.HandleFunc(method+" /control/v1"+path, func(w http.ResponseWriter, r *http.Request) {
			v, err := f(r)
			answer(w, v, err)
		})
	}
	handle("GET /outbox", h.controlOutbox)
	handle("DELETE /outbox", h.controlClearOutbox)
	handle("GET /events", h.controlEvents)
	handle("GET /clock", func(*http.Request) (any, error) { return h.clockView(), nil })
	handle("POST /clock", h.controlClock)
	handle("GET /users", h.controlUsers)
	handle("POST /users/reset", func(r *http.Request) (any, error) { return map[string]bool{"reset": true}, h.ResetUsers(r.Context()) })
	handle("GET /sessions", h.controlSessions)
	handle("GET /audit", h.controlAudit)
	handle("GET /runs/{id}/journal", h.controlJournal)
	handle("POST /world", h.controlWorld)
	h.controlProvider(handle)
	h.controlSimulated(handle)
	h.controlSocial(handle)
	handle("POST /keys/rotate", func(r *http.Request) (any, error) {
		return map[string]bool{"rotated": true}, h.idp.RotateKeys(r.Context())
	})
	return h.guarded(mux)
}

// guarded lets in who holds the token, from this machine only.
func (h *Harness) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		ip, err := netip.ParseAddr(web.RemoteIP(r))
		if err != nil || !ip.IsLoopback() {
			answer(w, nil, &controlError{http.StatusForbidden, "not_loopback", "the control API answers this machine only"})
			return
		}
		token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if !ok || !sameToken(token, h.ControlToken) {
			w.Header().Set("WWW-Authenticate", `Bearer realm="authflow control"`)
			answer(w, nil, &controlError{http.StatusUnauthorized, "bad_token", "send the control_token that `authflow run --json` printed as a bearer token"})
			return
		}
		next.ServeHTTP(w, r)
	})
}

type controlError struct {
	status        int
	code, message string
}

func (e *controlError) Error() string { return e.message }

func badRequest(format string, args ...any) error {
	return &controlError{http.StatusBadRequest, "bad_request", fmt.Sprintf(format, args...)}
}

func answer(w http.ResponseWriter, v any, err error) {
	w.Header().Set("Content-Type", "application/json")
	if err != nil {
		status, code := http.StatusInternalServerError, "internal"
		var ce *controlError
		if errors.As(err, &ce) {
			status, code = ce.status, ce.code
		}
		w.WriteHeader(status)
		v = map[string]any{"error": map[string]string{"code": code, "message": err.Error()}}
	}
	_ = json.NewEncoder(w).Encode(v)
}

// listed makes an empty list of none: null is no list to most programs.
func listed[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// body reads a JSON body strictly.
func body(r *http.Request, into any) error {
	d := json.NewDecoder(io.LimitReader(r.Body, 64<<10))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return badRequest("the body is not what this address takes: %v", err)
	}
	return nil
}

// controlOutbox lists messages, the oldest first; with to= those to one address,
// with wait= it waits for the first of them.
func (h *Harness) controlOutbox(r *http.Request) (any, error) {
	wait, err := duration(r.URL.Query().Get("wait"))
	if err != nil {
		return nil, err
	}
	deadline := time.NewTimer(min(wait, maxWait))
	defer deadline.Stop()
	for {
		all, err := h.Outbox(r.Context())
		if err != nil {
			return nil, err
		}
		out := []Message{}
		for _, m := range all {
			if to := r.URL.Query().Get("to"); to == "" || strings.EqualFold(to, m.To) {
				out = append(out, m)
			}
		}
		if len(out) > 0 || wait == 0 {
			return map[string]any{"messages": out}, nil
		}
		select {
		case <-deadline.C:
			wait = 0
		case <-r.Context().Done():
			return nil, r.Context().Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func duration(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return 0, badRequest("%q is no length of time: write a number and a unit, such as 90s or 15m", text)
	}
	return d, nil
}

func (h *Harness) controlClearOutbox(r *http.Request) (any, error) {
	return map[string]bool{"cleared": true}, h.ClearOutbox(r.Context())
}

func (h *Harness) clockView() map[string]any {
	return map[string]any{"now": h.Clock.Now().UTC().Format(time.RFC3339Nano), "offset": h.Clock.Offset().Round(time.Millisecond).String()}
}

// controlClock moves the clock that everything in the harness obeys.
func (h *Harness) controlClock(r *http.Request) (any, error) {
	var in struct {
		Advance string `json:"advance"`
		Reset   bool   `json:"reset"`
	}
	if err := body(r, &in); err != nil {
		return nil, err
	}
	d, err := duration(in.Advance)
	if err != nil {
		return nil, err
	}
	if in.Reset {
		h.Clock.SetOffset(0)
	}
	h.Clock.Advance(d)
	return h.clockView(), nil
}

func (h *Harness) controlUsers(r *http.Request) (any, error) {
	tx := store.Begin(h.core.Store)
	users, err := directory.New(tx, h.Clock, h.World.Random, h.hasher.Load()).List(r.Context(), "", 0)
	return map[string]any{"users": listed(users)}, err
}

func (h *Harness) controlSessions(r *http.Request) (any, error) {
	tx := store.Begin(h.core.Store)
	list, err := session.New(tx, h.Clock, h.World.Random).ListAll(r.Context(), 0, "")
	return map[string]any{"sessions": listed(list)}, err
}

func (h *Harness) controlAudit(r *http.Request) (any, error) {
	var after uint64
	if text := r.URL.Query().Get("after"); text != "" {
		var err error
		if after, err = strconv.ParseUint(text, 10, 64); err != nil {
			return nil, badRequest("after must be the number of a record")
		}
	}
	entries, err := audit.New(store.Begin(h.core.Store), h.Clock).Read(r.Context(), after, 1000)
	return map[string]any{"records": listed(entries)}, err
}

func (h *Harness) controlJournal(r *http.Request) (any, error) {
	entries, err := h.engine.JournalOf(r.Context(), r.PathValue("id"))
	if err == nil && len(entries) == 0 {
		err = &controlError{http.StatusNotFound, "no_run", "there is no run " + r.PathValue("id")}
	}
	return map[string]any{"entries": entries}, err
}

// controlWorld says where requests from this machine appear to come from, and
// which risk signals are so whatever would be found. What is not named stays.
func (h *Harness) controlWorld(r *http.Request) (any, error) {
	var in struct {
		IP   *string        `json:"ip"`
		Risk map[string]any `json:"risk"`
	}
	if err := body(r, &in); err != nil {
		return nil, err
	}
	if in.Risk != nil {
		if err := h.SetRisk(in.Risk); err != nil {
			return nil, badRequest("%v", err)
		}
	}
	if in.IP != nil {
		if err := h.SetIP(*in.IP); err != nil {
			return nil, badRequest("%v", err)
		}
	}
	return struct {
		world.Network
		Risk map[string]any `json:"risk"`
	}{h.Lookup(h.appearsAs()), h.RiskGiven().Plain()}, nil
}

// appearsAs is the address as which requests from this machine are seen.
func (h *Harness) appearsAs() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.ip
}
