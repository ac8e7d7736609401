package idp

import (
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"
)

// This file remembers requests for people's own tests to look at, without the
// secrets in them (rule T3).

// Recorded is one request that came.
type Recorded struct {
	Seq      uint64    `json:"seq"`
	At       time.Time `json:"at"`
	Endpoint string    `json:"endpoint"`
	Method   string    `json:"method"`
	Path     string    `json:"path"`
	ClientID string    `json:"client_id,omitempty"`
	// Params are the parameters; those that are secrets, or might be, are named
	// only.
	Params map[string][]string `json:"params,omitempty"`
	Status int                 `json:"status"`
	// Outcome is ok, an OAuth error code, fault, confirm, or the trigger of the
	// run that was started.
	Outcome string `json:"outcome"`
}

// recordedMost bounds how many requests are remembered.
const recordedMost = 1000

// redacted stands where a secret stood.
const redacted = "[redacted]"

// shown are the parameters that hold no secret.
var shown = []string{
	"client_id", "redirect_uri", "response_type", "response_mode", "scope", "state", "nonce", "prompt", "max_age", "display", "ui_locales",
	"claims_locales", "acr_values", "login_hint", "claims", "resource", "code_challenge", "code_challenge_method", "grant_type",
	"token_type_hint", "post_logout_redirect_uri", "client_assertion_type",
}

type recorder struct {
	mu   sync.Mutex
	last uint64
	all  []Recorded
}

// Recorded answers the requests after a number, the oldest first.
func (p *Provider) Recorded(after uint64) []Recorded {
	p.records.mu.Lock()
	defer p.records.mu.Unlock()
	i, _ := slices.BinarySearchFunc(p.records.all, after+1, func(r Recorded, seq uint64) int { return int(int64(r.Seq) - int64(seq)) })
	return slices.Clone(p.records.all[i:])
}

// ClearRecorded forgets them; numbers go on.
func (p *Provider) ClearRecorded() {
	p.records.mu.Lock()
	defer p.records.mu.Unlock()
	p.records.all = nil
}

func (r *recorder) add(it Recorded) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last++
	it.Seq = r.last
	if len(r.all) == recordedMost {
		r.all = slices.Delete(r.all, 0, recordedMost/10)
	}
	r.all = append(r.all, it)
}

// observed lets tests order faults at an endpoint and see who asked it.
func (p *Provider) observed(name string, h http.HandlerFunc) http.HandlerFunc {
	if !p.o.Testing {
		return h
	}
	return func(w http.ResponseWriter, r *http.Request) {
		note := &noter{ResponseWriter: w, status: http.StatusOK, seen: Recorded{At: p.o.Clock.Now().UTC(), Endpoint: name, Method: r.Method, Path: r.URL.Path, Outcome: "ok"}}
		defer func() {
			note.seen.Status, note.seen.Params = note.status, shownOf(r)
			if note.seen.ClientID == "" && len(note.seen.Params["client_id"]) > 0 {
				note.seen.ClientID = note.seen.Params["client_id"][0]
			}
			p.records.add(note.seen)
		}()
		if f, is := p.faults.take(name); is {
			struck := false
			if r, struck = f.strike(note, r, name); struck {
				return
			}
		}
		h(note, r)
	}
}

func shownOf(r *http.Request) map[string][]string {
	params := map[string][]string{}
	for _, from := range []url.Values{r.URL.Query(), r.PostForm} {
		for name, values := range from {
			if !slices.Contains(shown, name) {
				values = []string{redacted}
			}
			params[name] = values
		}
	}
	return params
}

// noter sees what is answered.
type noter struct {
	http.ResponseWriter
	status int
	seen   Recorded
}

// WriteHeader passes the status on.
func (n *noter) WriteHeader(status int) {
	n.status = status
	n.ResponseWriter.WriteHeader(status)
}

// Unwrap gives http.ResponseController the writer below.
func (n *noter) Unwrap() http.ResponseWriter { return n.ResponseWriter }

func noteClient(w http.ResponseWriter, id string) {
	if n, seen := w.(*noter); seen && id != "" {
		n.seen.ClientID = id
	}
}

func noteOutcome(w http.ResponseWriter, outcome string) {
	if n, seen := w.(*noter); seen && outcome != "" {
		n.seen.Outcome = outcome
	}
}
