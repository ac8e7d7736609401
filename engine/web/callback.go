package web

import (
	"crypto/hmac"
	"net/http"
	"net/url"

	"github.com/authflow-studio/authflow/engine/run"
)

// maxCallback bounds what another site may send along.
const maxCallback = 16 << 10

// awayURL is where a run has sent the person, with the state that the other
// site must give back: the ticket of this visit.
func (h *Handler) awayURL(s *run.State, key string) string {
	u, err := url.Parse(s.Away)
	if err != nil {
		return s.Away
	}
	q := u.Query()
	q.Set("state", h.Engine.Ticket(s, key))
	u.RawQuery = q.Encode()
	return u.String()
}

// callback takes one GET or POST of a person who comes back from another site
// (rule N6). A foreign state changes nothing.
func (h *Handler) callback(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodPost {
		w.Header().Set("Allow", "GET, POST")
		h.message(w, r, http.StatusMethodNotAllowed, "mismatch")
		return
	}
	params, err := callbackParams(w, r)
	if err != nil {
		h.badForm(w, r, err)
		return
	}
	if _, _, carried := h.Cookies.run(r); !carried && r.Method == http.MethodPost {
		// A POST from another site comes without the run's cookie (SameSite);
		// the GET that it is turned into brings it along.
		secure(w.Header())
		redirect(w, CallbackPath+"?"+params.Encode(), http.StatusSeeOther)
		return
	}
	s, key, err := h.current(r)
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	if s.Status != run.Waiting || s.Away == "" || !hmac.Equal([]byte(params.Get("state")), []byte(h.Engine.Ticket(s, key))) {
		h.mismatch(w, r, s, key)
		return
	}
	in := run.Input{Fields: map[string]any{}}
	for name := range params {
		if name != "state" {
			in.Fields[name] = params.Get(name)
		}
	}
	status := http.StatusFound
	if r.Method == http.MethodPost {
		status = http.StatusSeeOther
	}
	h.advance(w, r, s, key, params.Get("state"), in, status)
}

func callbackParams(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	if len(r.URL.RawQuery) > maxCallback {
		return nil, errTooLarge
	}
	params, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, errNotForm
	}
	if r.Method == http.MethodPost {
		r.Body = http.MaxBytesReader(w, r.Body, maxCallback)
		if err := r.ParseForm(); err != nil {
			return nil, errNotForm
		}
		for name, v := range r.PostForm {
			params[name] = v
		}
	}
	if len(params) > maxFields {
		return nil, errTooLarge
	}
	return params, nil
}
