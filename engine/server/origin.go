package server

import "strings"

// originUnder answers the server's address under the host of a request, the
// issuer for a host that is not ours: what passkeys are bound to never follows
// from what a request claims.
func (c *core) originUnder(host string) string {
	if c.Aliases == nil {
		return c.Issuer
	}
	for _, alias := range c.Aliases() {
		if _, at, ok := strings.Cut(alias, "://"); ok && strings.EqualFold(at, host) {
			return alias
		}
	}
	return c.Issuer
}
