package bundle

// This file judges what is said of a bundle's issue: its revision, its expiry and
// the environment that it is meant for.

import (
	"regexp"
	"time"
)

var scope = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,31}$`)

// checkIssue refuses what could not be understood by a server.
func (m Manifest) checkIssue() error {
	if m.Revision < 0 {
		return refuse(CodeManifest, manifestFile, "", "the revision %d is no number from 1 on", m.Revision)
	}
	if m.Scope != "" && !scope.MatchString(m.Scope) {
		return refuse(CodeManifest, manifestFile, "use lower case letters, digits, - and _", "%q cannot name an environment", m.Scope)
	}
	if _, err := m.expiry(); err != nil {
		return err
	}
	return nil
}

// expiry answers when the bundle expires, the zero time for never.
func (m Manifest) expiry() (time.Time, error) {
	if m.Expires == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, m.Expires)
	if err != nil {
		return t, refuse(CodeManifest, manifestFile, "write it as 2027-01-31T00:00:00Z", "%q is no time", m.Expires)
	}
	return t, nil
}

// admits tells whether a bundle may become active here and now.
func (p Policy) admits(m Manifest) error {
	if err := m.checkIssue(); err != nil {
		return err
	}
	if p.Scope != "" && m.Scope != "" && m.Scope != p.Scope {
		return refuse(CodeScope, "", "export it with --scope "+p.Scope, "the bundle is meant for %s, and this is %s", m.Scope, p.Scope)
	}
	expires, err := m.expiry()
	if err != nil {
		return err
	}
	if !expires.IsZero() && !p.Now.IsZero() && !p.Now.Before(expires) {
		return refuse(CodeExpired, "", "export it again with a later --expires", "the bundle expired at %s", m.Expires)
	}
	return nil
}
