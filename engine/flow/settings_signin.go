package flow

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"
	"time"
)

// This file holds the settings of what a sign-in leaves behind: sessions, codes,
// keys.

// Sessions bounds how many sessions a person has at once.
type Sessions struct {
	// Max counts the new one too; 0 does not bound them.
	Max int `json:"max,omitzero"`
	// WhenFull is end_oldest (the default) or refuse.
	WhenFull string `json:"when_full,omitempty"`
}

// What happens when a person has as many sessions as allowed.
const (
	EndOldest = "end_oldest"
	RefuseNew = "refuse"
)

// Provider are the settings of the OpenID Provider; zero values take its
// defaults.
type Provider struct {
	// KeyLife is how old a signing key gets before the next one signs; without it
	// keys are turned on demand only. KeyOverlap is how long a key stays published
	// after that.
	KeyLife    Duration `json:"key_life,omitzero"`
	KeyOverlap Duration `json:"key_overlap,omitzero"`
	// RefreshGrace is how long a used refresh token is still taken, for clients
	// that set none themselves.
	RefreshGrace Duration `json:"refresh_grace,omitzero"`
	// CodeLifetime is how long an authorization code is good.
	CodeLifetime Duration `json:"code_lifetime,omitzero"`
}

// Bounds of the provider's settings.
const (
	// MinKeyOverlap is the life of a token: a key must outlive what it signed.
	MinKeyOverlap   = Duration(time.Hour)
	MinKeyLife      = Duration(time.Hour)
	MaxRefreshGrace = Duration(5 * time.Minute)
	MaxCodeLifetime = Duration(time.Minute)
)

// bound is one rule of a setting.
type bound struct {
	pointer       string
	holds         bool
	message, hint string
}

func (s Settings) bounds() []bound {
	p := s.Provider
	out := []bound{
		{"/sessions/max", s.Sessions.Max >= 0, fmt.Sprintf("%d cannot be how many sessions a person may have", s.Sessions.Max), "write a number above 0, or leave it out to allow any number"},
		{"/sessions/when_full", s.Sessions.WhenFull == "" || s.Sessions.WhenFull == EndOldest || s.Sessions.WhenFull == RefuseNew,
			fmt.Sprintf("%q is no answer to too many sessions", s.Sessions.WhenFull), "write end_oldest or refuse"},
		{"/sessions/when_full", s.Sessions.WhenFull == "" || s.Sessions.Max != 0, "when_full says what happens above max, and there is no max", `add "max"`},
		within("/provider/key_life", "a signing key's life", p.KeyLife, MinKeyLife, 0),
		within("/provider/key_overlap", "the time that a retired key stays published", p.KeyOverlap, MinKeyOverlap, 0),
		within("/provider/refresh_grace", "the grace of a used refresh token", p.RefreshGrace, 0, MaxRefreshGrace),
		within("/provider/code_lifetime", "the life of a code", p.CodeLifetime, Duration(time.Second), MaxCodeLifetime),
	}
	out = append(append(out, s.providerBounds()...), s.checkBounds()...)
	if s.Harness == nil {
		return out
	}
	for i, name := range s.Harness.Hosts {
		out = append(out, bound{fmt.Sprintf("/harness/hosts/%d", i), HostName(name), fmt.Sprintf("%q is no host name", name), "write a name such as authflow.test, with a port if it is not the harness's own; no scheme, no path"})
	}
	return out
}

// within bounds a length of time that was given; an upper bound of 0 is none.
func within(pointer, what string, d, least, most Duration) bound {
	b := bound{pointer: pointer, holds: d == 0 || (d >= least && (most == 0 || d <= most)), message: fmt.Sprintf("%s cannot be %s", what, time.Duration(d))}
	switch {
	case most == 0:
		b.hint = fmt.Sprintf("write %s or more", time.Duration(least))
	case least == 0:
		b.hint = fmt.Sprintf("write %s at most", time.Duration(most))
	default:
		b.hint = fmt.Sprintf("write something between %s and %s", time.Duration(least), time.Duration(most))
	}
	return b
}

var hostName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:[0-9]{1,5})?$`)

// HostName reports whether a text names a host: a name, or an address, with a
// port perhaps.
func HostName(text string) bool {
	if _, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil {
		return true
	}
	if _, err := netip.ParseAddrPort(text); err == nil {
		return true
	}
	return len(text) <= 253 && hostName.MatchString(text)
}

// checkSettings answers the first setting that is out of bounds.
func checkSettings(file string, data []byte, s Settings) error {
	for _, b := range s.bounds() {
		if !b.holds {
			line, column := Locate(data, b.pointer)
			return &FileError{Code: "settings", File: file, Line: line, Column: column, Pointer: b.pointer, Message: b.message, Hint: b.hint}
		}
	}
	return nil
}
