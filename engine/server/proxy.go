package server

import (
	"net/http"
	"net/netip"
	"strings"

	"github.com/authflow-studio/authflow/engine/web"
)

// BehindProxies answers who asks, where requests come through proxies: the last
// address in X-Forwarded-For that is no trusted proxy's. A header that somebody
// else has set is not believed, so with no trusted proxy it never is.
func BehindProxies(trusted []netip.Prefix) func(*http.Request) string {
	within := func(ip string) bool {
		a, err := netip.ParseAddr(ip)
		if err != nil {
			return false
		}
		for _, p := range trusted {
			if p.Contains(a.Unmap()) {
				return true
			}
		}
		return false
	}
	return func(r *http.Request) string {
		ip := web.RemoteIP(r)
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		for i := len(hops) - 1; i >= 0 && within(ip); i-- {
			hop := strings.TrimSpace(hops[i])
			a, err := netip.ParseAddr(hop)
			if err != nil {
				break // what a trusted proxy could not have written ends the chain
			}
			ip = a.Unmap().String()
		}
		return ip
	}
}
