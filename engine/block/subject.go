package block

// Methods of verification, as RFC 8176 values.
const (
	Password  = "pwd"
	OneTime   = "otp"
	MailCode  = "email" // RFC 8176 has no value for mail; widely used
	HardwareK = "hwk"
	SoftwareK = "swk"
	// UserCheck says that the key before it has verified its user: RFC 8176
	// knows it as a test of presence, and no other value fits better.
	UserCheck = "user"
)

// AAL answers the assurance level after NIST SP 800-63B: one factor gives aal1,
// two of different kinds aal2. A key that has verified its user is two at once.
func (s Subject) AAL() string {
	knows, has, key, checked := false, false, false, false
	for _, v := range s.Verified {
		switch v.Method {
		case Password:
			knows = true
		case UserCheck:
			checked = true
		case HardwareK, SoftwareK:
			has, key = true, true
		default:
			has = true
		}
	}
	switch {
	case knows && has, key && checked:
		return "aal2"
	case knows || has:
		return "aal1"
	}
	return ""
}

// AMR answers the methods without repetition, with mfa when there were two.
func (s Subject) AMR() []string {
	var out []string
	seen := map[string]bool{}
	for _, v := range s.Verified {
		if !seen[v.Method] {
			seen[v.Method] = true
			out = append(out, v.Method)
		}
	}
	if s.AAL() == "aal2" {
		out = append(out, "mfa")
	}
	return out
}

// AuthTime answers when the last factor was verified, in ms since 1970.
func (s Subject) AuthTime() int64 {
	var at int64
	for _, v := range s.Verified {
		at = max(at, v.At)
	}
	return at
}

// With adds a verified factor. A factor of somebody else starts over: factors
// of two people never add up.
func (s Subject) With(userID, method string, at int64) Subject {
	if s.UserID != userID {
		s = Subject{UserID: userID, Created: s.Created}
	}
	verified := append([]Verified(nil), s.Verified...)
	s.Verified = append(verified, Verified{Method: method, At: at})
	return s
}
