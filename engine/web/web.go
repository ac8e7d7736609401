// Package web is the HTTP face of a run: pages with POST, redirect, GET (rules
// N1–N9), the run's cookie, the security headers.
//
// It owns: the URLs below /fl/ and /flows/, rendering, form decoding, cookies.
// It delegates: what a submit means to engine/run; where a finished run leads
// to the Finisher that the engine was given.
// The law: nothing a browser sends moves a run but a POST of its current page,
// or of the link that it waits for, with the ticket of that page; and no answer
// tells whether an account exists.
package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
)

// Paths that this package answers.
const (
	FlowPath    = "/fl/"
	LaunchPath  = "/flows/"
	restartPath = FlowPath + "restart"
	endPath     = FlowPath + "end"
	// StylePath is the style sheet of the built-in pages.
	StylePath = FlowPath + "style.css"
	// CallbackPath is where a person comes back from another site (rule N6).
	CallbackPath = FlowPath + "callback"
)

// Options are what a Handler needs.
type Options struct {
	Engine *run.Engine
	// Project answers the version for new runs; nil while none is loaded.
	Project func() *flow.Project
	Cookies Cookies
	// ClientIP answers the person's address.
	ClientIP func(*http.Request) string
	Log      *slog.Logger
}

// Handler answers the pages of runs.
type Handler struct {
	Options
	mux      *http.ServeMux
	renderer renderer
}

// New makes a handler.
func New(o Options) *Handler {
	h := &Handler{Options: o, mux: http.NewServeMux()}
	h.mux.HandleFunc(StylePath, h.style)
	h.mux.HandleFunc(PasskeyScriptPath, h.passkeyScript)
	h.mux.HandleFunc(restartPath, h.restart)
	h.mux.HandleFunc(endPath, h.end)
	h.mux.HandleFunc(CallbackPath, h.callback)
	h.mux.HandleFunc(CallbackPath+"/", h.callback)
	h.mux.HandleFunc(block.LinkPath, h.link)
	h.mux.HandleFunc(FlowPath, h.page)
	h.mux.HandleFunc(LaunchPath, h.launch)
	return h
}

// ServeHTTP answers one request; a crash answers 500 without details (rule N3).
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer func() {
		if p := recover(); p != nil {
			h.Log.Error("a page crashed", "path", r.URL.Path, "panic", p)
			h.message(w, r, http.StatusInternalServerError, "error")
		}
	}()
	h.mux.ServeHTTP(w, r)
}

// pageURL is the address of a page: its template without extension (rule N1).
func pageURL(p *block.PageRequest) string { return FlowPath + run.PagePath(p.Template) }

// showsPage reports whether the run waits at the page of that path.
func showsPage(s *run.State, path string) bool {
	return s.Status == run.Waiting && s.Page != nil && pageURL(s.Page) == path
}

// current answers the run of the request's cookie.
func (h *Handler) current(r *http.Request) (*run.State, string, error) {
	id, key, ok := h.Cookies.run(r)
	if !ok {
		return nil, "", run.ErrNoRun
	}
	s, err := h.Engine.Find(r.Context(), id, key)
	if errors.Is(err, run.ErrDrained) {
		err = errors.Join(err, h.Engine.End(r.Context(), id, key))
	}
	return s, key, err
}

// page answers the current page of a run, and takes its submit.
func (h *Handler) page(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		h.show(w, r)
	case http.MethodPost:
		h.submit(w, r)
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")
		h.message(w, r, http.StatusMethodNotAllowed, "mismatch")
	}
}

// here answers the run whose current page was asked for; false when there is
// none, which was answered.
func (h *Handler) here(w http.ResponseWriter, r *http.Request) (*run.State, string, bool) {
	s, key, err := h.current(r)
	switch {
	case err != nil:
		h.refuse(w, r, err)
	case !showsPage(s, r.URL.Path):
		h.mismatch(w, r, s, key)
	default:
		return s, key, true
	}
	return nil, "", false
}

func (h *Handler) show(w http.ResponseWriter, r *http.Request) {
	if s, key, ok := h.here(w, r); ok {
		h.render(w, r, http.StatusOK, s, h.Engine.Ticket(s, key))
	}
}

func (h *Handler) submit(w http.ResponseWriter, r *http.Request) {
	s, key, ok := h.here(w, r)
	if !ok {
		return
	}
	form, err := readForm(w, r, s.Page)
	if err != nil {
		h.badForm(w, r, err)
		return
	}
	h.advance(w, r, s, key, form.ticket, form.input, http.StatusSeeOther)
}

// advance gives a waiting run what came in, and sends the person on.
func (h *Handler) advance(w http.ResponseWriter, r *http.Request, s *run.State, key, ticket string, in run.Input, status int) {
	stop, err := h.Engine.Submit(r.Context(), s.ID, key, ticket, in, h.Cookies.Carried(r))
	switch {
	case errors.Is(err, run.ErrStale):
		h.mismatch(w, r, s, key)
	case err != nil:
		h.refuse(w, r, err)
	default:
		h.next(w, r, stop, key, status)
	}
}

// next sends the person on after a stop: to the page the run waits at, to the
// client, or to the end.
func (h *Handler) next(w http.ResponseWriter, r *http.Request, stop *run.Stop, key string, status int) {
	h.Cookies.issue(w, stop.Issued)
	secure(w.Header())
	s := stop.State
	if s.Status == run.Ended && s.Trigger == "logout" {
		h.Cookies.ClearSession(w)
	}
	if wantsJSON(r) {
		h.answerJSON(w, r, stop, key)
		return
	}
	switch {
	case s.Status == run.Waiting && s.Away != "":
		redirect(w, h.awayURL(s, key), status)
	case s.Status == run.Waiting:
		redirect(w, pageURL(s.Page), status)
	case stop.Redirect != "":
		h.Cookies.clearRun(w)
		redirect(w, stop.Redirect, status)
	default:
		redirect(w, endPath, status)
	}
}

// Resume gives a browser a run that went on without it, and sends it on.
func (h *Handler) Resume(w http.ResponseWriter, r *http.Request, stop *run.Stop) {
	h.Cookies.setRun(w, stop.State.ID, stop.Key)
	h.next(w, r, stop, stop.Key, http.StatusFound)
}

// redirect sets the address as it is: http.Redirect would add a body that
// repeats it.
func redirect(w http.ResponseWriter, to string, status int) {
	w.Header().Set("Location", to)
	w.WriteHeader(status)
}

// refuse answers when there is no run to go on with.
func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case errors.Is(err, run.ErrExpired):
		h.message(w, r, http.StatusGone, "expired")
	case errors.Is(err, run.ErrNoRun), errors.Is(err, run.ErrNotStartable):
		h.message(w, r, http.StatusNotFound, "gone")
	case errors.Is(err, context.Canceled):
		// Nobody is there to read an answer.
	default:
		h.Log.Error("a run cannot go on", "path", r.URL.Path, "error", err)
		h.message(w, r, http.StatusInternalServerError, "error")
	}
}
