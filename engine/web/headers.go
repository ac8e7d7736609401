package web

import (
	"net/http"
	"net/url"
	"strings"
)

// secure forbids caching and referrers on every answer (rule N4).
func secure(h http.Header) {
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
}

// policy is the content security policy of a page. form-action must name where
// a redirect after a submit may lead, because browsers apply it there too.
func policy(ancestors, formTargets []string) string {
	frame := "'none'"
	if len(ancestors) > 0 {
		frame = strings.Join(ancestors, " ")
	}
	return "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; base-uri 'none'; frame-ancestors " + frame +
		"; form-action " + strings.Join(append([]string{"'self'"}, formTargets...), " ")
}

func htmlHeaders(h http.Header, ancestors, formTargets []string) {
	secure(h)
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", policy(ancestors, formTargets))
	if len(ancestors) == 0 {
		h.Set("X-Frame-Options", "DENY")
	}
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
}

// origin answers scheme and host of an address, or the scheme alone for an app's
// own scheme.
func origin(address string) (string, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme == "" {
		return "", false
	}
	if u.Host == "" {
		return u.Scheme + ":", true
	}
	return u.Scheme + "://" + u.Host, true
}
