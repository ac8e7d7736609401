package risk

import (
	"net/mail"
	"net/netip"
	"regexp"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// MailLists are the lists that a mail address is held against. A nil one takes
// the list that comes with the program.
type MailLists struct{ Disposable, Free, Roles Set }

// MailFinding is what can be told of a mail address without asking anybody.
type MailFinding struct {
	// Valid says that mail could be sent there: its form, and a domain that can
	// be registered and have a mail server.
	Valid bool `json:"valid"`
	// Disposable addresses are thrown away after a sign-up.
	Disposable bool `json:"disposable"`
	// Role addresses are read by several people.
	Role bool `json:"role"`
	// Free says that anybody gets an address at this provider.
	Free bool `json:"free"`
	// Domain in ASCII and lower case.
	Domain string `json:"domain"`
	// Reason why it is not valid, for the record.
	Reason string `json:"reason,omitempty"`
}

// hostLabels is the form of a host name after RFC 1123, with a dot in it.
var hostLabels = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$`)

// Longest parts of an address (RFC 5321 section 4.5.3.1).
const (
	maxLocalPart = 64
	maxAddress   = 254
)

// CheckMail looks at a mail address.
func CheckMail(address string, lists MailLists) MailFinding {
	address = strings.TrimSpace(address)
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Address != address || parsed.Name != "" {
		return MailFinding{Reason: "this is no mail address"}
	}
	at := strings.LastIndexByte(address, '@')
	local, domain := address[:at], address[at+1:]
	if len(local) > maxLocalPart || len(address) > maxAddress {
		return MailFinding{Reason: "the address is too long"}
	}
	f := MailFinding{}
	if f.Domain, err = idna.Lookup.ToASCII(strings.TrimSuffix(domain, ".")); err != nil {
		return MailFinding{Reason: "the domain has characters that no domain can have"}
	}
	f.Domain = strings.ToLower(f.Domain)
	if f.Reason = domainProblem(f.Domain); f.Reason != "" {
		return f
	}
	f.Valid = true
	name, _, _ := strings.Cut(strings.ToLower(local), "+") // subaddresses go to the same box
	f.Role = or(lists.Roles, roleNames).Has(name)
	f.Free = or(lists.Free, freeDomains).HasDomain(f.Domain)
	f.Disposable = or(lists.Disposable, disposable).HasDomain(f.Domain)
	return f
}

func or(own Set, builtin func() Set) Set {
	if own != nil {
		return own
	}
	return builtin()
}

// reservedTLDs have no mail servers (RFC 2606, RFC 6761, RFC 7686). example.com
// and its like are kept out of this list: flows are tried with them.
var reservedTLDs = ReadSet("localhost\ninvalid\nonion\nlocal\narpa\n")

func domainProblem(domain string) string {
	if _, err := netip.ParseAddr(strings.Trim(domain, "[]")); err == nil {
		return "an address without a domain takes no mail of people"
	}
	if !hostLabels.MatchString(domain) {
		return "the domain is not complete"
	}
	if last := domain[strings.LastIndexByte(domain, '.')+1:]; reservedTLDs.Has(last) {
		return "the domain cannot have a mail server"
	}
	if suffix, icann := publicsuffix.PublicSuffix(domain); icann && suffix == domain {
		return "this is a part of the net where domains are registered, and no domain"
	}
	return ""
}
