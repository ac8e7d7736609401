package web

import (
	"crypto/hmac"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

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

// CallbackFrom is the field in which a block finds at whose callback the person
// came back. Each provider has a path of its own below the callback's, so that
// an answer of one cannot pass for another's (RFC 9700 section 4.4.2.2).
const CallbackFrom = "_from"

var callbackName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// callback takes one GET or POST of a person who comes back from another site
// (rule N6). A foreign state changes nothing.
func (h *Handler) callback(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodPost {
		w.Header().Set("Allow", "GET, POST")
		h.message(w, r, http.StatusMethodNotAllowed, "mismatch")
		return
	}
	from, named := strings.CutPrefix(r.URL.Path, CallbackPath+"/")
	if named && !callbackName.MatchString(from) {
		h.refuse(w, r, run.ErrNoRun)
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
		redirect(w, r.URL.Path+"?"+params.Encode(), http.StatusSeeOther)
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
	in := returned(s, params)
	if named {
		in.Fields[CallbackFrom] = from
	}
	status := http.StatusFound
	if r.Method == http.MethodPost {
		status = http.StatusSeeOther
	}
	h.advance(w, r, s, key, params.Get("state"), in, status)
}

// returned is what came back, as the run takes it: what the block named as a
// secret is kept like a submitted password.
func returned(s *run.State, params url.Values) run.Input {
	in := run.Input{Fields: map[string]any{}, Vault: map[string]string{}}
	for name := range params {
		switch {
		case name == "state" || name == CallbackFrom:
		case slices.Contains(s.AwaySecrets, name):
			in.Vault[name] = params.Get(name)
		default:
			in.Fields[name] = params.Get(name)
		}
	}
	return in
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
