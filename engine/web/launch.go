package web

import (
	"net/http"
	"net/netip"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/authflow-studio/authflow/engine/run"
)

// Launch is what begins a run.
type Launch struct {
	// Flow is the slug; when empty, the flow of Trigger is taken.
	Flow    string
	Trigger string
	Event   map[string]any
	Input   map[string]any
	Origin  jsontext.Value
}

// launch starts a flow by name (rules G7, W3).
func (h *Handler) launch(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		w.Header().Set("Allow", "GET")
		h.message(w, r, http.StatusMethodNotAllowed, "mismatch")
		return
	}
	l := Launch{Flow: strings.TrimPrefix(r.URL.Path, LaunchPath)}
	if r.URL.Query().Has("continue") {
		h.takeOver(r, &l)
	}
	h.Start(w, r, l)
}

// takeOver makes a flow go on for the client that began the run of this
// browser, as a link on the sign-in page to the registration does. The run that
// is left behind ends.
func (h *Handler) takeOver(r *http.Request, l *Launch) {
	id, key, ok := h.Cookies.run(r)
	if !ok {
		return
	}
	if old, err := h.Engine.Cancel(r.Context(), id, key, "left"); err == nil {
		l.Event, l.Origin = clientOf(old), old.Origin
	}
}

// clientOf answers what a run knows of the client that began it.
func clientOf(s *run.State) map[string]any {
	event := map[string]any{}
	for _, group := range []string{"client", "transaction"} {
		if v, ok := s.Event[group]; ok {
			event[group] = v
		}
	}
	return event
}

// Start begins a run and sends the person to its first page.
func (h *Handler) Start(w http.ResponseWriter, r *http.Request, l Launch) {
	p := h.Project()
	if p == nil {
		w.Header().Set("Retry-After", "2")
		h.message(w, r, http.StatusServiceUnavailable, "unavailable")
		return
	}
	slug := l.Flow
	if slug == "" {
		slug, _ = p.FlowByTrigger(l.Trigger)
	}
	stop, err := h.Engine.Start(r.Context(), run.StartSpec{Project: p, Flow: slug, Event: h.event(r, l.Event), Input: l.Input, Origin: l.Origin, Carried: h.Cookies.Carried(r)})
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	h.Cookies.setRun(w, stop.State.ID, stop.Key)
	status := http.StatusFound
	if r.Method == http.MethodPost {
		status = http.StatusSeeOther
	}
	h.next(w, r, stop, stop.Key, status)
}

// restart ends the run and begins again with the same inputs (rule N7).
func (h *Handler) restart(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", "POST")
		h.message(w, r, http.StatusMethodNotAllowed, "mismatch")
		return
	}
	id, key, ok := h.Cookies.run(r)
	if !ok {
		h.refuse(w, r, run.ErrNoRun)
		return
	}
	old, err := h.Engine.Cancel(r.Context(), id, key, "restarted")
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	h.Start(w, r, Launch{Flow: old.Frames[0].Flow, Event: clientOf(old), Input: old.Frames[0].Input, Origin: old.Origin})
}

// event gathers what is known of the request (rule A2).
func (h *Handler) event(r *http.Request, more map[string]any) map[string]any {
	ip := h.ClientIP(r)
	n := h.Engine.World.Networks.Lookup(ip)
	event := map[string]any{
		"request": map[string]any{"ip": ip, "method": r.Method, "host": r.Host, "user_agent": r.UserAgent(), "network": n.Kind, "asn": float64(n.ASN),
			"geo":    map[string]any{"country": n.Country, "city": n.City, "lat": n.Lat, "lon": n.Lon},
			"device": map[string]any{"known": false, "id": "", "checked": false}},
		"authentication": map[string]any{"aal": "", "methods": []any{}},
		"connection":     map[string]any{"secure": r.TLS != nil, "provider": ""},
		"tenant":         map[string]any{"name": h.projectName()},
		"client":         map[string]any{"id": "", "name": ""},
		"transaction":    map[string]any{"locale": r.Header.Get("Accept-Language")},
	}
	for group, v := range more {
		event[group] = v
	}
	return event
}

func (h *Handler) projectName() string {
	if p := h.Project(); p != nil {
		return p.Settings.Name
	}
	return ""
}

// RemoteIP answers the address that the request came from.
func RemoteIP(r *http.Request) string {
	ap, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return ap.Addr().Unmap().String()
}
