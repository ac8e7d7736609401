package idp

import (
	"mime"
	"net/http"
	"net/url"
	"sort"
)

// This file reads the parameters of requests.

// maxParams bounds a whole request; what people and libraries send has a tenth
// of it.
const maxParams = 32 << 10

// params are the parameters of one request; each is there once, and an empty
// one is not there (RFC 6749 section 3.1).
type params struct {
	values url.Values
}

// readParams takes them from where the method has them: the query of a GET, the
// body of a POST, never both.
func readParams(w http.ResponseWriter, r *http.Request) (params, *oauthError) {
	if r.Method != http.MethodPost {
		if len(r.URL.RawQuery) > maxParams {
			return params{}, refuse("invalid_request", "the request is too long")
		}
		v, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			return params{}, refuse("invalid_request", "the query is not readable")
		}
		return params{v}, nil
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/x-www-form-urlencoded" {
		return params{}, refuse("invalid_request", "the body must be application/x-www-form-urlencoded")
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxParams)
	if err := r.ParseForm(); err != nil {
		return params{}, refuse("invalid_request", "the body is not readable or too long")
	}
	return params{r.PostForm}, nil
}

func (p params) get(name string) string { return p.values.Get(name) }

func (p params) repeated(name string) bool { return len(p.values[name]) > 1 }

// anyRepeated answers the first parameter that is there more than once, in
// order, so that the answer is always the same. A resource may be (RFC 8707).
func (p params) anyRepeated() string {
	var names []string
	for name, v := range p.values {
		if len(v) > 1 && name != "resource" {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	sort.Strings(names)
	return names[0]
}
