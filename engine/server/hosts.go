package server

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/flow"
)

// This file lets a harness be asked under several names. Under each it is an
// issuer of that very name; under any other it answers nothing, so that no page
// of a stranger reaches it by a name that was pointed at this machine.

// loopbackNames are those that every harness answers to.
var loopbackNames = []string{"127.0.0.1", "localhost", "[::1]"}

// LoopbackNames are the names that every harness answers to.
func LoopbackNames() []string { return slices.Clone(loopbackNames) }

// issuers answers the addresses of a harness, its own first.
func issuers(own string, names []string) ([]string, error) {
	u, err := url.Parse(own)
	if err != nil {
		return nil, fmt.Errorf("harness: %q is no address: %w", own, err)
	}
	out := []string{own}
	for _, name := range slices.Concat(loopbackNames, names) {
		if !flow.HostName(name) {
			return nil, fmt.Errorf("harness: %q is no host name: write a name such as authflow.test, with a port if it is not the harness's own; no scheme, no path", name)
		}
		at := url.URL{Scheme: u.Scheme, Host: withPort(name, u.Port()), Path: u.Path}
		if !slices.Contains(out, at.String()) {
			out = append(out, at.String())
		}
	}
	return out, nil
}

// withPort adds the port unless the name has one. Addresses of version 6 stand
// in brackets.
func withPort(name, port string) string {
	if _, _, err := net.SplitHostPort(name); err == nil {
		return name
	}
	bare := strings.Trim(name, "[]")
	switch {
	case port != "":
		return net.JoinHostPort(bare, port)
	case strings.Contains(bare, ":"):
		return "[" + bare + "]"
	}
	return bare
}

// aliases answers the addresses besides the issuer.
func (h *Harness) aliases() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.others
}

// Issuers answers all addresses under which the harness is an issuer, its own
// first.
func (h *Harness) Issuers() []string { return append([]string{h.Issuer}, h.aliases()...) }

// issuerFor answers the issuer under a host, false for one that is not allowed.
func (h *Harness) issuerFor(host string) (string, bool) {
	for _, issuer := range h.Issuers() {
		if _, at, ok := strings.Cut(issuer, "://"); ok && strings.EqualFold(at, host) {
			return issuer, true
		}
	}
	return "", false
}

// guardHost refuses requests that name another host.
func (h *Harness) guardHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, ok := h.issuerFor(r.Host); ok {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		http.Error(w, fmt.Sprintf("This harness does not answer to the host %q, lest a page of a stranger reach it by that name.\n"+
			"Use one of %s,\nor allow it: authflow run --host NAME, or \"harness\": {\"hosts\": [\"NAME\"]} in authflow.json.", r.Host, strings.Join(h.Issuers(), ", ")),
			http.StatusMisdirectedRequest)
	})
}
