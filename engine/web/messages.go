package web

import (
	"bytes"
	"errors"
	"net/http"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
)

// message answers with a page of ours that says what is the matter.
func (h *Handler) message(w http.ResponseWriter, r *http.Request, status int, what string) {
	h.say(w, r, status, what, nil)
}

// mismatch answers a request for a page that is not the current one: the person
// can go back to where they were, or start again (rule N2).
func (h *Handler) mismatch(w http.ResponseWriter, r *http.Request, s *run.State, key string) {
	h.say(w, r, http.StatusNotFound, "mismatch", func(d *pageData) {
		d.Restart = true
		switch {
		case s == nil || s.Status != run.Waiting:
		case s.Away != "":
			d.Resume = h.awayURL(s, key)
		default:
			d.Resume = pageURL(s.Page)
		}
	})
}

func (h *Handler) badForm(w http.ResponseWriter, r *http.Request, err error) {
	status, what := http.StatusBadRequest, "bad_form"
	if errors.Is(err, errTooLarge) {
		status, what = http.StatusRequestEntityTooLarge, "too_large"
		// The rest of the body is not read: the connection cannot be used again.
		w.Header().Set("Connection", "close")
	}
	h.message(w, r, status, what)
}

// end shows how a run ended; it can be asked for until the run's cookie is gone
// (rule N8).
func (h *Handler) end(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		h.message(w, r, http.StatusMethodNotAllowed, "mismatch")
		return
	}
	s, key, err := h.current(r)
	if s == nil || s.Status != run.Ended {
		if err == nil {
			h.mismatch(w, r, s, key)
			return
		}
		h.refuse(w, r, err)
		return
	}
	h.Cookies.clearRun(w)
	what, status := "denied", http.StatusForbidden
	switch {
	case s.End.Success && s.End.SessionID != "":
		what, status = "success", http.StatusOK
	case s.End.Success:
		what, status = "done", http.StatusOK
	case s.Failure != nil:
		what, status = "error", http.StatusInternalServerError
	}
	h.say(w, r, status, what, func(d *pageData) {
		if s.End.Message != "" {
			d.Intro = s.End.Message
		}
		d.Return = s.Return
	})
}

// say renders one of the message pages; a project can replace it by
// pages/message.html.
func (h *Handler) say(w http.ResponseWriter, r *http.Request, status int, what string, change func(*pageData)) {
	p := h.Project()
	if p == nil {
		p = &flow.Project{}
	}
	locales := localesOf(nil, r)
	text := func(key string) string { return block.Lookup(p, locales, key) }
	d := pageData{Title: text("page." + what + ".title"), Intro: text("page." + what + ".intro"), Project: p.Settings.Name,
		Locale: p.Settings.WithDefaults().DefaultLocale, Model: map[string]any{"what": what}, Event: map[string]any{}, Action: restartPath}
	if what == "expired" {
		d.Restart = true
	}
	if change != nil {
		change(&d)
	}
	if wantsJSON(r) {
		secure(w.Header())
		writeJSON(w, status, nativeAnswer{Status: "error", Error: what, Message: d.Intro, URL: d.Resume})
		return
	}
	var out bytes.Buffer
	t, err := h.renderer.template(p, "message.html", locales)
	if err == nil {
		err = t.Execute(&out, d)
	}
	if err != nil {
		h.Log.Error("a message page cannot be rendered", "page", what, "error", err)
		out.Reset()
		out.WriteString("<!doctype html><title>" + what + "</title>")
	}
	htmlHeaders(w.Header(), p.Settings.FrameAncestors, nil)
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(out.Bytes())
	}
}

// style answers the style sheet of the built-in pages; it may be cached.
func (h *Handler) style(w http.ResponseWriter, _ *http.Request) {
	static(w, "style.css", "text/css; charset=utf-8")
}

// static answers a file of ours that is the same for everybody.
func static(w http.ResponseWriter, name, kind string) {
	text, err := builtin.ReadFile(name)
	if err != nil {
		http.Error(w, "no "+name, http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "max-age=300")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(text)
}
