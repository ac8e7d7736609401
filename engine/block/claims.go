package block

import "slices"

// reserved are the claims that only the issuer of a token sets: RFC 7519
// section 4.1, OpenID Connect Core section 2, RFC 9068 section 2.2.
var reserved = []string{"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "auth_time", "nonce", "acr", "amr", "azp", "at_hash", "c_hash", "sid", "client_id", "scope", "cnf", "act", "may_act", "events", "s_hash", "typ"}

// ReservedClaim reports whether a flow must not set that claim (rule A4).
func ReservedClaim(name string) bool { return slices.Contains(reserved, name) }
