package web

import (
	"bytes"
	"net/http"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/run"
)

// This file answers the links of messages. Opening one changes nothing, because
// scanners of mail open them too: it shows a page with a button, and the POST of
// that page, in the browser of the run, moves the run.

// linkPage is what a POST to a link may carry.
var linkPage = &block.PageRequest{Fields: []block.PageField{{Name: block.LinkField, Type: "password"}}}

func (h *Handler) link(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		token := r.URL.Query().Get("t")
		if s, key, ok := h.linked(w, r, token); ok {
			h.confirmLink(w, r, s, key, token)
		}
	case http.MethodPost:
		h.followLink(w, r)
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")
		h.message(w, r, http.StatusMethodNotAllowed, "mismatch")
	}
}

// linked answers the run of this browser, when it waits for that link; false
// when it does not, which was answered.
func (h *Handler) linked(w http.ResponseWriter, r *http.Request, token string) (*run.State, string, bool) {
	l, state, err := block.ReadLink(r.Context(), h.Engine.Store, h.Engine.World.Clock.Now(), token)
	if err != nil {
		h.refuse(w, r, err)
		return nil, "", false
	}
	s, key, err := h.current(r)
	here := err == nil && s.Status == run.Waiting
	resume := func(d *pageData) {
		if here && s.Page != nil {
			d.Resume = pageURL(s.Page)
		}
	}
	switch {
	case state == block.LinkForged:
		h.say(w, r, http.StatusBadRequest, "link_forged", resume)
	case state == block.LinkUsed:
		h.say(w, r, http.StatusGone, "link_used", resume)
	case state == block.LinkExpired:
		h.say(w, r, http.StatusGone, "link_expired", resume)
	case !here || s.ID != l.RunID:
		h.message(w, r, http.StatusForbidden, "link_elsewhere")
	case s.Page == nil || s.Page.Link != l.ID:
		h.mismatch(w, r, s, key)
	default:
		return s, key, true
	}
	return nil, "", false
}

// confirmLink shows the page with the button.
func (h *Handler) confirmLink(w http.ResponseWriter, r *http.Request, s *run.State, key, token string) {
	p, err := h.Engine.ProjectOf(r.Context(), s)
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	locales := localesOf(s, r)
	text := func(key string) string { return block.Lookup(p, locales, key) }
	d := newPageData(p, locales, s)
	d.Title, d.Intro, d.Submit, d.Error = text("page.link_confirm.title"), text("page.link_confirm.intro"), text("button.open_link"), ""
	d.Action, d.Ticket, d.Fields, d.Buttons, d.Model = block.LinkPath, h.Engine.Ticket(s, key), nil, nil, map[string]any{"token": token}
	if wantsJSON(r) {
		secure(w.Header())
		writeJSON(w, http.StatusOK, nativeAnswer{Status: "waiting", Page: "link", URL: d.Action, Ticket: d.Ticket, Title: d.Title, Intro: d.Intro, Submit: d.Submit, Model: map[string]any{block.LinkField: token}})
		return
	}
	t, err := h.renderer.template(p, "link.html", locales)
	var out bytes.Buffer
	if err == nil {
		err = t.Execute(&out, d)
	}
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	body, err := addTicket(out.Bytes(), d.Ticket)
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	htmlHeaders(w.Header(), p.Settings.FrameAncestors, formTargets(p, s))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}

// followLink gives the link to the block that waits for it.
func (h *Handler) followLink(w http.ResponseWriter, r *http.Request) {
	form, err := readForm(w, r, linkPage)
	if err != nil {
		h.badForm(w, r, err)
		return
	}
	token := form.input.Vault[block.LinkField]
	s, key, ok := h.linked(w, r, token)
	if !ok {
		return
	}
	in := run.Input{Fields: map[string]any{}, Vault: map[string]string{block.LinkField: token}}
	h.advance(w, r, s, key, form.ticket, in, http.StatusSeeOther)
}
