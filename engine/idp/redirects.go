package idp

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// This file knows where a client's people may be sent.

// redirectURL reads an address that a browser may be sent to.
func redirectURL(uri string) (*url.URL, error) {
	u, err := url.Parse(uri)
	if err != nil || !u.IsAbs() || u.User != nil || strings.Contains(uri, "#") {
		return nil, fmt.Errorf("%q is no absolute address without a fragment", uri)
	}
	switch u.Scheme {
	case "javascript", "data", "vbscript", "blob", "file", "about":
		return nil, fmt.Errorf("%q would run in the browser", uri)
	case "http", "https":
		if u.Host == "" || u.Opaque != "" {
			return nil, fmt.Errorf("%q has no host", uri)
		}
	}
	return u, nil
}

// redirectAllowed compares byte for byte, except for the port of a registered
// loopback address (RFC 8252 section 7.3).
func (c Client) redirectAllowed(uri string) bool {
	if slices.Contains(c.RedirectURIs, uri) {
		return true
	}
	u, err := redirectURL(uri)
	if err != nil || u.Scheme != "http" {
		return false
	}
	host := u.Hostname()
	loopback := host == "127.0.0.1" || host == "::1"
	if c.AnyLoopbackRedirect {
		return loopback || host == "localhost"
	}
	return loopback && slices.ContainsFunc(c.RedirectURIs, func(registered string) bool {
		r, err := redirectURL(registered)
		if err != nil || r.Hostname() != host {
			return false
		}
		r.Host = u.Host
		return r.String() == uri
	})
}
