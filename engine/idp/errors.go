package idp

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// This file tells clients what went wrong, in the words of OAuth.

// oauthError is an answer of RFC 6749, OpenID Connect Core or RFC 6750.
type oauthError struct {
	Status      int // of a direct answer; a redirect has none
	Code        string
	Description string
}

func (e *oauthError) Error() string { return e.Code + ": " + e.Description }

func refuse(code, description string) *oauthError {
	return &oauthError{Status: http.StatusBadRequest, Code: code, Description: description}
}

// describe leaves out what RFC 6749 section 4.1.2.1 allows in no description.
func describe(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e || r == '"' || r == '\\' {
			return -1
		}
		return r
	}, s)
}

// writeJSON answers what no cache may keep.
func writeJSON(w http.ResponseWriter, status int, body any) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("X-Content-Type-Options", "nosniff")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store")
		h.Set("Pragma", "no-cache")
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client may have gone
}

func writeError(w http.ResponseWriter, e *oauthError) {
	noteOutcome(w, e.Code)
	body := map[string]string{"error": e.Code}
	if d := describe(e.Description); d != "" {
		body["error_description"] = d
	}
	writeJSON(w, e.Status, body)
}

// serverError says nothing of what happened to the client and all to Report.
func (p *Provider) serverError(w http.ResponseWriter, err error) {
	p.o.Report(err)
	writeError(w, &oauthError{Status: http.StatusInternalServerError, Code: "server_error", Description: "the request could not be completed"})
}

// withQuery adds parameters and leaves the rest of the address as registered.
func withQuery(uri string, answer url.Values) string {
	if len(answer) == 0 {
		return uri
	}
	switch i := strings.IndexByte(uri, '?'); {
	case i < 0:
		uri += "?"
	case i < len(uri)-1 && !strings.HasSuffix(uri, "&"):
		uri += "&"
	}
	return uri + answer.Encode()
}
